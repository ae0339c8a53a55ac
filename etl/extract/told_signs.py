"""Settle the sign of a change where the words around it allow only one."""

from etl.extract.number_features import Spot
from etl.extract.other_work import is_behind_comparison
from etl.extract.word_classes import FILLERS


def tell_sign(spot: Spot, metric: str | None) -> bool | None:
    """Return whether the metric is higher for the paper's subject, None where words do not tell."""
    lower, last = spot.scene.sentence.lower, spot.group.last
    behind = lower[last + 1 : last + 5]
    if behind[:1] == ["higher"]:
        return True
    if LESS.issuperset(behind[:1]) and behind:
        return False
    if behind[:1] == ["larger"] and GAINS.issuperset(behind[1:2]):
        return True
    if spot.quantity.unit == "x":
        return _of_factor(spot, metric, behind)
    if spot.scene.classes[last] == "#" and _is_reduced(spot):
        return False
    is_quality = spot.quantity.unit in QUALITY and metric in AMOUNTS
    return True if is_quality and _is_ahead(spot, metric) else None


LESS = frozenset(("fewer", "smaller", "shorter", "less", "narrower", "lighter", "cheaper"))
GAINS = frozenset(("gain", "gains", "improvement", "improvements"))


def _of_factor(spot: Spot, metric: str | None, behind: list[str]) -> bool | None:
    """Read "10x larger" and "10x more data" of others, "3x more efficient" and "3x compression"."""
    if metric == "compression ratio":
        return True
    if behind[:1] in (["larger"], ["bigger"]) and _is_of_others(spot):
        return False
    if behind[:1] == ["more"] or behind[1:2] == ["more"]:
        lower, first = spot.scene.sentence.lower, spot.group.first
        is_cost = any(word.endswith("efficient") for word in behind[1:4])
        if "trained" in lower[max(0, first - 6) : first] or (is_cost and not _is_named(metric)):
            return False
    return None


def _is_named(metric: str | None) -> bool:
    """Return true if the metric is itself an efficiency."""
    return metric is not None and metric.endswith("efficiency")


BESIDE_MODELS = FILLERS | {"that", "which", "are", "is", "models"}


def _is_of_others(spot: Spot) -> bool:
    """Return true for "comparable to the 10x larger A" and "rivals models 10x larger"."""
    lower, at = spot.scene.sentence.lower, spot.group.first - 1
    while at > 0 and lower[at] in BESIDE_MODELS and lower[at] not in ("to", "than", "over"):
        at -= 1
    return is_behind_comparison(spot.scene, spot.group.first) or (
        at < spot.group.first - 1 and is_behind_comparison(spot.scene, at + 1)
    )


NOT_REDUCING = frozenset(("cut", "drop"))
PARTING = frozenset((",", ";", "and", "while"))
OTHER_VERBS = frozenset(("IMP", "OUT", "ACC", "CHG", "ADJ", "#", "LAG"))
FARTHEST = 7


def _is_reduced(spot: Spot) -> bool:
    """Return true for "reduces the gate overhead by 24%"."""
    lower, kinds, at = spot.scene.sentence.lower, spot.scene.classes, spot.group.first - 1
    while at > 0 and lower[at] in FILLERS:
        at -= 1
    if at < 1 or lower[at] != "by":
        return False
    for place in range(at - 1, max(-1, at - FARTHEST), -1):
        if kinds[place] == "RED":
            return lower[place] not in NOT_REDUCING
        is_other = kinds[place] in OTHER_VERBS and lower[place] != "overhead"
        if is_other or lower[place] in PARTING:
            return False
    return False


QUALITY = frozenset(("%", "pp", None))
AMOUNTS = frozenset(
    ("parameters", "data", "storage", "memory", "compute", "FLOPs", "tokens", "latency",
     "training time")
)  # fmt: skip
"""What nobody outperforms others by, unless it is named with the number."""


def _is_ahead(spot: Spot, metric: str | None) -> bool:
    """Return true for "outperforms models of over 40B parameters by up to 9%"."""
    scene, first, last = spot.scene, spot.group.first, spot.group.last
    if "by" not in scene.sentence.lower[max(0, first - 4) : first]:
        return False
    if any(named.name == metric and 0 < named.first - last <= 3 for named in scene.metrics):
        return False
    for kind in reversed(scene.classes[max(0, first - 15) : first]):
        if kind in ("IMP", "RED", "ACH", "ACC"):
            return False
        if kind == "OUT":
            return True
    return False
