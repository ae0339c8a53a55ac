"""Read one dataset or one metric, with its leaderboards and newest papers."""

from msgspec import Struct

from catalog.reads.asking import Read, column, first, rows
from catalog.reads.cards import Card, cards
from catalog.reads.standing import IS_PAPER, PAPERS_OF, RANKED

MANY = 20_000
"""Papers from which on it is quicker to go through all, newest first, than to fetch and sort them.

SQLite would fetch them all, abstracts and all, to show the newest 25.
"""


class Dataset(Struct):
    """A dataset or benchmark."""

    id: int
    name: str
    slug: str


class Metric(Struct):
    """A metric; `higher_is_better` is None where the direction is unknown."""

    id: int
    name: str
    slug: str
    family: str | None
    higher_is_better: bool | None


class Totals(Struct):
    """The number of results, and of the papers that report them."""

    results: int
    papers: int


class BoardRow(Struct, kw_only=True):
    """A leaderboard of the dataset by a metric, or of the metric on a dataset."""

    name: str
    slug: str
    results: int
    papers: int
    lowest: float
    highest: float


class DatasetPage(Struct):
    """A dataset with its leaderboards by metric."""

    dataset: Dataset
    aliases: list[str]
    totals: Totals
    boards: list[BoardRow]
    papers: list[Card]


class MetricPage(Struct):
    """A metric with its leaderboards by dataset."""

    metric: Metric
    aliases: list[str]
    totals: Totals
    boards: list[BoardRow]
    papers: list[Card]


DATASET = "SELECT id, name, slug FROM datasets WHERE slug = :slug"
METRIC = "SELECT id, name, slug, family, higher_is_better FROM metrics WHERE slug = :slug"

BOARDS = f"""
SELECT s.name, s.slug, count(*) AS results, {PAPERS_OF} AS papers,
       min(r.value) AS lowest, max(r.value) AS highest
  FROM results r JOIN {{others}} s ON s.id = r.{{by}}
 WHERE r.{{column}} = :id AND {RANKED}
 GROUP BY s.id, s.name, s.slug ORDER BY papers DESC, results DESC, s.name LIMIT 200
"""

NEWEST = f"""
SELECT p.id FROM papers p
 WHERE {IS_PAPER} AND {{plus}}p.id IN (
        SELECT r.paper_id FROM results r WHERE r.{{column}} = :id AND r.state <> 'rejected')
 ORDER BY p.first_seen_on DESC, p.id DESC LIMIT 12
"""

TOTALS = f"""
SELECT count(*) AS results, {PAPERS_OF} AS papers
  FROM results r WHERE r.{{column}} = :id AND r.state <> 'rejected'
"""

ALIASES = "SELECT alias FROM {table} WHERE {column} = :id ORDER BY alias LIMIT 100"


def dataset(slug: str) -> Read[DatasetPage | None]:
    """Read a dataset by its slug; None if there is none."""
    found = yield from first(DATASET, Dataset, slug=slug)
    if found is None:
        return None
    boards = BOARDS.format(others="metrics", by="metric_id", column="dataset_id")
    totals = yield from _totals("dataset_id", found.id)
    return DatasetPage(
        dataset=found,
        aliases=(yield from _aliases("dataset_aliases", "dataset_id", found.id)),
        totals=totals,
        boards=(yield from rows(boards, BoardRow, id=found.id)),
        papers=(yield from _newest("dataset_id", found.id, totals.papers)),
    )


def metric(slug: str) -> Read[MetricPage | None]:
    """Read a metric by its slug; None if there is none."""
    found = yield from first(METRIC, Metric, slug=slug)
    if found is None:
        return None
    boards = BOARDS.format(others="datasets", by="dataset_id", column="metric_id")
    totals = yield from _totals("metric_id", found.id)
    return MetricPage(
        metric=found,
        aliases=(yield from _aliases("metric_aliases", "metric_id", found.id)),
        totals=totals,
        boards=(yield from rows(boards, BoardRow, id=found.id)),
        papers=(yield from _newest("metric_id", found.id, totals.papers)),
    )


def _totals(column: str, subject: int) -> Read[Totals]:
    found = yield from first(TOTALS.format(column=column), Totals, id=subject)
    return found or Totals(0, 0)


def _newest(name: str, subject: int, papers: int) -> Read[list[Card]]:
    """Read the newest papers; if there are many, by scanning all papers from the newest on.

    The plus keeps SQLite from using the index; PostgreSQL has no use for it and takes it.
    """
    sql = NEWEST.format(column=name, plus="+" if papers > MANY else "")
    return (yield from cards((yield from column(sql, int, id=subject))))


def _aliases(table: str, name: str, subject: int) -> Read[list[str]]:
    return (yield from column(ALIASES.format(table=table, column=name), str, id=subject))
