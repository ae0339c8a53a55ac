"""Read the papers of digests over some days, by pages: narrowed, the most upvoted first."""

import datetime as dt
from collections.abc import Sequence

from msgspec import Struct

from catalog.domain.claim_sentence import LONGEST, sentence_of_result
from catalog.domain.periods import Period
from catalog.reads.asking import Read, rows
from catalog.reads.digest import Item, items_of

SIZE = 18
"""Papers of a page."""


class Wanted(Struct, frozen=True):
    """The papers to show: of which days, and which of them."""

    days: Period
    with_code: bool = False
    with_numbers: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether some papers are left out."""
        return self.with_code or self.with_numbers


class Stretch(Struct):
    """One page of the papers of some days."""

    papers: list[Item]
    total: int
    number: int
    more: bool


class _Counted(Struct):
    id: int
    total: int


class _Abstract(Struct):
    id: int
    abstract: str


OF_DIGESTS = """
SELECT p.id, count(*) OVER () AS total
  FROM digests g JOIN digest_entries e ON e.digest_id = g.id JOIN papers p ON p.id = e.paper_id
 WHERE g.day BETWEEN :first AND :last {narrowed}
 GROUP BY p.id
 ORDER BY coalesce(max(e.upvotes), -1) DESC, coalesce(min(e.rank), 1000000), p.id
 LIMIT :size OFFSET :offset
"""

NEWEST = """
SELECT p.id, count(*) OVER () AS total FROM papers p
 WHERE p.first_seen_on BETWEEN :first AND :last AND NOT p.is_row {narrowed}
 ORDER BY p.first_seen_on DESC, p.id DESC LIMIT :size OFFSET :offset
"""
"""Papers of some days, in a catalog without digests."""

ABSTRACTS = f"""
SELECT p.id, substr(p.abstract, 1, {LONGEST}) AS abstract FROM papers p
 WHERE p.id IN :papers AND p.abstract IS NOT NULL
"""


def in_digests(wanted: Wanted, *, number: int = 1, size: int = SIZE) -> Read[Stretch]:
    """Read a page of the papers that stood in digests, the most upvoted first."""
    return (yield from _page(OF_DIGESTS, wanted, number, size))


def first_seen(wanted: Wanted, *, number: int = 1, size: int = SIZE) -> Read[Stretch]:
    """Read a page of the papers that appeared in some days, the newest first."""
    return (yield from _page(NEWEST, wanted, number, size))


def _page(sql: str, wanted: Wanted, number: int, size: int) -> Read[Stretch]:
    offset, days = (number - 1) * size, wanted.days
    narrowed = _narrowed(wanted)
    found = yield from rows(
        sql.format(narrowed=narrowed),
        _Counted,
        first=days.first,
        last=days.last,
        size=size,
        offset=offset,
    )
    total = found[0].total if found else 0
    papers = yield from items_of([row.id for row in found], days)
    return Stretch(papers, total, number, more=total > offset + len(found))


def _narrowed(wanted: Wanted) -> str:
    code = " AND p.has_code" if wanted.with_code else ""
    return code + (" AND p.has_results" if wanted.with_numbers else "")


def sentences_of(papers: Sequence[Item]) -> Read[dict[int, str]]:
    """Find the sentence of result of each paper whose headline has none."""
    without = [one.id for one in papers if not one.evidence]
    found = yield from rows(ABSTRACTS, _Abstract, papers=without)
    told = {row.id: sentence_of_result(row.abstract) for row in found}
    return {number: sentence for number, sentence in told.items() if sentence}


def last_days(day: dt.date, number: int) -> Period:
    """Make the period of some days that ends with one.

    >>> last_days(dt.date(2025, 3, 12), 7).first
    datetime.date(2025, 3, 6)
    """
    first = day - dt.timedelta(days=number - 1)
    return Period(first, day, f"{first.isoformat()}/{day.isoformat()}")
