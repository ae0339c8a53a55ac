"""Read the numbers of papers in rows, each with its paper."""

import datetime as dt
from collections.abc import Sequence

from msgspec import Struct

from catalog.domain.search_language import understand
from catalog.domain.search_tree import And, Filter
from catalog.reads.asking import Read, Value, dialect, rows
from catalog.reads.chosen_papers import CODE_POINTS, chosen_papers
from catalog.reads.numbers import COLUMNS, JOINS, Number
from catalog.reads.search import EVERY
from catalog.reads.search_filters import DATASETS, FILTERS, METRICS, Condition, numbered
from catalog.reads.search_filters import name_values as names_of

ROWS = f"""
SELECT p.key, p.label AS title, p.first_seen_on, p.withdrawn, {COLUMNS}
  FROM results r JOIN papers p ON p.id = r.paper_id
  {JOINS}
 WHERE r.state <> 'rejected'{{narrowed}}
 ORDER BY p.key{{collation}}, r.span_start IS NULL, r.span_start, r.id LIMIT :most
"""

NARROWED = {"dataset": f"r.dataset_id IN ({DATASETS})", "metric": f"r.metric_id IN ({METRICS})"}
"""Filter of the search -> the condition that its value puts on numbers."""


class PaperResult(Number, kw_only=True):
    """A number that a paper reports, with the paper."""

    key: str
    title: str
    first_seen_on: dt.date | None
    withdrawn: bool


class PaperResults(Struct, kw_only=True):
    """Numbers of papers, and remarks on the search that chose them."""

    rows: list[PaperResult]
    remarks: Sequence[str]


def paper_results(where: str = "", most: int = EVERY) -> Read[PaperResults]:
    """Read the numbers of the papers that a search finds, by paper and in the abstract's order.

    Where the search names a dataset or a metric, only numbers on it or by it are given.
    """
    collation = CODE_POINTS[(yield from dialect())]
    conditions = _narrowing(where)
    values: dict[str, Value | Sequence[int] | Sequence[str]] = {"most": most}
    remarks: Sequence[str] = ()
    if where:
        chosen = yield from chosen_papers(where)
        remarks = chosen.remarks
        conditions.append(Condition("r.paper_id IN :papers", {}))
        values["papers"] = chosen.papers
    narrowed = "".join(f" AND {one.sql}" for one in conditions)
    for one in conditions:
        values |= one.values
    sql = ROWS.format(narrowed=narrowed, collation=collation)
    return PaperResults(rows=(yield from rows(sql, PaperResult, **values)), remarks=remarks)


def _narrowing(where: str) -> list[Condition]:
    """Write the conditions on numbers for the filters that every paper has to meet."""
    tree = understand(where, FILTERS).tree
    parts = tree.parts if isinstance(tree, And) else (tree,)
    named = [part for part in parts if isinstance(part, Filter) and part.name in NARROWED]
    return [
        numbered(Condition(NARROWED[one.name], names_of(one.value)), number)
        for number, one in enumerate(named)
    ]
