"""Exclude numbers that state a condition of an experiment, not what it measured."""

from etl.extract.tokens import Sentence

FIXED = frozenset(
    ("false positive rate", "false positive rates", "false alarm rate", "false alarm rates",
     "false acceptance rate", "false discovery rate", "false rejection rate", "fpr", "far", "fmr",
     "fdr", "threshold", "thresholds", "noise level", "noise rate", "noise ratio",
     "missing rate", "missing ratio", "corruption rate", "poisoning rate",
     "code rate", "probability", "compression ratio", "compression rate", "sampling rate")
)  # fmt: skip
"""What an experiment is run at, where "at", "with", "under" or "for" stands before it."""
ALWAYS = frozenset(
    ("confidence level", "significance level", "dropout", "dropout rate", "weight decay",
     "learning rate", "masking ratio", "mask ratio", "masking rate", "mask rate", "guidance scale",
     "subset")
)  # fmt: skip
"""Names of what is only ever set."""
GOVERNING = frozenset(("at", "under", "for", "with", "given"))
MEASURED = frozenset(("ratio", "rate", "fpr", "far", "fmr", "fdr", "rates"))
"""Last words of names that may be results behind "with"."""
PASSED = frozenset(
    ("=", "of", "a", "an", "the", ">", "≥", "<", "≤", ":", "~", "only", "fixed", "strict", "low",
     "high", "about", "up", "to", "from")
)  # fmt: skip
"""What may stand between a name and its number, or before the name."""


def is_condition(sentence: Sentence, at: int) -> bool:
    """Return true if the number is what an experiment was run at or on."""
    lower = sentence.lower
    end = _pass(lower, at)
    word = lower[end - 1] if end else "^"
    if word in LAST_WORDS and _is_fixed(lower, end):
        return True
    unit = sentence.quantities[at].unit
    if unit is None or word == "^":
        return False
    return (unit in LENGTHS and _is_bound(lower, at)) or (
        unit == "%" and _is_share_of_setup(lower, at, word)
    )


def _pass(lower: list[str], at: int) -> int:
    """Return the end of the words before a number, without what only ties them to it."""
    end = at
    while end > 0 and at - end < 4 and lower[end - 1] in PASSED:
        end -= 1
    return end


LAST_WORDS = frozenset(name.rpartition(" ")[2] for name in FIXED | ALWAYS)


def _is_fixed(lower: list[str], end: int) -> bool:
    """Read "at a false positive rate of 1%" and "a dropout of 10%"."""
    for first in range(max(0, end - 3), end):
        name = " ".join(lower[first:end])
        if name in ALWAYS:
            return True
        if name in FIXED:
            return _is_governed(lower, first, is_rate=lower[end - 1] in MEASURED)
    return False


def _is_governed(lower: list[str], first: int, *, is_rate: bool) -> bool:
    """Return true if "at" or the like stands before a name, with up to two words between."""
    for back in range(first - 1, max(-1, first - 5), -1):
        if lower[back] in GOVERNING:
            return not is_rate or lower[back] in ("at", "under", "for")
        if not lower[back].isalpha() and lower[back] != "-":
            return False
    return False


RATES = frozenset(("recall", "precision", "specificity", "sensitivity", "fpr", "far", "tpr"))
RATE_BEGINNINGS = (["false", "positive"], ["false", "-"], ["false", "alarm"], ["true", "positive"])
LENGTHS = frozenset(("Å", "nm", "um", "mm", "cm", "m", "°", "pixels"))
BOUNDS = frozenset(("below", "under", "within", "than", "<", "≤"))


def _is_bound(lower: list[str], at: int) -> bool:
    """Read the 2 Å of "an error below 2 Å in 76% of cases"."""
    if lower[at - 1] not in BOUNDS or lower[at + 1 : at + 2] not in (["in"], ["for"]):
        return False
    return lower[at + 3 : at + 4] == ["of"] and lower[at + 2][0].isdigit()


MASKING = frozenset(("mask", "masks", "masking", "masked", "subsample", "subsampled"))
RETAINING = frozenset(("retaining", "retain", "retains", "keeping", "using"))
CLAUSE_STARTS = frozenset(("when", "if"))
LABELS = frozenset(("labels", "annotations", "labeled", "labelled", "supervision"))
LABELLED = (["labeled", "data"], ["labelled", "data"], ["labeled", "samples"])
LEVELS = (["confidence"], ["significance"])


def _is_share_of_setup(lower: list[str], at: int, word: str) -> bool:
    """Read shares that are chosen: "we mask 75% of the patches", "when 20% of clients fail"."""
    behind = lower[at + 1 : at + 3]
    return (
        word in MASKING
        or ("randomly" in lower[max(0, at - 4) : at] and word not in RETAINING)
        or lower[at - 1] == "top"
        or (word in CLAUSE_STARTS and behind[:1] == ["of"])
        or behind == ["of", "which"]
        or behind[:1] in LEVELS
        or (lower[at - 1] in ("with", "on", "using") and behind in LABELLED)
        or (at == 1 and word == "with" and not LABELS.isdisjoint(lower[at + 1 : at + 5]))
        or _is_split(lower, at)
        or _is_operating_point(lower, at)
    )


def _is_split(lower: list[str], at: int) -> bool:
    """Read "split 80%/10%/10% into training, validation and test"."""
    near = lower[max(0, at - 9) : at + 13]
    return not SPLITS.isdisjoint(near) and "training" in near and not TESTED.isdisjoint(near)


SPLITS = frozenset(("split", "splits", "divided", "partitioned"))
TESTED = frozenset(("validation", "test", "testing"))


def _is_operating_point(lower: list[str], at: int) -> bool:
    """Read "81% recall at 95% precision" and "At 90% recall, the precision is 71%"."""
    if lower[at - 1] != "at":
        return False
    is_rate = lower[at + 1 : at + 2] and lower[at + 1] in RATES
    if not is_rate and lower[at + 1 : at + 3] not in RATE_BEGINNINGS:
        return False
    return at == 1 or lower[at - 2] in RATES or lower[at - 2] == "rate"
