"""Search as SQL: ranked by full-text match where there are words, else the newest first."""

from calendar import monthrange
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Row, text

from catalog.domain.search_language import YES, Wanted
from catalog.domain.tags import tag_of
from catalog.reads.code import of_paper
from catalog.reads.drivers import run
from catalog.reads.finding import find_identified

COLUMNS = f"""p.key, p.first_seen_on, p.label,
    {of_paper("o.full_name")} AS repository,
    (SELECT count(*) FROM results r WHERE r.paper_id = p.id AND r.state <> 'rejected') AS results"""

DOCUMENT = """to_tsvector('english',
    left(coalesce(p.title, '') || ' ' || coalesce(p.abstract, ''), 100000))"""
"""The expression that the index on PostgreSQL is made of; it holds a megabyte of words at most."""

MATCHES = {
    "sqlite": (
        """FROM papers_fts JOIN papers p ON p.id = papers_fts.rowid
        WHERE papers_fts MATCH :match AND rank MATCH 'bm25(6.0, 1.0)'""",
        "rank, p.id",
    ),
    "postgresql": (
        f"""FROM papers p, websearch_to_tsquery('english', :match) AS wanted
        WHERE {DOCUMENT} @@ wanted""",
        f"ts_rank({DOCUMENT}, wanted) DESC, p.id",
    ),
}
"""Dialect -> what finds papers by words, and what ranks them."""

CONDITIONS = {
    "author": """p.id IN (SELECT s.paper_id FROM authorships s JOIN authors a ON a.id = s.author_id
        WHERE a.name = :author)""",
    "category": """p.id IN (SELECT s.paper_id FROM paper_categories s
        JOIN categories c ON c.id = s.category_id WHERE c.code = :category)""",
    "task": """p.id IN (SELECT s.paper_id FROM paper_tasks s JOIN tasks t ON t.id = s.task_id
        WHERE t.name = lower(:task) OR t.slug = lower(:task))""",
    "code": "p.has_code = :code",
    "results": "p.has_results = :results",
    "year": "p.year = :year",
    "after": "p.first_seen_on >= :after",
    "before": "p.first_seen_on < :before",
    "dataset": """p.id IN (SELECT paper_id FROM results WHERE dataset_id IN (
        SELECT id FROM datasets WHERE lower(name) = lower(:dataset) OR slug = lower(:dataset)
        UNION SELECT dataset_id FROM dataset_aliases WHERE lower(alias) = lower(:dataset)))""",
    "metric": """p.id IN (SELECT paper_id FROM results WHERE metric_id IN (
        SELECT id FROM metrics WHERE lower(name) = lower(:metric) OR slug = lower(:metric)
        UNION SELECT metric_id FROM metric_aliases WHERE lower(alias) = lower(:metric)))""",
    "digest": """p.id IN (SELECT e.paper_id FROM digest_entries e
        JOIN digests g ON g.id = e.digest_id
        WHERE g.day >= :digest AND g.day <= :digest_end)""",
    "star": """p.id IN (SELECT paper_id FROM marks
        WHERE starred_at IS NOT NULL AND paper_id IS NOT NULL)""",
    "read": """p.id IN (SELECT paper_id FROM marks
        WHERE read_at IS NOT NULL AND paper_id IS NOT NULL)""",
    "tag": """p.id IN (SELECT m.paper_id FROM mark_tags s JOIN marks m ON m.id = s.mark_id
        WHERE s.tag = :tag)""",
}
"""Filter of `catalog.domain.search_language` -> condition on papers p; see `conditions`."""

SPOKEN = {"star", "read"}
"""Filters whose no is the opposite of the condition: so an index serves their yes."""


def find_papers(connection: Connection, asked: Wanted, *, size: int) -> tuple[list[Row[Any]], bool]:
    """Find papers, and tell whether they have all words; where none has all, some have some."""

    def matching(match: str) -> list[Row[Any]]:
        sql, values = papers_query(asked.filters, match, dialect=connection.dialect.name)
        return list(connection.execute(text(sql), {**values, "size": size, "offset": 0}))

    rows = matching(asked.match)
    if rows or not asked.match:
        return rows, True
    return matching(asked.match.replace('" "', '" OR "')), False


def find_named(connection: Connection, typed: str) -> list[Row[Any]]:
    """Find the paper whose identifier was typed in place of words; none where they are words."""
    found = run(connection, find_identified(typed))
    if found is None:
        return []
    sql = f"SELECT {COLUMNS} FROM papers p WHERE p.id = :id"
    return list(connection.execute(text(sql), {"id": found.id}))


def papers_query(
    filters: dict[str, str], match: str, *, dialect: str
) -> tuple[str, dict[str, Any]]:
    """SQL and values that find papers; the caller adds the values of :size and :offset.

    `filters` and `match` come from `catalog.domain.search_language.understand`.
    """
    values = filter_values(filters)
    if match:
        found, order = MATCHES[dialect]
        values["match"] = match
    else:
        found, order = "FROM papers p WHERE true", "p.first_seen_on DESC, p.id"
    where = "".join(f" AND {condition}" for condition in conditions(filters))
    sql = f"SELECT {COLUMNS} {found}{where} ORDER BY {order} LIMIT :size OFFSET :offset"
    return sql, values


def conditions(filters: dict[str, str]) -> list[str]:
    """Conditions on papers p; their values come from `filter_values`.

    >>> conditions({"code": "yes", "year": "2025"})
    ['p.has_code = :code', 'p.year = :year']
    """
    return [
        f"NOT ({CONDITIONS[name]})"
        if name in SPOKEN and value.lower() not in YES
        else CONDITIONS[name]
        for name, value in filters.items()
    ]


def filter_values(filters: dict[str, str]) -> dict[str, Any]:
    """Values for `CONDITIONS`; years and months become the days that they begin and end with.

    They must: SQLite takes a column of type DATE for a number where it meets "2025".

    >>> filter_values({"after": "2025-01", "code": "yes"})
    {'after': '2025-01-01', 'code': True}
    >>> filter_values({"digest": "2025-02"})
    {'digest': '2025-02-01', 'digest_end': '2025-02-28'}
    """
    values: dict[str, Any] = {k: value for k, value in filters.items() if k not in SPOKEN}
    for name in {"code", "results"} & set(values):
        values[name] = filters[name].lower() in YES
    if "tag" in values:
        values["tag"] = _tag(filters["tag"])
    if "year" in values:
        values["year"] = int(filters["year"])
    for name in {"after", "before", "digest"} & set(values):
        values[name] = f"{filters[name]}-01-01"[:10]
    if "digest" in values:
        values["digest_end"] = _last_day(filters["digest"])
    return values


def _tag(typed: str) -> str:
    """The tag in its one spelling; what is none finds nothing."""
    with suppress(ValueError):
        return tag_of(typed)
    return typed


def _last_day(printed: str) -> str:
    """The last day of a year or month, or the day itself."""
    year, _, rest = printed.partition("-")
    month, _, day = rest.partition("-")
    if day:
        return printed
    return f"{year}-{month or '12'}-{monthrange(int(year), int(month or 12))[1]}"
