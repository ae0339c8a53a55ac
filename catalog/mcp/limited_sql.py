"""Run a language model's SQL: read-only, within limits, with helpful errors."""

import math
import sqlite3
from collections.abc import Mapping
from typing import Any

from catalog.database import query_limits
from catalog.database.full_text_limits import refuse_costly
from catalog.database.query_limits import PRIVATE
from catalog.database.readonly import TOO_BIG, is_refusal, let_read, only_reading, refusal
from catalog.domain.errors import CatalogError
from catalog.mcp.answers import Column, Rows, Schema, Table
from catalog.models import Base, table
from catalog.models.descriptions import notes

SECONDS = 5.0
"""Time for one query."""

MOST_ROWS = 1_000
MOST_CHARACTERS = 100_000
"""Text in all rows of an answer: somebody has to read it."""

LONGEST = 10_000
"""Characters of one value; the rest is cut."""

Value = str | int | float | bool | None


def limit(connection: sqlite3.Connection) -> None:
    """Restrict a connection to reading, and to the site's memory limits."""
    bounds = query_limits.limit(connection)

    def may(action: int, name: str | None, other: str | None, *_: str | None) -> int:
        reads = only_reading(action, name, other)
        return reads or query_limits.allowed(bounds, action, name, other)

    let_read(connection, may)


def select(
    connection: sqlite3.Connection,
    sql: str,
    values: Mapping[str, Value],
    *,
    most: int,
    seconds: float = SECONDS,
) -> Rows:
    """Run a query on a limited connection, and return at most a number of rows.

    Raises:
        CatalogError: it is wrong, would do more than read, or takes too long.

    """
    try:
        refuse_costly(connection, sql, values)
        with query_limits.within(connection, seconds * 1000):
            cursor = connection.execute(sql, values)
            if cursor.description is None:
                raise CatalogError(
                    "cannot run this statement", why="it gives no rows", hint="write a SELECT"
                )
            return _taken(cursor, most)
    # A Warning: several statements, to 3.11; the others: a value that SQLite has no room for.
    except (sqlite3.Error, sqlite3.Warning, OverflowError, UnicodeError) as error:
        raise _wrong(str(error), seconds) from error


def _taken(cursor: sqlite3.Cursor, most: int) -> Rows:
    """Take rows while they fit."""
    found = Rows(
        columns=[column[0] for column in cursor.description], rows=[], truncated=False, note=None
    )
    size = 0
    for row in cursor:
        shown = [_shown(value) for value in row]
        size += sum(len(str(value)) for value in shown)
        if len(found.rows) == most or (found.rows and size > MOST_CHARACTERS):
            found.truncated = True
            by_rows = len(found.rows) == most
            cut = f"at {most} rows" if by_rows else f"after {MOST_CHARACTERS} characters of text"
            found.note = (
                f"cut {cut}: aggregate, choose fewer columns, or page with LIMIT and OFFSET"
            )
            break
        found.rows.append(shown)
    cursor.close()
    return found


def _shown(value: Any) -> Any:
    """Convert a value for JSON and for reading."""
    if isinstance(value, bytes):
        return f"({len(value)} bytes)"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # JSON has no infinity
    if isinstance(value, str) and len(value) > LONGEST:
        return f"{value[:LONGEST]}… ({len(value)} characters)"
    return value


def _wrong(why: str, seconds: float) -> CatalogError:
    """Explain what is wrong with a query, and hint how to correct it."""
    hint = "correct the SQL; it is SQLite's; the tool schema lists tables and columns"
    if why == "interrupted":
        why = f"it took longer than {seconds:g} seconds"
        hint = "narrow it with WHERE on an id, a key or a day, or ask for less at a time"
    elif (is_refusal(why) and TOO_BIG not in why) or "readonly" in why:
        why, hint = refusal(why), "write one SELECT, without PRAGMA or ATTACH"
    elif TOO_BIG in why:
        why, hint = (
            refusal(why),
            "ask for fewer characters, e.g. with substr(), or for other columns",
        )
    elif "one statement" in why:
        hint = "send one statement at a time"
    elif "binding" in why:
        hint = "give every :name of the query a value in params"
    return CatalogError("cannot run this query", why=why, hint=hint)


def schema(connection: sqlite3.Connection, wanted: str = "") -> Schema:
    """Describe tables and views by the comments of the models.

    Raises:
        CatalogError: there is none of that name.

    """
    meanings = {column.name: column.comment for column in table("results").columns}
    described = {
        one.name: {column.name: column.comment for column in one.columns}
        for one in Base.metadata.sorted_tables
    }
    sql = "SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY type DESC"
    there = {name: kind for name, kind in connection.execute(sql) if name not in PRIVATE}
    names = [name for name in there if name in described or there[name] == "view"]
    if wanted and wanted not in names:
        raise CatalogError(
            f"there is no table {wanted!r}", why="none has this name", hint=", ".join(names)
        )
    columns = "SELECT name, type FROM pragma_table_info(?)"
    return Schema(
        tables=[
            Table(
                name=name,
                kind=there[name],
                meaning=notes().get(name),
                columns=[
                    Column(
                        name=column,
                        type=type_,
                        meaning=described.get(name, meanings).get(column),
                    )
                    for column, type_ in connection.execute(columns, [name])
                ],
            )
            for name in ([wanted] if wanted else names)
        ]
    )
