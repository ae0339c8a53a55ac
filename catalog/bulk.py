"""Rows in bulk, on SQLite by INSERT with many values, on PostgreSQL by COPY."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, collate, insert
from sqlalchemy.exc import DBAPIError

Row = dict[str, Any]

FEW = 20
"""Rows up to which a plain INSERT does as well."""


def insert_many(connection: Connection, target: Table, rows: Sequence[Row]) -> None:
    """Insert rows that all have the same columns."""
    if len(rows) > FEW and connection.dialect.name == "postgresql":
        _copy(connection, target, rows)
    elif rows:
        connection.execute(insert(target), rows)


def _copy(connection: Connection, target: Table, rows: Sequence[Row]) -> None:
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


def by_code_points(connection: Connection, column: ColumnElement[str]) -> ColumnElement[str]:
    """A column that compares as Python and SQLite do, whatever a server's language is."""
    return collate(column, "C") if connection.dialect.name == "postgresql" else column
