"""SQL in bulk: long IN lists, and rows by the thousand."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, bindparam, delete, update

from catalog.database.bulk_insert import Row as Row
from catalog.database.bulk_insert import insert_many
from catalog.models import table

Item = TypeVar("Item")

CHUNK = 1_000
"""Values in one IN list: far from every database's limit on parameters."""

LISTED = 5_000
"""Values in one list that is a parameter of its own, as `is_among` makes it."""


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    """Split items into lists of at most `size`."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def insert_rows(connection: Connection, name: str, rows: Sequence[Row]) -> None:
    """Insert rows that all have the same columns."""
    insert_many(connection, table(name), rows)


def update_rows(connection: Connection, name: str, rows: Sequence[Row]) -> None:
    """Update rows by id; all have the same columns."""
    if rows:
        target = table(name)
        columns = [column for column in rows[0] if column != "id"]
        statement = (
            update(target)
            .where(target.c.id == bindparam("id_"))
            .values({column: bindparam(column) for column in columns})
        )
        connection.execute(
            statement, [{"id_": row["id"], **{c: row[c] for c in columns}} for row in rows]
        )


def delete_rows(connection: Connection, name: str, keys: Sequence[Row]) -> None:
    """Delete rows by the columns that each key names; all keys name the same ones."""
    if keys:
        target = table(name)
        matches = [target.c[column] == bindparam(f"{column}_") for column in keys[0]]
        connection.execute(
            delete(target).where(*matches),
            [{f"{column}_": value for column, value in key.items()} for key in keys],
        )


def delete_ids(connection: Connection, name: str, ids: Iterable[int]) -> None:
    """Delete rows by id."""
    delete_rows(connection, name, [{"id": number} for number in sorted(ids)])
