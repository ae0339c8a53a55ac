"""Plan which days to request from a source, from its watermark and the clock."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from msgspec import Struct

SATURDAY = 5
DAY = dt.timedelta(days=1)
FEWEST_DAYS = 3
"""Days before a usual size is spoken of."""


class PlannedDay(Struct, frozen=True):
    """A day to request, and the watermark once its data is committed."""

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
) -> list[PlannedDay]:
    """Plan the days after the watermark and the last `again` days, oldest first.

    The watermark `through` is the last day whose data is complete and committed; without one the
    first run begins at `since`, else `first_days` ago. Today is requested but never passed, as it
    is not over. If the clock was set back behind the watermark, only past days are repeated.

    >>> monday = dt.date(2025, 3, 10)
    >>> for planned in plan_days(through=dt.date(2025, 3, 6), today=monday, since=None,
    ...         first_days=7, again=0, weekends=False):
    ...     print(planned.day, planned.through)
    2025-03-07 2025-03-09
    2025-03-10 2025-03-09
    """
    first = through + DAY if through else (since or today - first_days * DAY)
    days = {*day_range(first, today), *day_range(today - again * DAY, today)}
    return with_watermarks(wanted_days(days, weekends=weekends), today)


def plan_range(
    first: dt.date, last: dt.date, *, today: dt.date, weekends: bool
) -> list[PlannedDay]:
    """Plan the days of a range that the user asked for; the watermark does not move."""
    days = wanted_days(day_range(first, min(last, today)), weekends=weekends)
    return [PlannedDay(day, None) for day in days]


def with_watermarks(days: Sequence[dt.date], today: dt.date) -> list[PlannedDay]:
    """Pair each day with its watermark: the day before the next one, always before today.

    So weekends that are not requested are passed together with their Friday.
    """
    following = [*days[1:], today][: len(days)]
    return [
        PlannedDay(day, max(day, after - DAY) if day < today else today - DAY)
        for day, after in zip(days, following, strict=True)
    ]


def wanted_days(days: Iterable[dt.date], *, weekends: bool) -> list[dt.date]:
    """Sort the days, and leave out weekends unless they are wanted."""
    return sorted(day for day in days if weekends or day.weekday() < SATURDAY)


def day_range(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Yield every day from the first to the last, both included."""
    for number in range((last - first).days + 1):
        yield first + number * DAY


def size_warning(
    day: dt.date, count: int, before: Sequence[int], *, today: dt.date, weekends: bool = False
) -> str | None:
    """Write a warning if a past day has no papers, or less than half the usual number.

    `before` are the sizes of days before it.

    >>> size_warning(dt.date(2025, 3, 11), 0, [30, 40, 50], today=dt.date(2025, 3, 12))
    '2025-03-11 is empty; a usual day has 40 papers'
    >>> size_warning(dt.date(2025, 3, 11), 0, [30, 40, 50], today=dt.date(2025, 3, 11))
    """
    if day >= today or (day.weekday() >= SATURDAY and not weekends):
        return None
    usual = median(before) if len(before) >= FEWEST_DAYS else None
    if count == 0:
        return f"{day} is empty" + (f"; a usual day has {usual:g} papers" if usual else "")
    if usual and count < usual / 2:
        papers = "paper" if count == 1 else "papers"
        return f"{day} has {count} {papers}, less than half of the usual {usual:g}"
    return None
