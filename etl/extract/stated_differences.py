"""Recognise numbers that their words make differences: "up 2.3", "within 2% of", "a gap (3%)"."""

from etl.extract.noun_phrases import CHANGE_NOUNS
from etl.extract.number_features import Spot
from etl.extract.word_classes import FILLERS

UPWARD = {"up": True, "down": False}
AHEAD_OF_UP = frozenset(("(", ",", ";", "is", "was", "are", "were", "went", "goes"))
"""What stands before "up 2.3"; other verbs make a verb of it ("takes up 30%")."""


def is_stated_difference(spot: Spot) -> bool:
    """Return true if the words around a number make it a difference, whatever it is of."""
    unit = spot.quantity.unit
    if unit == "x" or spot.quantity.scaled:
        return False
    return (
        went_up(spot) is not None
        or _is_distance(spot)
        or _is_in_brackets_beside(spot)
        or _is_before_gain(spot)
        or _is_lost(spot)
        or _is_over_others(spot)
    )


def went_up(spot: Spot) -> bool | None:
    """Return true for the 2.3 of ", up 2.3", false for "(down by 2.3)", None for all else."""
    lower, at = spot.scene.sentence.lower, spot.at - 1
    if at > 0 and lower[at] in ("by", "about", "nearly", "another"):
        at -= 1
    if at < 1 or lower[at] not in UPWARD or lower[at - 1] not in AHEAD_OF_UP:
        return None
    return UPWARD[lower[at]] if lower[spot.at + 1 : spot.at + 2] != ["of"] else None


CLOSE = frozenset(("%", "pp", "dB", None))


def _is_distance(spot: Spot) -> bool:
    """Return true for "within 2% of the oracle" and "to within 0.4 points of it"."""
    lower, at, last = spot.scene.sentence.lower, spot.group.first - 1, spot.group.last
    if spot.quantity.unit not in CLOSE or lower[last + 1 : last + 2] != ["of"]:
        return False
    while at > 0 and lower[at] in FILLERS:
        at -= 1
    return at >= 0 and lower[at] == "within"


SIGNS = frozenset(("~", "<", ">", "≤", "≥", "up", "to", "about", "around", "+", "-", "over", "by"))


def _is_in_brackets_beside(spot: Spot) -> bool:
    """Return true for "a gap (~30%)", "degradation (<0.3%)" and "a large (>25%) drop"."""
    lower, at = spot.scene.sentence.lower, spot.at - 1
    if spot.quantity.unit not in ("%", "pp") or lower[spot.at + 1 : spot.at + 2] != [")"]:
        return False
    while at > 0 and lower[at] in SIGNS:
        at -= 1
    if at < 1 or lower[at] != "(" or ")" in lower[max(0, at - 5) : at]:
        return False
    return lower[at - 1] in CHANGE_NOUNS or lower[spot.at + 2 : spot.at + 3] in DROPS


DROPS = (["drop"], ["drops"], ["gap"], ["degradation"], ["reduction"], ["improvement"], ["gain"])

LISTING = frozenset((",", "/", "and", "or", "&"))
LONGEST_BRACKET = 7
MOST_WORDS = 3
ENDS = frozenset((".", ";", ":", "with", "in", "on", "of", "for", "by", "to", "while", "is", "are"))


def _is_before_gain(spot: Spot) -> bool:
    """Return true for "3% (A) and 1% (B) F1 gains", and "8% coverage (at 1% risk) gain"."""
    lower, numbers = spot.scene.sentence.lower, spot.scene.sentence.quantities
    at, words, has_bracket = spot.at + 1, 0, False
    if "(" not in lower[at : at + MOST_WORDS + 1]:
        return False
    while at < len(lower):
        word = lower[at]
        if word == "(":
            closing = lower[at : at + LONGEST_BRACKET]
            if ")" not in closing:
                return False
            at, has_bracket = at + closing.index(")") + 1, True
            continue
        if word in CHANGE_NOUNS:
            return has_bracket
        if word in LISTING or at in numbers:
            if words:
                return False
        elif word in ENDS or (words := words + 1) > MOST_WORDS:
            return False
        at += 1
    return False


BEHIND_LOSS = frozenset(("on", "in", "compared", "relative", "over", "vs", "against", "of"))


def _is_lost(spot: Spot) -> bool:
    """Return true for "0.5% loss on the score"."""
    behind = spot.scene.sentence.lower[spot.group.last + 1 : spot.group.last + 3]
    is_loss = spot.quantity.unit == "%" and behind[:1] == ["loss"]
    return is_loss and (len(behind) == 1 or behind[1] in BEHIND_LOSS)


OTHERS = frozenset(("sota", "state-of-the-art", "baseline", "baselines", "prior", "previous"))
BESIDE_OTHERS = frozenset(("the", "a", "best", "strongest", "existing", "strong"))


def _is_over_others(spot: Spot) -> bool:
    """Return true for the 3.9% of "80.1% accuracy, 3.9% over the baseline"."""
    lower, at = spot.scene.sentence.lower, spot.at + 2
    if lower[at - 1 : at] != ["over"] or lower[spot.at - 1] not in (",", "(", "+"):
        return False
    while at < len(lower) and lower[at] in BESIDE_OTHERS:
        at += 1
    return at < len(lower) and lower[at] in OTHERS
