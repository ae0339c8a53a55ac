"""Engines, and the state of the schema: the only module that opens a connection."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from catalog.errors import CatalogError

BUSY_TIMEOUT = 30_000
"""Milliseconds that a SQLite connection waits for another one's lock."""


def make_engine(
    url: str,
    *,
    read_only: bool = False,
    foreign_keys: bool = True,
    busy_timeout: int = BUSY_TIMEOUT,
) -> Engine:
    """Engine for `url`: one that writes, or (`read_only`) one that cannot and creates no file.

    On SQLite transactions are real: sqlite3's legacy mode does not BEGIN before DDL or SELECT,
    so SQLAlchemy does (its docs, "Transactions with SQLite and the sqlite3 driver"). A writer
    takes the lock with BEGIN IMMEDIATE and waits for it: after a deferred BEGIN, a read that
    turns into a write when someone else has committed is refused at once, whatever the timeout.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, execution_options={"postgresql_readonly": read_only})
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

    @event.listens_for(engine, "connect")
    def _on_connect(raw: Any, _record: object) -> None:
        raw.isolation_level = None
        for pragma in pragmas:
            raw.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def parse_url(url: str) -> URL:
    """Parse an SQLAlchemy URL; a plain path to a file is taken as SQLite's.

    Raises:
        CatalogError: it is neither.

    """
    if "://" not in url:
        url = f"sqlite:///{url}"
    try:
        parsed = make_url(url)
        parsed.get_dialect()
    except (ArgumentError, ImportError) as error:
        raise CatalogError(
            f"cannot use the database {url}",
            why=str(error),
            mend="give --db an address such as sqlite:///catalog.db",
        ) from error
    return parsed


def sqlite_file(url: str) -> Path | None:
    """Path of the SQLite file that `url` names; None for a server or a database in memory."""
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
        return None
    return Path(str(parsed.database))


def _read_only(url: URL) -> URL:
    """Turn the URL of a SQLite file into one that opens it with mode=ro."""
    if url.database in {None, "", ":memory:"}:
        msg = f"{url} lives in memory: there is nothing to read"
        raise ValueError(msg)
    file = Path(str(url.database)).resolve().as_uri()
    return url.set(database=file).update_query_dict({"mode": "ro", "uri": "true"})


@contextmanager
def opened(
    url: str,
    *,
    read_only: bool = False,
    foreign_keys: bool = True,
    busy_timeout: int = BUSY_TIMEOUT,
) -> Iterator[Engine]:
    """Engine for `url`, closed at the end: Python 3.13 warns of each connection left open."""
    engine = make_engine(
        url, read_only=read_only, foreign_keys=foreign_keys, busy_timeout=busy_timeout
    )
    try:
        yield engine
    finally:
        engine.dispose()


def alembic_config(url: str) -> Config:
    """Alembic configuration for `url` that needs no ini file and no working directory."""
    here = Path(__file__).resolve().parent
    packaged = here / "migrations"
    config = Config()
    config.set_main_option(
        "script_location", str(packaged if packaged.is_dir() else here.parent / "migrations")
    )
    config.attributes["url"] = url
    return config


def head_revision() -> str:
    """Revision of the schema that this version of the program works with."""
    head = ScriptDirectory.from_config(alembic_config("")).get_current_head()
    if head is None:  # pragma: no cover - the package always holds its migrations
        msg = "the package holds no migrations"
        raise RuntimeError(msg)
    return head


def current_revision(engine: Engine) -> str | None:
    """Revision of the database's schema; None where it has no tables of ours.

    Raises:
        CatalogError: the database cannot be read, or is none.

    """
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as error:
        raise cannot_open(engine.url, error) from error


def known_revisions() -> set[str]:
    """Every revision that this version of the program has heard of."""
    script = ScriptDirectory.from_config(alembic_config(""))
    return {revision.revision for revision in script.walk_revisions()}


def require_current(engine: Engine, *, doing: str) -> None:
    """Make sure that the schema is the one this version works with.

    `doing` completes "cannot ...", e.g. "read" or "load into".

    Raises:
        CatalogError: it is older, newer, or not there; says how to mend it.

    """
    name = shown(engine.url)
    found, head = current_revision(engine), head_revision()
    if found == head:
        return
    what = f"cannot {doing} {name}"
    if found is None:
        raise CatalogError(
            what,
            why="it holds no catalog",
            mend='load something first: "catalog load FILE", or "catalog demo" to look around',
        )
    if found not in known_revisions():
        raise CatalogError(
            what,
            why=f"its schema is {found}, newer than this version's {head}",
            mend="use the newer version of paper-catalog that wrote it",
        )
    raise CatalogError(
        what,
        why=f"its schema is {found}, this version needs {head}",
        mend='run "catalog db upgrade" (a backup is made first)',
    )


@contextmanager
def reading(url: str) -> Iterator[Engine]:
    """Engine that only reads a catalog which is there and up to date.

    Raises:
        CatalogError: it is missing, no catalog, or of another revision.

    """
    file = sqlite_file(url)
    if file is not None and not file.exists():
        raise CatalogError(
            f"cannot read {file}",
            why="there is no such file",
            mend='name the catalog with --db, load something into a new one with "catalog load '
            'FILE", or try "catalog demo"',
        )
    with opened(url, read_only=True) as engine:
        require_current(engine, doing="read")
        yield engine


def shown(url: URL) -> str:
    """Name of a database for people: the file, or the URL without password."""
    if url.get_backend_name() != "sqlite":
        return url.render_as_string(hide_password=True)
    return str(url.database or ":memory:").removeprefix("file://")


def cannot_open(url: URL, error: DBAPIError) -> CatalogError:
    """Say why a database cannot be used, in words that help."""
    reason = str(error.orig)
    mend = "check the path and its permissions"
    if isinstance(error.orig, sqlite3.DatabaseError):
        if "not a database" in reason:
            mend = "name another file with --db: this one is no SQLite database"
        elif "malformed" in reason:
            mend = 'restore a backup with "catalog db restore"'
        elif "locked" in reason:
            mend = "try again when the program that holds it is done"
        elif "readonly" in reason:
            mend = "check the permissions of the file and of its folder"
        elif "full" in reason:
            mend = "free some space and run the same command again: it goes on from there"
    return CatalogError(f"cannot use {shown(url)}", why=reason, mend=mend)


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to a revision, creating it if need be."""
    from alembic import command

    command.upgrade(alembic_config(url), revision)
