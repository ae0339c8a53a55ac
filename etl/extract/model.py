"""Linear scorers: sums of weights over sparse features, shipped as JSON."""

import json
import math
from functools import cache
from importlib.resources import files

Weights = dict[str, float]


@cache
def weights() -> dict[str, Weights]:
    """Weights by name of the decision; read once."""
    path = files(__package__) / "weights.json"
    if not path.is_file():
        return {}
    content: dict[str, Weights] = json.loads(path.read_text(encoding="utf-8"))
    return content


@cache
def outcomes() -> dict[str, tuple[float, float, float, float]]:
    """For every feature its weights for the three kinds and for the role, looked up at once."""
    return join_outcomes(weights())


def join_outcomes(tables: dict[str, Weights]) -> dict[str, tuple[float, float, float, float]]:
    """The tables of kind and role as one."""
    parts = [tables.get(name, {}) for name in ("kind absolute", "kind delta", "kind ratio", "role")]
    absolute, delta, ratio, role = parts
    return {
        name: (absolute.get(name, 0.0), delta.get(name, 0.0), ratio.get(name, 0.0), role.get(name, 0.0))
        for name in set().union(*parts)
    }


def score_outcome(
    table: dict[str, tuple[float, float, float, float]], features: list[str]
) -> tuple[list[float], float]:
    """Scores of the three kinds, and of the role being the paper's own."""
    absolute = delta = ratio = role = 0.0
    get = table.get
    for feature in features:
        found = get(feature)
        if found is not None:
            absolute += found[0]
            delta += found[1]
            ratio += found[2]
            role += found[3]
    return [absolute, delta, ratio], role


def calibrate(chance: float) -> float:
    """The share of records with this raw chance that were right in cross-validation."""
    points = weights().get("calibration", {})
    low, share = 0.0, 0.0
    for name, height in points.items():
        high = float(name)
        if chance <= high:
            part = (chance - low) / (high - low) if high > low else 1.0
            return round(share + part * (height - share), 3)
        low, share = high, height
    return round(share or chance, 3)


def score(table: Weights, features: list[str]) -> float:
    """Sum of the weights of these features; unknown ones weigh nothing."""
    return sum(filter(None, map(table.get, features)))


def softmax(scores: list[float]) -> list[float]:
    """Probabilities that are proportional to the exponential of the scores.

    >>> softmax([0.0, 0.0])
    [0.5, 0.5]
    """
    top = max(scores)
    raised = [math.exp(score - top) for score in scores]
    total = sum(raised)
    return [part / total for part in raised]
