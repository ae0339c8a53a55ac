"""Create catalogs, and upgrade older ones to the schema that this version needs.

Alembic takes long to be imported, and only an upgrade needs it.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from catalog.database.database_address import parse_url
from catalog.database.database_failure import cannot_open, is_our_mistake
from catalog.database.engine import opened
from catalog.database.schema_revision import head_revision, migrations

if TYPE_CHECKING:
    from alembic.config import Config

SCHEMA = "sqlite_schema.sql"
"""File beside the migrations: the schema to which they lead on SQLite, in one piece."""

END = "\n;\n"
"""End of each of its statements; a trigger holds semicolons, but no line of one alone."""


def alembic_config(url: str) -> "Config":
    """Make an Alembic configuration that needs no ini file and no working directory."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations()))
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Upgrade the database to a revision, creating it if needed.

    Raises:
        CatalogError: it cannot be written, as on a full disk.
        DBAPIError: a migration is wrong.

    """
    try:
        if revision != "head" or not _create(url):
            _migrate(url, revision)
    except DBAPIError as error:
        if is_our_mistake(error):
            raise
        raise cannot_open(parse_url(url), error) from error


def _migrate(url: str, revision: str) -> None:
    from alembic import command

    command.upgrade(alembic_config(url), revision)


def _create(url: str) -> bool:
    """Create the schema where there is nothing yet, in a fraction of the migrations' time."""
    revision, *statements = schema_file().read_text().split(END)
    is_ours = parse_url(url).get_backend_name() == "sqlite" and revision == f"-- {head_revision()}"
    if not is_ours:
        return False
    with opened(url, foreign_keys=False) as engine, engine.begin() as connection:
        if inspect(connection).get_table_names():
            return False
        for statement in filter(str.strip, statements):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (head_revision(),))
    return True


def schema_file() -> Path:
    """Return the file with the schema of new catalogs."""
    return migrations() / SCHEMA
