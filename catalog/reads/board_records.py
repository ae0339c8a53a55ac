"""Read who led a board when, of all its results: few columns of many rows."""

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct

from catalog.domain.ranking import Ranked, records
from catalog.reads.asking import Read, rows
from catalog.reads.board_ranking import Standing, stand
from catalog.reads.boards import MOST, NamedDataset, NamedMetric, best_first
from catalog.reads.standing import RANKED


class Pair(Struct):
    """A dataset and a metric with numbers on both."""

    dataset_id: int
    dataset: str
    dataset_slug: str
    metric_id: int
    metric: str
    metric_slug: str
    higher_is_better: bool | None
    papers: int | None = None
    """Where they were counted already."""

    @property
    def on(self) -> NamedDataset:
        """The dataset."""
        return NamedDataset(self.dataset_id, self.dataset, self.dataset_slug)

    @property
    def by(self) -> NamedMetric:
        """The metric."""
        return NamedMetric(self.metric_id, self.metric, self.metric_slug, self.higher_is_better)


class BriefResult(Struct, kw_only=True):
    """The columns by which a result is ranked."""

    id: int
    paper_id: int
    is_row: bool
    model: str | None
    value: float | None
    unit: str | None
    day: dt.date | None
    rank: int | None = None
    led: bool = False
    others: int = 0


class Leader(Struct, kw_only=True):
    """The result that leads a board."""

    value: float
    """In the unit of the board."""
    key: str
    label: str
    is_row: bool
    model: str | None
    day: dt.date | None


class Record(Struct, kw_only=True):
    """A value that was the best of its board when it appeared."""

    day: dt.date
    value: float
    """In the unit of the board."""
    key: str
    """The paper's."""
    label: str
    model: str | None


class History(Struct, kw_only=True):
    """The best value of a board, and those that were the best before."""

    unit: str
    papers: int
    is_thin: bool
    is_cut: bool
    best: Leader | None
    records: list[Record]
    """The earliest first; of results whose day is known."""


class _Named(Struct):
    id: int
    key: str
    label: str


RESULTS = f"""
SELECT r.id, r.paper_id, r.paper_id IN (SELECT w.id FROM papers w WHERE w.is_row) AS is_row,
       r.model, r.value, r.unit, p.first_seen_on AS day
  FROM results r JOIN papers p ON p.id = r.paper_id
 WHERE r.dataset_id = :dataset AND r.metric_id = :metric AND {RANKED}
 ORDER BY r.value {{direction}}, r.id LIMIT {{most}}
"""

NAMES = """
SELECT r.id, p.key, p.label FROM results r JOIN papers p ON p.id = r.paper_id
 WHERE r.id IN :results
"""


def brief_standing(on: NamedDataset, by: NamedMetric) -> Read[Standing[BriefResult]]:
    """Rank the results of a board as the board itself does, without what it shows of them."""
    sql = RESULTS.format(direction=best_first(by), most=MOST + 1)
    found = yield from rows(sql, BriefResult, dataset=on.id, metric=by.id)
    is_cut = len(found) > MOST
    return stand(found[:MOST], higher_is_better=by.higher_is_better, is_cut=is_cut)


def history_of(on: NamedDataset, by: NamedMetric) -> Read[History]:
    """Read the best value of a board, and the values that were the best of their time."""
    standing = yield from brief_standing(on, by)
    dated = [one for one in standing.ranking if one.result.day is not None]
    led = records(dated, higher_is_better=by.higher_is_better)
    best = standing.ranking[:1]
    named = yield from _names([one.result.id for one in (*best, *led)])
    return History(
        unit=standing.unit,
        papers=standing.papers,
        is_thin=standing.is_thin,
        is_cut=standing.is_cut,
        best=_leader(best[0], named) if best else None,
        records=[record for one in led if (record := _record(one, named))],
    )


def _names(results: list[int]) -> Read[dict[int, _Named]]:
    return {one.id: one for one in (yield from rows(NAMES, _Named, results=results))}


def _leader(one: Ranked[BriefResult], named: Mapping[int, _Named]) -> Leader:
    paper = named[one.result.id]
    return Leader(
        value=one.compared,
        key=paper.key,
        label=paper.label,
        is_row=one.result.is_row,
        model=one.result.model,
        day=one.result.day,
    )


def _record(one: Ranked[BriefResult], named: Mapping[int, _Named]) -> Record | None:
    """Tell of a value that led; None where its day is unknown."""
    if one.result.day is None:
        return None
    return Record(
        day=one.result.day,
        value=one.compared,
        key=named[one.result.id].key,
        label=named[one.result.id].label,
        model=one.result.model,
    )
