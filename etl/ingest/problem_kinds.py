"""Group problems by their kind, so that hundreds of one kind are told in one line."""

import re

from msgspec import Struct

from catalog.domain.records import Problem

MOST_KINDS = 100
"""Kinds that are told apart; what a hostile document has beyond is counted with the last."""

_VALUE = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|\d[\d,.:-]*")


class ProblemKind(Struct):
    """Problems of one kind: the first of them, and how many there are."""

    first: Problem
    count: int = 1


def kind_of(why: str) -> str:
    """Return a reason without the values that it quotes: the same for problems of one kind.

    >>> kind_of("'2503.0213' is none: numbers of 2503 have 5 digits")
    '… is none: numbers of … have … digits'
    """
    return _VALUE.sub("…", why)


def count_in(kinds: dict[str, ProblemKind], found: Problem) -> int:
    """Count a problem with those of its kind; return how many there are by now."""
    kind = kind_of(found.why)
    if kind not in kinds and len(kinds) >= MOST_KINDS:
        kind = next(reversed(kinds))
    if kind in kinds:
        kinds[kind].count += 1
    else:
        kinds[kind] = ProblemKind(found)
    return kinds[kind].count
