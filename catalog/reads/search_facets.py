"""Count the papers of a search by year, code, numbers, task, dataset and metric."""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from catalog.domain.search_edits import with_filter, without_filter
from catalog.domain.search_language import YES, Search, understand
from catalog.domain.search_tree import Comparison, leaves
from catalog.reads.asking import Read, Value, column, dialect, rows, value
from catalog.reads.did_you_mean import meant_names
from catalog.reads.number_conditions import SUBJECTS as NARROWED
from catalog.reads.search import FREQUENT
from catalog.reads.search_filters import FILTERS, name_values
from catalog.reads.search_sql import (
    HITS,
    IN_DOCUMENT,
    Parts,
    expression,
    hit_condition,
    joined,
    parts_of,
)
from catalog.reads.standing import IS_PAPER

COUNTED = 2_000
"""Papers that are counted; of more, those that were loaded last."""

SHOWN = 8
"""Values of a facet."""


class FacetValue(Struct, frozen=True, kw_only=True):
    """A value by which a search can be narrowed."""

    value: str
    papers: int
    q: str
    """The search with this filter; without it, where it is chosen."""
    is_chosen: bool = False


class Facet(Struct, frozen=True, kw_only=True):
    """A filter that the papers of a search are counted by, with its values."""

    name: str
    values: list[FacetValue]


class Facets(Struct, kw_only=True):
    """The counts of a search."""

    facets: list[Facet] = []
    papers: int = 0
    """Papers that were counted."""
    is_complete: bool = True
    """Otherwise the search finds more than those."""


class _PaperRow(Struct):
    id: int
    year: int | None
    has_code: bool
    has_results: bool


class _Named(Struct):
    id: int
    name: str
    papers: int


# The index gives the words' papers from the last one on, and stops where enough are counted.
BY_WORDS = {"sqlite": "papers_fts CROSS JOIN papers p", "postgresql": "papers p"}
WITH_HIT = {
    "sqlite": "papers_fts MATCH :match AND p.id = papers_fts.rowid",
    "postgresql": IN_DOCUMENT,
}
LAST_FIRST = {"sqlite": "papers_fts.rowid DESC", "postgresql": "p.id DESC"}

PAPERS = """
SELECT p.id, p.year, p.has_code, p.has_results FROM {tables} WHERE {where}
 ORDER BY {order} LIMIT :most
"""

TASKS = """
SELECT t.id, t.name, b.papers FROM (
    SELECT s.task_id AS id, count(DISTINCT s.paper_id) AS papers FROM paper_tasks s
     WHERE s.paper_id IN :papers GROUP BY s.task_id) AS b
  JOIN tasks t ON t.id = b.id ORDER BY b.papers DESC, t.name LIMIT :most
"""

SUBJECTS = """
SELECT t.id, t.name, b.papers FROM (
    SELECT r.{name}_id AS id, count(DISTINCT r.paper_id) AS papers FROM results r
     WHERE r.paper_id IN :papers AND r.{name}_id IS NOT NULL AND r.state <> 'rejected' AND {beside}
     GROUP BY r.{name}_id) AS b
  JOIN {name}s t ON t.id = b.id ORDER BY b.papers DESC, t.name LIMIT :most
"""
"""Datasets or metrics of papers' numbers, those of most papers first."""


def facets(typed: str) -> Read[Facets]:
    """Count the papers of a search, and write the searches that narrow it or widen it again."""
    asked = understand(typed, FILTERS)
    if asked.is_empty:
        return Facets()
    meant = yield from meant_names(asked)
    found = yield from _papers(parts_of(meant.search.tree, (yield from dialect())))
    counted = found[:COUNTED]
    ids = [row.id for row in counted]
    made = [_years(asked, counted), _switch(asked, "code", [row.has_code for row in counted])]
    made.append(_switch(asked, "results", [row.has_results for row in counted]))
    tasks = yield from rows(TASKS, _Named, papers=ids, most=SHOWN)
    made.append((yield from _of_names(asked, "task", tasks)))
    for name, other in (("dataset", "metric"), ("metric", "dataset")):
        made.append((yield from _subjects(asked, name, other, ids)))
    return Facets(
        facets=[one for one in made if one.values],
        papers=len(ids),
        is_complete=len(found) <= COUNTED,
    )


