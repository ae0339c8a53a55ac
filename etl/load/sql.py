"""Small helpers for SQL in bulk: long IN lists, and rows by the thousand."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, bindparam, collate, delete, insert, update
from sqlalchemy.exc import DBAPIError

from catalog.models import Base

Item = TypeVar("Item")
Row = dict[str, Any]

CHUNK = 1_000
"""Values in one IN list: far from every database's limit on parameters."""

FEW = 20
"""Rows up to which a plain INSERT does as well."""


def table(name: str) -> Table:
    """A table of the schema, by name."""
    return Base.metadata.tables[name]


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    """Split items into lists of at most `size`."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def insert_rows(connection: Connection, name: str, rows: Sequence[Row]) -> None:
    """Insert rows that all have the same columns."""
    if len(rows) > FEW and connection.dialect.name == "postgresql":
        copy_rows(connection, table(name), rows)
    elif rows:
        connection.execute(insert(table(name)), rows)


def copy_rows(connection: Connection, target: Table, rows: Sequence[Row]) -> None:
    """Insert rows by PostgreSQL's COPY: several times as fast as INSERT.

    Raises:
        DBAPIError: what the server says against them, as after any other statement.

    """
    dialect = connection.dialect
    quote = dialect.identifier_preparer.quote
    names = list(rows[0])
    columns = ", ".join(map(quote, names))
    bound = [target.c[name].type.bind_processor(dialect) for name in names]
    statement = f"COPY {quote(target.name)} ({columns}) FROM STDIN"
    raw: Any = connection.connection.driver_connection
    errors: Any = dialect.loaded_dbapi.Error
    try:
        with raw.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([p(row[n]) if p else row[n] for n, p in zip(names, bound)])  # noqa: B905 - made of them
    except errors as error:
        raise DBAPIError.instance(statement, None, error, errors, dialect=dialect) from error


def update_rows(connection: Connection, name: str, rows: Sequence[Row]) -> None:
    """Update rows by their id; all have the same columns."""
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
    """Delete rows by their id."""
    delete_rows(connection, name, [{"id": number} for number in sorted(ids)])


def by_code_points(connection: Connection, column: ColumnElement[str]) -> ColumnElement[str]:
    """A column that compares as Python and SQLite do, whatever a server's language is."""
    return collate(column, "C") if connection.dialect.name == "postgresql" else column
