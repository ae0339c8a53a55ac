"""Write tables as CSV and as JSON lines."""

import csv
import datetime as dt
import io
from typing import Any, BinaryIO

import msgspec

from catalog.domain.safe_text import spreadsheet_safe
from catalog.exports.contract import TableRows
from catalog.reads.whole_tables import WholeColumn, WholeTable


def write_csv(rows: TableRows, stream: BinaryIO) -> int:
    """Write a table as CSV (RFC 4180) in UTF-8, with a header; return the number of rows.

    Null is an empty cell, true and false are words, instants are in UTC. An apostrophe is put
    before text that a spreadsheet would run as a formula, but for keys.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in rows.table.columns])
    safe = [column.kind == "string" and not is_key(rows.table, column) for column in
            rows.table.columns]  # fmt: skip
    count = 0
    for portion in rows.portions():
        writer.writerows([_cell(*one) for one in zip(row, safe, strict=True)] for row in portion)
        count += len(portion)
    text.detach()
    return count


def is_key(table: WholeTable, column: WholeColumn) -> bool:
    """Tell whether a column names rows, so that its values have to stay as they are."""
    named = {reference.column for reference in table.references}
    return column.name in {*table.key, *named} or column.name.endswith("key")


def _cell(value: Any, safe: bool) -> Any:
    match value:
        case str():
            return spreadsheet_safe(value) if safe else value
        case bool():
            return "true" if value else "false"
        case dt.datetime():
            return _instant(value)
        case bytes():
            return value.hex()
    return value


def _instant(value: dt.datetime) -> str:
    """Write an instant as RFC 3339 has it.

    >>> _instant(dt.datetime(2025, 3, 11, 8, tzinfo=dt.UTC))
    '2025-03-11T08:00:00Z'
    """
    return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def write_jsonl(rows: TableRows, stream: BinaryIO) -> int:
    """Write a table as one JSON object for each row and line; return the number of rows."""
    names = [column.name for column in rows.table.columns]
    encoder, count = msgspec.json.Encoder(), 0
    for portion in rows.portions():
        lines = (encoder.encode(dict(zip(names, row, strict=True))) for row in portion)
        stream.write(b"".join(line + b"\n" for line in lines))
        count += len(portion)
    return count
