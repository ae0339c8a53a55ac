"""Choose a paper's code repository: the official one, else the one with most stars.

The rule stands here once; of repositories that are equal in both, the first by name counts. The
views print the same one: the migrations that make them hold a copy of the rule.
"""

from collections.abc import Sequence

from msgspec import Struct

from catalog.reads.asking import Read, rows

BEST_FIRST = """CASE WHEN l.is_official THEN 0 ELSE 1 END, coalesce(o.stars, -1) DESC,
    lower(o.full_name), o.key"""
"""Order of the repositories o that a paper's links l name: the first is the paper's code.

Names in lower case, as databases differ in where they put capitals.
"""


def of_paper(column: str, paper: str = "p.id") -> str:
    """Write SQL for one column of a paper's repository, null without one; `paper` is its id.

    >>> print(of_paper("o.stars"))
    (SELECT o.stars FROM links l JOIN repositories o ON o.id = l.repository_id
      WHERE l.paper_id = p.id
      ORDER BY CASE WHEN l.is_official THEN 0 ELSE 1 END, coalesce(o.stars, -1) DESC,
        lower(o.full_name), o.key, l.id LIMIT 1)
    """
    return f"""(SELECT {column} FROM links l JOIN repositories o ON o.id = l.repository_id
  WHERE l.paper_id = {paper}
  ORDER BY {BEST_FIRST}, l.id LIMIT 1)"""


class Repository(Struct, kw_only=True):
    """A code repository, as shown beside a paper."""

    paper_id: int
    key: str
    full_name: str
    """Owner and name with a slash between."""
    url: str
    stars: int | None = None
    state: str = "unknown"
    """alive, moved, gone or unknown."""
    language: str | None = None
    is_official: bool | None = None


REPOSITORIES = f"""
SELECT l.paper_id, o.key, o.full_name, o.url, o.stars, o.state, o.language, l.is_official
  FROM links l JOIN repositories o ON o.id = l.repository_id
 WHERE l.paper_id IN :papers ORDER BY l.paper_id, {BEST_FIRST}
"""


def code_of(papers: Sequence[int]) -> Read[dict[int, Repository]]:
    """Find each paper's repository; papers without one are left out."""
    found: dict[int, Repository] = {}
    for repository in (yield from rows(REPOSITORIES, Repository, papers=papers)):
        found.setdefault(repository.paper_id, repository)
    return found
