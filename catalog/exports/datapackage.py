"""Describe the tables of an export as a data package (https://datapackage.org/)."""

from collections.abc import Sequence
from hashlib import file_digest
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from catalog.reads.whole_tables import WholeColumn, WholeTable

MEDIA_TYPES = {
    "csv": "text/csv",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
}


class WrittenTable(Struct, frozen=True):
    """A table that was written to a file."""

    table: WholeTable
    file: Path
    rows: int


def describe(form: str, written: Sequence[WrittenTable], *, where: str = "") -> bytes:
    """Write the description of an export: each file with its columns, keys and checksum.

    Nothing in it depends on the day: the same catalog gives the same bytes.
    """
    names = {one.table.name for one in written}
    excerpt = f" Only papers that the search finds: {where}" if where else ""
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "paper-catalog",
        "title": "Paper Catalog",
        "description": "Papers, the numbers they claim, their code and digest days, with the "
        f"sources of each.{excerpt}",
        "resources": [_resource(form, one, names) for one in written],
    }
    return msgspec.json.format(msgspec.json.encode(package), indent=1) + b"\n"


def _resource(form: str, written: WrittenTable, names: set[str]) -> dict[str, Any]:
    with written.file.open("rb") as stream:
        digest = file_digest(stream, "sha256").hexdigest()
    return {
        "name": written.table.name,
        "type": "table",
        "path": written.file.name,
        "description": written.table.comment,
        "format": form,
        "mediatype": MEDIA_TYPES[form],
        **({} if form == "parquet" else {"encoding": "utf-8"}),
        "bytes": written.file.stat().st_size,
        "hash": f"sha256:{digest}",
        "schema": _schema(written.table, names),
    }


def _schema(table: WholeTable, names: set[str]) -> dict[str, Any]:
    keys = [
        {
            "fields": [one.column],
            "reference": {
                "resource": "" if one.table == table.name else one.table,
                "fields": [one.target],
            },
        }
        for one in table.references
        if one.table in names
    ]
    return {
        "fields": list(map(_field, table.columns)),
        **({"primaryKey": list(table.key)} if table.key else {}),
        **({"foreignKeys": keys} if keys else {}),
    }


def _field(column: WholeColumn) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": "string" if column.kind == "binary" else column.kind,
    }
    if column.kind == "datetime":
        field["format"] = "any"
    if column.comment:
        field["description"] = column.comment
    if column.is_required:
        field["constraints"] = {"required": True}
    return field
