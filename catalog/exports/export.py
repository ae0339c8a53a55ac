"""Run an export: choose papers or tables, and write them to a file or a folder."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct
from sqlalchemy import Connection

from catalog.domain.errors import CatalogError
from catalog.exports.contract import Papers, TableRows
from catalog.exports.datapackage import WrittenTable, describe
from catalog.exports.destination import MARKER, whole_file, whole_folder
from catalog.plugins import ExportFormat
from catalog.reads.whole_tables import PRIVATE, WholeTable, is_of_papers, whole_tables


class Exported(Struct, frozen=True, kw_only=True):
    """A report of what was written."""

    counts: dict[str, int]
    """Table -> rows; or "papers", or what else the format writes, and how many."""
    left_out: Sequence[str] = ()
    """Tables of the owner alone, which have to be named."""
    remarks: Sequence[str] = ()
    """What else the format says, such as what it left out."""


def export_papers(form: ExportFormat, papers: Papers, stream: BinaryIO) -> Exported:
    """Write papers in a format to a stream."""
    count = form.write(papers, stream)
    return Exported(counts={form.counted: count}, remarks=papers.remarks)


def export_table(
    connection: Connection,
    form: ExportFormat,
    name: str,
    stream: BinaryIO,
    papers: Sequence[int] | None = None,
) -> Exported:
    """Write one table or view to a stream; with ids of papers only its rows that tell of them.

    Raises:
        CatalogError: there is no such table, or it has no rows of papers.

    """
    (table,) = _named(whole_tables(connection), [name], is_excerpt=papers is not None)
    return Exported(counts={name: form.write(TableRows(connection, table, papers), stream)})


def export_folder(
    connection: Connection,
    form: ExportFormat,
    names: Sequence[str],
    path: Path,
    papers: Sequence[int] | None = None,
    *,
    where: str = "",
) -> Exported:
    """Write tables and views to a folder, a file for each, with a description of them.

    Without names these are all but the private ones. `where` is the search that chose the papers,
    for the description.

    Raises:
        CatalogError: a name is unknown, or the folder has other files.
        OSError: the folder cannot be written.

    """
    known, is_excerpt = whole_tables(connection), papers is not None
    tables = _named(known, names, is_excerpt=is_excerpt) if names else _public(known, is_excerpt)
    with whole_folder(path) as folder:
        written = [
            _write_table(form, TableRows(connection, table, papers), folder) for table in tables
        ]
        (folder / MARKER).write_bytes(describe(form.name, written, where=where))
    left_out = () if names else sorted(PRIVATE & set(known))
    return Exported(counts={one.table.name: one.rows for one in written}, left_out=left_out)


def _public(known: dict[str, WholeTable], is_excerpt: bool) -> list[WholeTable]:
    """List the tables and views that may leave the catalog; of an excerpt those with papers."""
    public = [table for name, table in known.items() if name not in PRIVATE]
    return [table for table in public if not is_excerpt or is_of_papers(table)]


def _named(
    known: dict[str, WholeTable], names: Sequence[str], *, is_excerpt: bool
) -> list[WholeTable]:
    """List tables by their names.

    Raises:
        CatalogError: there is no such table, or a search cannot narrow it.

    """
    for name in names:
        if name not in known:
            raise CatalogError(
                f"cannot export the table {name!r}",
                why="there is no table or view of this name",
                hint=f"name one of: {', '.join(sorted(known))}",
            )
        if is_excerpt and not is_of_papers(known[name]):
            raise CatalogError(
                f"cannot export an excerpt of the table {name!r}",
                why="its rows do not belong to papers",
                hint="leave out --where, or the table",
            )
    return [known[name] for name in names]


def _write_table(form: ExportFormat, rows: TableRows, folder: Path) -> WrittenTable:
    file = folder / f"{rows.table.name}{form.ending}"
    with file.open("wb") as stream:
        count = form.write(rows, stream)
    return WrittenTable(rows.table, file, count)


@contextmanager
def opened_target(path: Path | None, standard: BinaryIO) -> Iterator[BinaryIO]:
    """Open a file that will be whole, or use standard output where none is named."""
    if path is None:
        yield standard
        standard.flush()
        return
    with whole_file(path) as stream:
        yield stream
