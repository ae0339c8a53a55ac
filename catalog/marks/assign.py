"""Assign marks to papers: the first of a mark's names that is in the catalog decides."""

from sqlalchemy import Connection, text

BY_HASH = """
    SELECT n.rank, s.paper_id FROM mark_names n
      JOIN paper_sources s
        ON s.{scheme}_hash = CASE WHEN n.scheme = '{scheme}' THEN CAST(n.value AS BIGINT) END
     WHERE n.mark_id = marks.id AND NOT s.is_named
"""
"""Papers of the records without identifier that have the title, or the abstract."""

BY_ONLY_HASH = """
    SELECT 100 + n.rank, min(s.paper_id) FROM mark_names n
      JOIN paper_sources s
        ON s.{scheme}_hash = CASE WHEN n.scheme = '{scheme}' THEN CAST(n.value AS BIGINT) END
     WHERE n.mark_id = marks.id AND NOT EXISTS (SELECT 1 FROM mark_names o
            WHERE o.mark_id = n.mark_id AND o.scheme NOT IN ('title', 'abstract'))
     GROUP BY n.rank HAVING count(DISTINCT s.paper_id) = 1
"""
"""The only paper of that title or abstract, for a mark that was put on a paper without identifier.

A list has told of the paper, and is forgotten; its publisher's record is here.
"""

PAPER = f"""(
    SELECT f.paper_id FROM (
    SELECT n.rank, i.paper_id FROM mark_names n
      JOIN identifiers i ON i.scheme = n.scheme AND i.value = n.value WHERE n.mark_id = marks.id
    UNION ALL {BY_HASH.format(scheme="title")} UNION ALL {BY_HASH.format(scheme="abstract")}
    UNION ALL {BY_ONLY_HASH.format(scheme="title")}
    UNION ALL {BY_ONLY_HASH.format(scheme="abstract")}
    ) f ORDER BY f.rank, f.paper_id LIMIT 1)"""  # noqa: S608 - words of ours
"""The paper that a row of `marks` belongs to, or null."""

MISASSIGNED = f"coalesce(paper_id, -1) <> coalesce({PAPER}, -1)"
"""Whether `marks.paper_id` says otherwise."""

COUNT_MISASSIGNED = f"SELECT count(*) FROM marks WHERE {MISASSIGNED}"  # noqa: S608 - words of ours


def assign_marks(connection: Connection, mark_id: int | None = None) -> None:
    """Assign one mark or all to their papers, after papers or names have changed."""
    one = "" if mark_id is None else "id = :mark AND "
    values = {} if mark_id is None else {"mark": mark_id}
    query = f"UPDATE marks SET paper_id = {PAPER} WHERE {one}{MISASSIGNED}"  # noqa: S608 - words of ours
    connection.execute(text(query), values)
