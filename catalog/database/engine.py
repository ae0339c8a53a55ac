"""Open engines that write or only read; the only module that opens connections."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError

from catalog.database.database_address import parse_url, require_file, shown, sqlite_file
from catalog.database.postgres_locks import begin_writing
from catalog.database.schema_revision import require_current
from catalog.domain.errors import CatalogError

BUSY_TIMEOUT = 30_000
"""Milliseconds that an SQLite connection waits for another one's lock."""

PORTION = 1_000
"""Milliseconds that it waits at a time; between them a signal is heard."""

CACHE = 64 << 10
"""KB of pages that a writing SQLite connection keeps. New keys stand anywhere in an index: with
SQLite's own 2 MB most of its pages are read and written again for every batch of rows."""

LOG = 32 << 10
"""KB that gather in SQLite's log before they go into the file: a page counts once, however often it
was written since. SQLite's own 4 MB are less than one batch."""

PAGE = 4
"""KB in a page of SQLite's."""


def make_engine(
    url: str,
    *,
    read_only: bool = False,
    foreign_keys: bool = True,
    busy_timeout: int = BUSY_TIMEOUT,
) -> Engine:
    """Make an engine that writes, or one that only reads and creates no file (`read_only`).

    On SQLite transactions are real: sqlite3's legacy mode does not BEGIN before DDL or SELECT,
    so SQLAlchemy does (its docs, "Transactions with SQLite and the sqlite3 driver"). A writer
    takes the lock with BEGIN IMMEDIATE and waits for it: after a deferred BEGIN, a read that
    turns into a write when someone else has committed is refused at once, whatever the timeout.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite":
        return _server_engine(parsed, read_only=read_only, busy_timeout=busy_timeout)
    engine = create_engine(_read_only(parsed) if read_only else parsed)
    # Many rows in one statement: FTS5 writes its pending terms at the end of every statement, so
    # that rows one by one cost two and a half times as much.
    engine.dialect.use_insertmanyvalues_wo_returning = True
    pragmas = [
        f"busy_timeout = {busy_timeout}",  # first: turning WAL on needs the lock as well
        f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
    ]
    if not read_only:  # WAL stays in the file, for readers too; in memory it does nothing
        pragmas += ["journal_mode = WAL", "synchronous = NORMAL"]
        pragmas += [f"cache_size = -{CACHE}", f"wal_autocheckpoint = {LOG // PAGE}"]
        pragmas += [f"busy_timeout = {min(busy_timeout, PORTION)}"]

    @event.listens_for(engine, "connect")
    def _on_connect(raw: Any, _record: object) -> None:
        raw.isolation_level = None
        for pragma in pragmas:
            raw.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        if read_only:
            connection.exec_driver_sql("BEGIN")
        else:
            _begin_immediate(connection, time.monotonic() + busy_timeout / 1000)

    return engine


def _server_engine(url: URL, *, read_only: bool, busy_timeout: int) -> Engine:
    """Make an engine for PostgreSQL, whose writing transactions take turns."""
    engine = create_engine(url, execution_options={"postgresql_readonly": read_only})
    if not read_only:

        @event.listens_for(engine, "begin")
        def _on_begin(connection: Connection) -> None:
            begin_writing(connection, busy_timeout)

    return engine


def _begin_immediate(connection: Connection, deadline: float) -> None:
    """Wait for SQLite's lock in short intervals, so that Ctrl-C is heard between them."""
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError as error:
            if "locked" not in str(error.orig) or time.monotonic() > deadline:
                raise
        else:
            return


def _read_only(url: URL) -> URL:
    """Convert the URL of an SQLite file to one that opens it with mode=ro."""
    if url.database in {None, "", ":memory:"}:
        msg = f"{url} lives in memory: there is nothing to read"
        raise ValueError(msg)
    file = Path(str(url.database)).resolve()
    options = {**read_only_options(file), "uri": "true"}
    return url.set(database=file.as_uri()).update_query_dict(options)


def read_only_options(file: Path) -> dict[str, str]:
    """Return the URL parameters that open a file read-only, even on a read-only disk."""
    wal = file.with_name(f"{file.name}-wal")
    if os.access(file.parent, os.W_OK) or wal.exists():
        return {"mode": "ro"}
    # Even to read, SQLite wants to make a file beside one in WAL mode; where it cannot, as on a
    # read-only disk, it has to be told that nobody writes: https://sqlite.org/wal.html#readonly
    return {"mode": "ro", "immutable": "1"}


def _undo_what_was_broken_off(file: Path) -> None:
    """Let SQLite undo the change of a program that was killed, which a reader may not.

    A catalog has a journal only until its first connection turns WAL on, and other programs' files
    at any time. Where nothing may be written the reader says so.
    """
    if not file.with_name(f"{file.name}-journal").exists():
        return
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=rw", uri=True)) as raw,
    ):
        raw.execute("SELECT count(*) FROM sqlite_schema").fetchone()


@contextmanager
def opened(
    url: str,
    *,
    read_only: bool = False,
    foreign_keys: bool = True,
    busy_timeout: int = BUSY_TIMEOUT,
) -> Iterator[Engine]:
    """Open an engine, and dispose of it after the block.

    Python 3.13 warns of every connection that is left open.
    """
    file = sqlite_file(url)
    if read_only and file is not None:
        _undo_what_was_broken_off(file)
    engine = make_engine(
        url, read_only=read_only, foreign_keys=foreign_keys, busy_timeout=busy_timeout
    )
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def reading(url: str) -> Iterator[Engine]:
    """Open an engine that only reads an existing, up-to-date catalog.

    Raises:
        CatalogError: it is missing, no catalog, or of another revision.

    """
    require_file(url)
    file = sqlite_file(url)
    if file is not None and not file.exists():
        raise CatalogError(
            f"cannot read {file}",
            why="there is no such file",
            hint='name the catalog with --db, load something into a new one with "catalog load '
            'FILE", or try "catalog demo"',
        )
    if file is not None and file.is_dir():
        raise CatalogError(
            f"cannot read {file}", why="it is a folder", hint="name a file with --db"
        )
    with opened(url, read_only=True) as engine:
        require_current(engine, doing="read")
        yield engine


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Open a connection that sees one state of a catalog, whatever is committed meanwhile."""
    with engine.connect() as plain:
        connection = plain
        if engine.dialect.name == "postgresql":
            connection = plain.execution_options(isolation_level="REPEATABLE READ")
        connection.execute(text("SELECT version_num FROM alembic_version"))
        yield connection


def file_to_read(url: str, *, doing: str, command: str) -> Path:
    """Return the path of an SQLite catalog, after checking its schema.

    `doing` completes "cannot ...", e.g. "serve"; `command` is the one that reads files only.

    Raises:
        CatalogError: it is missing, no catalog, of another revision, or on a server.

    """
    with reading(url) as engine:
        file, name = sqlite_file(url), shown(engine.url)
    if file is None:
        raise CatalogError(
            f"cannot {doing} {name}",
            why="this command reads only SQLite files",
            hint=f"{doing} a copy, which the same command updates later: "
            f"catalog copy {name} catalog.db, then: catalog --db catalog.db {command}",
        )
    return file.resolve()
