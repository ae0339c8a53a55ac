"""Databases on a PostgreSQL server for tests: empty, or migrated and without content."""

import os

import pytest
from sqlalchemy import create_engine, make_url, text

from catalog.database.engine import opened
from catalog.database.schema_revision import current_revision, head_revision
from catalog.database.schema_upgrade import upgrade
from catalog.models import Base

SERVER = os.environ.get("CATALOG_TEST_POSTGRES")
"""URL of a database that tests may empty; its name ends in _test."""
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
"""Name of the process that runs tests beside others; each has databases of its own."""

WANTED = pytest.mark.skipif(not SERVER, reason="CATALOG_TEST_POSTGRES is not set")
POSTGRES = pytest.param("postgres", marks=WANTED)

ROWS = "DELETE FROM {}"
SEQUENCES = text("SELECT quote_ident(sequencename) FROM pg_sequences WHERE schemaname = 'public'")

_migrated: set[str] = set()
"""Databases that were migrated by the code that runs now."""


def database(name: str = "") -> str:
    """URL of a database beside the one that is named to the tests, created if need be."""
    assert SERVER
    url = make_url(SERVER)
    if not (url.database or "").endswith("_test"):
        pytest.fail(f"refusing to empty {url.database!r}: name it *_test")
    if own := "_".join(filter(None, (WORKER, name))):
        url = url.set(database=f"{str(url.database).removesuffix('_test')}_{own}_test")
        _create(str(url.database))
    return url.render_as_string(hide_password=False)


def _create(name: str) -> None:
    engine = create_engine(str(SERVER), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        known = text("SELECT 1 FROM pg_database WHERE datname = :name")
        if connection.scalar(known, {"name": name}) is None:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    engine.dispose()


def copied(template: str, name: str) -> str:
    """URL of a copy of the database at `template`, which nobody may be using."""
    url = make_url(database(name))
    engine = create_engine(str(SERVER), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE "{url.database}" WITH (FORCE)')
        connection.exec_driver_sql(
            f'CREATE DATABASE "{url.database}" TEMPLATE "{make_url(template).database}"'
        )
    engine.dispose()
    return url.render_as_string(hide_password=False)


def emptied(name: str = "") -> str:
    """URL of a database without tables."""
    url = database(name)
    with opened(url) as engine, engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    _migrated.discard(url)
    return url


def fresh(name: str = "") -> str:
    """URL of a catalog without content."""
    url = database(name)
    if url not in _migrated:
        upgrade(emptied(name))
        _migrated.add(url)
        return url
    with opened(url) as engine:
        if current_revision(engine) != head_revision():
            _migrated.discard(url)
            return fresh(name)
        with engine.begin() as connection:
            # Quicker than TRUNCATE, which makes new files for every table and index.
            deletions = [ROWS.format(table.name) for table in reversed(Base.metadata.sorted_tables)]
            connection.exec_driver_sql("; ".join(deletions))
            restarts = [
                f"ALTER SEQUENCE {sequence} RESTART" for sequence in connection.scalars(SEQUENCES)
            ]
            connection.exec_driver_sql("; ".join(restarts))
    return url
