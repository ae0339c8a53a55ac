"""Search numbers: what papers report of their own, each with its sentence and its paper.

The words and filters that find papers choose numbers here: `speedup>2 after:2025-05` gives the
numbers that it compares, `dataset:COCO` those on COCO, words alone all numbers of their papers.
"""

import datetime as dt

from msgspec import structs

from catalog.domain.claims import is_sure
from catalog.domain.search_language import understand
from catalog.reads.asking import Read, rows
from catalog.reads.did_you_mean import RARE, meant_names, respellings
from catalog.reads.number_conditions import NumberOrder, conditions_of
from catalog.reads.number_matches import match_numbers
from catalog.reads.numbers import COLUMNS, JOINS, Number
from catalog.reads.search import AppliedFilter, FoundPage
from catalog.reads.search_filters import FILTERS

SIZE = 20
"""Numbers of a page."""


class FoundNumber(Number, kw_only=True):
    """A number that a search found, with its paper."""

    key: str
    title: str
    first_seen_on: dt.date | None
    is_sure: bool = False
    """Whether it was read surely enough; a bound is hidden by default all the same."""


class FoundNumbers(FoundPage, kw_only=True):
    """One page of found numbers; where the total is not exact, hidden ones were not counted."""

    numbers: list[FoundNumber] = []
    hidden: int = 0
    """Numbers that fit and are left out because they are not sure, or state a bound only."""
    order: NumberOrder = "newest"


NUMBERS = f"""
SELECT p.key, p.label AS title, p.first_seen_on, {COLUMNS}
  FROM results r JOIN papers p ON p.id = r.paper_id
  {JOINS}
 WHERE r.id IN :numbers
"""


def search_numbers(
    typed: str,
    *,
    size: int = SIZE,
    number: int = 1,
    order: NumberOrder = "best",
    unsure: bool = False,
) -> Read[FoundNumbers]:
    """Search the numbers that papers report of their own: those that are shown, or all."""
    asked = understand(typed, FILTERS)
    found = FoundNumbers(
        q=typed,
        number=number,
        filters=[AppliedFilter(one.name, one.value, not wanted) for one, wanted in asked.filters],
        refused=asked.refused,
        remarks=[remark.text for remark in asked.remarks],
        is_empty=asked.is_empty,
    )
    if asked.is_empty:
        return found
    meant = yield from meant_names(asked)
    wanted = yield from conditions_of(meant.search, order, unsure=unsure)
    matched = yield from match_numbers(wanted, size=size + 1, offset=(number - 1) * size)
    found.numbers = yield from _dressed(matched.numbers[:size])
    found.more = len(matched.numbers) > size
    found.total = matched.in_all if unsure else matched.shown
    found.hidden = matched.in_all - found.total
    found.is_total_exact, found.order = matched.is_exact, matched.order
    found.remarks += meant.remarks
    is_little = bool(asked.words) and matched.in_all <= RARE
    found.did_you_mean = yield from respellings(asked, meant, is_little=is_little)
    return found


def _dressed(numbers: list[int]) -> Read[list[FoundNumber]]:
    """Read numbers with their papers, in the order of their ids."""
    found = {one.id: one for one in (yield from rows(NUMBERS, FoundNumber, numbers=numbers))}
    return [structs.replace(found[one], is_sure=is_sure(found[one])) for one in numbers]
