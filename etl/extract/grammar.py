"""Propose noun phrases that a result sentence's grammar makes a metric, by named rules."""

from typing import TypeAlias

from etl.extract import lexicon
from etl.extract.noun_phrases import (
    CHANGE_ADJECTIVES,
    CHANGE_NOUNS,
    RELATION_ADJECTIVES,
    phrase_left,
    phrase_right,
)
from etl.extract.number_features import Spot
from etl.extract.tokens import Mention, Sentence
from etl.extract.word_classes import FILLERS

Phrase: TypeAlias = tuple[str, Mention]
"""The rule that found a noun phrase, and the phrase."""


def propose_phrases(spot: Spot) -> list[Phrase]:
    """List the noun phrases where the grammar of a result sentence has its metric."""
    return _right_phrases(spot) + _left_phrases(spot)


def _right_phrases(spot: Spot) -> list[Phrase]:
    sentence = spot.scene.sentence
    lower, count = sentence.lower, len(sentence.lower)
    at = _skip_brackets(spot, spot.group.last + 1)
    if at >= count:
        return []
    word = lower[at]
    if word == "-" and at + 1 < count:
        at, word = at + 1, lower[at + 1]
    if word == "of" and lower[spot.group.first - 1 : spot.group.first] == ["the"]:
        return []  # "the 61.3% of BarNet": whose it is, not what
    if word in ("in", "on", "of", "for"):
        found = phrase_right(sentence, at + 1)
        if found and word == "of" and lower[found.last - 1] in OCCASIONS:
            return _before_share(spot)
        return [(f"N {word} NP", found)] if found else []
    if word == "(":
        found = phrase_right(sentence, at + 1)
        return [("N (NP)", found)] if found and not _has_its_own(sentence, found.last) else []
    if word in CHANGE_ADJECTIVES:
        found = _quality(sentence, at + 1) or phrase_right(sentence, at + 1)
        return [("N more NP", found)] if found else []
    return _change_phrases(spot, at)


def _has_its_own(sentence: Sentence, last: int) -> bool:
    """Return true for the AP50 of "41.5 (AP50: 62.7)", which another number belongs to."""
    behind = sentence.lower[last : last + 1]
    return last in sentence.quantities or behind in ([":"], ["="], ["of"])


def _quality(sentence: Sentence, at: int) -> Mention | None:
    """Read "N more accurate": the adjective stands for its noun."""
    name = lexicon.adjectives().get(sentence.lower[at]) if at < len(sentence.lower) else None
    return Mention(at, at + 1, name, sentence.texts[at], known=False) if name else None


OCCASIONS = frozenset(("time", "cases", "instances", "times", "occasions"))


def _before_share(spot: Spot) -> list[Phrase]:
    """Read "NP in up to N of cases": the noun phrase before the number is what is counted."""
    lower = spot.scene.sentence.lower
    at = spot.group.first
    while at and (lower[at - 1] in FILLERS or lower[at - 1] in ("in", "for")):
        at -= 1
    found = phrase_left(spot.scene.sentence, at)
    return [("NP in N of cases", found)] if found else []


def _change_phrases(spot: Spot, at: int) -> list[Phrase]:
    """Read "N reduction in NP", "N NP gain", or just "N NP"."""
    sentence = spot.scene.sentence
    lower, count = sentence.lower, len(sentence.lower)
    for token in range(at, min(at + 6, count)):
        word = lower[token]
        if word in CHANGE_NOUNS:
            found = phrase_left(sentence, token) if token > at else None
            if found is not None and found.first >= at:
                return [("N NP change", found)]
            if token + 2 < count and lower[token + 1] in ("in", "of", "on", "for", "to"):
                found = phrase_right(sentence, token + 2)
                return [(f"N change {lower[token + 1]} NP", found)] if found else []
            return []
        if word not in RELATION_ADJECTIVES and (
            not word[0].isalnum() or token in sentence.quantities
        ):
            break
    found = phrase_right(sentence, at)
    return [("N NP", found)] if found else []


