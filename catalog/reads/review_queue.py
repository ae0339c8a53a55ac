"""Read the numbers that a person should judge next: the least sure, or the most seen."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from catalog.domain.claims import certainty
from catalog.reads.asking import Read, Value, column, rows, value
from catalog.reads.boards import board, boards
from catalog.reads.cards import cards
from catalog.reads.digest import PAPERS_OF_DAYS, newest_day
from catalog.reads.numbers import COLUMNS, JOINS, Number

Order: TypeAlias = Literal["unsure", "seen"]

BOARDS = 30
"""Leaderboards, the fullest, whose first rows are most seen."""

FIRST_ROWS = 3


class Filters(Struct, frozen=True, kw_only=True):
    """The filters of the queue."""

    paper_id: int | None = None
    dataset: str = ""
    """Name or alias."""
    since: dt.date | None = None
    """First day on which a source had the paper."""


class Queued(Number, kw_only=True):
    """A number to judge, with its paper."""

    key: str
    label: str
    first_seen_on: dt.date | None = None

    @property
    def certainty(self) -> float:
        """How sure all fields of the number are, 0 to 1."""
        return certainty(self)


class Queue(Struct, kw_only=True):
    """The numbers to judge next, and how many wait in all."""

    numbers: list[Queued]
    waiting: int
    """Numbers that nobody has judged, within the filters."""
    judged: int
    """Numbers that people have judged, within the filters."""


FILTERED = """FROM results r JOIN papers p ON p.id = r.paper_id
 WHERE r.origin <> 'papers-with-code' {narrowed}"""

CONDITIONS = {
    "paper": "p.id = :paper",
    "since": "p.first_seen_on >= :since",
    "dataset": """r.dataset_id IN (
        SELECT id FROM datasets WHERE lower(name) = lower(:dataset)
        UNION SELECT dataset_id FROM dataset_aliases WHERE lower(alias) = lower(:dataset))""",
}

UNSURE = f"""SELECT r.id {FILTERED} AND r.state = 'machine'
 ORDER BY coalesce(r.row_confidence, r.confidence, 0), r.id LIMIT :most"""
CHOSEN = f"SELECT r.id {FILTERED} AND r.state = 'machine' AND r.id IN :ids"
WAITING = f"SELECT count(*) {FILTERED} AND r.state = 'machine'"
JUDGED = f"SELECT count(*) {FILTERED} AND r.state <> 'machine'"

NUMBERS = f"""
SELECT {COLUMNS}, p.key, p.label, p.first_seen_on
  FROM results r JOIN papers p ON p.id = r.paper_id {JOINS}
 WHERE r.id IN :ids
"""


def queue(
    order: Order = "unsure",
    filters: Filters = Filters(),  # noqa: B008
    *,
    most: int = 50,
    skipped: Sequence[int] = (),
) -> Read[Queue]:
    """Read the numbers to judge next, without those that are skipped."""
    narrowed, values = _conditions(filters)
    if order == "unsure":
        sql = UNSURE.format(narrowed=narrowed)
        found = yield from rows(sql, _Id, **values, most=most + len(skipped))
        ids = [row.id for row in found]
    else:
        seen = yield from _most_seen()
        sql = CHOSEN.format(narrowed=narrowed)
        fitting = {row.id for row in (yield from rows(sql, _Id, **values, ids=seen))}
        ids = [one for one in seen if one in fitting]
    left = [one for one in ids if one not in set(skipped)][:most]
    return Queue(
        numbers=(yield from queued(left)),
        waiting=(yield from value(WAITING.format(narrowed=narrowed), int, **values)) or 0,
        judged=(yield from value(JUDGED.format(narrowed=narrowed), int, **values)) or 0,
    )


class _Id(Struct):
    id: int


def _conditions(filters: Filters) -> tuple[str, dict[str, Value]]:
    """Convert filters to SQL conditions with their values."""
    given: dict[str, Value] = {
        "paper": filters.paper_id,
        "since": filters.since,
        "dataset": filters.dataset or None,
    }
    values: dict[str, Value] = {name: held for name, held in given.items() if held is not None}
    return "".join(f" AND {CONDITIONS[name]}" for name in values), values


def queued(ids: Sequence[int]) -> Read[list[Queued]]:
    """Read numbers with their papers, in the order of their ids as given."""
    found = {row.id: row for row in (yield from rows(NUMBERS, Queued, ids=ids))}
    return [found[one] for one in ids if one in found]


def _most_seen() -> Read[list[int]]:
    """List the numbers that most people see: today's headlines, then the first rows of boards."""
    day = yield from newest_day()
    headlines: list[int] = []
    if day is not None:
        papers = yield from column(PAPERS_OF_DAYS, int, first=day, last=day)
        for card in (yield from cards(papers)):
            headlines += [number.id for number in card.numbers]
    first_rows: list[int] = []
    for one in (yield from boards())[:BOARDS]:
        found = yield from board(one.dataset_slug, one.metric_slug)
        first_rows += [entry.id for entry in found.ranking[:FIRST_ROWS]] if found else []
    return _once([*headlines, *first_rows])


def _once(ids: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(ids))
