"""List datasets, tasks and authors, those with the most papers first."""

from typing import Literal

from msgspec import Struct

from catalog.reads.asking import Read, rows
from catalog.reads.standing import PAPERS_OF

Kind = Literal["datasets", "tasks", "authors"]


class Listed(Struct):
    """A dataset, task or author."""

    name: str
    slug: str | None
    """Name in addresses of the site; authors have none."""
    papers: int
    numbers: int
    """Numbers that were measured on the dataset, or that the papers report."""


LISTS: dict[Kind, str] = {
    "datasets": f"""
SELECT d.name, d.slug, b.papers, b.numbers
  FROM (SELECT r.dataset_id, {PAPERS_OF} AS papers, count(*) AS numbers
          FROM results r WHERE r.dataset_id IS NOT NULL AND r.state <> 'rejected'
         GROUP BY r.dataset_id) AS b
  JOIN datasets d ON d.id = b.dataset_id
 WHERE lower(d.name) LIKE :pattern ESCAPE '!' OR d.id IN (
        SELECT a.dataset_id FROM dataset_aliases a WHERE lower(a.alias) LIKE :pattern ESCAPE '!')
 ORDER BY b.papers DESC, b.numbers DESC, lower(d.name), d.id LIMIT :most
""",
    "tasks": """
SELECT b.name, b.slug, b.papers,
       (SELECT count(*) FROM results r WHERE r.task_id = b.id AND r.state <> 'rejected') AS numbers
  FROM (SELECT t.id, t.name, t.slug, count(CASE WHEN s.paper_id NOT IN (
                 SELECT w.id FROM papers w WHERE w.is_row) THEN 1 END) AS papers
          FROM tasks t JOIN paper_tasks s ON s.task_id = t.id
         WHERE lower(t.name) LIKE :pattern ESCAPE '!'
         GROUP BY t.id, t.name, t.slug ORDER BY papers DESC, lower(t.name), t.id LIMIT :most) AS b
 ORDER BY b.papers DESC, lower(b.name), b.id
""",
    "authors": """
SELECT b.name, NULL AS slug, b.papers,
       (SELECT count(*) FROM results r WHERE r.state <> 'rejected' AND r.paper_id IN (
               SELECT s.paper_id FROM authorships s WHERE s.author_id = b.id)) AS numbers
  FROM (SELECT a.id, a.name, count(DISTINCT s.paper_id) AS papers
          FROM authors a JOIN authorships s ON s.author_id = a.id
         WHERE lower(a.name) LIKE :pattern ESCAPE '!'
         GROUP BY a.id, a.name ORDER BY papers DESC, lower(a.name), a.id LIMIT :most) AS b
 ORDER BY b.papers DESC, lower(b.name), b.id
""",
}
"""What is listed -> its query."""


def listed(kind: Kind, part: str = "", most: int = 50) -> Read[list[Listed]]:
    """List datasets, tasks or authors whose name contains some words, in any case."""
    escaped = part.strip().lower()
    for special in "!%_":
        escaped = escaped.replace(special, f"!{special}")
    return (yield from rows(LISTS[kind], Listed, pattern=f"%{escaped}%", most=most))
