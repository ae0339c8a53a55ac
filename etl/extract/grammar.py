"""Propose noun phrases that a result sentence's grammar makes a metric, by named rules."""

from collections.abc import Iterator

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


def propose_phrases(spot: Spot) -> Iterator[tuple[str, Mention]]:
    """Yield the noun phrases where the grammar of a result sentence has its metric."""
    yield from _right_phrases(spot)
    yield from _left_phrases(spot)


def _right_phrases(spot: Spot) -> Iterator[tuple[str, Mention]]:
    sentence = spot.scene.sentence
    lower, count = sentence.lower, len(sentence.lower)
    at = _skip_brackets(spot, spot.group.last + 1)
    if at >= count:
        return
    word = lower[at]
    if word == "-" and at + 1 < count:
        at, word = at + 1, lower[at + 1]
    if word == "of" and lower[spot.group.first - 1 : spot.group.first] == ["the"]:
        return  # "the 61.3% of BarNet": whose it is, not what
    if word in ("in", "on", "of", "for"):
        found = phrase_right(sentence, at + 1)
        if found and word == "of" and lower[found.last - 1] in OCCASIONS:
            yield from _before_share(spot)
        elif found:
            yield f"N {word} NP", found
        return
    if word == "(":
        found = phrase_right(sentence, at + 1)
        if found and not _has_its_own(sentence, found.last):
            yield "N (NP)", found
        return
    if word in CHANGE_ADJECTIVES:
        if found := _quality(sentence, at + 1) or phrase_right(sentence, at + 1):
            yield "N more NP", found
        return
    yield from _change_phrases(spot, at)


def _has_its_own(sentence: Sentence, last: int) -> bool:
    """Return true for the AP50 of "41.5 (AP50: 62.7)", which another number belongs to."""
    behind = sentence.lower[last : last + 1]
    return last in sentence.quantities or behind in ([":"], ["="], ["of"])


def _quality(sentence: Sentence, at: int) -> Mention | None:
    """Read "N more accurate": the adjective stands for its noun."""
    name = lexicon.adjectives().get(sentence.lower[at]) if at < len(sentence.lower) else None
    return Mention(at, at + 1, name, sentence.texts[at], known=False) if name else None


OCCASIONS = frozenset(("time", "cases", "instances", "times", "occasions"))


def _before_share(spot: Spot) -> Iterator[tuple[str, Mention]]:
    """Read "NP in up to N of cases": the noun phrase before the number is what is counted."""
    lower = spot.scene.sentence.lower
    at = spot.group.first
    while at and (lower[at - 1] in FILLERS or lower[at - 1] in ("in", "for")):
        at -= 1
    if found := phrase_left(spot.scene.sentence, at):
        yield "NP in N of cases", found


def _change_phrases(spot: Spot, at: int) -> Iterator[tuple[str, Mention]]:
    """Read "N reduction in NP", "N NP gain", or just "N NP"."""
    sentence = spot.scene.sentence
    lower, count = sentence.lower, len(sentence.lower)
    for token in range(at, min(at + 6, count)):
        word = lower[token]
        if word in CHANGE_NOUNS:
            found = phrase_left(sentence, token) if token > at else None
            if found is not None and found.first >= at:
                yield "N NP change", found
            elif token + 2 < count and lower[token + 1] in ("in", "of", "on", "for", "to"):
                found = phrase_right(sentence, token + 2)
                if found is not None:
                    yield f"N change {lower[token + 1]} NP", found
            return
        if word not in RELATION_ADJECTIVES and (
            not word[0].isalnum() or token in sentence.quantities
        ):
            break
    if found := phrase_right(sentence, at):
        yield "N NP", found


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


def _left_phrases(spot: Spot) -> Iterator[tuple[str, Mention]]:
    sentence = spot.scene.sentence
    lower = sentence.lower
    at = spot.group.first - 1
    link = ""
    while at >= 0 and lower[at] in FILLERS and lower[at] != "," and at > spot.group.first - 9:
        if lower[at] in ("of", "to", "over", "at", "under", "below", "above", "exceeding", "than"):
            link = lower[at]
            if lower[at] == "of" and (found := _left_of(spot, at)):
                yield found
                return
        at -= 1
    if at < 0:
        return
    word = lower[at]
    if word in LINKS:
        yield from _governed(spot, at, {"(": "(N)", ":": ": N", "=": "= N"}.get(word, f"{word} N"))
        return
    beside = phrase_left(sentence, at + 1)
    if beside is not None:
        yield f"NP {link} N".replace("  ", " "), beside
        return
    subject = phrase_left(sentence, at) if at and _is_verb(spot, at) else None
    if subject is not None:
        yield "NP verb N", subject


def _is_verb(spot: Spot, at: int) -> bool:
    """Return true if the word may be the verb between a metric and its number."""
    if spot.scene.classes[at] in ("ACH", "IMP", "RED", "OUT", "KEEP", "USE", "BE", "ACC", "LAG"):
        return True
    return spot.scene.sentence.lower[at].endswith(("ing", "ed", "es"))


def _left_of(spot: Spot, at: int) -> tuple[str, Mention] | None:
    """Read "NP of N", also "NP gain of N"."""
    sentence = spot.scene.sentence
    token = at
    while token > 0 and sentence.lower[token - 1] in CHANGE_NOUNS:
        token -= 1
    found = phrase_left(sentence, token)
    if found is None:
        return None
    return ("NP change of N" if token < at else "NP of N"), found


def _governed(spot: Spot, at: int, rule: str) -> Iterator[tuple[str, Mention]]:
    """Read the phrase before "by N", "from A to B", "(N)", and the one before its preposition."""
    sentence = spot.scene.sentence
    lower = sentence.lower
    while at and lower[at - 1] in (
        "significantly",
        "substantially",
        "further",
        ",",
        "only",
        "even",
    ):
        at -= 1
    found = phrase_left(sentence, at)
    if found is None:
        return
    before = found.first - 1
    if before > 0 and lower[before] in ("the", "a", "an", "its", "our", "their"):
        before -= 1
    outer = None
    if before > 0 and lower[before] in ("on", "of", "in", "for", "over", "to", "across", "with"):
        outer = phrase_left(sentence, before)
    if outer is not None and lower[before] == "of":
        if lower[outer.last - 1] in AMOUNTS:
            yield f"number of NP {rule}", found
        else:
            yield f"NP of NP {rule}", outer
        return
    yield f"NP {rule}", found
    if outer is not None:
        yield f"NP {lower[before]} NP {rule}", outer


AMOUNTS = frozenset(
    ("number", "amount", "percentage", "fraction", "share", "volume", "total", "proportion")
)
