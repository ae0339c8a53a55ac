"""Score candidates by linear models: sums of weights over sparse features, kept as JSON."""

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import repeat

Weights = dict[str, float]
Outcome = tuple[float, float, float, float]
"""Weights for absolute, delta and ratio, and for the role being the paper's own."""


@dataclass(slots=True)
class Scorer:
    """The weights of every decision, in the form in which they are used."""

    tables: dict[str, Weights]
    outcomes: dict[str, Outcome]
    """Feature -> weights for kind and role, looked up at once."""
    confidence: Weights
    """What evidence weighs for value, unit, metric and kind being right."""
    row_confidence: Weights
    """The same for a whole row: also dataset and role."""


TABLES = ("glance", "keep", "metric", "dataset", "role", "model", "baseline", "sign")


def make_scorer(content: dict[str, Weights]) -> Scorer:
    """Make a scorer from tables by name, in the form of weights.json."""
    names = ("kind absolute", "kind delta", "kind ratio", "role")
    absolute, delta, ratio, role = (content.get(name, {}) for name in names)
    outcomes = {
        name: (
            absolute.get(name, 0.0),
            delta.get(name, 0.0),
            ratio.get(name, 0.0),
            role.get(name, 0.0),
        )
        for name in (absolute | delta | ratio | role)
    }
    return Scorer(
        {name: content.get(name, {}) for name in TABLES},
        outcomes,
        content.get("confidence", {}),
        content.get("row confidence", {}),
    )


@cache
def shipped() -> Scorer:
    """Return the scorer of the weights beside this module; they are read once."""
    text = (files(__package__) / "weights.json").read_text(encoding="utf-8")
    content: dict[str, Weights] = json.loads(text, parse_float=_float)
    return make_scorer(content)


@cache
def _float(text: str) -> float:
    """Return the number; one object for all weights of the same value, so that they fit a cache."""
    return float(text)


def score_outcome(table: dict[str, Outcome], features: list[str]) -> tuple[list[float], float]:
    """Score the three kinds, and the role "own"."""
    absolute = delta = ratio = role = 0.0
    for weights in map(table.get, features):
        if weights is not None:
            for_absolute, for_delta, for_ratio, for_own = weights
            absolute += for_absolute
            delta += for_delta
            ratio += for_ratio
            role += for_own
    return [absolute, delta, ratio], role


NOTHING = repeat(0.0)
"""The weight of every other feature."""


def score(table: Weights, features: list[str]) -> float:
    """Add up the weights of these features; unknown ones weigh nothing."""
    return sum(map(table.get, features, NOTHING))


def chance_of(score: float) -> float:
    """Return the probability of what has this score, where the alternative has none.

    >>> chance_of(0.0), round(chance_of(2.0), 3), round(chance_of(-2.0), 3)
    (0.5, 0.881, 0.119)
    """
    if score >= 0:
        return 1 / (1 + math.exp(-score))
    raised = math.exp(score)
    return raised / (1 + raised)


def softmax(scores: list[float]) -> list[float]:
    """Return probabilities that are proportional to the exponential of the scores.

    >>> softmax([0.0, 0.0])
    [0.5, 0.5]
    """
    top = max(scores)
    raised = [math.exp(score - top) for score in scores]
    total = sum(raised)
    return [part / total for part in raised]
