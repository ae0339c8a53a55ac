"""Parse tables in parquet: the archive of Papers with Code, and the snapshot of OpenAlex."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from itertools import count
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import msgspec

from catalog.installed import adding
from etl.formats import openalex, pwc_links, pwc_papers, pwc_tables
from etl.formats.contract import Format, FormatError, Head, Reading
from etl.formats.toolkit.json_items import ItemConverter, Outcome, salvaged
from etl.formats.toolkit.json_stream import Item

if TYPE_CHECKING:
    import pyarrow as pa

MAGIC = b"PAR1"
ROWS, TASKS, WORKS = 1_000, 8, 100
"""Rows decoded at once; a task with all its tables can have megabytes, a work 5 MB."""

TABLES: Mapping[frozenset[str], tuple[ItemConverter[Any], int]] = {
    frozenset({"paper_url", "repo_url"}): (pwc_links.ITEMS, ROWS),
    frozenset({"paper_url", "abstract"}): (pwc_papers.ITEMS, ROWS),
    frozenset({"task", "datasets"}): (pwc_tables.ITEMS, TASKS),
    frozenset({"id", "authorships"}): (openalex.ITEMS, WORKS),
}
"""Columns by which a table is known -> how its rows are read, and how many at once."""


def recognises(head: Head) -> bool:
    """Return true if it is parquet; the end of the file says which table."""
    return head.data.startswith(MAGIC)


def parse(stream: BinaryIO, reading: Reading) -> Iterator[Outcome]:
    """Yield what the formats of the same tables in JSON yield for each row.

    https://huggingface.co/pwc-archive

    Raises:
        FormatError: pyarrow is not installed, it is no parquet, or none of the known tables.

    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise FormatError(
            "parquet is read with pyarrow, which is not installed",
            hint=adding("parquet"),
        ) from error
    broken = (pa.ArrowException, OSError, ValueError, OverflowError)
    with tempfile.TemporaryFile() as spool:
        try:
            file = parquet.ParquetFile(_seekable(stream, cast("BinaryIO", spool)))
            form, size = _table(frozenset(file.schema_arrow.names))
            batches = file.iter_batches(batch_size=size)
        except FormatError:
            raise
        except broken as error:
            raise _damaged(error) from error
        yield from salvaged(form.read(_items(batches, broken), reading.unread))


def _table(columns: frozenset[str]) -> tuple[ItemConverter[Any], int]:
    for needed, found in TABLES.items():
        if needed <= columns:
            return found
    raise FormatError(
        f"no known table has the columns {', '.join(sorted(columns))[:300]}",
        hint="known are papers-with-abstracts, links-between-paper-and-code and "
        "evaluation-tables of Papers with Code, and the works of OpenAlex",
    )


def _seekable(stream: BinaryIO, spool: BinaryIO) -> BinaryIO:
    if stream.seekable():
        return stream
    shutil.copyfileobj(stream, spool)
    spool.seek(0)
    return spool


def _items(batches: Any, broken: tuple[type[Exception], ...]) -> Iterator[Item]:
    """Convert the rows to JSON, so that they are checked like those of the JSON form."""
    numbers = count(1)
    while True:
        try:
            batch = next(batches, None)
            rows = [] if batch is None else values(batch.to_struct_array())
            held = [msgspec.json.encode(row) for row in rows]
        except broken as error:
            raise _damaged(error) from error
        if batch is None:
            return
        for raw in held:
            yield Item(f"row {next(numbers)}", raw)


def _damaged(error: Exception) -> FormatError:
    return FormatError(
        f"it is no readable parquet: {str(error)[:300]}",
        hint="check that the file is whole, e.g. fetch it again",
    )


def values(array: "pa.Array") -> list[Any]:
    """Convert an array to Python values, without the nulls of structs.

    The column `metrics` is one struct of some 3,500 metrics, of which a row has a few: as
    dictionaries with every null they would fill the memory.
    """
    from pyarrow import types

    kind = array.type
    if types.is_struct(kind):
        return _structs(array)
    if types.is_map(kind):
        return [None if held is None else dict(held) for held in array.to_pylist()]
    if types.is_list(kind) or types.is_large_list(kind):
        return _lists(array)
    if types.is_temporal(kind):
        return [None if held is None else held.isoformat() for held in array.to_pylist()]
    return cast("list[Any]", array.to_pylist())


def _structs(array: "pa.StructArray") -> list[Any]:
    from pyarrow import compute

    rows: list[Any] = [{} if valid else None for valid in array.is_valid().to_pylist()]
    for field, column in zip(array.type, array.flatten(), strict=True):
        if column.null_count < len(column):
            places = compute.indices_nonzero(column.is_valid()).to_pylist()
            for place, value in zip(places, values(column.drop_null()), strict=True):
                rows[place][field.name] = value
    return rows


def _lists(array: "pa.ListArray") -> list[Any]:
    flat = iter(values(array.flatten()))
    return [
        None if length is None else [next(flat) for _ in range(length)]
        for length in array.value_lengths().to_pylist()
    ]


FORMAT = Format(
    name="pwc-parquet",
    title="Tables in parquet: Papers with Code's archive, OpenAlex's snapshot",
    homepage="https://huggingface.co/pwc-archive",
    licence="CC-BY-SA-4.0; of OpenAlex CC0-1.0",
    rank=20,
    recognises=recognises,
    parse=parse,
)
