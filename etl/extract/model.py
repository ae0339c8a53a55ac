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
    get = table.get
    return sum([get(feature, 0.0) for feature in features])


def softmax(scores: list[float]) -> list[float]:
    """Probabilities that are proportional to the exponential of the scores.

    >>> softmax([0.0, 0.0])
    [0.5, 0.5]
    """
    top = max(scores)
    raised = [math.exp(score - top) for score in scores]
    total = sum(raised)
    return [part / total for part in raised]
