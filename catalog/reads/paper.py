"""One paper with all that hangs on it, found by whatever name people have for it."""

import json
import re
from typing import Any

from sqlalchemy import Connection, text

from catalog.domain.errors import CatalogError
from catalog.reads.marks import mark_on

ARXIV = re.compile(r"^(https?://)?((www|export)\.)?arxiv\.org/(abs|pdf|html)/|^arxiv:", re.I)
DOI = re.compile(r"^(https?://)?(dx\.)?doi\.org/|^doi:", re.I)

BY_KEY = "SELECT id FROM papers WHERE key = :name"
BY_IDENTIFIER = "SELECT paper_id FROM identifiers WHERE value = :name"
BY_LABEL = "SELECT id FROM papers WHERE lower(label) LIKE :pattern ESCAPE '!' ORDER BY id LIMIT 6"

PARTS = {
    "authors": """SELECT a.name FROM authorships s JOIN authors a ON a.id = s.author_id
        WHERE s.paper_id = :id ORDER BY s.position""",
    "identifiers": "SELECT scheme, value FROM identifiers WHERE paper_id = :id ORDER BY 1, 2",
    "digests": """SELECT g.day, g.source, e.rank, e.upvotes, e.comments, e.day_basis
        FROM digest_entries e JOIN digests g ON g.id = e.digest_id
        WHERE e.paper_id = :id ORDER BY g.day, g.source""",
    "links": """SELECT l.url, l.kind, o.full_name AS repository, o.stars, l.found_in, l.is_official
        FROM links l LEFT JOIN repositories o ON o.id = l.repository_id
        WHERE l.paper_id = :id ORDER BY l.span_start IS NULL, l.span_start, l.url""",
    "results": """SELECT r.text, r.value, r.value_max, r.unit, m.name AS metric, d.name AS dataset,
        r.kind, r.role, r.model, r.baseline, r.origin, r.rule, r.confidence, r.span_start,
        r.span_end, r.sentence
        FROM results r LEFT JOIN metrics m ON m.id = r.metric_id
        LEFT JOIN datasets d ON d.id = r.dataset_id
        WHERE r.paper_id = :id AND r.state <> 'rejected'
        ORDER BY r.span_start IS NULL, r.span_start, r.id""",
    "sources": """SELECT c.name AS document, c.format, s.position, s.record
        FROM paper_sources s JOIN documents c ON c.id = s.document_id
        WHERE s.paper_id = :id ORDER BY c.name, s.position""",
    "alike": """SELECT DISTINCT p.key, p.label FROM paper_sources s
        JOIN paper_sources t ON t.title_hash = s.title_hash AND t.paper_id <> s.paper_id
        JOIN papers p ON p.id = t.paper_id WHERE s.paper_id = :id ORDER BY p.key""",
}


def find_paper(connection: Connection, name: str) -> int:
    """Key in `papers` of the paper that a user means.

    `name` is its key, an identifier with or without prefix and version, or words of its title.

    Raises:
        CatalogError: none fits, or several do.

    """
    bare = bare_name(name)
    for sql in (BY_KEY, BY_IDENTIFIER):
        found = connection.execute(text(sql), {"name": bare}).scalars().first()
        if found is not None:
            return int(found)
    escaped = re.sub(r"([!%_])", r"!\1", name.strip().lower())
    rows = list(connection.execute(text(BY_LABEL), {"pattern": f"%{escaped}%"}).scalars())
    if len(rows) == 1:
        return int(rows[0])
    if rows:
        raise CatalogError(
            f"cannot tell which paper {name!r} is",
            why=f"{'more than 5' if len(rows) > 5 else len(rows)} titles hold these words",
            mend=f'give more of the title, or find its key with: catalog search "{name}"',
        )
    raise CatalogError(
        f"there is no paper {name!r} in the catalog",
        why="no key, identifier or title is like it",
        mend=f'look for it with: catalog search "{name}"',
    )


def bare_name(name: str) -> str:
    """A name as it is kept: without address, prefix, version.

    >>> bare_name("https://arxiv.org/pdf/2503.12345v2"), bare_name("doi:10.1000/A")
    ('2503.12345', '10.1000/a')
    """
    bare = DOI.sub("", ARXIV.sub("", name.strip()))
    return bare.lower() if bare.startswith("10.") else re.sub(r"(\.pdf|v\d+)$", "", bare)


def label_of(connection: Connection, paper_id: int) -> str:
    """What to show for a paper."""
    label = connection.execute(text("SELECT label FROM papers WHERE id = :id"), {"id": paper_id})
    return str(label.scalar_one())


def paper(connection: Connection, paper_id: int) -> dict[str, Any]:
    """A paper's own columns, under `PARTS`' names the rows that hang on it, and its mark."""
    row = connection.execute(
        text(
            "SELECT key, label, title, abstract, arxiv_id, published_on, updated_on, "
            "first_seen_on, has_code, has_results FROM papers WHERE id = :id"
        ),
        {"id": paper_id},
    ).mappings()
    found = dict(row.one())
    for name, sql in PARTS.items():
        rows = connection.execute(text(sql), {"id": paper_id}).mappings()
        found[name] = [dict(item) for item in rows]
    found["mark"] = mark_on(connection, paper_id)
    for source in found["sources"]:
        source["record"] = json.loads(source["record"])
    return found
