"""Delete documents that a user names, with what only they say."""

from pathlib import Path

from msgspec import Struct
from sqlalchemy import Connection, select

from catalog.domain.errors import CatalogError
from catalog.models import table
from etl.ingest.document_plan import forget_document
from etl.ingest.inputs import document_name
from etl.ingest.moved_documents import documents_at
from etl.ingest.paper_writer import Counts
from etl.ingest.run import Run


def find_document(connection: Connection, name: str) -> tuple[int, str]:
    """Find the document that a user names by path, address, or the end of either.

    Raises:
        CatalogError: none or several fit.

    """
    document = table("documents")
    exact = [name, str(Path(name).resolve())]
    rows = connection.execute(
        select(document.c.id, document.c.name).where(document.c.name.in_(exact))
    ).all() or [
        row
        for row in connection.execute(select(document.c.id, document.c.name))
        if row.name.endswith(f"/{name}") or row.name.startswith(f"sha256:{name}")
    ]
    if len(rows) == 1:
        return rows[0].id, rows[0].name
    if rows:
        listed = ", ".join(sorted(row.name for row in rows)[:5])
        raise CatalogError(
            f"cannot tell which document {name} is",
            why=f"{len(rows)} fit: {listed}",
            hint="give more of its path",
        )
    raise CatalogError(
        f"there is no document {name} in the catalog",
        why="nothing of this name was loaded",
        hint="list the documents with: catalog documents",
    )


class Forgotten(Struct, frozen=True):
    """A document that was deleted."""

    document: str
    copy: str | None
    """The copy that keeps its content, or None."""


def forget(run: Run, name: str) -> tuple[list[Forgotten], Counts]:
    """Delete a document, or those of a folder; return their names, and the counts.

    Raises:
        CatalogError: there is none, or several fit.

    """
    forgotten = []
    with run.writer() as (writer, transaction):
        with transaction():
            path = document_name(Path(name))
            found = [(one.id, one.name) for one in documents_at(writer.connection, path)]
            found = found or [find_document(writer.connection, name)]
        for document_id, full_name in found:
            heir = forget_document(writer, document_id, transaction=transaction)
            forgotten.append(Forgotten(full_name, heir))
        counts = writer.take_counts()
    run.total.add(counts)
    return forgotten, counts
