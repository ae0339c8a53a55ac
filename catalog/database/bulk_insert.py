"""Insert rows in bulk, on SQLite by multi-row INSERT, on PostgreSQL by COPY."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain, islice
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Date,
    Dialect,
    Table,
    collate,
    func,
    insert,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

Row = dict[str, Any]
Values = tuple[Any, ...]

FEW = 20
"""Rows up to which a plain INSERT does as well."""

MANY = 1_000
"""Rows in one INSERT: more of them gain nothing."""


def insert_many(connection: Connection, target: Table, rows: Sequence[Row]) -> None:
    """Insert rows that all have the same columns."""
    if len(rows) <= FEW:
        if rows:
            connection.execute(insert(target), rows)
    elif connection.dialect.name == "postgresql":
        _copy(connection, target, rows)
    else:
        _insert(connection, target, rows)


def next_id(connection: Connection, target: Table) -> int:
    """Return the id after a table's highest; the caller must hold the writers' lock.

    To number many rows so is cheaper than to ask the database for each one's id.
    """
    return (connection.scalar(select(func.max(target.c.id))) or 0) + 1


def _insert(connection: Connection, target: Table, rows: Sequence[Row]) -> None:
    """Insert rows by handwritten statements, which are faster than SQLAlchemy's."""
    names = tuple(rows[0])
    size = min(MANY, connection.dialect.insertmanyvalues_max_parameters // len(names))
    values = iter(_values(connection.dialect, target, rows))
    while portion := list(islice(values, size)):
        statement = _statement(connection.dialect, target, names, len(portion))
        connection.exec_driver_sql(statement, tuple(chain.from_iterable(portion)))


@lru_cache(maxsize=32)
def _statement(dialect: Dialect, target: Table, names: Sequence[str], size: int) -> str:
    """Build an INSERT for a number of rows."""
    into = _columns(dialect, target, names)
    row = f"({', '.join('?' * len(names))})"
    return f"INSERT INTO {into} VALUES {', '.join([row] * size)}"  # noqa: S608 - names of ours


def _columns(dialect: Dialect, target: Table, names: Iterable[str]) -> str:
    quote = dialect.identifier_preparer.quote
    return f"{quote(target.name)} ({', '.join(map(quote, names))})"


def _values(dialect: Dialect, target: Table, rows: Sequence[Row]) -> Iterable[Values]:
    """Convert the rows' values to what the database's driver accepts."""
    names = list(rows[0])
    pick: Callable[[Row], Values] = (
        itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],)
    )
    converters = [_converter(target.c[name].type, dialect) for name in names]
    if not any(converters):
        return map(pick, rows)
    # Column by column: a loop over the values of each row takes three times as long.
    columns: list[Iterable[Any]] = list(zip(*map(pick, rows), strict=True))
    for place, convert in enumerate(converters):
        if convert:
            columns[place] = map(convert, columns[place])
    return zip(*columns, strict=True)


def _converter(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return what turns a value into one of the driver's; None where it is one as it is."""
    if dialect.name == "sqlite" and isinstance(kind, Boolean):
        return None
    if dialect.name == "sqlite" and isinstance(kind, Date):
        return _day
    return kind.bind_processor(dialect)


def _day(value: dt.date | None) -> str | None:
    return value.isoformat() if value else None


def _copy(connection: Connection, target: Table, rows: Sequence[Row]) -> None:
    """Insert rows by PostgreSQL's COPY, which is several times as fast as INSERT.

    Raises:
        DBAPIError: what the server says against them, as after any other statement.

    """
    dialect = connection.dialect
    statement = f"COPY {_columns(dialect, target, rows[0])} FROM STDIN"
    raw: Any = connection.connection.driver_connection
    errors: Any = dialect.loaded_dbapi.Error
    try:
        with raw.cursor() as cursor, cursor.copy(statement) as copy:
            for values in _values(dialect, target, rows):
                copy.write_row(values)
    except errors as error:
        raise DBAPIError.instance(statement, None, error, errors, dialect=dialect) from error


def by_code_points(connection: Connection, column: ColumnElement[str]) -> ColumnElement[str]:
    """Sort a column by code points, as Python and SQLite do, in any server's language."""
    return collate(column, "C") if connection.dialect.name == "postgresql" else column