def _papers(parts: Parts) -> Read[list[_PaperRow]]:
    """Read the papers that are counted, and one more where there are more."""
    database = yield from dialect()
    where = joined(parts.conditions, "AND")
    values: dict[str, Value] = {**where.values, "most": COUNTED + 1}
    tables, order, words = "papers p", "p.id DESC", "true"
    if parts.match is not None:
        values["match"] = match = expression(parts.match, database)
        most = FREQUENT[database]
        hits = (yield from value(HITS[database], int, match=match, most=most + 1)) or 0
        if hits > most and parts.conditions:  # then few of the words' papers may fit
            words = hit_condition(parts.match, database)
        else:
            tables, order, words = BY_WORDS[database], LAST_FIRST[database], WITH_HIT[database]
    conditions = f"({where.sql}) AND {IS_PAPER} AND {words}"
    sql = PAPERS.format(tables=tables, where=conditions, order=order)
    return (yield from rows(sql, _PaperRow, **values))


def _years(asked: Search, counted: Sequence[_PaperRow]) -> Facet:
    """Count by year, the newest first."""
    found = Counter(row.year for row in counted if row.year)
    chosen = _chosen(asked, "year")
    values = [
        FacetValue(
            value=str(year),
            papers=number,
            q=without_filter(asked.typed, "year")
            if str(year) in chosen
            else with_filter(asked.typed, "year", str(year), instead=True),
            is_chosen=str(year) in chosen,
        )
        for year, number in sorted(found.items(), reverse=True)[:SHOWN]
    ]
    return Facet(name="year", values=values)


def _switch(asked: Search, name: str, has: Sequence[bool]) -> Facet:
    """Count papers that have something, and those that have not."""
    chosen = {value in YES for value in _chosen(asked, name)}
    values = [
        FacetValue(
            value="yes" if wanted else "no",
            papers=sum(one == wanted for one in has),
            q=without_filter(asked.typed, name)
            if wanted in chosen
            else with_filter(asked.typed, name, "yes" if wanted else "no", instead=True),
            is_chosen=wanted in chosen,
        )
        for wanted in (True, False)
    ]
    return Facet(name=name, values=[one for one in values if one.papers])


def _subjects(asked: Search, name: str, other: str, papers: Sequence[int]) -> Read[Facet]:
    """Count by datasets or metrics as search takes them: of both together, one number is both."""
    if name == "dataset" and any(isinstance(leaf, Comparison) for leaf, _ in leaves(asked.tree)):
        return Facet(name=name, values=[])  # beside a comparison a dataset says which numbers count
    beside = _chosen(asked, other)
    is_paired = len(beside) == 1 and not _chosen(asked, name)
    condition = NARROWED[other] if is_paired else "true"
    values = name_values(beside[0]) if is_paired else {}
    sql = SUBJECTS.format(name=name, beside=condition)
    named = yield from rows(sql, _Named, papers=papers, most=SHOWN, **values)
    return (yield from _of_names(asked, name, named))


def _of_names(asked: Search, name: str, named: Sequence[_Named]) -> Read[Facet]:
    """Count by tasks, datasets or metrics; what the search names, in any spelling, leads back."""
    typed = yield from _typed_names(asked, name)
    values = [
        FacetValue(
            value=one.name,
            papers=one.papers,
            q=without_filter(asked.typed, name, typed[one.id])
            if one.id in typed
            else with_filter(asked.typed, name, one.name),
            is_chosen=one.id in typed,
        )
        for one in named
    ]
    return Facet(name=name, values=values)


def _typed_names(asked: Search, name: str) -> Read[dict[int, list[str]]]:
    """Map the ids of what a search names to the names that were typed."""
    typed: dict[int, list[str]] = {}
    for one in _chosen(asked, name):
        for found in (yield from column(FILTERS[name].known, int, **name_values(one))):
            typed.setdefault(found, []).append(one)
    return typed


def _chosen(asked: Search, name: str) -> list[str]:
    """List the values that the search wants of a filter."""
    return [one.value for one, is_wanted in asked.filters if is_wanted and one.name == name]
