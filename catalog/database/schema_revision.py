"""Compare a database's schema revision with the program's."""

from functools import cache
from pathlib import Path

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from catalog.database.database_address import shown
from catalog.database.database_failure import cannot_open
from catalog.domain.errors import CatalogError


def migrations() -> Path:
    """Return the folder of migrations: in the installed package, or beside it in a checkout."""
    here = Path(__file__).resolve().parents[1]
    packaged = here / "migrations"
    return packaged if packaged.is_dir() else here.parent / "migrations"


def head_revision() -> str:
    """Return the schema revision that this version of the program needs.

    Raises:
        CatalogError: the program is not installed as a whole.

    """
    if not known_revisions():
        raise CatalogError(
            "cannot tell which schema this version needs",
            why=f"there are no migrations in {migrations()}",
            hint="install paper-catalog again",
        )
    return max(known_revisions())


@cache
def known_revisions() -> frozenset[str]:
    """Return every schema revision that this version of the program knows.

    A migration's file begins with its revision, and they follow one another by number.
    """
    files = (migrations() / "versions").glob("[0-9][0-9][0-9][0-9]_*.py")
    return frozenset(file.name[:4] for file in files)


def current_revision(engine: Engine) -> str | None:
    """Return the database's schema revision; None if it has no tables of ours.

    Raises:
        CatalogError: the database cannot be read, or is none.

    """
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return found
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
