"""Check a catalog: the soundness of its file, and the agreement of redundant data."""

from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256

from msgspec import Struct
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from catalog.domain.formatting import plural
from catalog.marks.assign import COUNT_MISASSIGNED


class Finding(Struct, frozen=True):
    """A check and what it found; nothing if all is well."""

    check: str
    trouble: str | None


NAMED = {
    "metrics": [("results", "metric_id")],
    "datasets": [("results", "dataset_id")],
    "tasks": [("results", "task_id"), ("paper_tasks", "task_id")],
    "repositories": [("links", "repository_id")],
    "frameworks": [("links", "framework_id")],
    "digests": [("digest_entries", "digest_id")],
    "authors": [("authorships", "author_id")],
    "categories": [("paper_categories", "category_id")],
    "keywords": [("paper_keywords", "keyword_id")],
}
"""Table of named things -> the columns that name them; a thing that nothing names should be gone.
"""


def _unnamed() -> str:
    """Build SQL that counts lookup rows which nothing refers to."""
    counts = []
    for name, referrers in NAMED.items():
        named = " OR ".join(
            f"EXISTS (SELECT 1 FROM {referrer} r WHERE r.{column} = n.id)"  # noqa: S608 - names of ours
            for referrer, column in referrers
        )
        counts.append(f"(SELECT count(*) FROM {name} n WHERE NOT ({named}))")  # noqa: S608 - names of ours
    return f"SELECT {' + '.join(counts)}"


COUNTED = {
    "labels are never empty": "SELECT count(*) FROM papers WHERE label = ''",
    "has_code is right": """SELECT count(*) FROM papers p WHERE p.has_code <> EXISTS (
        SELECT 1 FROM links l WHERE l.paper_id = p.id AND l.repository_id IS NOT NULL)""",
    "has_results is right": """SELECT count(*) FROM papers p WHERE p.has_results <> EXISTS (
        SELECT 1 FROM results r WHERE r.paper_id = p.id AND r.state <> 'rejected')""",
    "arxiv_id agrees with identifiers": """SELECT count(*) FROM papers p
        WHERE (p.arxiv_id IS NOT NULL AND p.key <> p.arxiv_id)
        OR (p.arxiv_id IS NULL) = EXISTS (SELECT 1 FROM identifiers i
            WHERE i.paper_id = p.id AND i.scheme = 'arxiv')
        OR (p.arxiv_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM identifiers i
            WHERE i.paper_id = p.id AND i.scheme = 'arxiv' AND i.value = p.arxiv_id))""",
    "every paper has a record": """SELECT count(*) FROM papers p WHERE NOT EXISTS (
        SELECT 1 FROM paper_sources s WHERE s.paper_id = p.id)""",
    "first_seen_on is the earliest day": """SELECT count(*) FROM (
        SELECT held, CASE WHEN listed IS NULL OR published < listed THEN published ELSE listed END
            AS earliest
        FROM (SELECT p.first_seen_on AS held, p.published_on AS published,
            (SELECT min(g.day) FROM digest_entries e JOIN digests g ON g.id = e.digest_id
              WHERE e.paper_id = p.id) AS listed FROM papers p) days) seen
        WHERE (held IS NULL) <> (earliest IS NULL) OR held <> earliest""",
    "year and month are those of first_seen_on": """SELECT count(*) FROM papers p
        WHERE (p.year IS NULL) <> (p.first_seen_on IS NULL)
        OR (p.month IS NULL) <> (p.first_seen_on IS NULL)
        OR p.month <> substr(CAST(p.first_seen_on AS TEXT), 1, 7)
        OR p.year <> CAST(substr(CAST(p.first_seen_on AS TEXT), 1, 4) AS INTEGER)""",
    "documents have no more records than were read": """SELECT count(*) FROM documents d
        WHERE d.state IN ('complete', 'copy') AND d.records_done
        < (SELECT count(*) FROM paper_sources s WHERE s.document_id = d.id)
        + (SELECT count(*) FROM problems b
            WHERE b.document_id = d.id AND b.closed_run_id IS NULL)""",
    "lookup tables hold only rows in use": _unnamed(),
    "results are found at their offsets in abstracts": """SELECT count(*) FROM results r
        JOIN papers p ON p.id = r.paper_id
        WHERE r.span_start IS NOT NULL
          AND substr(p.abstract, r.span_start + 1, r.span_end - r.span_start) <> r.text""",
    "links are found at their offsets in abstracts": """SELECT count(*) FROM links l
        JOIN papers p ON p.id = l.paper_id WHERE l.span_start IS NOT NULL
          AND substr(p.abstract, l.span_start + 1, l.span_end - l.span_start) <> l.text""",
    "marks are on the papers that have their names": COUNT_MISASSIGNED,
    "marks have names": """SELECT count(*) FROM marks m WHERE NOT EXISTS (
        SELECT 1 FROM mark_names n WHERE n.mark_id = m.id AND n.rank = 0)""",
    "every document was loaded completely": """SELECT count(*) FROM documents
        WHERE state IN ('loading', 'replacing')""",
}
"""Check -> a query that counts the rows that break it."""


