"""Give the whole answer to a query as CSV, where Datasette gives its first rows only.

A query that fails, takes too long or makes too much text is told of in words, and never cut: of
a query that fails Datasette makes an empty file.
"""

import asyncio
import csv
import io
import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from datasette.utils import InvalidSql, validate_sql_select
from datasette.utils.asgi import Response
from datasette.views.base import DatasetteError

from catalog.database.full_text_limits import refuse_costly
from catalog.database.query_limits import within
from catalog.site.datasette_internals.plugin_api import (
    DATABASE,
    Datasette,
    Request,
    check_may_query,
)
from catalog.site.datasette_internals.query_rewriting import rewritten

ADDRESS = rf"^/{DATABASE}(?:/-/query)?\.csv$"
"""Where Datasette has it, in its releases 0.65 and 1.0."""


MOST = 200_000
"""Rows of one answer: what the site holds in its memory at a time."""

TOO_MANY = (
    f"The site gives at most {MOST:,} rows of a query at once. Narrow it, or run it in a terminal, "
    "which has no limit: catalog query --csv"
)


@dataclass
class Whole:
    """All rows of an answer."""

    columns: list[str]
    rows: list[Any]


async def whole(request: Request, datasette: Datasette) -> Any:
    """Answer the query in the address with all of its rows."""
    await check_may_query(datasette, request.actor)
    sql = str(request.args.get("sql") or "").strip().rstrip(";")
    values = {name: request.args.get(name) or "" for name in re.findall(r":(\w+)", sql)}
    limit = datasette.setting("sql_time_limit_ms")
    try:
        validate_sql_select(sql)
        found = await datasette.get_database(DATABASE).execute_fn(
            lambda connection: _all_rows(connection, sql, values, limit)
        )
    except (InvalidSql, sqlite3.OperationalError, sqlite3.ProgrammingError) as error:
        title = "SQL Interrupted" if str(error) == "interrupted" else "Invalid SQL"
        raise DatasetteError(str(error), title=title, status=400) from error
    if len(found.rows) > MOST:
        raise DatasetteError(TOO_MANY, title="Too many rows", status=400)
    with_header = request.args.get("_header") != "off"
    body = await asyncio.to_thread(as_bytes, found, with_header=with_header)  # pages go on
    if not request.args.get("_dl"):
        return Response(body, content_type="text/plain; charset=utf-8")
    headers = {"Content-Disposition": 'attachment; filename="rows.csv"'}
    return Response(body, headers=headers, content_type="text/csv; charset=utf-8")


def _all_rows(
    connection: sqlite3.Connection, sql: str, values: dict[str, str], milliseconds: float
) -> Whole:
    """Ask for all rows, within the time that a query has."""
    refuse_costly(connection, sql, values)
    with within(connection, milliseconds):
        cursor = connection.execute(rewritten(sql), values)
        return Whole([one[0] for one in cursor.description], cursor.fetchmany(MOST + 1))


def as_bytes(found: Whole, *, with_header: bool) -> bytes:
    """Write an answer as the bytes that are sent."""
    return as_csv(found.columns, found.rows, with_header=with_header).encode()


def as_csv(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], *, with_header: bool = True
) -> str:
    r"""Write rows as CSV; bytes as hexadecimal digits.

    >>> as_csv(["id", "name"], [(1, None), (2, "a, b")])
    'id,name\r\n1,\r\n2,"a, b"\r\n'
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    if with_header:
        writer.writerow(columns)
    writer.writerows([v.hex() if isinstance(v, bytes) else v for v in row] for row in rows)
    return text.getvalue()
