"""Train the extractor's weights: `python -m benchmarks.extraction.train`.

Needs scikit-learn's companions numpy and scipy (dependency group `bench`). The result is
`etl/extract/weights.json`; the same labels always give the same file.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from benchmarks.extraction.corpus import ROOT, is_careful, read_extra, read_key, read_tex
from benchmarks.extraction.examples import Choice, Examples, build

WEIGHTS = ROOT / "etl" / "extract" / "weights.json"
PENALTY = {"glance": 2.0, "keep": 2.0, "metric": 1.0, "kind": 2.0, "dataset": 2.0, "role": 2.0,
           "model": 1.0, "baseline": 1.0, "sign": 1.0}  # fmt: skip
"""Strength of the squared penalty, chosen by cross-validation."""
IGNORED = {
    "keep": frozenset(
        ("1", "c1", "change,first", "change,last", "chg", "cue", "cue,chg", "cue,chgk", "cue12",
         "cue2", "decimal,u", "inside", "link", "link,chg", "link,cue", "next,u", "u,chg",
         "u,chgk", "u,o1", "versus,first", "versus,last")
    ),
    "kind": frozenset(
        ("change,first", "change,last", "cue", "cue,far", "cue2", "cuef", "f1", "first", "hyphen",
         "inside", "link,chgk", "m", "m,u", "metric", "metric,cue", "param", "param,in", "r1", "s",
         "u,link", "u,r1", "versus,first", "versus,last", "after name,u")
    ),
    "role": frozenset(
        ("after,cue", "after name,u", "c12", "chg", "chgk", "cue,far", "cuef", "d1", "decimal,u",
         "ds", "first", "hyphen", "m", "m,u", "metric", "next", "next,u", "param", "param,in",
         "plus", "s", "size", "u,chg", "u,chgk", "u,l1", "u,r1")
    ),
}  # fmt: skip
"""Kinds of features that made a decision worse in cross-validation on the tuned part."""
DRAWS = 5
FEWER_DRAWS = 2
"""So many where a training only serves to judge others."""
STEPS, FEWER_STEPS = 200, 60
"""Most steps of a fit from nothing, and of one that begins at another's weights."""
DROPPED = 0.3
"""Weights are the mean of some trainings in each of which this share of all features is missing,
so that no single feature is relied on."""
LEAST = 2

CAREFUL_TIMES = 3
"""Labels read at leisure by the present guidelines count so many times."""

Tables = dict[str, dict[str, float]]
"""A feature counts only if it was seen in that many candidates."""
SMALLEST = 0.02
"""Weights nearer to zero than this are not shipped."""


def train(papers: Iterable[Examples], draws: int = DRAWS) -> Tables:
    """Learn the weights of every decision from these papers."""
    gathered: dict[str, list[Choice]] = {}
    for examples in papers:
        times = CAREFUL_TIMES if is_careful(examples.paper) else 1
        for name, choices in examples.choices.items():
            gathered.setdefault(name, []).extend(choices * times)
    tables: Tables = {}
    for name, choices in gathered.items():
        tables |= _split(name, _fit(name, choices, draws))
    return tables


def _split(name: str, table: dict[str, float]) -> Tables:
    """Split the joint table into one for each kind."""
    if name != "kind":
        return {name: table}
    tables: Tables = {}
    for feature, weight in table.items():
        kind, _, rest = feature.partition("|")
        tables.setdefault(f"kind {kind}", {})[rest] = weight
    return tables


def template(feature: str) -> str:
    """Return the kind of a feature, which stands before its value.

    >>> template("delta|u,l1=% by")
    'u,l1'
    """
    return feature.partition("=")[0].rpartition("|")[2]


def _fit(name: str, choices: list[Choice], draws: int) -> dict[str, float]:
    """Fit a conditional log-linear model: the right candidates against all of their choice."""
    penalty, ignored = PENALTY[name], IGNORED.get(name, frozenset())
    once = {id(choice): choice for choice in choices}.values()
    counts = Counter(f for choice in once for features in choice.candidates for f in set(features))
    names = sorted(
        name for name, count in counts.items() if count >= LEAST and template(name) not in ignored
    )
    column = {name: index for index, name in enumerate(names)}
    matrix, right, starts = _matrix(choices, column)
    draw = np.random.default_rng(0)
    whole = _solve(matrix, right, starts, penalty, np.zeros(matrix.shape[1]))
    solved = [
        _solve(_thinned(matrix, draw), right, starts, penalty, whole, FEWER_STEPS)
        for _ in range(draws)
    ]
    found = np.mean(solved, axis=0)
    return {
        name: round(float(weight), 3)
        for name, weight in zip(names, found, strict=True)
        if abs(weight) >= SMALLEST
    }


def _thinned(matrix: csr_matrix, draw: np.random.Generator) -> csr_matrix:
    """Drop a random share of the matrix's features, and scale up the others."""
    kept = draw.random(matrix.nnz) >= DROPPED
    thinned = matrix.copy()
    thinned.data = kept / (1 - DROPPED)
    return thinned


def _solve(
    matrix: csr_matrix,
    right: np.ndarray,
    starts: np.ndarray,
    penalty: float,
    first: np.ndarray,
    steps: int = STEPS,
) -> np.ndarray:
    """Find the weights that make the right candidates likeliest, starting from the first ones."""
    sizes = np.diff(np.append(starts, matrix.shape[0]))
    turned = matrix.T.tocsr()

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ weights
        top = np.maximum.reduceat(scores, starts)
        raised = np.exp(scores - np.repeat(top, sizes))
        total = np.add.reduceat(raised, starts)
        good = np.add.reduceat(raised * right, starts)
        cost = np.log(total) - np.log(good + 1e-300)
        share = raised / np.repeat(total, sizes) - raised * right / np.repeat(good + 1e-300, sizes)
        value = float(np.sum(cost) + penalty * weights @ weights / 2)
        return value, turned @ share + penalty * weights

    found = minimize(loss, first, jac=True, method="L-BFGS-B", options={"maxiter": steps})
    return np.asarray(found.x)


def _matrix(
    choices: list[Choice], column: dict[str, int]
) -> tuple[csr_matrix, np.ndarray, np.ndarray]:
    rows, columns, right, starts = [], [], [], []
    row = 0
    for choice in choices:
        starts.append(row)
        for features, good in zip(choice.candidates, choice.right, strict=True):
            for feature in set(features):
                if feature in column:
                    rows.append(row)
                    columns.append(column[feature])
            right.append(float(good))
            row += 1
    data = np.ones(len(rows))
    matrix = csr_matrix((data, (rows, columns)), shape=(row, len(column)))
    return matrix, np.array(right), np.array(starts)


def save(tables: Tables, path: Path = WEIGHTS) -> None:
    """Write the weights, sorted, one feature a line, so that changes can be reviewed."""
    content = {name: dict(sorted(tables[name].items())) for name in sorted(tables)}
    path.write_text(json.dumps(content, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Train on the whole key and the extra labels, calibrate, and write the weights."""
    from benchmarks.extraction.calibrate import calibrations
    from benchmarks.extraction.evaluate import predict_later

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    papers = [*read_key(), *read_tex(), *read_extra()]
    tables = train(map(build, papers))
    later = predict_later(papers)
    tables |= calibrations(later)
    save(tables, arguments.output)


if __name__ == "__main__":
    main()
