"""Train the extractor's weights: `python -m benchmarks.extraction.train`.

Needs scikit-learn's companions numpy and scipy (dependency group `bench`). The result is
`etl/extract/weights.json`; the same labels always give the same file.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
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
ENOUGH = 1e-6
"""A fit ends when a step makes it better by less than this share."""
DROPPED = 0.3
"""Weights are the mean of some trainings in each of which this share of all features is missing,
so that no single feature is relied on."""
LEAST = 2
"""A feature counts only if it was seen in that many candidates."""
CAREFUL = 3.0
"""Labels read at leisure by the present guidelines weigh so many times as much as others."""
Tables = dict[str, dict[str, float]]
SMALLEST = 0.02
"""Weights nearer to zero than this are not shipped."""


def train(papers: Iterable[Examples], draws: int = DRAWS) -> Tables:
    """Learn the weights of every decision from these papers."""
    gathered: dict[str, list[tuple[Choice, float]]] = {}
    for examples in papers:
        weight = CAREFUL if is_careful(examples.paper) else 1.0
        for name, choices in examples.choices.items():
            gathered.setdefault(name, []).extend((choice, weight) for choice in choices)
    tables: Tables = {}
    for name, weighed in gathered.items():
        tables |= _split(name, _fit(name, weighed, draws))
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


@dataclass(frozen=True, slots=True)
class Problem:
    """The choices of one decision as a matrix: a candidate a row, a feature a column."""

    matrix: csr_matrix
    right: np.ndarray
    """Of every row, whether it is right."""
    starts: np.ndarray
    """Of every choice, its first row."""
    weight: np.ndarray
    """Of every choice, how much it counts."""
    penalty: float


def _fit(name: str, weighed: list[tuple[Choice, float]], draws: int) -> dict[str, float]:
    """Fit a conditional log-linear model: the right candidates against all of their choice."""
    names = _columns(name, [choice for choice, _ in weighed])
    problem = _problem(weighed, names, PENALTY[name])
    draw = np.random.default_rng(0)
    whole = _solve(problem, np.zeros(len(names)))
    solved = [_solve(_thinned(problem, draw), whole, FEWER_STEPS) for _ in range(draws)]
    found = np.mean(solved, axis=0)
    return {
        name: round(float(weight), 3)
        for name, weight in zip(names, found, strict=True)
        if abs(weight) >= SMALLEST
    }


def _columns(name: str, choices: list[Choice]) -> list[str]:
    """List the features that count for this decision."""
    ignored = IGNORED.get(name, frozenset())
    counts = Counter(f for one in choices for features in one.candidates for f in set(features))
    return sorted(
        name for name, count in counts.items() if count >= LEAST and template(name) not in ignored
    )


def _thinned(problem: Problem, draw: np.random.Generator) -> Problem:
    """Drop a random share of the matrix's features, and scale up the others."""
    thinned = problem.matrix.copy()
    thinned.data = (draw.random(thinned.nnz) >= DROPPED) / (1 - DROPPED)
    thinned.eliminate_zeros()
    return replace(problem, matrix=thinned)


def _solve(problem: Problem, first: np.ndarray, steps: int = STEPS) -> np.ndarray:
    """Find the weights that make the right candidates likeliest, starting from the first ones."""
    matrix, right, starts, penalty = problem.matrix, problem.right, problem.starts, problem.penalty
    sizes = np.diff(np.append(starts, matrix.shape[0]))
    turned = matrix.T.tocsr()
    counted = np.repeat(problem.weight, sizes)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ weights
        top = np.maximum.reduceat(scores, starts)
        raised = np.exp(scores - np.repeat(top, sizes))
        total = np.add.reduceat(raised, starts)
        good = np.add.reduceat(raised * right, starts)
        cost = problem.weight @ (np.log(total) - np.log(good + 1e-300))
        share = raised / np.repeat(total, sizes) - raised * right / np.repeat(good + 1e-300, sizes)
        value = float(cost + penalty * weights @ weights / 2)
        return value, turned @ (share * counted) + penalty * weights

    options = {"maxiter": steps, "ftol": ENOUGH}
    found = minimize(loss, first, jac=True, method="L-BFGS-B", options=options)
    return np.asarray(found.x)


def _problem(weighed: list[tuple[Choice, float]], names: list[str], penalty: float) -> Problem:
    column = {name: index for index, name in enumerate(names)}
    columns: list[int] = []
    ends, starts = [0], []
    right: list[float] = []
    for choice, _ in weighed:
        starts.append(len(right))
        for features, good in zip(choice.candidates, choice.right, strict=True):
            columns += [column[feature] for feature in set(features) if feature in column]
            ends.append(len(columns))
            right.append(float(good))
    data = np.ones(len(columns))
    matrix = csr_matrix((data, columns, ends), shape=(len(right), len(names)))
    matrix.sort_indices()
    weight = np.array([weight for _, weight in weighed])
    return Problem(matrix, np.array(right), np.array(starts), weight, penalty)


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
