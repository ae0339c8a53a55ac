"""Restrict a connection to reading, for SQL that others wrote."""

import sqlite3
from collections.abc import Callable

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

TOO_BIG = "string or blob too big"
"""What SQLite says of a value beyond its limit, and of what our functions refuse."""

INDEX = "papers_fts"
"""The full-text index."""


def only_reading(action: int, name: str | None, other: str | None, *_: object) -> int:
    """Return whether an SQL action only reads: SQLite's authorizer."""
    if action == sqlite3.SQLITE_FUNCTION and other in REFUSED_FUNCTIONS:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA and name == "data_version" and other is None:
        return sqlite3.SQLITE_OK  # the full-text index asks for it; nothing can be set by it
    return sqlite3.SQLITE_OK if action in READING else sqlite3.SQLITE_DENY


def refusal(why: str) -> str:
    """Explain in words what SQLite's authorizer refused, from SQLite's message.

    >>> refusal("not authorized to use function: load_extension")
    'the function load_extension is not allowed here, or too many functions are called'
    """
    function = why.partition("use function: ")[2]
    if function:
        return f"the function {function} is not allowed here, or too many functions are called"
    if TOO_BIG in why:
        return "a value is too large, or a pattern of LIKE or GLOB or a format is too long"
    if "prohibited" in why:
        return f"{why.removeprefix('access to ').split('.')[0]} is not shown here"
    return "only SELECT is allowed here, without PRAGMA, ATTACH or anything that writes"


def is_refusal(why: str) -> bool:
    """Return true if a message of SQLite's tells of something that is not allowed here."""
    return any(word in why for word in ("not authorized", "prohibited", TOO_BIG))


def let_read(connection: sqlite3.Connection, authorizer: Callable[..., int] = only_reading) -> None:
    """Restrict a connection to what the authorizer allows.

    A full-text index declares its columns when a connection first sees it, as by CREATE TABLE, so
    that has to be before.
    """
    there = "SELECT 1 FROM sqlite_schema WHERE name = ?"
    if connection.execute(there, [INDEX]).fetchone():
        connection.execute(f"SELECT 1 FROM {INDEX} LIMIT 0").close()  # noqa: S608 - a constant
    connection.set_authorizer(authorizer)
