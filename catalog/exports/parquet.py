"""Write tables as parquet."""

from typing import TYPE_CHECKING, BinaryIO

from catalog.domain.errors import CatalogError
from catalog.exports.contract import TableRows
from catalog.installed import adding
from catalog.reads.whole_tables import Kind, WholeTable

if TYPE_CHECKING:
    import pyarrow as pa


def write_parquet(rows: TableRows, stream: BinaryIO) -> int:
    """Write a table as parquet, with the comments of its columns; return the number of rows.

    Raises:
        CatalogError: pyarrow is not installed.

    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise CatalogError(
            "cannot write parquet", why="pyarrow is not installed", hint=adding("parquet")
        ) from error
    schema, count = _schema(rows.table), 0
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        for portion in rows.portions():
            columns = zip(*portion, strict=True)
            arrays = [
                pa.array(held, field.type) for held, field in zip(columns, schema, strict=True)
            ]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            count += len(portion)
    return count


def _schema(table: WholeTable) -> "pa.Schema":
    """Make the schema of a table, with its comments as metadata."""
    import pyarrow as pa

    types: dict[Kind, pa.DataType] = {
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "string": pa.string(),
        "date": pa.date32(),
        "datetime": pa.timestamp("us", tz="UTC"),
        "binary": pa.binary(),
    }
    fields = [
        pa.field(
            column.name,
            types[column.kind],
            nullable=not column.is_required,
            metadata={"comment": column.comment} if column.comment else None,
        )
        for column in table.columns
    ]
    return pa.schema(fields, metadata={"comment": table.comment})
