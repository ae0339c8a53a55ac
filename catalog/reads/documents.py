"""List the documents that the catalog was loaded from, with their state."""

import datetime as dt

from msgspec import Struct

from catalog.reads.asking import Read, rows


class ListedDocument(Struct, kw_only=True):
    """A document and what it supplies."""

    name: str
    format: str
    state: str
    copy_of: str | None
    """Name of the document with the same bytes that was loaded instead."""
    records: int
    """Records of it that are in the catalog."""
    problems: int
    """Problems of it that are open."""
    day: dt.date | None
    """Day of the digest that it is."""
    read_at: dt.datetime


DOCUMENTS = """
SELECT d.name, d.format, d.state, o.name AS copy_of,
       (SELECT count(*) FROM paper_sources s WHERE s.document_id = d.id) AS records,
       (SELECT count(*) FROM problems b
         WHERE b.document_id = d.id AND b.closed_run_id IS NULL) AS problems,
       d.digest_day AS day, d.read_at
  FROM documents d LEFT JOIN documents o ON o.id = d.copy_of_id
 WHERE lower(d.name) LIKE :pattern ESCAPE '!'
 ORDER BY d.name LIMIT :most
"""


def documents(part: str = "", most: int = 1_000_000) -> Read[list[ListedDocument]]:
    """List documents whose path or address contains some words, in any case."""
    escaped = part.strip().lower()
    for sign in "!%_":
        escaped = escaped.replace(sign, f"!{sign}")
    return (yield from rows(DOCUMENTS, ListedDocument, pattern=f"%{escaped}%", most=most))
