"""Lay out months as grids of days, for the digest calendar."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Day:
    """One cell: the date and its number of papers; `date` is empty outside the month."""

    date: str = ""
    number: int = 0
    papers: int = 0


@dataclass(frozen=True)
class Month:
    """One month, whose weeks begin on Monday."""

    name: str
    """As 2025-03."""
    weeks: tuple[tuple[Day, ...], ...]
    papers: int

    @property
    def year(self) -> str:
        """The year that it is in."""
        return self.name[:4]


def month_grid(name: str, papers: Mapping[str, int]) -> Month:
    """Lay out a month; `papers` maps days to their number of papers.

    >>> month = month_grid("2025-03", {"2025-03-12": 64})
    >>> [day.number for day in month.weeks[2]], month.weeks[2][2].papers
    ([10, 11, 12, 13, 14, 15, 16], 64)
    """
    year, month = int(name[:4]), int(name[5:7])
    weeks = tuple(
        tuple(_day(name, number, papers) for number in week)
        for week in calendar.Calendar().monthdayscalendar(year, month)
    )
    return Month(name, weeks, sum(day.papers for week in weeks for day in week))


def months(papers: Mapping[str, int]) -> list[Month]:
    """Lay out every month that has a digest, the latest first."""
    return [month_grid(name, papers) for name in sorted({d[:7] for d in papers}, reverse=True)]


def _day(month: str, number: int, papers: Mapping[str, int]) -> Day:
    if number == 0:
        return Day()
    date = f"{month}-{number:02}"
    return Day(date, number, papers.get(date, 0))
