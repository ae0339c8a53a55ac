"""Leaderboards: list them, and rank one of them."""

import datetime as dt
from collections.abc import Sequence

from msgspec import Struct

from catalog.domain.claims import FLOOR
from catalog.domain.ranking import Ranked
from catalog.reads.asking import Read, Value, column, first, rows, value
from catalog.reads.board_ranking import Standing, stand
from catalog.reads.code import code_of
from catalog.reads.model_sizes import sizes_of
from catalog.reads.named_queries import BUSIEST_BOARDS
from catalog.reads.standing import OWN, SHOWS, STANDING

MOST = 2_000
"""Results that a board ranks: the best ones, where there are more."""

SHOWN = 200
"""Ranks of a board that are given, and relative claims beside it."""


class Filters(Struct, frozen=True, kw_only=True):
    """The filters of a leaderboard."""

    origin: str = ""
    """abstract, papers-with-code or curator."""
    confidence: float | None = None
    """The least certainty of a whole row, 0 to 1; None means `catalog.domain.claims.FLOOR`."""
    code: bool = False
    """Only papers with code."""
    year: int | None = None
    max_parameters: float | None = None
    """The most parameters, in millions; models of unknown size are listed apart."""
    unit: str = ""
    """One of the board's units; empty: the most frequent one."""
    spellings: tuple[str, ...] = ()
    """Only numbers whose text calls the dataset so; empty: all."""


class BoardSummary(Struct, kw_only=True):
    """A leaderboard in a list."""

    dataset: str
    dataset_slug: str
    metric: str
    metric_slug: str
    papers: int
    """Papers with an absolute value of their own."""
    results: int


class NamedDataset(Struct):
    """The dataset of a leaderboard."""

    id: int
    name: str
    slug: str


class NamedMetric(Struct):
    """The metric of a leaderboard."""

    id: int
    name: str
    slug: str
    higher_is_better: bool | None


class Entry(Struct, kw_only=True):
    """A result on a leaderboard, or a relative claim beside it."""

    id: int
    paper_id: int
    key: str
    label: str
    is_row: bool
    """Whether it is of a table's row that names no paper."""
    arxiv_id: str | None
    day: dt.date | None
    """Day on which a source first had the paper."""
    has_code: bool
    value: float | None
    value_max: float | None
    error: float | None
    unit: str | None
    text: str
    kind: str
    role: str
    sign: str | None
    model: str | None
    baseline: str | None
    metric_inferred: bool
    """The text names no metric: it is the one that is usual on the dataset, or score."""
    dataset_text: str | None
    sentence: str | None
    origin: str
    confidence: float | None
    row_confidence: float | None
    state: str
    rank: int | None = None
    """1 leads; equal values share a rank; None on thin boards and for relative claims."""
    compared: float | None = None
    """The value in the board's unit."""
    others: int = 0
    """Further results of the same paper and model, which are folded under this one."""
    led: bool = False
    """It was the best when it appeared; never so on thin boards."""
    parameters: float | None = None
    """Size of this number's model, in parameters, as the paper states it."""
    repository: str | None = None


class Board(Struct, kw_only=True):
    """The ranking on a dataset by a metric."""

    dataset: NamedDataset
    metric: NamedMetric
    filters: Filters
    unit: str
    units: list[str]
    in_all: int
    """Results that rank: the best of each paper and model."""
    papers: int
    """Papers that these results are of."""
    is_thin: bool
    """Fewer than three papers: a list of claims without ranks, and no ranking."""
    hidden: int
    """Results that are left out because they are not sure enough, or state a bound only."""
    is_cut: bool
    """There are more results than are ranked."""
    ranking: list[Entry]
    unsized: list[Entry]
    """Results of models of unknown size, the best first, where the size is filtered."""
    relative: list[Entry]
    """Differences and factors, the largest first; never ranked with values."""
    years: list[int]
    """Years of the papers, for the filter."""


DATASET = "SELECT id, name, slug FROM datasets WHERE slug = :slug"
METRIC = "SELECT id, name, slug, higher_is_better FROM metrics WHERE slug = :slug"

RESULTS = """
SELECT r.id, r.paper_id, p.key, p.label, p.is_row, p.arxiv_id, p.first_seen_on AS day,
       p.has_code, r.value, r.value_max, r.error, r.unit, r.text, r.kind, r.role, r.sign, r.model,
       r.baseline, r.metric_inferred, r.dataset_text, r.sentence, r.origin, r.confidence,
       r.row_confidence, r.state
  FROM results r JOIN papers p ON p.id = r.paper_id
 WHERE r.dataset_id = :dataset AND r.metric_id = :metric AND r.state <> 'rejected'
   AND r.kind {kind} AND r.role = 'own' AND r.value IS NOT NULL
   AND NOT p.withdrawn {narrowed}
 ORDER BY r.value {direction}, r.id LIMIT {most}
"""

HIDDEN = f"""
SELECT count(*) FROM results r {{papers}}
 WHERE r.dataset_id = :dataset AND r.metric_id = :metric AND {OWN} {{narrowed}}
"""

YEARS = f"""
SELECT DISTINCT p.year FROM results r JOIN papers p ON p.id = r.paper_id
 WHERE r.dataset_id = :dataset AND r.metric_id = :metric AND p.year IS NOT NULL
   AND r.state <> 'rejected' AND {STANDING}
 ORDER BY p.year DESC
"""
"""Indexes hold all that it asks, of the papers too."""


def boards(dataset: str = "", metric: str = "") -> Read[list[BoardSummary]]:
    """List leaderboards by names or aliases, the largest first; an empty name matches all."""
    return (yield from rows(BUSIEST_BOARDS.sql, BoardSummary, dataset=dataset, metric=metric))


