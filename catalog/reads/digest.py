"""Read the digest: the papers of a day or of a saved search, ranked."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from msgspec import Struct, structs

from catalog.domain.formatting import path, plural
from catalog.domain.identifiers import address, parse
from catalog.domain.periods import Period
from catalog.domain.periods import of_day as period_of
from catalog.domain.search_tree import Filter, Node, either
from catalog.reads.asking import Read, column, first, rows, value
from catalog.reads.cards import Card, cards
from catalog.reads.search import find_all

WEEK = dt.timedelta(days=7)
MOST_FOUND = 100
"""Papers of a saved search; an issue says where there are more."""

PAPERS_OF_DAYS = """
SELECT DISTINCT e.paper_id FROM digests g JOIN digest_entries e ON e.digest_id = g.id
 WHERE g.day BETWEEN :first AND :last ORDER BY e.paper_id
"""

ENTRIES = """
SELECT e.paper_id, g.source, g.day, e.rank, e.upvotes, e.comments
  FROM digest_entries e JOIN digests g ON g.id = e.digest_id
 WHERE e.paper_id IN :papers ORDER BY g.day DESC, g.source
"""

STARS = "SELECT key, day, stars FROM repository_stars WHERE key IN :keys ORDER BY key, day"

NEWEST = "SELECT max(g.day) FROM digests g"
NEWEST_BEFORE = f"{NEWEST} WHERE g.day < :day"

NEIGHBOURS = """
SELECT (SELECT max(day) FROM digests WHERE day < :first) AS previous,
       (SELECT min(day) FROM digests WHERE day > :last) AS next
"""

DAYS = """
SELECT g.day, count(DISTINCT e.paper_id) AS papers
  FROM digests g LEFT JOIN digest_entries e ON e.digest_id = g.id
 WHERE g.day BETWEEN :first AND :last GROUP BY g.day ORDER BY g.day
"""

SOURCES = """
SELECT source, count(*) AS days, min(day) AS first, max(day) AS last
  FROM digests GROUP BY source ORDER BY source
