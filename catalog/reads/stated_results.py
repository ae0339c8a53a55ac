"""Read the numbers that sources state in tables, in the order of leaderboards."""

import datetime as dt
from collections.abc import Sequence

from msgspec import Struct

from catalog.reads.asking import Read, column, dialect, grouped, rows

COLLATIONS = {"sqlite": "", "postgresql": ' COLLATE "C"'}

STATED = "r.origin = 'papers-with-code' AND r.state <> 'rejected'"

TASKS = """
SELECT g.name FROM (
    SELECT DISTINCT coalesce(t.name, '') AS name
      FROM results r LEFT JOIN tasks t ON t.id = r.task_id WHERE {condition}) AS g
 ORDER BY g.name{collation}
"""

RESULTS = """
SELECT r.paper_id, p.title, p.published_on,
       coalesce(r.dataset_text, d.name, '') AS dataset,
       coalesce(r.metric_text, m.name) AS metric, r.model, r.text
  FROM results r JOIN papers p ON p.id = r.paper_id
  LEFT JOIN metrics m ON m.id = r.metric_id
  LEFT JOIN datasets d ON d.id = r.dataset_id
  LEFT JOIN tasks t ON t.id = r.task_id
 WHERE coalesce(t.name, '') = :task AND {condition}
 ORDER BY coalesce(r.dataset_text, d.name, ''){collation}, p.key{collation},
       coalesce(r.model, ''){collation}, r.id
"""

LINKS = """
SELECT l.paper_id, l.url, l.found_in FROM links l
 WHERE l.paper_id IN :papers AND l.found_in IN ('code_links', 'model_links', 'paper_url')
 ORDER BY l.paper_id, l.url
"""


class StatedResult(Struct, kw_only=True):
    """A number of a table, as its source prints it."""

    paper_id: int
    title: str | None
    published_on: dt.date | None
    dataset: str
    metric: str
    model: str | None
    text: str


class BoardLink(Struct):
    """An address of code, of a model or of the paper that a table names."""

    url: str
    found_in: str


def stated_tasks(papers: Sequence[int] | None = None) -> Read[list[str]]:
    """List the tasks of tables; an empty name where a table states none."""
    sql, values = yield from _narrowed(TASKS, papers)
    return (yield from column(sql, str, **values))


def stated_results(task: str, papers: Sequence[int] | None = None) -> Read[list[StatedResult]]:
    """Read the numbers of a task's tables by dataset, paper and model; None means of all papers."""
    sql, values = yield from _narrowed(RESULTS, papers)
    return (yield from rows(sql, StatedResult, task=task, **values))


def _narrowed(sql: str, papers: Sequence[int] | None) -> Read[tuple[str, dict[str, Sequence[int]]]]:
    """Complete a query by the conditions and the order by code points."""
    collation = COLLATIONS[(yield from dialect())]
    condition = STATED if papers is None else f"{STATED} AND r.paper_id IN :papers"
    values = {} if papers is None else {"papers": papers}
    return sql.format(condition=condition, collation=collation), values


def board_links(papers: Sequence[int]) -> Read[dict[int, list[BoardLink]]]:
    """Read the addresses that tables name beside the numbers of papers."""
    return (yield from grouped(LINKS, BoardLink, papers))
