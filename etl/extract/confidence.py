"""Estimate how sure decisions are: the share of such numbers, and of such rows, that are right."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from etl.extract.pipeline import Decision

Evidence = dict[str, float]
"""What speaks for a decision being right, by name; weights.json has a weight for each."""

MOST = 6.0
"""Log-odds beyond this say no more."""
LEAST_CHANCE = 1e-6
"""The log-odds of so small a probability are beyond that."""
BEFORE = "as the number before"
SETTLED = frozenset(("lists aligned", "dataset tied to it"))
"""Rules that leave no choice, so that a probability of 1 tells nothing."""


def number_evidence(decision: "Decision") -> Evidence:
    """Return what speaks for value, unit, metric and kind."""
    metric = decision.metric[0]
    previous = decision.previous
    found = {
        "1": 1.0,
        "keep": log_odds(decision.keep),
        "metric": 0.0 if len(decision.metric) == 1 else log_odds(metric.probability),
        "kind": log_odds(max(decision.kind)),
        f"kind {decision.named_kind}": 1.0,
        f"list of {min(len(decision.spot.group.members), 3)}": 1.0,
    }
    if len(decision.metric) == 1:
        found["metric sure"] = 1.0
    if metric.name is None:
        found["no metric"] = 1.0
    if metric.rule == BEFORE and previous is not None:
        found["metric before"] = 1.0
        found["before"] = log_odds(previous.metric[0].probability)
    return found


def row_evidence(decision: "Decision", confidence: float) -> Evidence:
    """Return what speaks for dataset and role as well; `confidence` is that of the number."""
    dataset, previous = decision.dataset[0], decision.previous
    side = "with" if dataset.name is not None else "without"
    found = {
        f"1 {side}": 1.0,
        f"number {side}": log_odds(confidence),
        f"role {side}": log_odds(max(decision.own, 1 - decision.own)),
        f"kind {decision.named_kind} {side}": 1.0,
    }
    if dataset.rule in SETTLED:
        found[dataset.rule] = 1.0
    else:
        found[f"dataset {side}"] = log_odds(dataset.probability)
    if dataset.rule == BEFORE and previous is not None:
        found["dataset before"] = 1.0
        found["before"] = log_odds(previous.dataset[0].probability)
    return found


def share(weights: Mapping[str, float], evidence: Evidence) -> float:
    """Return the share that was right of decisions with such evidence."""
    total = sum([weights.get(name, 0.0) * value for name, value in evidence.items()])
    return round(1 / (1 + math.exp(-total)), 3)


def log_odds(chance: float) -> float:
    """Return the logarithm of the odds, within limits.

    >>> log_odds(0.5), log_odds(1.0)
    (0.0, 6.0)
    """
    if chance <= LEAST_CHANCE:
        return -MOST
    if chance >= 1 - LEAST_CHANCE:
        return MOST
    odds = math.log(chance / (1 - chance))
    return MOST if odds > MOST else -MOST if odds < -MOST else odds
