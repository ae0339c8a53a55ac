"""Exclude numbers that are never results: intervals, years, schedules."""

from etl.extract.conditions import is_condition
from etl.extract.described_numbers import is_description
from etl.extract.quantity import Quantity
from etl.extract.tokens import Sentence

COMPARING = frozenset(("=", "<", ">", "≤", "≥"))
LEVELS = frozenset((90.0, 95.0, 99.0))
YEARS = range(1980, 2036)
DATED = frozenset(
    ("in", "since", "until", "/", "between", "from", "before", "after", "during", "early", "mid",
     "late", "(", "january", "february", "march", "april", "may", "june", "july", "august",
     "september", "october", "november", "december")
)  # fmt: skip
"""What stands before a year."""
SPAN = frozenset(("and", "to", "-", "or"))
"""What stands between the years of a span."""
VERSIONED = frozenset(
    ("python", "pytorch", "cuda", "cudnn", "tensorflow", "java", "ros", "ubuntu", "linux",
     "android", "ios", "windows", "matlab", "opencv", "unity", "unreal", "apache", "gpl", "version",
     "versions", "release", "releases", "c++", "http", "wi-fi", "bluetooth", "ipv6")
)  # fmt: skip
"""Programs and standards; a bare number behind one is its version."""
SETTINGS = frozenset(("temperature", "top-p", "top-k", "seed", "µ", "σ", "λ", "ε"))
"""Names of what is set, not measured."""
OVERLAPS = frozenset(("iou", "tiou"))


def is_excluded(sentence: Sentence, at: int) -> bool:
    """Return true if the annotation guidelines exclude the number by its context alone."""
    lower = sentence.lower
    before = lower[at - 1] if at else "^"
    after = lower[at + 1] if at + 1 < len(lower) else "$"
    return (
        before in ("±", "pm")
        or (before in BRACKETED and _is_citation(sentence, at))
        or (at - 1 in sentence.quantities and _is_citation(sentence, at))
        or (before in COMPARING and at > 1 and lower[at - 2] == "p")
        or _is_p_value(sentence, at)
        or _is_interval(sentence, at, before, after)
        or _is_date(sentence, at, before)
        or _is_version(sentence, at, before)
        or _is_setting(sentence, at)
        or _is_set_up(sentence, at, after)
        or is_condition(sentence, at)
        or is_description(sentence, at)
    )


P_VALUES = frozenset(("p-value", "p-values"))
P_VALUE_ENDS = P_VALUES | {"value", "values"}
"""The last of the words that such a name may be split into."""


def _is_p_value(sentence: Sentence, at: int) -> bool:
    """Read "the p-values are below 0.05"."""
    if sentence.quantities[at].value > 0.1 or sentence.quantities[at].unit is not None:
        return False
    before = sentence.lower[max(0, at - 7) : at]
    if P_VALUE_ENDS.isdisjoint(before):
        return False
    joined = " ".join(before).replace(" - ", "-").split()
    return not P_VALUES.isdisjoint(joined[-5:])


SURE = frozenset(("ci", "cis", "cl", "c.l", "cri"))
CONFIDENCE = (
    ["confidence", "interval"], ["confidence", "level"], ["confidence", "intervals"],
    ["credible", "interval"], ["c", "."],
)  # fmt: skip
CONFIDENT = frozenset(words[0] for words in CONFIDENCE)
BRACKETED = frozenset((",", "-", "[", "]"))


def _is_citation(sentence: Sentence, at: int) -> bool:
    """Return true for the numbers of "[45, 46]"."""
    return _is_bracket(sentence, at, -1, "[") and _is_bracket(sentence, at, 1, "]")


def _is_bracket(sentence: Sentence, at: int, step: int, wanted: str) -> bool:
    """Return true if only whole numbers and commas stand between here and this bracket."""
    place = at
    while 0 <= place < len(sentence.lower):
        word, quantity = sentence.lower[place], sentence.quantities.get(place)
        if word == wanted:
            return True
        if word not in BRACKETED and (quantity is None or quantity.decimal or quantity.unit):
            return False
        place += step
    return False


def _is_interval(sentence: Sentence, at: int, before: str, after: str) -> bool:
    """Read "(95% CI: 4.7-5.8)" and "7.7% (7.0-8.4)"."""
    lower = sentence.lower
    quantity = sentence.quantities[at]
    if after in SURE or (after in CONFIDENT and lower[at + 1 : at + 3] in CONFIDENCE):
        return quantity.value in LEVELS
    if "ci" in lower[max(0, at - 2) : at] and quantity.value_max is not None:
        return True  # a single number behind it is a concordance index
    inner = sentence.quantities.get(at - 2)
    if before != "(" or quantity.value_max is None or inner is None or after != ")":
        return False
    return inner.value_max is None and quantity.value < inner.value < quantity.value_max


def _is_date(sentence: Sentence, at: int, before: str) -> bool:
    """Read "by 2026", "AIME 2024/2025" and "(2024.08-2025.05)"."""
    quantity = sentence.quantities[at]
    text = sentence.texts[at]
    if quantity.value_max is not None:
        return (
            int(quantity.value) in YEARS
            and int(quantity.value_max) in YEARS
            and quantity.unit is None
        )
    if not _is_year(text, quantity):
        return False
    after = sentence.lower[at + 1 : at + 2]
    earlier = sentence.quantities.get(at - 2)
    spanned = before in SPAN and earlier is not None and _is_year(sentence.texts[at - 2], earlier)
    return before in DATED or spanned or (before == "by" and after == [","])


def _is_year(text: str, quantity: Quantity) -> bool:
    return len(text) == 4 and text.isdigit() and quantity.value in YEARS


def _is_version(sentence: Sentence, at: int, before: str) -> bool:
    """Read "Python 3.11"."""
    quantity = sentence.quantities[at]
    is_bare = quantity.unit is None and not quantity.scaled and not quantity.points
    return before in VERSIONED and is_bare


def _is_setting(sentence: Sentence, at: int) -> bool:
    """Read "temperature 0.7", "σ = 0.1" and "at an IoU threshold of 0.5"."""
    near = sentence.lower[max(0, at - 7) : at]
    if SET.isdisjoint(near) or sentence.quantities[at].value > LARGEST_SETTING:
        return False
    before = [word for word in near if word not in BESIDE]
    is_set = before[-1] in SETTINGS and sentence.quantities[at].unit is None
    return is_set or (before[-1] in OVERLAPS and before[-2:-1] == ["at"])


SET = SETTINGS | OVERLAPS
BESIDE = frozenset(("=", "of", "a", "an", "threshold", "thresholds", ">", "≥"))
LARGEST_SETTING = 100.0


PARTS_OF_NAMES = frozenset(("hausdorff", "percentile", "quantile"))
"""Words whose number tells which one: "95% Hausdorff distance"."""


def _is_set_up(sentence: Sentence, at: int, after: str) -> bool:
    """Read "3x schedule", "5 folds" and "9 day-to-day apps"."""
    lower = sentence.lower
    if after in PARTS_OF_NAMES or (after == "v" and lower[at - 1] == "at"):
        return True
    if after == "schedule" or lower[at + 1 : at + 3] == ["training", "schedule"]:
        return True
    return lower[at].endswith(" folds") or (
        lower[at].endswith(" day") and lower[at + 1 : at + 3] == ["-", "to"]
    )
