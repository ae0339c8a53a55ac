"""Limits on SQL that somebody else wrote: how much memory it takes, and what it can see."""

import sqlite3

from catalog.database.bounded_answers import BoundedRows
from catalog.database.safe_functions import make_linear

MAX_VALUE_BYTES = 5_000_000
"""Largest string, blob or row: a time limit does not stop `hex(zeroblob(150000000))`."""

MAX_ANSWER_BYTES = 64_000_000
"""Text in all rows of one query; a thousand of the largest values would take gigabytes."""

HEAP_BYTES = 512 * 1024 * 1024
"""SQLite's memory in the whole process; a query that wants more fails, the server stays."""

PRIVATE = frozenset({"deliveries"})
"""Tables that the site never reads, not even in free SQL: mail addresses are nobody's business."""

INSPECTING = frozenset({"sqlite_stmt", "bytecode", "tables_used", "dbstat", "sqlite_dbpage"})
"""Tables that SQLite makes up; the first shows the queries of other readers, the last raw pages."""


def limit(connection: sqlite3.Connection) -> None:
    """Bound what one query can make of memory, and what it can see."""
    connection.set_authorizer(_may)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
    make_linear(connection, longest=MAX_VALUE_BYTES)
    connection.row_factory = BoundedRows(sqlite3.Row, MAX_ANSWER_BYTES)
    connection.execute(f"PRAGMA hard_heap_limit = {HEAP_BYTES}").close()


def _may(action: int, table: str | None, *rest: str | None) -> int:
    """Read private columns as null; SQLite asks when a statement is prepared, not for each row."""
    if action == sqlite3.SQLITE_FUNCTION and rest[0] == "fts3_tokenizer":
        return sqlite3.SQLITE_DENY  # it shows an address in memory
    if action == sqlite3.SQLITE_READ and table in INSPECTING:
        return sqlite3.SQLITE_DENY
    is_private = action == sqlite3.SQLITE_READ and table in PRIVATE
    return sqlite3.SQLITE_IGNORE if is_private else sqlite3.SQLITE_OK
