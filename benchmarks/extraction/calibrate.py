"""Learn how much evidence weighs for numbers and rows being right, from unseen papers."""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize

from benchmarks.extraction.corpus import fold
from benchmarks.extraction.evaluate import Outcome
from benchmarks.extraction.train import Tables
from etl.extract.confidence import Evidence, number_evidence, row_evidence, share

PENALTY = 0.5
Judged = list[tuple[Evidence, bool]]
"""Evidence, and whether what it speaks for was right."""


def calibrations(outcomes: Sequence[Outcome]) -> Tables:
    """Learn the weights of `confidence` and of `row confidence`, the second on the first."""
    weights = fit(
        [
            (number_evidence(decision), right)
            for outcome in outcomes
            for decision, right in zip(outcome.decisions, outcome.right("kind"), strict=True)
        ]
    )
    rows = fit(
        [
            (row_evidence(decision, share(weights, number_evidence(decision))), right)
            for outcome in outcomes
            for decision, right in zip(outcome.decisions, outcome.right("role"), strict=True)
        ]
    )
    return {"confidence": weights, "row confidence": rows}


def calibrate_across(outcomes: Sequence[Outcome], parts: int = 5) -> None:
    """Set the confidences of every paper's records by weights learned from the other papers."""
    for part in range(parts):
        inside = [one for one in outcomes if fold(one.paper.id, parts, "calibrate") == part]
        others = [one for one in outcomes if fold(one.paper.id, parts, "calibrate") != part]
        tables = calibrations(others)
        for outcome in inside:
            for record, decision in zip(outcome.found, outcome.decisions, strict=True):
                sure = share(tables["confidence"], number_evidence(decision))
                row = share(tables["row confidence"], row_evidence(decision, sure))
                record["confidence"], record["row_confidence"] = sure, min(sure, row)


def fit(judged: Judged) -> dict[str, float]:
    """Fit a logistic regression with a slight penalty."""
    names = sorted({name for evidence, _ in judged for name in evidence})
    matrix = np.array([[evidence.get(name, 0.0) for name in names] for evidence, _ in judged])
    signs = np.array([1.0 if right else -1.0 for _, right in judged])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margins = signs * (matrix @ weights)
        pull = -signs / (1 + np.exp(margins))
        value = np.logaddexp(0, -margins).sum() + PENALTY * weights @ weights / 2
        return float(value), matrix.T @ pull + PENALTY * weights

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x
    return {name: round(float(weight), 3) for name, weight in zip(names, found, strict=True)}
