"""One issue of the digest: which papers, in which order, and what is said of each."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, bindparam, text

from catalog.domain.formatting import path, plural, weekday
from catalog.domain.search_language import understand
from catalog.reads.cards import cards
from catalog.reads.code import Repository
from catalog.reads.drivers import run
from catalog.reads.numbers import Number
from catalog.reads.search import papers_query

WEEK = dt.timedelta(days=7)
MOST_FOUND = 100
"""Papers of a saved search; an issue says where there are more."""

OF_DAY = """SELECT DISTINCT e.paper_id FROM digests g
    JOIN digest_entries e ON e.digest_id = g.id WHERE g.day = :day"""
ENTRIES = """SELECT e.paper_id, g.source, g.day, e.rank, e.upvotes, e.comments
    FROM digest_entries e JOIN digests g ON g.id = e.digest_id
    WHERE e.paper_id IN :ids ORDER BY g.day DESC, g.source"""
STARS = """SELECT key, day, stars FROM repository_stars WHERE key IN :keys ORDER BY key, day"""

Rows = list[dict[str, Any]]


class Item(Struct, kw_only=True):
    """A paper as an issue tells of it."""

    key: str
    title: str
    authors: str
    address: str | None
    """Where its page is: on the site, else at arXiv or its DOI."""
    digests: tuple[str, ...]
    """The digests it stood in."""
    rank: int | None
    upvotes: int | None
    comments: int | None
    numbers: list[Number]
    """Its headline numbers, each with the sentence it was read from."""
    repository: Repository | None
    stars_per_day: float | None

    @property
    def evidence(self) -> list[str]:
        """The sentences that the headline numbers were read from, each once."""
        sentences = (result.sentence for result in self.numbers)
        return list(dict.fromkeys(" ".join(s.split()) for s in sentences if s))


class Issue(Struct, kw_only=True):
    """One issue of the digest."""

    subject: str
    """What it is, the same whenever it is made: "digest 2025-03-11"."""
    title: str
    day: dt.date | None
    query: str | None
    items: list[Item]
    more: bool = False
    """Whether the search finds more than these."""

    @property
    def summary(self) -> str:
        """How many papers it has, and how many of them with code."""
        with_code = sum(item.repository is not None for item in self.items)
        first = "the first " if self.more else ""
        return f"{first}{plural(len(self.items), 'paper')}, {with_code} with code"


def newest_day(connection: Connection, *, before: dt.date | None = None) -> dt.date | None:
    """The newest day with a digest, if asked before a day."""
    limit = "9999-12-31" if before is None else before.isoformat()
    sql = "SELECT max(g.day) FROM digests g WHERE CAST(g.day AS text) < :limit"
    found = connection.execute(text(sql), {"limit": limit}).scalar()
    return dt.date.fromisoformat(str(found)) if found else None


def of_day(connection: Connection, day: dt.date, *, site: str | None = None) -> Issue:
    """The issue of a day: all papers of its digests, the most welcome first."""
    ids = list(connection.execute(text(OF_DAY), {"day": day.isoformat()}).scalars())
    return Issue(
        subject=f"digest {day}",
        title=f"Papers of {weekday(day.isoformat())}",
        day=day,
        query=None,
        items=ranked(items_of(connection, ids, day, site)),
    )


def of_search(
    connection: Connection, query: str, day: dt.date | None = None, *, site: str | None = None
) -> Issue:
    """The issue of a saved search, in the words of the search box; of one day's papers or of all.

    What is found among all is ranked by how well it fits; a day's papers as in its digest.
    """
    wanted = understand(query)
    filters = dict(wanted.filters)
    if day:
        filters["digest"] = day.isoformat()
    sql, values = papers_query(filters, wanted.match, dialect=connection.dialect.name)
    if day:
        values["digest"] = values["digest_end"] = day.isoformat()
    rows = connection.execute(text(sql), {**values, "size": MOST_FOUND + 1, "offset": 0})
    keys = [row.key for row in rows]
    more = len(keys) > MOST_FOUND
    keys = keys[:MOST_FOUND]
    ids = ids_of(connection, keys)
    items = items_of(connection, ids, day, site)
    shown = " ".join(query.split())
    return Issue(
        subject=f"search {shown} {day}" if day else f"search {shown}",
        title=f"{shown}: papers of {weekday(day.isoformat())}" if day else f"Papers on {shown}",
        day=day,
        query=shown,
        items=ranked(items) if day else items,
        more=more,
    )


def ranked(items: Sequence[Item]) -> list[Item]:
    """The papers with the most upvotes first, then those whose code gains the most stars a day."""
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
    """Stars gained a day over the last week of observations; None with fewer than two.

    >>> march = [dt.date(2025, 3, day) for day in (1, 9, 11)]
    >>> stars_per_day([(march[0], 7), (march[1], 10), (march[2], 30)])
    10.0
    """
    if not seen:
        return None
    last, now = seen[-1]
    first, then = next((day, stars) for day, stars in seen if day >= last - WEEK)
    return (now - then) / (last - first).days if last > first else None


def ids_of(connection: Connection, keys: Sequence[str]) -> list[int]:
    """Ids of papers, in the order of their keys."""
    found = {row["key"]: row["id"] for row in _rows(connection, _BY_KEY, keys=keys)}
    return [found[key] for key in keys]


_BY_KEY = "SELECT id, key FROM papers WHERE key IN :keys"


def items_of(
    connection: Connection, ids: Sequence[int], day: dt.date | None, site: str | None
) -> list[Item]:
    """Papers as an issue tells of them, in the order of their ids."""
    entries = _by_paper(_rows(connection, ENTRIES, ids=ids))
    found_cards = run(connection, cards(ids))
    keys = [card.repository.key for card in found_cards if card.repository]
    seen: dict[str, list[tuple[dt.date, int]]] = defaultdict(list)
    for row in _rows(connection, STARS, keys=keys):
        seen[row["key"]].append((dt.date.fromisoformat(str(row["day"])), row["stars"]))
    found: list[Item] = []
    for card in found_cards:
        stood = [row for row in entries[card.id] if day is None or str(row["day"]) == str(day)]
        found.append(
            Item(
                key=card.key,
                title=" ".join(card.label.split()),
                authors=card.authors,
                address=page(card.key, card.arxiv_id, site),
                digests=tuple(dict.fromkeys(row["source"] for row in stood)),
                rank=min((row["rank"] for row in stood if row["rank"]), default=None),
                upvotes=_most(stood, "upvotes"),
                comments=_most(stood, "comments"),
                numbers=card.numbers,
                repository=card.repository,
                stars_per_day=stars_per_day(seen[card.repository.key]) if card.repository else None,
            )
        )
    return found


def page(key: str, arxiv: str | None, site: str | None) -> str | None:
    """Where a paper can be read: on the site if there is one, else at its publisher.

    >>> page("2503.00001", "2503.00001", None), page("t-0123456789ab", None, None)
    ('https://arxiv.org/abs/2503.00001', None)
    """
    if site:
        return site.rstrip("/") + path("paper", key)
    if arxiv:
        return f"https://arxiv.org/abs/{arxiv}"
    return "https://doi.org" + path(key) if key.startswith("10.") else None


def _most(rows: Rows, column: str) -> int | None:
    return max((row[column] for row in rows if row[column] is not None), default=None)


def _rows(connection: Connection, sql: str, **values: Sequence[Any]) -> Rows:
    """Rows of a query with one list in it, which finds nothing where the list is empty."""
    name = next(iter(values))
    if not values[name]:  # PostgreSQL compares text with no empty list, which has no type
        return []
    statement = text(sql).bindparams(bindparam(name, expanding=True))
    found = connection.execute(statement, {name: list(values[name])})
    return [{str(key): row[key] for key in row} for row in found.mappings()]


def _by_paper(rows: Rows) -> dict[int, Rows]:
    found: dict[int, Rows] = defaultdict(list)
    for row in rows:
        found[row.pop("paper_id")].append(row)
    return found
