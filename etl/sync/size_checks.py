"""Compare the size of a day with the days before it, once, when it is over."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select

from catalog.models import table
from etl.sync.source_run import SourceRun
from etl.sync.which_days import DAY, SATURDAY, size_warning

USUAL = 10
"""Days by which one is judged."""


def is_judged(source_run: SourceRun, document: str, day: dt.date) -> bool:
    """Return true if the day was already fetched after its end, and so judged then."""
    received = table("received")
    with source_run.engine.begin() as connection:
        last = connection.scalar(
            select(func.max(received.c.confirmed_at)).where(
                received.c.document == document, received.c.state == "used"
            )
        )
    return last is not None and last.date() > day


def judge_digest(source_run: SourceRun, digest: str, day: dt.date, *, weekends: bool) -> None:
    """Warn about a digest day that is empty or less than half as large as usual."""
    digests, entries = table("digests"), table("digest_entries")
    sizes = (
        select(digests.c.day, func.count())
        .join(entries, entries.c.digest_id == digests.c.id)
        .where(digests.c.source == digest, digests.c.day <= day)
        .group_by(digests.c.day)
        .order_by(digests.c.day.desc())
        .limit(USUAL + 1)
    )
    with source_run.engine.begin() as connection:
        found = {row[0]: int(row[1]) for row in connection.execute(sizes)}
    count = found.pop(day, 0)
    _warn(source_run, day, count, list(found.values()), weekends=weekends)


def working_days_before(day: dt.date) -> list[dt.date]:
    """List the working days to compare with, the nearest first.

    >>> [str(day) for day in working_days_before(dt.date(2025, 3, 11))][:2]
    ['2025-03-10', '2025-03-07']
    """
    days = (day - number * DAY for number in range(1, 2 * USUAL))
    return [day for day in days if day.weekday() < SATURDAY][:USUAL]


def judge_documents(
    source_run: SourceRun, day: dt.date, names: Sequence[str], before: Sequence[Sequence[str]]
) -> None:
    """Warn about a day whose documents hold nothing, or less than half as much as usual.

    `names` are the day's documents, `before` those of earlier days; days that were never fetched
    do not count.
    """
    documents = table("documents")
    wanted = [*names, *(name for group in before for name in group)]
    query = select(documents.c.name, documents.c.records_done).where(documents.c.name.in_(wanted))
    with source_run.engine.begin() as connection:
        held = {row.name: int(row.records_done) for row in connection.execute(query)}
    sizes = [sum(held.get(n, 0) for n in group) for group in before if held.keys() & set(group)]
    _warn(source_run, day, sum(held.get(name, 0) for name in names), sizes)


def _warn(
    source_run: SourceRun,
    day: dt.date,
    count: int,
    before: Sequence[int],
    *,
    weekends: bool = False,
) -> None:
    warning = size_warning(day, count, before, today=source_run.today, weekends=weekends)
    if warning:
        source_run.warn(warning)