def _skip_brackets(spot: Spot, at: int) -> int:
    """Skip "(+1.4)" and a closing bracket between a number and its metric."""
    lower, kinds = spot.scene.sentence.lower, spot.scene.classes
    for closing in (2, 3, 4, 5):
        if lower[at : at + 1] == ["("] and lower[at + closing - 1 : at + closing] == [")"]:
            after = lower[at + closing] if at + closing < len(lower) else ""
            if "#" in kinds[at : at + closing] or after in CHANGE_ADJECTIVES:
                return at + closing
            break
    if lower[at : at + 1] == [")"] and "#" in kinds[max(0, at - 3) : at]:
        return at + 1
    return at


LINKS = frozenset(
    ("by", "from", "(", ":", "=", "is", "are", "was", "were", "at", "reaching", "reaches")
)
"""Words that tie a number to the phrase before them."""


def _left_phrases(spot: Spot) -> list[Phrase]:
    sentence = spot.scene.sentence
    lower = sentence.lower
    at, least = spot.group.first - 1, spot.group.first - 9
    link = ""
    while at >= 0 and lower[at] in FILLERS and lower[at] != "," and at > least:
        if lower[at] in OUTER_LINKS:
            link = lower[at]
            if link == "of" and (found := _left_of(spot, at)):
                return [found]
        at -= 1
    if at < 0:
        return []
    word = lower[at]
    if word in LINKS:
        return _governed(spot, at, SIGN_RULES.get(word) or f"{word} N")
    beside = phrase_left(sentence, at + 1)
    if beside is not None:
        return [(f"NP {link} N" if link else "NP N", beside)]
    subject = phrase_left(sentence, at) if at and _is_verb(spot, at) else None
    return [("NP verb N", subject)] if subject is not None else []


OUTER_LINKS = frozenset(("of", "to", "over", "at", "under", "below", "above", "exceeding", "than"))
"""Words before a number that are a part of its rule, though others may stand between."""
SIGN_RULES = {"(": "(N)", ":": ": N", "=": "= N"}


def _is_verb(spot: Spot, at: int) -> bool:
    """Return true if the word may be the verb between a metric and its number."""
    if spot.scene.classes[at] in ("ACH", "IMP", "RED", "OUT", "KEEP", "USE", "BE", "ACC", "LAG"):
        return True
    return spot.scene.sentence.lower[at].endswith(("ing", "ed", "es"))


def _left_of(spot: Spot, at: int) -> Phrase | None:
    """Read "NP of N", also "NP gain of N"."""
    sentence = spot.scene.sentence
    token = at
    while token > 0 and sentence.lower[token - 1] in CHANGE_NOUNS:
        token -= 1
    found = phrase_left(sentence, token)
    if found is None:
        return None
    return ("NP change of N" if token < at else "NP of N"), found


def _governed(spot: Spot, at: int, rule: str) -> list[Phrase]:
    """Read the phrase before "by N", "from A to B", "(N)", and the one before its preposition."""
    sentence = spot.scene.sentence
    lower = sentence.lower
    while at and lower[at - 1] in STRESSING:
        at -= 1
    found = phrase_left(sentence, at)
    if found is None:
        return []
    before = found.first - 1
    if before > 0 and lower[before] in ("the", "a", "an", "its", "our", "their"):
        before -= 1
    outer = None
    if before > 0 and lower[before] in ("on", "of", "in", "for", "over", "to", "across", "with"):
        outer = phrase_left(sentence, before)
    if outer is None:
        return [(f"NP {rule}", found)]
    if lower[before] != "of":
        return [(f"NP {rule}", found), (f"NP {lower[before]} NP {rule}", outer)]
    if lower[outer.last - 1] in AMOUNTS:
        return [(f"number of NP {rule}", found)]
    return [(f"NP of NP {rule}", outer)]


STRESSING = frozenset(("significantly", "substantially", "further", ",", "only", "even"))
"""Words that may stand before what ties a phrase to its number."""

AMOUNTS = frozenset(
    ("number", "amount", "percentage", "fraction", "share", "volume", "total", "proportion")
)
