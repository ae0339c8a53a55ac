"""Open engines and check the schema; the only module that opens connections."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from catalog.database.postgres_locks import begin_writing
from catalog.domain.errors import CatalogError, LockedError
from catalog.installed import adding

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

FILE = "file:"
"""The beginning of a file's address in SQLite's own form: https://sqlite.org/uri.html"""

POSTGRES = "postgresql+psycopg://"
"""The beginning of a PostgreSQL address: its server and its driver."""


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


def parse_url(url: str) -> URL:
    """Parse an SQLAlchemy URL, SQLite's own `file:` address, or a plain path to an SQLite file.

    Raises:
        CatalogError: it is none of them.

    >>> str(parse_url("sqlite:///file:catalog.db?uri=true"))
    'sqlite:///catalog.db'
    """
    is_url = "://" in url and not url.startswith(FILE)
    try:
        parsed = make_url(url) if is_url else URL.create("sqlite", database=url)
        parsed.get_dialect().import_dbapi()
    except (ArgumentError, ImportError, ValueError) as error:
        raise CatalogError(
            f"cannot use the database {url.split('@')[-1]}",
            why=str(error),
            hint=_address_hint(url),
        ) from error
    return _plain_file(parsed) if parsed.get_backend_name() == "sqlite" else parsed


def _address_hint(url: str) -> str:
    """Write how to name a database, and what to write instead of PostgreSQL's own scheme."""
    how = f"give --db an address such as sqlite:///catalog.db or {POSTGRES}HOST/NAME"
    if url.startswith("postgres://"):
        how = f"write {POSTGRES} in place of postgres://"
    return f"{how}; where the driver of PostgreSQL is missing, {adding('postgres')}"


def _plain_file(url: URL) -> URL:
    """Convert an SQLite URL to one of a plain path: one file has one name in every command.

    Raises:
        CatalogError: it has options, which would hold for some connections and not for others,
            or names another machine.

    """
    name, options = str(url.database or ""), dict(url.query)
    what = f"cannot use the database {name}"
    if name.startswith(FILE):
        parts = urlsplit(name)
        if parts.netloc not in {"", "localhost"}:
            why = f"its address names another machine, {parts.netloc}"
            raise CatalogError(what, why=why, hint=f"write {FILE}///PATH, with three slashes")
        name = unquote(parts.path)
        options |= dict(parse_qsl(parts.query, keep_blank_values=True))
    options.pop("uri", None)
    if options:
        raise CatalogError(
            what,
            why=f"its address has options: {', '.join(sorted(options))}",
            hint="leave the options out; each command itself decides how it opens the file",
        )
    return URL.create("sqlite", database=name)


def require_file(url: str) -> None:
    """Refuse an SQLite database in memory, which no other command would ever see.

    Raises:
        CatalogError: `url` names no file and no server.

    """
    if parse_url(url).get_backend_name() == "sqlite" and sqlite_file(url) is None:
        raise CatalogError(
            f"cannot use the database {url or repr(url)}",
            why="it names no file, so the catalog would be in memory and lost with the command",
            hint="give --db an address such as sqlite:///catalog.db",
        )


def sqlite_file(url: str) -> Path | None:
    """Return the path of an SQLite file; None for a server or a database in memory."""
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
        return None
    return Path(str(parsed.database))


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
    engine = make_engine(
        url, read_only=read_only, foreign_keys=foreign_keys, busy_timeout=busy_timeout
    )
    try:
        yield engine
    finally:
        engine.dispose()


def alembic_config(url: str) -> Config:
    """Make an Alembic configuration that needs no ini file and no working directory."""
    here = Path(__file__).resolve().parents[1]
    packaged = here / "migrations"
    config = Config()
    config.set_main_option(
        "script_location", str(packaged if packaged.is_dir() else here.parent / "migrations")
    )
    config.attributes["url"] = url
    return config


@cache
def head_revision() -> str:
    """Return the schema revision that this version of the program needs."""
    head = ScriptDirectory.from_config(alembic_config("")).get_current_head()
    if head is None:  # pragma: no cover - the package always holds its migrations
        msg = "the package holds no migrations"
        raise RuntimeError(msg)
    return head


def current_revision(engine: Engine) -> str | None:
    """Return the database's schema revision; None if it has no tables of ours.

    Raises:
        CatalogError: the database cannot be read, or is none.

    """
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as error:
        raise cannot_open(engine.url, error) from error


def holds_tables(engine: Engine) -> bool:
    """Return true if the database has tables besides Alembic's own."""
    return bool(set(inspect(engine).get_table_names()) - {"alembic_version"})


def is_unfinished(engine: Engine) -> bool:
    """Return true if a command was killed while it created this catalog: nothing is in it yet."""
    revision = current_revision(engine)
    if revision == head_revision() or revision not in known_revisions():
        return False
    names = set(inspect(engine).get_table_names()) - {"alembic_version"}
    quote = engine.dialect.identifier_preparer.quote
    tables = [quote(name) for name in names if not name.startswith("papers_fts")]
    with engine.connect() as connection:
        return not any(
            connection.exec_driver_sql(f"SELECT 1 FROM {name} LIMIT 1").first()  # noqa: S608 - names
            for name in tables
        )


def known_revisions() -> set[str]:
    """Return every schema revision that this version of the program knows."""
    script = ScriptDirectory.from_config(alembic_config(""))
    return {revision.revision for revision in script.walk_revisions()}


def require_current(engine: Engine, *, doing: str) -> None:
    """Check that the schema is the one that this version needs.

    `doing` completes "cannot ...", e.g. "read" or "load into".

    Raises:
        CatalogError: it is older, newer, or not there; its hint says what to run.

    """
    name = shown(engine.url)
    found, head = current_revision(engine), head_revision()
    if found == head:
        return
    what = f"cannot {doing} {name}"
    if found is None and holds_tables(engine):
        raise CatalogError(
            what,
            why="it contains tables of another program, and no catalog",
            hint="name another file or database with --db",
        )
    if found is None:
        raise CatalogError(
            what,
            why="it contains no catalog",
            hint='load something first: "catalog load FILE", or "catalog demo" to look around',
        )
    if found not in known_revisions():
        raise CatalogError(
            what,
            why=f"its schema is {found}, newer than this version's {head}",
            hint="use the newer version of paper-catalog that wrote it",
        )
    raise CatalogError(
        what,
        why=f"its schema is {found}, but this version needs {head}",
        hint='run "catalog db upgrade" (a backup is made first)',
    )


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


def shown(url: URL) -> str:
    """Format a database's URL for messages: the file, or the URL without password."""
    if url.get_backend_name() != "sqlite":
        return url.render_as_string(hide_password=True)
    name = str(url.database or ":memory:")
    return unquote(name.removeprefix("file://")) if name.startswith("file://") else name


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
    if not error.connection_invalidated and not isinstance(error, OperationalError):
        hint = "run the same command again: what was committed stays; if it fails again, report it"
    return CatalogError(f"cannot use {shown(url)}", why=reason.splitlines()[0], hint=hint)


def upgrade(url: str, revision: str = "head") -> None:
    """Upgrade the database to a revision, creating it if needed."""
    from alembic import command

    command.upgrade(alembic_config(url), revision)
