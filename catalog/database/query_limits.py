"""Limits on SQL that somebody else wrote: its time and memory, and what it can see."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

from catalog.database.bounded_answers import BoundedRows
from catalog.database.safe_functions import make_linear

MAX_VALUE_BYTES = 5_000_000
"""Largest string, blob or row: a time limit does not stop `hex(zeroblob(150000000))`."""

MAX_ANSWER_BYTES = 64_000_000
"""Text in all rows of one query; a thousand of the largest values would take gigabytes."""

MOST_ARGUMENTS = 32
"""Arguments of one function: each path of a `json_set` goes through the whole text again."""

HEAP_BYTES = 512 * 1024 * 1024
"""SQLite's memory in the whole process; a query that wants more fails, the server stays."""

PRIVATE = frozenset({"deliveries"})
"""Tables that the site never reads, not even in free SQL: mail addresses are nobody's business."""

STEPS = 50
"""Instructions of SQLite's between two looks at the clock: a few calls of functions."""

REFUSED = frozenset({"fts3_tokenizer", "json_patch"})
"""Functions that show an address in memory, or take the square of their texts' lengths."""

INSPECTING = frozenset({"sqlite_stmt", "bytecode", "tables_used", "dbstat", "sqlite_dbpage"})
"""Tables that SQLite makes up; the first shows the queries of other readers, the last raw pages."""


def limit(connection: sqlite3.Connection) -> BoundedRows:
    """Bound what one query can make of memory, and what it can see and call."""
    bounds = BoundedRows(sqlite3.Row, MAX_ANSWER_BYTES)

    def may(action: int, name: str | None, other: str | None, *_: str | None) -> int:
        return allowed(bounds, action, name, other)

    connection.set_authorizer(may)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
    connection.setlimit(sqlite3.SQLITE_LIMIT_FUNCTION_ARG, MOST_ARGUMENTS)
    make_linear(connection, longest=MAX_VALUE_BYTES)
    connection.row_factory = bounds
    connection.execute(f"PRAGMA hard_heap_limit = {HEAP_BYTES}").close()
    return bounds


def allowed(bounds: BoundedRows, action: int, name: str | None, other: str | None) -> int:
    """Answer SQLite's authorizer; it asks when a statement is prepared, not for each row.

    Private columns are read as null.
    """
    if action == sqlite3.SQLITE_FUNCTION:
        is_fine = other not in REFUSED and bounds.may_call()
        return sqlite3.SQLITE_OK if is_fine else sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_READ and name in INSPECTING:
        return sqlite3.SQLITE_DENY
    is_private = action == sqlite3.SQLITE_READ and name in PRIVATE
    return sqlite3.SQLITE_IGNORE if is_private else sqlite3.SQLITE_OK


@contextmanager
def within(connection: sqlite3.Connection, milliseconds: float) -> Iterator[None]:
    """Interrupt the queries of the block when the time is over, and count their calls anew."""
    deadline = time.perf_counter() + milliseconds / 1000
    factory = connection.row_factory
    bounds = factory if isinstance(factory, BoundedRows) else None
    if bounds is not None:
        bounds.calls = 0
    connection.set_progress_handler(lambda: time.perf_counter() >= deadline, STEPS)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)
        if bounds is not None:
            bounds.calls = None