Hash = Callable[[bytes], str | int]


def _short_hash(content: bytes) -> int:
    return int.from_bytes(sha256(content).digest()[:8], "big", signed=True)


def _long_hash(content: bytes) -> str:
    return sha256(content).hexdigest()


HASHED: dict[str, tuple[str, Hash]] = {
    "records match their hashes": (
        "SELECT record, record_hash FROM paper_sources ORDER BY id",
        _short_hash,
    ),
    "results come from the current abstract": (
        "SELECT abstract, extracted_sha256 FROM papers WHERE extractor_version IS NOT NULL "
        "ORDER BY id",
        _long_hash,
    ),
}
"""Check -> a query of texts with their hashes, and what makes the hash."""

SEARCH = "the search index agrees with the papers"


def check(connection: Connection) -> Iterator[Finding]:
    """Run every check that only reads, the file's own first."""
    if connection.dialect.name == "sqlite":
        yield _finding("the file is undamaged", partial(_unsound, connection))
        yield _finding("foreign keys refer to existing rows", partial(_dangling, connection))
    for name, sql in COUNTED.items():
        yield _finding(name, partial(_counted, connection, sql))
    for name, (sql, made) in HASHED.items():
        yield _finding(name, partial(_unlike, connection, sql, made))


def check_search(connection: Connection) -> Finding:
    """Compare the search index with the papers, which SQLite counts as writing."""
    # With 1 as rank the index is compared with the table's content (SQLite: FTS5, 6.3).
    sql = "INSERT INTO papers_fts (papers_fts, rank) VALUES ('integrity-check', 1)"

    def compared() -> None:
        connection.exec_driver_sql(sql)

    return _finding(SEARCH, compared)


def _finding(name: str, find: Callable[[], str | None]) -> Finding:
    """Run a check; in a damaged file it may find only that."""
    try:
        return Finding(name, find())
    except DBAPIError as error:
        return Finding(name, str(error.orig))


def _rows(count: int) -> str | None:
    return plural(count, "row") if count else None


def _counted(connection: Connection, sql: str) -> str | None:
    return _rows(connection.execute(text(sql)).scalar_one())


def _unsound(connection: Connection) -> str | None:
    found = connection.exec_driver_sql("PRAGMA integrity_check(5)").scalars().all()
    return None if found == ["ok"] else "; ".join(" ".join(str(row).split()) for row in found)


def _dangling(connection: Connection) -> str | None:
    return _rows(len(connection.exec_driver_sql("PRAGMA foreign_key_check").all()))


def _unlike(connection: Connection, sql: str, made: Hash) -> str | None:
    rows = connection.execution_options(yield_per=1000).execute(text(sql))
    return _rows(
        sum(held != made((found or "").encode("utf-8", "surrogatepass")) for found, held in rows)
    )
