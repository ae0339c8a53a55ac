"""Explain why a database cannot be used, and how to go on."""

import sqlite3
from sqlite3 import SQLITE_ERROR

from sqlalchemy import URL
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from catalog.database.database_address import shown
from catalog.domain.errors import CatalogError, LockedError

NO_RIGHT = "42501"
"""PostgreSQL's code of what a user may not do."""


def is_our_mistake(error: DBAPIError) -> bool:
    """Return true if a statement is wrong; else disk, file, server or rights are in the way."""
    if _is_forbidden(error):
        return False
    is_of_database = type(error) in (OperationalError, DatabaseError)
    return not is_of_database or getattr(error.orig, "sqlite_errorcode", None) == SQLITE_ERROR


def _is_forbidden(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) == NO_RIGHT


def cannot_open(url: URL, error: DBAPIError) -> CatalogError:
    """Explain why a database cannot be used, with a hint for the user."""
    reason = str(error.orig)
    hint = "check the path and its permissions"
    if url.get_backend_name() != "sqlite":
        return _cannot_reach(url, error)
    if isinstance(error.orig, sqlite3.DatabaseError):
        if "not a database" in reason:
            hint = "name another file with --db: this one is not an SQLite database"
        elif "malformed" in reason:
            hint = 'restore a backup with "catalog db restore"'
        elif "locked" in reason:
            return LockedError(
                f"cannot use {shown(url)}",
                why=f"{reason}: another program is writing to it and keeps it locked",
                hint="try again when that program has finished",
            )
        elif "readonly" in reason:
            hint = "check the permissions of the file and of its folder"
        elif "full" in reason or "disk I/O" in reason:
            hint = "free some space and run the same command again: it continues from there"
    return CatalogError(f"cannot use {shown(url)}", why=reason, hint=hint)


def _cannot_reach(url: URL, error: DBAPIError) -> CatalogError:
    """Explain why a server cannot be used; the first line of its message says most."""
    reason = str(error.orig).strip() or type(error.orig).__name__
    if "lock timeout" in reason:
        return LockedError(
            f"cannot use {shown(url)}",
            why="another command is writing to it and keeps it locked",
            hint="try again when that command has finished",
        )
    hint = "check the address, the user and the password, and whether the server is running"
    if _is_forbidden(error):
        hint = "run it as a user who may do this, or let the owner of the database grant it"
    elif not error.connection_invalidated and not isinstance(error, OperationalError):
        hint = "run the same command again: what was committed stays; if it fails again, report it"
    return CatalogError(f"cannot use {shown(url)}", why=reason.splitlines()[0], hint=hint)
