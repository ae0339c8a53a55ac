"""The command `catalog query`, which runs SQL that only reads."""

import re
import sqlite3
import sys
from typing import TYPE_CHECKING, Any

import click

from catalog.commands.output import as_options, write_rows
from catalog.database.readonly import is_refusal, let_read, refusal

if TYPE_CHECKING:
    from sqlalchemy import Connection, CursorResult

TABLES = {
    "sqlite": "SELECT name, sql FROM sqlite_schema",
    "postgresql": "SELECT table_name, column_name FROM information_schema.columns "
    "WHERE table_schema = 'public'",
}
"""Dialect -> query that lists the tables."""

RUNS_SQL = re.compile(r"\w+_to_xml\w*|ts_stat|ts_rewrite|set_config|u&(?=\")", re.IGNORECASE)
"""Functions of PostgreSQL that change the role, or run SQL whose rights are looked at later; and
names in escapes, which may be any of them."""

STEPS = 50_000
"""Instructions of SQLite between two checks for Ctrl-C."""


@click.command()
@click.argument("sql")
@click.option(
    "--param",
    "-p",
    "params",
    multiple=True,
    metavar="NAME=VALUE",
    help="Value of the parameter :NAME of the query; may be repeated.",
)
@as_options
@click.pass_obj
def query(url: str, sql: str, params: tuple[str, ...], form: str | None) -> None:
    """Run an SQL query, which can only read.

    SQL - reads the query from standard input. The views v_papers, v_results and v_digest answer
    the most frequent questions.

    \b
    Example:
      catalog query "SELECT paper, value FROM v_results WHERE metric = :m" -p m=mAP --csv

    Exit codes: 0 done, 1 the query or the database has an error, 2 wrong usage,
    130 interrupted.
    """
    from sqlalchemy.exc import DBAPIError, StatementError

    from catalog.database.engine import reading
    from catalog.domain.errors import CatalogError

    if sql == "-":
        sql = sys.stdin.read()
    values = dict(_pair(item) for item in params)
    with reading(url) as engine, engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        try:
            if isinstance(raw, sqlite3.Connection):
                let_read(raw)
                # While SQLite works Python is not asked; this gives it a chance to be interrupted.
                raw.set_progress_handler(lambda: 0, STEPS)
                result = connection.exec_driver_sql(sql, values)
            else:
                result = _on_server(connection, sql, values)
            if not result.returns_rows:
                raise CatalogError(
                    "cannot run this statement", why="it returns no rows", hint="write a SELECT"
                )
            write_rows(form, list(result.keys()), result)
        except (DBAPIError, sqlite3.Warning) as error:  # a Warning: several statements, to 3.11
            why = str(getattr(error, "orig", error))
            if why == "interrupted":
                raise KeyboardInterrupt from error
            tables = TABLES[engine.dialect.name]
            raise CatalogError(
                "cannot run this query",
                why=refusal(why) if is_refusal(why) else why,
                hint=f'correct the SQL; list the tables with: catalog query "{tables}"',
            ) from error
        except StatementError as error:  # a parameter without a value, on a server
            raise CatalogError(
                "cannot run this query",
                why=str(error.orig),
                hint="give it with --param NAME=VALUE; a colon that begins no parameter is \\:",
            ) from error


def _on_server(connection: "Connection", sql: str, values: dict[str, str]) -> "CursorResult[Any]":
    """Run a query through a cursor of the server, which is declared for SELECT and VALUES alone.

    A transaction that only reads lets `COPY ... TO PROGRAM` pass, and a superuser every
    function that reaches the server's files; so the query of one runs in a role that reads tables,
    and may not leave it.
    """
    from sqlalchemy import text

    from catalog.domain.errors import CatalogError

    if connection.scalar(text("SELECT current_setting('is_superuser') = 'on'")):
        if found := RUNS_SQL.search(sql):
            raise CatalogError(
                "cannot run this query",
                why=f"a superuser's query may not call {found.group()}, which lifts its limits",
                hint="connect as a user who is no superuser",
            )
        connection.execute(text("SET LOCAL ROLE pg_read_all_data"))
    return connection.execution_options(stream_results=True).execute(text(sql), values)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="--param")
    return name.lstrip(":"), value