def board(dataset: str, metric: str, filters: Filters = Filters()) -> Read[Board | None]:  # noqa: B008
    """Rank the results on a dataset by a metric, both given by slug.

    None where the catalog has no such dataset or metric. A unit that the board does not have
    counts as none.
    """
    on = yield from first(DATASET, NamedDataset, slug=dataset)
    by = yield from first(METRIC, NamedMetric, slug=metric)
    if on is None or by is None:
        return None
    found, is_cut = yield from _best(on, by, filters)
    standing = _stand(found, by, filters, is_cut=is_cut)
    shown = [compared_entry(one) for one in standing.ranking[:SHOWN]]
    yield from _add_sizes(shown, on, by)
    yield from _add_code(shown)
    return Board(
        dataset=on,
        metric=by,
        filters=filters,
        unit=standing.unit,
        units=standing.units,
        in_all=len(standing.ranking),
        papers=standing.papers,
        is_thin=standing.is_thin,
        hidden=(yield from _count_hidden(on, by, filters)),
        is_cut=standing.is_cut,
        ranking=shown,
        unsized=_unsized(found, filters),
        relative=(yield from _results(on, by, filters, relative=True)),
        years=(yield from column(YEARS, int, dataset=on.id, metric=by.id)),
    )


def standing_of(on: NamedDataset, by: NamedMetric) -> Read[Standing[Entry]]:
    """Rank the results of a board, without what stands beside them."""
    found, is_cut = yield from _best(on, by, Filters())
    return _stand(found, by, Filters(), is_cut=is_cut)


def _best(on: NamedDataset, by: NamedMetric, filters: Filters) -> Read[tuple[list[Entry], bool]]:
    """Read the best results, with sizes where these are filtered; and whether there are more."""
    found = yield from _results(on, by, filters, relative=False, most=MOST + 1)
    kept = found[:MOST]
    if filters.max_parameters is not None:
        yield from _add_sizes(kept, on, by)
    return kept, len(found) > MOST


def _stand(
    found: Sequence[Entry], by: NamedMetric, filters: Filters, *, is_cut: bool
) -> Standing[Entry]:
    fitting = [one for one in found if _fits(one, filters.max_parameters)]
    better = by.higher_is_better
    return stand(fitting, higher_is_better=better, is_cut=is_cut, unit=filters.unit)


def _unsized(found: Sequence[Entry], filters: Filters) -> list[Entry]:
    """List the best results of models of unknown size, where the size is filtered."""
    if filters.max_parameters is None:
        return []
    return [one for one in found if one.parameters is None][:SHOWN]


def best_first(metric: NamedMetric) -> str:
    """Write in which direction of SQL the values of a metric come, the best first."""
    return "ASC" if metric.higher_is_better is False else "DESC"


def _results(
    dataset: NamedDataset,
    metric: NamedMetric,
    filters: Filters,
    *,
    relative: bool,
    most: int = SHOWN,
) -> Read[list[Entry]]:
    """Read the best results; differences and factors with the largest first."""
    narrowed, values = _conditions(filters)
    sql = RESULTS.format(
        kind="IN ('delta', 'ratio')" if relative else "= 'absolute'",
        narrowed="".join(f" AND {condition}" for condition in narrowed),
        direction="DESC" if relative else best_first(metric),
        most=most,
    )
    return (yield from rows(sql, Entry, dataset=dataset.id, metric=metric.id, **values))


def _conditions(filters: Filters) -> tuple[list[str], dict[str, Value | Sequence[str]]]:
    """Convert filters to SQL conditions with their values."""
    conditions: list[str] = []
    values: dict[str, Value | Sequence[str]] = {}
    if filters.spellings:
        conditions.append("r.dataset_text IN :spellings")
        values["spellings"] = filters.spellings
    if filters.origin:
        conditions.append("r.origin = :origin")
        values["origin"] = filters.origin
    if filters.confidence != 0:
        conditions.append(SHOWS)
        values["floor"] = FLOOR if filters.confidence is None else filters.confidence
    if filters.code:
        conditions.append("p.has_code")
    if filters.year is not None:
        conditions.append("p.year = :year")
        values["year"] = filters.year
    return conditions, values


def _count_hidden(dataset: NamedDataset, metric: NamedMetric, filters: Filters) -> Read[int]:
    """Count the results that are left out as not sure enough, or as bounds."""
    if filters.confidence == 0:
        return 0
    narrowed, values = _conditions(filters)
    conditions = [f"NOT {SHOWS}" if condition == SHOWS else condition for condition in narrowed]
    asks_papers = any(one.startswith("p.") for one in conditions)
    sql = HIDDEN.format(
        papers="JOIN papers p ON p.id = r.paper_id" if asks_papers else "",
        narrowed="".join(f" AND {condition}" for condition in conditions),
    )
    return (yield from value(sql, int, dataset=dataset.id, metric=metric.id, **values)) or 0


def _add_sizes(entries: Sequence[Entry], on: NamedDataset, by: NamedMetric) -> Read[None]:
    sizes = yield from sizes_of(entries, dataset=on.id, metric=by.id)
    for entry in entries:
        entry.parameters = sizes.get(entry.id)


def _add_code(entries: Sequence[Entry]) -> Read[None]:
    code = yield from code_of(sorted({entry.paper_id for entry in entries}))
    for entry in entries:
        repository = code.get(entry.paper_id)
        entry.repository = repository.full_name if repository else None


def _fits(entry: Entry, millions: float | None) -> bool:
    """Return true if a result's model is as small as is asked; unknown sizes are not."""
    if millions is None:
        return True
    return entry.parameters is not None and entry.parameters <= millions * 1e6


def compared_entry(one: Ranked[Entry]) -> Entry:
    """Add its value in the board's unit to an entry."""
    one.result.compared = one.compared
    return one.result
