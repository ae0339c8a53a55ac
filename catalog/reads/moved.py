"""Find the leaderboards whose best value changed within some days: old best, new best."""

import datetime as dt

from msgspec import Struct

from catalog.reads.asking import Read, Value, rows, value
from catalog.reads.board_ranking import FEWEST
from catalog.reads.board_records import History, Pair, Record, history_of
from catalog.reads.named_queries import NAMED_DATASET, NAMED_METRIC
from catalog.reads.standing import RANKED, of_results
from catalog.reads.tasks import meant_task

WINDOWS = (7, 30, 90, 365)
"""Days that are looked back, each only where nothing moved in fewer."""


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


NEWEST = "SELECT max(first_seen_on) FROM papers"

_OLDER = f"""SELECT 1 FROM results o JOIN papers q ON q.id = o.paper_id
         WHERE o.dataset_id = {{on}}.dataset_id AND o.metric_id = {{on}}.metric_id
           AND {of_results("o", RANKED)} AND q.first_seen_on < :since"""

# A share, such as 0.91, is no worse than a bare 87.9: they may both be per cents.
_BETTER = f"""EXISTS (
        {_OLDER.format(on="r")} AND o.value {{better}} r.value
           AND coalesce(o.unit, '') = coalesce(r.unit, '')
           AND (o.unit IS NOT NULL OR (o.value BETWEEN 0 AND 1) = (r.value BETWEEN 0 AND 1)))"""

MOVED = f"""
SELECT b.dataset_id, d.name AS dataset, d.slug AS dataset_slug, b.metric_id, m.name AS metric,
       m.slug AS metric_slug, m.higher_is_better
  FROM (SELECT a.dataset_id, a.metric_id, (SELECT count(*) FROM (
                SELECT 1 FROM results c
                 WHERE c.dataset_id = a.dataset_id AND c.metric_id = a.metric_id
                   AND {of_results("c", RANKED)} LIMIT 500) AS counted) AS results
          FROM (SELECT DISTINCT r.dataset_id, r.metric_id
                  FROM papers p CROSS JOIN results r  -- SQLite keeps this order: few papers first
                  JOIN metrics n ON n.id = r.metric_id
                 WHERE r.paper_id = p.id AND r.dataset_id IS NOT NULL
                   AND p.first_seen_on >= :since AND p.first_seen_on <= :until
                   AND {RANKED} AND {{narrowed}}
                   AND CASE WHEN NOT n.higher_is_better THEN NOT {_BETTER.format(better="<=")}
                            ELSE NOT {_BETTER.format(better=">=")} END) AS a
         WHERE EXISTS ({_OLDER.format(on="a")})) AS b
  JOIN metrics m ON m.id = b.metric_id
  JOIN datasets d ON d.id = b.dataset_id
 WHERE b.results >= {FEWEST}
 ORDER BY b.results DESC, d.name, m.name
"""
"""Boards on which no older number of the same unit is as good as one of these days."""

OF_TASK = """EXISTS (SELECT 1 FROM results s WHERE s.dataset_id = r.dataset_id
                      AND s.metric_id = r.metric_id AND s.task_id = :task)"""
"""Condition on results r of the boards of a task."""


def moved_lately(most: int = 8, dataset: str = "", metric: str = "") -> Read[Movement]:
    """Find boards that moved in the newest week; if none did, in the newest month, and so on."""
    until = yield from value(NEWEST, dt.date)
    if until is None:
        return Movement(since=None, until=None, boards=[])
    found = Movement(since=until, until=until, boards=[])
    for days in WINDOWS:
        since = until - dt.timedelta(days=days - 1)
        found = yield from moved(since, until, most, dataset, metric)
        if found.boards:
            break
    return found


def moved_since(
    since: dt.date, most: int = 20, dataset: str = "", metric: str = ""
) -> Read[Movement]:
    """Find boards whose best value appeared on a day or later.

    The names narrow them as they narrow the list of boards; the name of a task in place of a
    dataset's will do.
    """
    until = yield from value(NEWEST, dt.date)
    return (yield from moved(since, until or since, most, dataset, metric))


def moved(
    since: dt.date, until: dt.date, most: int = 8, dataset: str = "", metric: str = ""
) -> Read[Movement]:
    """Find boards whose best value appeared from `since` to `until`, and was not the first."""
    found: list[MovedBoard] = []
    narrowed, values = yield from _narrowed(dataset, metric)
    sql = MOVED.format(narrowed=narrowed)
    for pair in (yield from rows(sql, Pair, since=since, until=until, **values)):
        history = yield from history_of(pair.on, pair.by)
        if board := _if_moved(pair, history, since, until):
            found.append(board)
        if len(found) == most:
            break
    return Movement(since=since, until=until, boards=found)


def _narrowed(dataset: str, metric: str) -> Read[tuple[str, dict[str, Value]]]:
    """Write the condition on results that names put, with its values."""
    if not dataset and not metric:
        return "true", {}
    of_task = yield from meant_task(dataset, metric)
    if of_task is not None:
        return OF_TASK, {"task": of_task.id}
    return f"{NAMED_DATASET} AND {NAMED_METRIC}", {"dataset": dataset, "metric": metric}


def _if_moved(pair: Pair, history: History, since: dt.date, until: dt.date) -> MovedBoard | None:
    """Tell of a board's old and new best value; None where these days brought no new one."""
    led = history.records
    before = [one for one in led if one.day < since]
    if history.is_thin or not before or not since <= led[-1].day <= until:
        return None
    return MovedBoard(
        dataset=pair.dataset,
        dataset_slug=pair.dataset_slug,
        metric=pair.metric,
        metric_slug=pair.metric_slug,
        higher_is_better=pair.higher_is_better,
        unit=history.unit,
        papers=history.papers,
        before=before[-1],
        best=led[-1],
        records=led,
    )
