"""Take snapshots of a catalog without ids, runs and instants, for comparison."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, Engine, text

from catalog.database.engine import opened

QUERIES = {
    "papers": """SELECT key, label, title, abstract, arxiv_id, published_on, updated_on,
        first_seen_on, year, month, has_code, has_results, title_key, abstract_key, search_words,
        merge_rules, version, abstract_version,
        withdrawn, withdrawn_reason, comment, venue, organization, extractor_version,
        extracted_sha256 FROM papers""",
    "identifiers": """SELECT p.key, i.scheme, i.value
        FROM identifiers i JOIN papers p ON p.id = i.paper_id""",
    "disputed_identifiers": """SELECT p.key, i.scheme, i.value
        FROM disputed_identifiers i JOIN papers p ON p.id = i.paper_id""",
    "digest_entries": """SELECT g.source, g.day, p.key, e.rank, e.upvotes, e.comments, e.day_basis
        FROM digest_entries e JOIN digests g ON g.id = e.digest_id
        JOIN papers p ON p.id = e.paper_id""",
    "digests": "SELECT source, day FROM digests",
    "links": """SELECT p.key, l.url, l.kind, o.key, l.found_in, l.is_official, f.name, l.stars,
        l.text, l.span_start, l.span_end
        FROM links l JOIN papers p ON p.id = l.paper_id
        LEFT JOIN repositories o ON o.id = l.repository_id
        LEFT JOIN frameworks f ON f.id = l.framework_id""",
    "repositories": "SELECT key, full_name, url, stars, state FROM repositories",
    "results": """SELECT p.key, m.key, d.key, t.key, r.value, r.value_max, r.error, r.unit,
        r.kind, r.role, r.sign, r.model,
        r.baseline, r.text, r.metric_text, r.dataset_text, r.sentence, r.span_start, r.span_end,
        r.rule, r.confidence, r.row_confidence, r.origin, r.state
        FROM results r JOIN papers p ON p.id = r.paper_id
        LEFT JOIN metrics m ON m.id = r.metric_id LEFT JOIN datasets d ON d.id = r.dataset_id
        LEFT JOIN tasks t ON t.id = r.task_id""",
    "authorships": """SELECT p.key, s.position, a.name FROM authorships s
        JOIN papers p ON p.id = s.paper_id JOIN authors a ON a.id = s.author_id""",
    "authors": "SELECT name, key FROM authors",
    "paper_categories": """SELECT p.key, c.code, s.is_primary FROM paper_categories s
        JOIN papers p ON p.id = s.paper_id JOIN categories c ON c.id = s.category_id""",
    "categories": "SELECT code FROM categories",
    "paper_tasks": """SELECT p.key, t.key FROM paper_tasks s
        JOIN papers p ON p.id = s.paper_id JOIN tasks t ON t.id = s.task_id""",
    "tasks": "SELECT key, name, slug FROM tasks",
    "paper_keywords": """SELECT p.key, k.name FROM paper_keywords s
        JOIN papers p ON p.id = s.paper_id JOIN keywords k ON k.id = s.keyword_id""",
    "keywords": "SELECT name FROM keywords",
    "frameworks": "SELECT name FROM frameworks",
    "metrics": "SELECT key, name, slug, family, higher_is_better FROM metrics",
    "metric_aliases": """SELECT m.key, a.alias FROM metric_aliases a
        JOIN metrics m ON m.id = a.metric_id""",
    "datasets": "SELECT key, name, slug FROM datasets",
    "dataset_aliases": """SELECT d.key, a.alias FROM dataset_aliases a
        JOIN datasets d ON d.id = a.dataset_id""",
    "paper_sources": """SELECT c.name, p.key, s.record_hash, s.title_hash, s.abstract_hash,
        s.is_named, s.item_hash, s.position, s.record FROM paper_sources s
        JOIN documents c ON c.id = s.document_id JOIN papers p ON p.id = s.paper_id""",
    "documents": """SELECT c.name, c.format, c.sha256, c.bytes, c.records_done, c.state, o.name,
        c.digest_day, c.day_basis, c.parser_version FROM documents c
        LEFT JOIN documents o ON o.id = c.copy_of_id""",
    "problems": """SELECT c.name, b.why, b.raw, b.closed_run_id IS NULL FROM problems b
        JOIN documents c ON c.id = b.document_id""",
}


def snapshot(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Every table's rows by their natural keys, sorted."""
    with engine.connect() as connection:
        return snapshot_of(connection)


def snapshot_of(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """The same on an open connection."""
    return {
        name: sorted((tuple(row) for row in connection.execute(text(sql))), key=repr)
        for name, sql in QUERIES.items()
    }


def rows(url: str, sql: str) -> list[tuple[Any, ...]]:
    """What a query of a catalog finds, in SQLite's words on every database."""
    with opened(url) as engine, engine.begin() as connection:
        return [tuple(map(plain, row)) for row in connection.execute(text(sql))]


def plain(value: Any) -> Any:
    """A value as SQLite gives it where the query does not say its type.

    >>> plain(dt.datetime(2025, 3, 10, 6, tzinfo=dt.UTC)), plain(dt.date(2025, 3, 10)), plain(True)
    ('2025-03-10 06:00:00.000000', '2025-03-10', 1)
    """
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S.%f}"
    if isinstance(value, dt.date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value
