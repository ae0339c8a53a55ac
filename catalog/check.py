"""Checks of a catalog: is the file sound, and does what is kept twice agree?"""

from collections.abc import Iterator

from msgspec import Struct
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError


class Finding(Struct, frozen=True):
    """One check and what it found; nothing if all is well."""

    check: str
    trouble: str | None


COUNTED = {
    "labels are never empty": "SELECT count(*) FROM papers WHERE label = ''",
    "has_code is right": """SELECT count(*) FROM papers p WHERE p.has_code <> EXISTS (
        SELECT 1 FROM links l WHERE l.paper_id = p.id AND l.repository_id IS NOT NULL)""",
    "has_results is right": """SELECT count(*) FROM papers p WHERE p.has_results <> EXISTS (
        SELECT 1 FROM results r WHERE r.paper_id = p.id)""",
    "arxiv_id agrees with identifiers": """SELECT count(*) FROM papers p
        WHERE p.arxiv_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM identifiers i
            WHERE i.paper_id = p.id AND i.scheme = 'arxiv' AND i.value = p.arxiv_id)""",
    "every paper has a source": """SELECT count(*) FROM papers p WHERE NOT EXISTS (
        SELECT 1 FROM paper_sources s WHERE s.paper_id = p.id)""",
    "first_seen_on is the earliest day": """SELECT count(*) FROM papers p
        WHERE p.first_seen_on > (SELECT min(g.day) FROM digest_entries e
            JOIN digests g ON g.id = e.digest_id WHERE e.paper_id = p.id)
        OR p.first_seen_on > p.published_on""",
    "every metric, dataset, repository and digest is in use": """SELECT
        (SELECT count(*) FROM metrics m WHERE NOT EXISTS (
            SELECT 1 FROM results r WHERE r.metric_id = m.id))
      + (SELECT count(*) FROM datasets d WHERE NOT EXISTS (
            SELECT 1 FROM results r WHERE r.dataset_id = d.id))
      + (SELECT count(*) FROM repositories o WHERE NOT EXISTS (
            SELECT 1 FROM links l WHERE l.repository_id = o.id))
      + (SELECT count(*) FROM digests g WHERE NOT EXISTS (
            SELECT 1 FROM digest_entries e WHERE e.digest_id = g.id))""",
    "evidence stands where results say": """SELECT count(*) FROM results r
        JOIN papers p ON p.id = r.paper_id
        WHERE r.origin = 'abstract' AND r.state = 'machine'
          AND substr(p.abstract, r.span_start + 1, r.span_end - r.span_start) <> r.text""",
    "links stand where they say": """SELECT count(*) FROM links l
        JOIN papers p ON p.id = l.paper_id WHERE l.span_start IS NOT NULL
          AND substr(p.abstract, l.span_start + 1, l.span_end - l.span_start) <> l.text""",
    "every document was loaded to its end": """SELECT count(*) FROM documents
        WHERE state IN ('loading', 'replacing')""",
}
"""Check -> a query that counts the rows that break it."""


def check(connection: Connection) -> Iterator[Finding]:
    """Run every check, the file's own first."""
    if connection.dialect.name == "sqlite":
        yield from _check_file(connection)
    for name, sql in COUNTED.items():
        count = connection.execute(text(sql)).scalar_one()
        yield Finding(name, f"{count:,} rows" if count else None)


def _check_file(connection: Connection) -> Iterator[Finding]:
    integrity = connection.exec_driver_sql("PRAGMA integrity_check(5)").scalars().all()
    yield Finding(
        "the file is sound", None if integrity == ["ok"] else "; ".join(map(str, integrity))
    )
    dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    yield Finding("foreign keys lead somewhere", f"{len(dangling):,} rows" if dangling else None)
    try:
        # With 1 as rank the index is compared with the table's content (SQLite: FTS5, 6.3).
        connection.exec_driver_sql(
            "INSERT INTO papers_fts (papers_fts, rank) VALUES ('integrity-check', 1)"
        )
        yield Finding("search agrees with the papers", None)
    except DBAPIError as error:
        yield Finding("search agrees with the papers", str(error.orig))
