"""Find the leaderboards whose best value changed within some days: old best, new best."""

import datetime as dt
from collections.abc import Sequence

from msgspec import Struct

from catalog.domain.claims import FLOOR
from catalog.domain.ranking import Ranked, records
from catalog.reads.asking import Read, rows, value
from catalog.reads.boards import (
    FEWEST,
    Entry,
    NamedDataset,
    NamedMetric,
    Standing,
    standing_of,
)
from catalog.reads.standing import SHOWS, STANDING

WINDOWS = (7, 30, 90, 365)
"""Days that are looked back, each only where nothing moved in fewer."""

BEST = 40
"""Results of a board that are ranked to find who led it, the best ones."""

CANDIDATES = 16
"""Boards that are ranked to see whether they moved, those of most results."""


class Record(Struct, kw_only=True):
    """A value that was the best of its board when it appeared."""

    day: dt.date
    value: float
    """In the unit of the board."""
    key: str
    """The paper's."""
    label: str
    model: str | None


class MovedBoard(Struct, kw_only=True):
    """A leaderboard that has a new best value."""

    dataset: str
    dataset_slug: str
    metric: str
    metric_slug: str
    higher_is_better: bool | None
    unit: str
    papers: int
    before: Record
    """The best until the first of these days."""
    best: Record
    records: list[Record]
    """All best values of their time, the earliest first; the last one is `best`."""


class Movement(Struct, kw_only=True):
    """The leaderboards with a new best value within some days."""

    since: dt.date | None
    """None for a catalog without days."""
    until: dt.date | None
    boards: list[MovedBoard]
    """Those of most results first."""


class _Candidate(Struct):
    dataset_id: int
    dataset: str
    dataset_slug: str
    metric_id: int
    metric: str
    metric_slug: str
    higher_is_better: bool | None


NEWEST = "SELECT max(first_seen_on) FROM papers"

_ON_BOARD = f"""kind = 'absolute' AND {{r}}.role = 'own' AND {{r}}.value IS NOT NULL
   AND {{r}}.state <> 'rejected' AND {SHOWS.replace("r.", "{r}.")}"""

_BETTER = f"""EXISTS (
        SELECT 1 FROM results o JOIN papers q ON q.id = o.paper_id
         WHERE o.dataset_id = r.dataset_id AND o.metric_id = r.metric_id
           AND o.{_ON_BOARD.format(r="o")} AND o.value {{better}} r.value
           AND coalesce(o.unit, '') = coalesce(r.unit, '')
           AND q.first_seen_on < :since AND NOT q.withdrawn)"""

MOVED = f"""
SELECT b.dataset_id, d.name AS dataset, d.slug AS dataset_slug, b.metric_id, m.name AS metric,
       m.slug AS metric_slug, m.higher_is_better
  FROM (SELECT a.dataset_id, a.metric_id, (SELECT count(*) FROM (
                SELECT 1 FROM results c
                 WHERE c.dataset_id = a.dataset_id AND c.metric_id = a.metric_id
                   AND c.kind = 'absolute' AND c.role = 'own' LIMIT 500) AS counted) AS results
          FROM (SELECT DISTINCT r.dataset_id, r.metric_id
                  FROM papers p CROSS JOIN results r  -- SQLite keeps this order: few papers first
                  JOIN metrics n ON n.id = r.metric_id
                 WHERE r.paper_id = p.id AND r.dataset_id IS NOT NULL
                   AND p.first_seen_on >= :since AND p.first_seen_on <= :until
                   AND r.{_ON_BOARD.format(r="r")} AND {STANDING}
                   AND CASE WHEN NOT n.higher_is_better THEN NOT {_BETTER.format(better="<=")}
                            ELSE NOT {_BETTER.format(better=">=")} END) AS a) AS b
  JOIN metrics m ON m.id = b.metric_id
  JOIN datasets d ON d.id = b.dataset_id
 WHERE b.results >= {FEWEST}
 ORDER BY b.results DESC, d.name, m.name
 LIMIT {CANDIDATES}
"""
"""Boards on which no older number of the same unit is as good as one of these days."""


def moved_lately(most: int = 8) -> Read[Movement]:
    """Find boards that moved in the newest week; if none did, in the newest month, and so on."""
    until = yield from value(NEWEST, dt.date)
    if until is None:
        return Movement(since=None, until=None, boards=[])
    found = Movement(since=until, until=until, boards=[])
    for days in WINDOWS:
        found = yield from moved(until - dt.timedelta(days=days - 1), until, most)
        if found.boards:
            break
    return found


def moved_since(since: dt.date, most: int = 20) -> Read[Movement]:
    """Find boards whose best value appeared on a day or later."""
    until = yield from value(NEWEST, dt.date)
    return (yield from moved(since, until or since, most))


def moved(since: dt.date, until: dt.date, most: int = 8) -> Read[Movement]:
    """Find boards whose best value appeared from `since` to `until`, and was not the first."""
    found: list[MovedBoard] = []
    moving = yield from rows(MOVED, _Candidate, since=since, until=until, floor=FLOOR)
    for one in moving:
        on = NamedDataset(one.dataset_id, one.dataset, one.dataset_slug)
        by = NamedMetric(one.metric_id, one.metric, one.metric_slug, one.higher_is_better)
        standing = yield from standing_of(on, by, most=BEST)
        if board := _if_moved(on, by, standing, since, until):
            found.append(board)
        if len(found) == most:
            break
    return Movement(since=since, until=until, boards=found)


def _if_moved(
    on: NamedDataset, by: NamedMetric, standing: Standing, since: dt.date, until: dt.date
) -> MovedBoard | None:
    """Tell of a board's old and new best value; None where these days brought no new one."""
    led = records_of(standing.ranking, higher_is_better=by.higher_is_better)
    before = [one for one in led if one.day < since]
    if standing.is_thin or not before or not since <= led[-1].day <= until:
        return None
    return MovedBoard(
        dataset=on.name,
        dataset_slug=on.slug,
        metric=by.name,
        metric_slug=by.slug,
        higher_is_better=by.higher_is_better,
        unit=standing.unit,
        papers=standing.papers,
        before=before[-1],
        best=led[-1],
        records=led,
    )


def records_of(ranking: Sequence[Ranked[Entry]], *, higher_is_better: bool | None) -> list[Record]:
    """List the values that were the best of their time, the earliest first; days are known."""
    dated = [one for one in ranking if one.result.day is not None]
    return [
        Record(
            day=one.result.day,
            value=one.compared,
            key=one.result.key,
            label=one.result.label,
            model=one.result.model,
        )
        for one in records(dated, higher_is_better=higher_is_better)
        if one.result.day is not None
    ]
