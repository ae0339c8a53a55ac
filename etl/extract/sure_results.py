"""Recognise numbers that are results by grammar alone, however odd they look."""

from etl.extract.number_features import Spot

MEASURES = frozenset(
    ("elo", "fid", "fvd", "kid", "perplexity", "ppl", "bleu", "psnr", "ssim", "cider", "rmse",
     "mae", "mse", "wer", "cer", "accuracy", "auc", "auroc", "auprc", "f1", "f1-score", "return",
     "reward", "map", "miou", "dice", "recall", "mpjpe", "ndcg", "mrr")
)  # fmt: skip
"""Metrics by their last word; what is said to be N of one of them was measured."""
LATTER = frozenset(("rating", "score", "value"))
TYING = frozenset(("of", "is", "was", "=", ":"))
ENDING = frozenset(
    (".", ",", ";", ")", "on", "in", "for", "with", "and", "while", "at", "over", "after",
     "without", "using", "across", "under", "against", "by", "when", "is", "was", "are", "were",
     "vs", "than", "compared", "versus", "(", ":", "/")
)  # fmt: skip
"""Words behind a number that counts nothing."""
RATES = frozenset(
    ("tokens/s", "samples/s", "images/s", "queries/s", "requests/s", "steps/s", "reads/s", "ops/s")
)
DURATIONS = frozenset(("us", "ms", "s", "min", "h", "days", "weeks"))
"""Units of both ends of "from 12 h to 35 min"."""
GUESSING = (["random"], ["random-guess"], ["chance"], ["random-chance"])
BEFORE_COUNT = frozenset(
    ("to", "below", "under", "over", "than", "above", "most", "/", "between", "=", "<", "≤", ">")
)
LEAST_PARAMETERS = 100
COUNTED = frozenset(("parameters", "params"))


def is_sure_result(spot: Spot) -> bool:
    """Return true for "an Elo of 1,412" and "1,234,567 trainable parameters"."""
    quantity, lower, at = spot.quantity, spot.scene.sentence.lower, spot.at
    if quantity.hyphen or quantity.value_max is not None:
        return False
    if quantity.unit in DURATIONS and lower[at - 1 : at] == ["to"]:
        return _is_changed_to(spot)
    if is_in_points(spot):
        return True
    if is_fraction(spot):
        return lower[at - 1 : at] in SHRUNK
    if quantity.unit == "%" and lower[at + 1 : at + 2] in GUESSING:
        return "baseline" in lower[at + 2 : at + 5]
    if quantity.unit in RATES:
        return lower[at - 1 : at] != ["at"]
    if (
        quantity.unit is None
        and quantity.value >= LEAST_PARAMETERS
        and not COUNTED.isdisjoint(lower[at + 1 : at + 3])
    ):
        return lower[at + 1] != "," and (at == 0 or lower[at - 1] not in BEFORE_COUNT)
    return not quantity.scaled and _is_measure(lower, spot.group.first, at)


SHRUNK = (["only"], ["just"], ["merely"], ["than"], ["to"])


def is_fraction(spot: Spot) -> bool:
    """Return true for "1/20th of the compute": a factor below one."""
    return spot.quantity.unit == "x" and spot.scene.sentence.lower[spot.at].startswith("1/")


POINTS = (["points"], ["point"])


def is_in_points(spot: Spot) -> bool:
    """Return true for "by 6 COMET points", whose metric is before "points"."""
    behind = spot.scene.sentence.texts[spot.at + 1 : spot.at + 3]
    if spot.quantity.unit is not None or spot.quantity.scaled or behind[1:] not in POINTS:
        return False
    return behind[0] != behind[0].lower() and behind[0][0].isalpha()


def _is_changed_to(spot: Spot) -> bool:
    """Return true for the 35 min of "falls from 12 h to 35 min", not that of a range of lengths."""
    lower, at = spot.scene.sentence.lower, spot.at
    before = spot.scene.sentence.quantities.get(at - 2)
    if before is None or before.unit not in DURATIONS or lower[at - 3] != "from":
        return False
    return not CHANGING.isdisjoint(spot.scene.classes[max(0, at - 10) : at - 3])


CHANGING = frozenset(("RED", "IMP", "ACC"))


def _is_measure(lower: list[str], first: int, at: int) -> bool:
    """Return true if "METRIC of" stands before a list of numbers, and no noun behind it."""
    end = first
    while end > 0 and first - end < 3 and lower[end - 1] in APPROXIMATE:
        end -= 1
    if end < 2 or lower[end - 1] not in TYING:
        return False
    name = lower[end - 2]
    if name in LATTER and end > 2:
        name = lower[end - 3]
    return name in MEASURES and (at + 1 >= len(lower) or lower[at + 1] in ENDING)


APPROXIMATE = frozenset(("up", "to", "only", "about", "around", "~", "nearly", "over", "just"))
