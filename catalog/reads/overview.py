"""Read the start page: newest papers, counts, papers per month; beside it, what moves and rises."""

import datetime as dt
from collections.abc import Sequence

from msgspec import Struct

from catalog.domain.periods import Period
from catalog.reads.asking import Read, first, rows, value
from catalog.reads.digest import newest_day
from catalog.reads.digested import Stretch, Wanted, first_seen, in_digests, last_days
from catalog.reads.for_you import STARRED
from catalog.reads.moved import Movement, moved_lately
from catalog.reads.standing import IS_PAPER
from catalog.reads.trending import (
    RisingDataset,
    RisingRepository,
    rising_datasets,
    rising_repositories,
)

SHOWN = 15
"""Papers of a page."""

BESIDE = 5
"""Boards, datasets and repositories beside them."""

MONTH = 30
"""Days over which datasets and repositories rise."""

MONTHS_SHOWN = 24


class Counts(Struct):
    """The numbers of papers, results, repositories and other things in the catalog."""

    papers: int
    with_code: int
    results: int
    repositories: int
    datasets: int
    metrics: int
    digest_days: int


class Month(Struct):
    """The number of papers of a month."""

    month: str
    papers: int
    with_code: int


class Choice(Struct, frozen=True):
    """The papers that somebody wants to see first: of how many days, and which of them."""

    days: int = 1
    with_code: bool = False
    with_numbers: bool = False
    number: int = 1
    """Which page of the papers, from 1."""


class Overview(Struct):
    """The newest papers, and how much the catalog holds."""

    choice: Choice
    counts: Counts
    has_digests: bool
    first: dt.date | None
    """The days of the papers shown; None for an empty catalog."""
    last: dt.date | None
    papers: Stretch
    """Papers of the newest digests, the most upvoted first; without digests the newest papers."""
    months: list[Month]
    starred: int
    """Papers that the owner starred."""


class Beside(Struct):
    """The boards that moved, the datasets and repositories that rise."""

    moved: Movement
    datasets: list[RisingDataset]
    repositories: list[RisingRepository]


REJECTED = "(SELECT count(*) FROM results WHERE state <> 'machine' AND state = 'rejected')"
"""Numbers that a person rejected; a partial index holds all that people decided on."""

COUNTS = f"""
SELECT (SELECT count(*) FROM papers) - (SELECT count(*) FROM papers WHERE is_row) AS papers,
       (SELECT count(*) FROM papers WHERE has_code)
         - (SELECT count(*) FROM papers WHERE is_row AND has_code) AS with_code,
       (SELECT count(*) FROM results) - {REJECTED} AS results,
       (SELECT count(*) FROM repositories) AS repositories,
       (SELECT count(*) FROM datasets) AS datasets,
       (SELECT count(*) FROM metrics) AS metrics,
       (SELECT count(DISTINCT day) FROM digests) AS digest_days
"""

NEWEST = f"SELECT max(p.first_seen_on) FROM papers p WHERE {IS_PAPER}"

MONTHS = f"""
SELECT month, count(*) AS papers, sum(CASE WHEN has_code THEN 1 ELSE 0 END) AS with_code
  FROM papers p WHERE month IS NOT NULL AND {IS_PAPER}
 GROUP BY month ORDER BY month DESC LIMIT {MONTHS_SHOWN}
"""

NOTHING = Stretch([], 0, 1, more=False)


def overview(choice: Choice = Choice()) -> Read[Overview]:  # noqa: B008
    """Read the newest papers, and how much the catalog holds."""
    counts = yield from first(COUNTS, Counts)
    months = yield from rows(MONTHS, Month)
    digest, last = yield from _newest()
    shown = last_days(last, choice.days) if last else None
    return Overview(
        choice=choice,
        counts=counts or Counts(0, 0, 0, 0, 0, 0, 0),
        has_digests=digest is not None,
        first=shown.first if shown else None,
        last=last,
        papers=(yield from _papers(shown, choice, digest is not None)) if shown else NOTHING,
        months=without_gaps(months[::-1]),
        starred=(yield from value(STARRED, int)) or 0,
    )


def beside() -> Read[Beside]:
    """Read what moved and rose until the newest day."""
    _, last = yield from _newest()
    month = last_days(last, MONTH) if last else None
    return Beside(
        moved=(yield from moved_lately(BESIDE)),
        datasets=(yield from rising_datasets(month, most=BESIDE)) if month else [],
        repositories=(yield from rising_repositories(month, most=BESIDE)) if month else [],
    )


def _newest() -> Read[tuple[dt.date | None, dt.date | None]]:
    """Find the newest day with a digest, and the newest day of all: without digests, of a paper."""
    digest = yield from newest_day()
    return digest, digest or (yield from value(NEWEST, dt.date))


def _papers(days: Period, choice: Choice, has_digests: bool) -> Read[Stretch]:
    """Read the page of papers that was chosen."""
    found = in_digests if has_digests else first_seen
    wanted = Wanted(days, choice.with_code, choice.with_numbers)
    return (yield from found(wanted, number=choice.number, size=SHOWN))


def without_gaps(months: Sequence[Month]) -> list[Month]:
    """Add the months that have no paper, and keep the last two years.

    >>> [one.month for one in without_gaps([Month("2024-11", 1, 0), Month("2025-01", 2, 1)])]
    ['2024-11', '2024-12', '2025-01']
    """
    known = {one.month: one for one in months}
    numbers = [int(name[:4]) * 12 + int(name[5:7]) - 1 for name in known]
    names = [
        f"{number // 12:04}-{number % 12 + 1:02}"
        for number in range(min(numbers, default=0), max(numbers, default=-1) + 1)
    ]
    return [known.get(name, Month(name, 0, 0)) for name in names][-MONTHS_SHOWN:]
