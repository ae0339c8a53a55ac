"""Read the start page: latest digest, counts, papers per month, largest leaderboards."""

import datetime as dt
from collections.abc import Sequence

from msgspec import Struct

from catalog.domain.periods import of_day as period_of
from catalog.reads.asking import Read, column, first, rows, value
from catalog.reads.cards import Card, cards
from catalog.reads.digest import Item, items_of, newest_day, ranked
from catalog.reads.named_queries import HEADLINE
from catalog.reads.standing import IS_PAPER

SHOWN = 12
"""Papers of the latest digest, or newest papers."""

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


class Latest(Struct):
    """The latest digest day; without digests, the newest papers."""

    day: dt.date | None
    in_all: int
    """Papers of that day; 0 without digests."""
    papers: Sequence[Card | Item]


class Run(Struct):
    """A run that loaded something."""

    command: str
    started_at: dt.datetime
    finished_at: dt.datetime | None
    state: str
    documents: int
    papers_added: int
    papers_changed: int
    results_added: int
    links_added: int
    problems: int


class Month(Struct):
    """The number of papers of a month."""

    month: str
    papers: int
    with_code: int


class FullBoard(Struct):
    """A leaderboard with many results."""

    dataset: str
    dataset_slug: str
    metric: str
    metric_slug: str
    results: int


class Overview(Struct):
    """The content of the start page."""

    counts: Counts
    latest: Latest
    last_run: Run | None
    months: list[Month]
    boards: list[FullBoard]


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

LATEST = f"""
SELECT e.paper_id
  FROM digest_entries e
 WHERE e.digest_id IN (SELECT id FROM digests WHERE day = :day)
 GROUP BY e.paper_id
 ORDER BY coalesce(max(e.upvotes), -1) DESC, min(e.rank), e.paper_id LIMIT {SHOWN}
"""

IN_ALL = """
SELECT count(DISTINCT paper_id) FROM digest_entries
 WHERE digest_id IN (SELECT id FROM digests WHERE day = :day)
"""

NEWEST = f"""
SELECT p.id FROM papers p WHERE {IS_PAPER} ORDER BY p.first_seen_on DESC, p.id DESC LIMIT {SHOWN}
"""

MONTHS = f"""
SELECT month, count(*) AS papers, sum(CASE WHEN has_code THEN 1 ELSE 0 END) AS with_code
  FROM papers p WHERE month IS NOT NULL AND {IS_PAPER}
 GROUP BY month ORDER BY month DESC LIMIT {MONTHS_SHOWN}
"""

BOARDS = f"""
SELECT d.name AS dataset, d.slug AS dataset_slug, m.name AS metric, m.slug AS metric_slug,
       b.results
  FROM (SELECT r.dataset_id, r.metric_id, count(*) AS results FROM results r
         WHERE {HEADLINE} AND r.dataset_id IS NOT NULL AND r.metric_id IS NOT NULL
         GROUP BY r.dataset_id, r.metric_id ORDER BY results DESC LIMIT 6) AS b
  JOIN metrics m ON m.id = b.metric_id JOIN datasets d ON d.id = b.dataset_id
 ORDER BY b.results DESC, d.name, m.name
"""

LAST_RUN = """
SELECT command, started_at, finished_at, state, documents, papers_added, papers_changed,
       results_added, links_added, problems
  FROM runs WHERE state IN ('done', 'problems') AND documents > 0 ORDER BY started_at DESC LIMIT 1
"""
"""The last run that loaded something; one that extracted again brings nothing new."""


def overview() -> Read[Overview]:
    """Read the content of the start page."""
    counts = yield from first(COUNTS, Counts)
    months = yield from rows(MONTHS, Month)
    return Overview(
        counts=counts or Counts(0, 0, 0, 0, 0, 0, 0),
        latest=(yield from latest()),
        last_run=(yield from first(LAST_RUN, Run)),
        months=without_gaps(months[::-1]),
        boards=(yield from rows(BOARDS, FullBoard)),
    )


def latest() -> Read[Latest]:
    """Read the first papers of the latest digest day; without digests, the newest papers."""
    day = yield from newest_day()
    if day is None:
        newest = yield from column(NEWEST, int)
        return Latest(None, 0, (yield from cards(newest)))
    in_all = yield from value(IN_ALL, int, day=day)
    papers = yield from column(LATEST, int, day=day)
    return Latest(day, in_all or 0, ranked((yield from items_of(papers, period_of(day)))))


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
