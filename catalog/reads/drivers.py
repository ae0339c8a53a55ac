"""Run reads over SQLAlchemy, over Datasette, or over recorded rows.

They do nothing but run SQL, so that one question has one answer at every door.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, text

from catalog.database.full_text_limits import IS_OURS
from catalog.reads.asking import AskDialect, Dialect, Query, Read, Row

T = TypeVar("T")

_LIST = re.compile(r"\bIN :(\w+)", re.IGNORECASE)
_LISTS: dict[Dialect, str] = {
    "sqlite": r"IN (SELECT value FROM json_each(:\1))",
    "postgresql": r"= ANY(:\1)",
}


class AsyncDatabase(Protocol):
    """The part of Datasette's `Database` that the site's driver needs."""

    async def execute(self, sql: str, params: Any = None) -> Any:
        """Run a query of SQLite; the answer has `rows` with column names."""


def run(connection: Connection, read: Read[T]) -> T:
    """Run a read over a connection of SQLAlchemy, to SQLite or PostgreSQL."""
    name: Dialect = "postgresql" if connection.dialect.name == "postgresql" else "sqlite"
    answer: Any = None
    while True:
        try:
            question = read.send(answer)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        if isinstance(question, AskDialect):
            answer = name
        else:
            sql, values = bound(question, name)
            found = connection.execute(text(sql), values)
            names = tuple(found.keys())  # plain dicts: structs ask for columns that rows lack
            answer = [dict(zip(names, row, strict=True)) for row in found]


async def run_async(database: AsyncDatabase, read: Read[T]) -> T:
    """Run a read over a database of Datasette, with its limits, threads and cache."""
    answer: Any = None
    while True:
        try:
            question = read.send(answer)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        if isinstance(question, AskDialect):
            answer = "sqlite"
        else:
            before = IS_OURS.set(True)
            try:
                results = await database.execute(*bound(question, "sqlite"))
            finally:
                IS_OURS.reset(before)
            answer = [dict(row) for row in results.rows]


def run_recorded(
    read: Read[T], answers: Iterable[Sequence[Row]], *, dialect: Dialect = "sqlite"
) -> tuple[T, list[Query]]:
    """Run a read over given rows, one list per query; return answer and queries, for tests.

    Raises:
        ValueError: it asks more often than there are answers.

    """
    asked: list[Query] = []
    given = iter(answers)
    answer: Any = None
    while True:
        try:
            question = read.send(answer)
        except StopIteration as end:
            return end.value, asked
        if isinstance(question, AskDialect):
            answer = dialect
            continue
        asked.append(question)
        try:
            answer = next(given)
        except StopIteration:
            msg = f"no answer is left for the query {question.sql!r}"
            raise ValueError(msg) from None


def bound(query: Query, dialect: Dialect) -> tuple[str, dict[str, Any]]:
    """Convert a query's lists to what a database accepts.

    >>> bound(Query("SELECT 1 WHERE 2 IN :ids", {"ids": [2, 3]}), "sqlite")
    ('SELECT 1 WHERE 2 IN (SELECT value FROM json_each(:ids))', {'ids': '[2, 3]'})
    >>> bound(Query("SELECT 1 WHERE 2 IN :ids", {"ids": [2, 3]}), "postgresql")
    ('SELECT 1 WHERE 2 = ANY(:ids)', {'ids': [2, 3]})
    """
    values: dict[str, Any] = dict(query.values)
    for name, value in values.items():
        if isinstance(value, dt.date) and dialect == "sqlite":
            values[name] = value.isoformat()
        if isinstance(value, Sequence) and not isinstance(value, str):
            values[name] = json.dumps(list(value)) if dialect == "sqlite" else list(value)
    return _LIST.sub(_LISTS[dialect], query.sql), values
