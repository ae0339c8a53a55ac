"""What a statement of SQL may do that somebody else wrote: read, and nothing else."""

import sqlite3

READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
    sqlite3.SQLITE_TRANSACTION,
}
"""What it may do; PRAGMA, ATTACH and all that writes are refused."""

REFUSED_FUNCTIONS = {"load_extension", "fts3_tokenizer"}
"""Functions that reach out of SQL: one loads code, the other shows addresses in memory."""


def only_reading(action: int, _: object, name: str | None, *__: object) -> int:
    """Tell SQLite what a statement may do: an authorizer (sqlite.org/c3ref/set_authorizer.html)."""
    if action == sqlite3.SQLITE_FUNCTION and name in REFUSED_FUNCTIONS:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in READING else sqlite3.SQLITE_DENY
