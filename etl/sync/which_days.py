"""Which days a source is to be asked for: pure functions of the watermark and the clock."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from msgspec import Struct

SATURDAY = 5
DAY = dt.timedelta(days=1)
FEWEST_DAYS = 3
"""Days before a usual size is spoken of."""


class Step(Struct, frozen=True):
    """One day to ask for, and where the watermark may stand once it is committed."""

    day: dt.date
    through: dt.date | None
    """None: it does not move."""


def plan_days(
    *,
    through: dt.date | None,
    today: dt.date,
    since: dt.date | None,
    first_days: int,
    again: int,
    weekends: bool,
) -> list[Step]:
    """The days to ask for, oldest first: those after the watermark, and the last `again` days.

    The watermark `through` is the last day whose data is complete and committed; without one the
    first run begins at `since`, else `first_days` ago. Today is asked for and never passed, as it
    is not over. A clock that was set back finds the watermark ahead of it and only looks again.

    >>> monday = dt.date(2025, 3, 10)
    >>> for step in plan_days(through=dt.date(2025, 3, 6), today=monday, since=None,
    ...         first_days=7, again=0, weekends=False):
    ...     print(step.day, step.through)
    2025-03-07 2025-03-09
    2025-03-10 2025-03-09
    """
    first = through + DAY if through else (since or today - first_days * DAY)
    days = {*span(first, today), *span(today - again * DAY, today)}
    return steps(asked(days, weekends=weekends), today)


def plan_range(first: dt.date, last: dt.date, *, today: dt.date, weekends: bool) -> list[Step]:
    """The days of a range that somebody asked for; the watermark is left alone."""
    days = asked(span(first, min(last, today)), weekends=weekends)
    return [Step(day, None) for day in days]


def steps(days: Sequence[dt.date], today: dt.date) -> list[Step]:
    """Each day with the watermark after it: the day before the next one, and always before today.

    So weekends that are not asked for are passed together with their Friday.
    """
    following = [*days[1:], today][: len(days)]
    return [
        Step(day, max(day, after - DAY) if day < today else today - DAY)
        for day, after in zip(days, following, strict=True)
    ]


def asked(days: Iterable[dt.date], *, weekends: bool) -> list[dt.date]:
    """The days in order; without weekends if they are not asked for."""
    return sorted(day for day in days if weekends or day.weekday() < SATURDAY)


def span(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Every day from one to another, both included; none if the first is later."""
    for number in range((last - first).days + 1):
        yield first + number * DAY


def size_warning(
    day: dt.date, count: int, before: Sequence[int], *, today: dt.date, weekends: bool = False
) -> str | None:
    """What to say of a day that is over and has no papers, or less than half the usual number.

    `before` are the sizes of days before it.

    >>> size_warning(dt.date(2025, 3, 11), 0, [30, 40, 50], today=dt.date(2025, 3, 12))
    '2025-03-11 is empty; usual are 40 papers'
    >>> size_warning(dt.date(2025, 3, 11), 0, [30, 40, 50], today=dt.date(2025, 3, 11))
    """
    if day >= today or (day.weekday() >= SATURDAY and not weekends):
        return None
    usual = median(before) if len(before) >= FEWEST_DAYS else None
    if count == 0:
        return f"{day} is empty" + (f"; usual are {usual:g} papers" if usual else "")
    if usual and count < usual / 2:
        papers = "paper" if count == 1 else "papers"
        return f"{day} has {count} {papers}, less than half of the usual {usual:g}"
    return None
