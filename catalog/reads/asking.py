"""Reads as generators that yield SQL, receive rows, and return a typed answer.

A read knows the question and nothing of who runs it: `catalog.reads.drivers` runs one generator
over SQLAlchemy (terminal, digests, MCP, Python), over Datasette (the site), and over rows that a
test gives. Reads are made of other reads by `yield from`. (httpx's authentication flows are built
so: one generator, a synchronous and an asynchronous client.)
"""

import datetime as dt
from collections.abc import Generator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Literal, TypeAlias, TypeVar, get_args

import msgspec
from msgspec import Struct, structs

Value: TypeAlias = str | int | float | bool | dt.date | None
"""What a query takes for one of its names."""

Row: TypeAlias = Mapping[str, Any]
"""One row as a driver delivers it, by the names of its columns."""

Dialect: TypeAlias = Literal["sqlite", "postgresql"]

T = TypeVar("T")
S = TypeVar("S", bound=Struct)


class Query(Struct, frozen=True):
    """One SQL query of a read, in the common subset of SQLite and PostgreSQL.

    Values stand as `:name`. A list stands as `IN :name`, which each driver writes as its database
    takes it; an empty list finds nothing.
    """

    sql: str
    values: dict[str, Value | Sequence[int] | Sequence[str]] = {}


class AskDialect(Struct, frozen=True):
    """A request for the database's dialect, for the few queries that differ."""


Read: TypeAlias = Generator[Query | AskDialect, Any, T]
"""A question of the catalog; what it returns is the answer."""


def rows(
    sql: str, row_type: type[S], **values: Value | Sequence[int] | Sequence[str]
) -> Read[list[S]]:
    """Run a query and return its rows as structs; columns that the struct lacks are left out.

    Raises:
        msgspec.ValidationError: a row does not fit its struct, which is a fault of the read.

    """
    found: Sequence[Row] = yield Query(sql, values)
    return [as_struct(row, row_type) for row in found]


def grouped(
    sql: str, row_type: type[S], papers: Sequence[int], **values: Value
) -> Read[dict[int, list[S]]]:
    """Run a query for :papers and return its rows as structs, by their column paper_id."""
    found: Sequence[Row] = yield Query(sql, {"papers": papers, **values})
    groups: dict[int, list[S]] = {}
    for row in found:
        groups.setdefault(row["paper_id"], []).append(as_struct(row, row_type))
    return groups


def first(
    sql: str, row_type: type[S], **values: Value | Sequence[int] | Sequence[str]
) -> Read[S | None]:
    """Run a query and return its first row as a struct, or None."""
    found = yield from rows(sql, row_type, **values)
    return found[0] if found else None


def column(
    sql: str, value_type: type[T], **values: Value | Sequence[int] | Sequence[str]
) -> Read[list[T]]:
    """Run a query and return the first column of its rows."""
    found: Sequence[Row] = yield Query(sql, values)
    return [msgspec.convert(next(iter(row.values())), value_type, strict=False) for row in found]


def value(
    sql: str, value_type: type[T], **values: Value | Sequence[int] | Sequence[str]
) -> Read[T | None]:
    """Run a query and return the first value of its first row, or None."""
    found: Sequence[Row] = yield Query(sql, values)
    if not found:
        return None
    single = next(iter(found[0].values()))
    return None if single is None else msgspec.convert(single, value_type, strict=False)


def dialect() -> Read[Dialect]:
    """Ask for the dialect of the database."""
    answer: Dialect = yield AskDialect()
    return answer


def as_struct(row: Row, row_type: type[S]) -> S:
    """Convert a row to a struct: SQLite's text and integers to days and truth values.

    Raises:
        msgspec.ValidationError: the row does not fit.

    """
    try:
        return msgspec.convert(row, row_type, strict=False)
    except msgspec.ValidationError:
        return msgspec.convert(_with_instants(row, row_type), row_type, strict=False)


def _with_instants(row: Row, row_type: type[S]) -> Row:
    """Parse instants of a row that are ISO 8601 but not RFC 3339, such as a bare day."""
    names = {f.name for f in structs.fields(row_type) if dt.datetime in _alternatives(f.type)}
    found = dict(row)
    for name in names & set(found):
        if isinstance(found[name], str):
            with suppress(ValueError):
                found[name] = dt.datetime.fromisoformat(found[name])
    return found


def _alternatives(annotation: object) -> tuple[object, ...]:
    """List the types of a union; of any other type, itself."""
    return get_args(annotation) or (annotation,)
