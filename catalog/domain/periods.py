"""Read periods of time as people name them: a day, yesterday, an ISO week, this month, a year."""

import datetime as dt
import re
from calendar import monthrange

from msgspec import Struct

from catalog.domain.errors import CatalogError
from catalog.domain.formatting import day as brief_day
from catalog.domain.formatting import weekday

EXAMPLES = "2025-03-11, yesterday, 2025-W11, 2025-03 or 2025"

WORDS = ("week", "month", "year")
"""Words for periods that are not over yet."""

_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII | re.IGNORECASE)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)


class Period(Struct, frozen=True):
    """The days from a first to a last one."""

    first: dt.date
    last: dt.date
    name: str
    """As ISO 8601 writes it: 2025-03-11, 2025-W11, 2025-03, 2025."""

    @property
    def is_day(self) -> bool:
        """Whether it is a single day."""
        return self.first == self.last

    @property
    def title(self) -> str:
        """The period as a heading has it.

        >>> of_day(dt.date(2025, 3, 12)).title
        'Wednesday, 12 March 2025'
        """
        if self.is_day:
            return weekday(self.first)
        if _WEEK.fullmatch(self.name):
            return f"week {int(self.name[-2:])} of {self.name[:4]}"
        return f"{self.first:%B %Y}" if _MONTH.fullmatch(self.name) else self.name

    @property
    def short_title(self) -> str:
        """The period in a few words.

        >>> parse_period("2025-W11", dt.date(2025, 3, 12)).short_title
        'week 11 of 2025'
        """
        return brief_day(self.first) if self.is_day else self.title

    def containing(self, day: dt.date) -> "Period | None":
        """Return the period of the same length that a day is in; None past the end of dates.

        >>> parse_period("2025-W11", dt.date(2025, 3, 12)).containing(dt.date(2025, 4, 1)).name
        '2025-W14'
        """
        if self.is_day:
            return of_day(day)
        word = "week" if _WEEK.fullmatch(self.name) else "month" if "-" in self.name else "year"
        return around(word, day)


def named(word: str, day: dt.date) -> str:
    """Write the name of the week, month or year that a day is in.

    >>> [named(word, dt.date(999, 1, 1)) for word in WORDS]
    ['0999-W01', '0999-01', '0999']
    """
    if word == "week":
        year, week, _ = day.isocalendar()
        return f"{year:04}-W{week:02}"
    return day.isoformat()[: 7 if word == "month" else 4]


def around(word: str, day: dt.date) -> Period | None:
    """Return the week, month or year that a day is in; None for the last week of 9999, cut short.

    >>> around("month", dt.date(2025, 3, 12)).name, around("week", dt.date(9999, 12, 31))
    ('2025-03', None)
    """
    try:
        return parse_period(named(word, day), day)
    except ValueError:
        return None


def of_day(day: dt.date) -> Period:
    """Make the period of a single day."""
    return Period(day, day, day.isoformat())


def parse_period(text: str, today: dt.date) -> Period:
    """Parse a period.

    >>> today = dt.date(2025, 3, 12)
    >>> [str(parse_period(one, today).first) for one in ("yesterday", "2025-W11", "2025-02")]
    ['2025-03-11', '2025-03-10', '2025-02-01']
    >>> [parse_period(one, today).name for one in ("week", "month")]
    ['2025-W11', '2025-03']

    Raises:
        ValueError: it is none.

    """
    word = text.strip()
    if word.lower() in {"today", "yesterday"}:
        return of_day(today - dt.timedelta(days=word.lower() == "yesterday"))
    if word.lower() in WORDS:
        word = named(word.lower(), today)
    try:
        if week := _WEEK.fullmatch(word):
            first = dt.date.fromisocalendar(int(week[1]), int(week[2]), 1)
            return Period(first, first + dt.timedelta(days=6), word.upper())
        if month := _MONTH.fullmatch(word):
            year, number = int(month[1]), int(month[2])
            first = dt.date(year, number, 1)
            return Period(first, first.replace(day=monthrange(year, number)[1]), word)
        if _YEAR.fullmatch(word):
            return Period(dt.date(int(word), 1, 1), dt.date(int(word), 12, 31), word)
        return of_day(dt.date.fromisoformat(word))
    except (ValueError, OverflowError) as error:
        msg = f"{text!r} is not a day, week, month or year: write e.g. {EXAMPLES}"
        raise ValueError(msg) from error


def asked_period(text: str) -> Period:
    """Parse a period that somebody asks for in a program.

    Raises:
        CatalogError: it is none; says how one is written.

    """
    try:
        return parse_period(text, dt.datetime.now(dt.UTC).date())
    except ValueError as error:
        raise CatalogError(
            f"cannot find a digest of {text!r}",
            why="it is not a day, week, month or year",
            hint=f'write it as {EXAMPLES}, or "latest"',
        ) from error