"""


class Item(Card, kw_only=True):
    """A paper in an issue."""

    address: str | None = None
    """Where its page is: on the site, else at arXiv or its DOI."""
    digests: list[str] = []
    """The digests it stood in."""
    rank: int | None = None
    upvotes: int | None = None
    comments: int | None = None
    stars_per_day: float | None = None

    @property
    def evidence(self) -> list[str]:
        """The sentences that the headline numbers were read from, each once."""
        sentences = (number.sentence for number in self.numbers)
        return list(dict.fromkeys(" ".join(said.split()) for said in sentences if said))


class Issue(Struct, kw_only=True):
    """One issue of the digest."""

    subject: str
    """What it is, the same whenever it is made: "digest 2025-03-11"."""
    title: str
    day: dt.date | None
    period: str | None
    """Its day, week, month or year, such as "2025-W11"; none for a search of all papers."""
    query: str | None
    summary: str
    """How many papers it has, and how many of them with code."""
    items: list[Item]
    more: bool = False
    """Whether there are more than these."""
    remarks: list[str] = []
    """Remarks on parts of the search that were not understood as typed."""


class DigestDay(Struct):
    """A day with a digest."""

    day: dt.date
    papers: int


class DigestSource(Struct):
    """A digest, with its days."""

    source: str
    days: int
    first: dt.date
    last: dt.date


class Neighbours(Struct):
    """The nearest days with a digest."""

    previous: dt.date | None
    next: dt.date | None


class _Entry(Struct):
    paper_id: int
    source: str
    day: dt.date
    rank: int | None
    upvotes: int | None
    comments: int | None


class _Stars(Struct):
    key: str
    day: dt.date
    stars: int


def newest_day(*, before: dt.date | None = None) -> Read[dt.date | None]:
    """Find the newest day with a digest, if given before a day."""
    if before is None:
        return (yield from value(NEWEST, dt.date))
    return (yield from value(NEWEST_BEFORE, dt.date, day=before))


def neighbours(start: dt.date, end: dt.date) -> Read[Neighbours]:
    """Find the nearest days with a digest before and after some days."""
    found = yield from first(NEIGHBOURS, Neighbours, first=start, last=end)
    return found or Neighbours(None, None)


def days(since: dt.date = dt.date.min, until: dt.date = dt.date.max) -> Read[list[DigestDay]]:
    """List the days with a digest, the earliest first."""
    return (yield from rows(DAYS, DigestDay, first=since, last=until))


def sources() -> Read[list[DigestSource]]:
    """List the digests, with their days."""
    return (yield from rows(SOURCES, DigestSource))


def of_day(day: dt.date, *, site: str | None = None) -> Read[Issue]:
    """Read the issue of a day: all papers of its digests, the most upvoted first."""
    return (yield from of_period(period_of(day), site=site))


def of_period(period: Period, *, site: str | None = None) -> Read[Issue]:
    """Read the papers of all digests of a day, week, month or year, the most upvoted first."""
    papers = yield from column(PAPERS_OF_DAYS, int, first=period.first, last=period.last)
    return issue_of(period, (yield from items_of(papers, period, site)))


def issue_of(
    period: Period, items: Sequence[Item], *, before: int = 0, total: int | None = None
) -> Issue:
    """Make the issue of a period of its papers, or of those behind the first so many."""
    total = before + len(items) if total is None else total
    return Issue(
        subject=f"digest {period.name}",
        title=f"Papers of {period.title}",
        day=period.first if period.is_day else None,
        period=period.name,
        query=None,
        summary=_summary(items, which=_part(before, len(items), total)),
        items=ranked(items),
        more=total > before + len(items),
    )


def _part(before: int, shown: int, total: int) -> str:
    """Say which of all papers these are.

    >>> _part(0, 1, 1), _part(0, 500, 1200), _part(1000, 200, 1200)
    ('1 paper', 'papers 1 to 500 of 1,200', 'papers 1,001 to 1,200 of 1,200')
    """
    if shown == total:
        return plural(total, "paper")
    return f"papers {before + 1:,} to {before + shown:,} of {total:,}"


def of_search(
    query: str, day: dt.date | Period | None = None, *, site: str | None = None
) -> Read[Issue]:
    """Read the issue of a saved search, of one day or period or of all.

    What is found among all is ranked by how well it fits; a period's papers as in its digest.
    """
    period = period_of(day) if isinstance(day, dt.date) else day
    filters = (_in_digests(period),) if period else ()
    matched = yield from find_all(query, size=MOST_FOUND, filters=filters)
    more = matched.total > MOST_FOUND
    items = yield from items_of(matched.papers, period, site)
    shown = " ".join(query.split())
    return Issue(
        subject=f"search {shown} {period.name}" if period else f"search {shown}",
        title=f"{shown}: papers of {period.title}" if period else f"Papers on {shown}",
        day=period.first if period and period.is_day else None,
        period=period.name if period else None,
        query=shown,
        summary=_summary(
            items, which=f"{'the first ' if more else ''}{plural(len(items), 'paper')}"
        ),
        items=ranked(items) if period else items,
        more=more,
        remarks=matched.remarks,
    )


def _in_digests(period: Period) -> Node:
    """Write the filter of papers that stood in a digest of a period; a week has none of its own."""
    if "W" not in period.name:
        return Filter("digest", period.name)
    days = (period.first + dt.timedelta(days=number) for number in range(7))
    return either(*(Filter("digest", day.isoformat()) for day in days))


def _summary(items: Sequence[Item], which: str) -> str:
    return f"{which}, {sum(item.repository is not None for item in items)} with code"


def ranked(items: Sequence[Item]) -> list[Item]:
    """Sort papers: the most upvotes first, then those whose code gains the most stars a day."""
    return sorted(
        items,
        key=lambda item: (
            item.upvotes is None,
            -(item.upvotes or 0),
            -(item.stars_per_day or 0.0),
            item.rank is None,
            item.rank or 0,
            item.key,
        ),
    )


def stars_per_day(seen: Sequence[tuple[dt.date, int]]) -> float | None:
    """Count the stars gained a day over the last week of observations; None with fewer than two.

    >>> march = [dt.date(2025, 3, day) for day in (1, 9, 11)]
    >>> stars_per_day([(march[0], 7), (march[1], 10), (march[2], 30)])
    10.0
    """
    if not seen:
        return None
    last, now = seen[-1]
    start, then = next((day, stars) for day, stars in seen if day >= last - WEEK)
    return (now - then) / (last - start).days if last > start else None


def items_of(
    papers: Sequence[int], period: Period | None = None, site: str | None = None
) -> Read[list[Item]]:
    """Read papers as an issue shows them, in the order of their ids.

    With a period only its digests count.
    """
    entries: dict[int, list[_Entry]] = defaultdict(list)
    for entry in (yield from rows(ENTRIES, _Entry, papers=papers)):
        if period is None or period.first <= entry.day <= period.last:
            entries[entry.paper_id].append(entry)
    found = yield from cards(papers)
    seen = yield from _stars_of([card.repository.key for card in found if card.repository])
    return [_item(card, entries[card.id], seen, site) for card in found]


def _stars_of(keys: Sequence[str]) -> Read[dict[str, list[tuple[dt.date, int]]]]:
    seen: dict[str, list[tuple[dt.date, int]]] = defaultdict(list)
    for row in (yield from rows(STARS, _Stars, keys=keys)):
        seen[row.key].append((row.day, row.stars))
    return seen


def _item(
    card: Card,
    entries: Sequence[_Entry],
    seen: dict[str, list[tuple[dt.date, int]]],
    site: str | None,
) -> Item:
    return Item(
        **structs.asdict(card),
        address=address_of(card.key, card.arxiv_id, site),
        digests=list(dict.fromkeys(entry.source for entry in entries)),
        rank=min((entry.rank for entry in entries if entry.rank), default=None),
        upvotes=max((e.upvotes for e in entries if e.upvotes is not None), default=None),
        comments=max((e.comments for e in entries if e.comments is not None), default=None),
        stars_per_day=stars_per_day(seen.get(card.repository.key, [])) if card.repository else None,
    )


def address_of(key: str, arxiv: str | None, site: str | None) -> str | None:
    """Return the address of a paper: on the site if there is one, else at its publisher.

    >>> address_of("2503.00001", "2503.00001", None), address_of("t-0123456789ab", None, None)
    ('https://arxiv.org/abs/2503.00001', None)
    """
    if site:
        return site.rstrip("/") + path("paper", key)
    name = parse(arxiv or key)
    return address(name) if name else None
