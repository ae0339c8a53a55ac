"""Find documents that have moved to another path, and rename them."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, delete, select, update

from catalog.domain.errors import CatalogError
from catalog.domain.formatting import plural
from catalog.models import table
from etl.formats.toolkit.printed_days import day_in_name
from etl.ingest.inputs import document_name

FEW = 5
"""Names that a message lists."""


class Known(Struct, frozen=True):
    """A document in the catalog."""

    id: int
    name: str
    sha256: str
    state: str
    copy_of_id: int | None


def follow(connection: Connection, name: str, sha256: str) -> str | None:
    """Rename the document that has moved to the path `name`; return its old name, or None.

    It has moved if it has the same bytes, its old path is gone, and the new one is not known.
    """
    document = table("documents")
    if connection.scalar(select(document.c.id).where(document.c.name == name)) is not None:
        return None
    alike = _known(connection, document.c.sha256 == sha256)
    gone = [one for one in alike if is_gone(one.name) and not are_of_two_days(one.name, name)]
    if not gone:
        return None
    moved = min(gone, key=lambda one: (one.state == "copy", one.name))
    _rename(connection, [(moved.id, name)])
    return moved.name


def is_gone(name: str) -> bool:
    """Return true if a document's name is a path at which there is nothing any more."""
    return name.startswith("/") and not Path(name).exists()


def are_of_two_days(one: str, other: str) -> bool:
    """Return whether the names of two documents state a day each, and not the same."""
    days = day_in_name(one), day_in_name(other)
    return None not in days and days[0] != days[1]


def relocate(connection: Connection, old: str, new: str) -> list[tuple[str, str]]:
    """Rename a document, or all documents of a folder; return their old and new names.

    Raises:
        CatalogError: there is no such document, or another one has a new name already.

    """
    old, new = document_name(Path(old)), document_name(Path(new))
    moving = documents_at(connection, old)
    if not moving:
        raise CatalogError(
            f"there is no document at {old}",
            why="nothing of this path was loaded",
            hint="list the documents with: catalog documents",
        )
    names = {one.id: new + one.name.removeprefix(old) for one in moving}
    _make_way(connection, moving, set(names.values()))
    _rename(connection, list(names.items()))
    return [(one.name, names[one.id]) for one in moving]


def documents_at(connection: Connection, path: str) -> list[Known]:
    """Return the document at a path, or those of the folder; copies come before others.

    The root is no folder of documents: "$FOLDER/" is the root where the variable is not set.
    """
    if path == "/":
        return []
    name = table("documents").c.name
    below = path.rstrip("/") + "/"
    found = _known(connection, (name == path) | name.startswith(below, autoescape=True))
    exact = [one for one in found if one.name == path or one.name.startswith(below)]
    return sorted(exact, key=lambda one: (one.state != "copy", one.name))


def _make_way(connection: Connection, moving: Sequence[Known], names: set[str]) -> None:
    """Delete copies of moving documents that have their new names.

    Raises:
        CatalogError: other documents have them.

    """
    document = table("documents")
    ids = {one.id for one in moving}
    standing = [
        one for one in _known(connection, document.c.name.in_(sorted(names))) if one.id not in ids
    ]
    other = [one.name for one in standing if one.copy_of_id not in ids]
    if other:
        raise CatalogError(
            f"cannot relocate {plural(len(moving), 'document')}",
            why=f"the catalog has other documents at {', '.join(sorted(other)[:FEW])}",
            hint="forget either of them first: catalog forget PATH",
        )
    connection.execute(delete(document).where(document.c.id.in_([one.id for one in standing])))


def _known(connection: Connection, condition: ColumnElement[bool]) -> list[Known]:
    document = table("documents")
    columns = [document.c[name] for name in Known.__struct_fields__]
    found = connection.execute(select(*columns).where(condition).order_by(document.c.name))
    return [Known(*row) for row in found]


def _rename(connection: Connection, names: Sequence[tuple[int, str]]) -> None:
    """Rename documents, by way of names that nobody has: old and new ones may overlap."""
    document = table("documents")
    for prefix in ("moving:", ""):
        for number, name in names:
            statement = update(document).where(document.c.id == number)
            connection.execute(statement.values(name=f"{prefix}{name}"))
