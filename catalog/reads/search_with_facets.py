"""Read what the page of a search shows: papers or numbers, and counts to narrow it by."""

from typing import Any

from msgspec import Struct, structs

from catalog.reads.asking import Read
from catalog.reads.found_numbers import FoundNumbers, search_numbers
from catalog.reads.number_conditions import NumberOrder
from catalog.reads.search import Found, Order, search
from catalog.reads.search_facets import Facet, Facets, facets

SORTABLE = 5_000
"""Papers up to which a search can be sorted by upvotes or stars while somebody waits."""

TOO_MANY = "These are too many papers to sort by {order}: narrow the search first."


class FoundPapersPage(Found, kw_only=True):
    """One page of found papers, with counts."""

    facets: list[Facet] = []
    counted: int = 0
    """Papers that the counts are of."""
    is_counted_whole: bool = True


class FoundNumbersPage(FoundNumbers, kw_only=True):
    """One page of found numbers, with counts of their papers."""

    facets: list[Facet] = []
    counted: int = 0
    is_counted_whole: bool = True


def papers_page(typed: str, *, number: int = 1, order: Order = "best") -> Read[FoundPapersPage]:
    """Search papers, and count them by what they can be narrowed by."""
    found = yield from _sorted(typed, number, order)
    counts = Facets()
    if not found.is_identifier and found.papers:
        counts = yield from facets(typed)
    return FoundPapersPage(**_fields(found), **_counts(counts))


def _sorted(typed: str, number: int, order: Order) -> Read[Found]:
    """Search papers in an order, or as usual where there are too many to sort."""
    found = yield from search(typed, number=number, order=order, sortable=SORTABLE)
    is_one = found.is_identifier or not found.papers
    if order not in {"best", "newest", found.order} and not is_one:
        found.remarks.append(TOO_MANY.format(order=order))
    return found


def numbers_page(
    typed: str, *, number: int = 1, order: NumberOrder = "best", unsure: bool = False
) -> Read[FoundNumbersPage]:
    """Search numbers, and count their papers."""
    found = yield from search_numbers(typed, number=number, order=order, unsure=unsure)
    counts = (yield from facets(typed)) if found.numbers else Facets()
    return FoundNumbersPage(**_fields(found), **_counts(counts))


def _fields(found: Struct) -> dict[str, Any]:
    return structs.asdict(found)


def _counts(counts: Facets) -> dict[str, Any]:
    return {
        "facets": counts.facets,
        "counted": counts.papers,
        "is_counted_whole": counts.is_complete,
    }
