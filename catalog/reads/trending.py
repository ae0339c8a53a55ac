"""Find what rises: datasets by their share of papers, repositories by stars, papers by upvotes."""

import datetime as dt

from msgspec import Struct

from catalog.domain.periods import Period
from catalog.reads.asking import Read, rows
from catalog.reads.digest import newest_day
from catalog.reads.digested import SIZE, Stretch, Wanted, first_seen, in_digests, last_days
from catalog.reads.standing import IS_PAPER

FEWEST = 3
"""Papers from which on a dataset may rise."""

SHOWN = 12


class RisingDataset(Struct):
    """A dataset of which a growing share of papers reports."""

    name: str
    slug: str
    papers: int
    """Papers of these days that report on it."""
    before: int
    """Papers of as many days before them."""
    share: float
    """Its share of all papers with a dataset of these days, 0 to 1."""
    share_before: float


class RisingRepository(Struct):
    """A repository of papers in these days' digests."""

    key: str
    full_name: str
    stars: int | None
    gained: int | None
    """Stars gained in these days; None where it was not observed twice."""
    paper_key: str
    paper: str


class Trending(Struct):
    """The papers, datasets and repositories that rise over some days."""

    days: int
    first: dt.date | None
    last: dt.date | None
    papers: Stretch
    datasets: list[RisingDataset]
    repositories: list[RisingRepository]


ON_DATASET = f"""
SELECT p.id AS paper_id, r.dataset_id, p.first_seen_on >= :first AS is_new
  FROM papers p CROSS JOIN results r  -- SQLite keeps this order: the few papers first
 WHERE p.first_seen_on BETWEEN :before AND :last AND {IS_PAPER} AND NOT p.withdrawn
   AND r.paper_id = p.id AND r.dataset_id IS NOT NULL AND r.state <> 'rejected'
"""
"""Papers of two windows of equal length, once for each number on a dataset."""

RISING = f"""
WITH used AS MATERIALIZED ({ON_DATASET}),
counted AS (
    SELECT dataset_id, count(DISTINCT CASE WHEN is_new THEN paper_id END) AS papers,
           count(DISTINCT CASE WHEN is_new THEN NULL ELSE paper_id END) AS before
      FROM used GROUP BY dataset_id),
totals AS (
    SELECT count(DISTINCT CASE WHEN is_new THEN paper_id END) AS now,
           count(DISTINCT CASE WHEN is_new THEN NULL ELSE paper_id END) AS earlier FROM used)
SELECT d.name, d.slug, c.papers, c.before, 1.0 * c.papers / t.now AS share,
       1.0 * c.before / t.earlier AS share_before
  FROM totals t CROSS JOIN counted c JOIN datasets d ON d.id = c.dataset_id
 WHERE c.papers >= {FEWEST} AND t.earlier > 0 AND c.papers * t.earlier > c.before * t.now
 ORDER BY 1.0 * c.papers / t.now - 1.0 * c.before / t.earlier DESC, c.papers DESC, d.name
 LIMIT :most
"""
"""Shares of nothing say nothing: there must be papers in both windows."""

REPOSITORIES = """
WITH named AS MATERIALIZED (
    SELECT l.repository_id, min(e.paper_id) AS paper_id, max(e.upvotes) AS upvotes
      FROM digests g JOIN digest_entries e ON e.digest_id = g.id
      JOIN links l ON l.paper_id = e.paper_id
     WHERE g.day BETWEEN :first AND :last AND l.repository_id IS NOT NULL
     GROUP BY l.repository_id),
starred AS (
    SELECT o.id, o.key, o.full_name, o.stars, n.paper_id, n.upvotes,
           (SELECT s.stars FROM repository_stars s
             WHERE s.key = o.key AND s.day BETWEEN :first AND :last ORDER BY s.day DESC LIMIT 1)
         - (SELECT s.stars FROM repository_stars s
             WHERE s.key = o.key AND s.day BETWEEN :first AND :last ORDER BY s.day LIMIT 1)
           AS gained
      FROM named n JOIN repositories o ON o.id = n.repository_id)
SELECT s.key, s.full_name, s.stars, NULLIF(s.gained, 0) AS gained, p.key AS paper_key,
       p.label AS paper
  FROM starred s JOIN papers p ON p.id = s.paper_id
 ORDER BY coalesce(s.gained, 0) DESC, coalesce(s.stars, -1) DESC, coalesce(s.upvotes, -1) DESC,
       s.key LIMIT :most
"""


def rising_datasets(days: Period, *, most: int = SHOWN) -> Read[list[RisingDataset]]:
    """Find the datasets whose share of papers grew most against as many days before."""
    length = days.last - days.first
    before = days.first - length - dt.timedelta(days=1)
    window = {"before": before, "first": days.first, "last": days.last}
    return (yield from rows(RISING, RisingDataset, most=most, **window))


def rising_repositories(days: Period, *, most: int = SHOWN) -> Read[list[RisingRepository]]:
    """Find the repositories of these days' digests that gained most stars, else have most."""
    return (
        yield from rows(REPOSITORIES, RisingRepository, first=days.first, last=days.last, most=most)
    )


def trending(days: int, *, number: int = 1, today: dt.date | None = None) -> Read[Trending]:
    """Find what rose over the days up to the newest digest; without digests, the newest papers."""
    digest = yield from newest_day()
    last = digest or today
    if last is None:
        return Trending(days, None, None, Stretch([], 0, 1, more=False), [], [])
    period = last_days(last, days)
    found = in_digests if digest else first_seen
    return Trending(
        days=days,
        first=period.first,
        last=period.last,
        papers=(yield from found(Wanted(period), number=number, size=SIZE)),
        datasets=(yield from rising_datasets(period)),
        repositories=(yield from rising_repositories(period)),
    )
