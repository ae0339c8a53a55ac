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
    calibration: list[tuple[float, float]]
    """Raw chance -> share of such records that were right up to the kind, rising."""
    row_calibration: list[tuple[float, float]]
    """Raw chance -> share of such records without dataset that were right up to the role."""
    board_calibration: list[tuple[float, float]]
    """The same of records with a dataset, which can stand on boards: datasets are harder."""

    def confidence(self, chance: float) -> float:
        """Return the share of records with this raw chance that were right up to the kind."""
        return _interpolated(self.calibration, chance)

    def row_confidence(self, chance: float, *, has_dataset: bool) -> float:
        """Return the share of records with this raw chance that were right up to the role."""
        points = self.board_calibration if has_dataset else self.row_calibration
        return _interpolated(points, chance)


def _interpolated(points: list[tuple[float, float]], chance: float) -> float:
    """Return the height of a rising line through these points; the chance itself without any."""
    low, share = 0.0, 0.0
    for high, height in points:
        if chance <= high:
            part = (chance - low) / (high - low) if high > low else 1.0
            return round(share + part * (height - share), 3)
        low, share = high, height
    return round(share if points else chance, 3)


TABLES = ("glance", "keep", "metric", "dataset", "model", "baseline", "sign")


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
    calibrations = (
        sorted((float(chance), share) for chance, share in content.get(name, {}).items())
        for name in ("calibration", "row calibration", "board calibration")
    )
    return Scorer({name: content.get(name, {}) for name in TABLES}, outcomes, *calibrations)


@cache
def shipped() -> Scorer:
    """Return the scorer of the weights beside this module; they are read once."""
    text = (files(__package__) / "weights.json").read_text(encoding="utf-8")
    content: dict[str, Weights] = json.loads(text)
    return make_scorer(content)


def score_outcome(table: dict[str, Outcome], features: list[str]) -> tuple[list[float], float]:
    """Score the three kinds, and the role "own"."""
    absolute = delta = ratio = role = 0.0
    for weights in filter(None, map(table.get, features)):
        absolute += weights[0]
        delta += weights[1]
        ratio += weights[2]
        role += weights[3]
    return [absolute, delta, ratio], role


NOTHING = repeat(0.0)
"""The weight of every other feature."""


def score(table: Weights, features: list[str]) -> float:
    """Add up the weights of these features; unknown ones weigh nothing."""
    return sum(map(table.get, features, NOTHING))


def softmax(scores: list[float]) -> list[float]:
    """Return probabilities that are proportional to the exponential of the scores.

    >>> softmax([0.0, 0.0])
    [0.5, 0.5]
    """
    top = max(scores)
    raised = [math.exp(score - top) for score in scores]
    total = sum(raised)
    return [part / total for part in raised]
