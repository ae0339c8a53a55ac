"""Read whole tables and views row by row, in the order of their keys.

An excerpt, of some papers only, has the rows that belong to them and the rows that those name:
their authors, metrics, documents. Tables that tell of no paper are left out of it.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, Literal, TypeAlias

from msgspec import Struct
from sqlalchemy import (
    Boolean,
    ColumnClause,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    String,
    Table,
    column,
    false,
    inspect,
    or_,
    select,
)
from sqlalchemy import table as named_table
from sqlalchemy.types import NullType, TypeEngine

from catalog.database.bulk_insert import by_code_points
from catalog.database.long_lists import is_among
from catalog.models import Base
from catalog.models import table as model_table
from catalog.models.base import UtcDateTime
from catalog.models.descriptions import VIEWS, notes

PRIVATE = frozenset(
    ("corrections", "marks", "mark_names", "mark_tags", "v_marks", "deliveries", "received")
)
"""Tables and views of the owner alone; they leave the catalog only if named."""

PORTION = 2_000
"""Rows that are fetched at a time."""

Kind: TypeAlias = Literal["integer", "number", "boolean", "string", "date", "datetime", "binary"]

_KINDS: dict[type, Kind] = {
    int: "integer", float: "number", bool: "boolean", str: "string", dt.date: "date",
    dt.datetime: "datetime", bytes: "binary",
}  # fmt: skip

_COMPUTED: dict[str, TypeEngine[Any]] = {
    **dict.fromkeys(("results", "stars", "digests", "upvotes"), Integer()),
    **dict.fromkeys(("starred", "read"), Boolean()),
    **dict.fromkeys(("starred_at", "read_at", "changed_at"), UtcDateTime()),
}
"""Column that a view computes -> its type, which SQLite does not know; any other one is text."""

_VIEW_KEYS: dict[str, tuple[str, ...]] = {
    "v_papers": ("paper_id",),
    "v_results": ("result_id",),
    "v_digest": ("digest_id", "paper_id"),
    "v_marks": ("paper_id",),
}
"""View -> columns that tell its rows apart; of another one all columns together do."""


class Reference(Struct, frozen=True):
    """A column that names a row of another table."""

    column: str
    table: str
    target: str


class WholeColumn(Struct, frozen=True, kw_only=True):
    """A column of a table or view."""

    name: str
    kind: Kind
    comment: str = ""
    is_required: bool = False
    """It is never null."""


class WholeTable(Struct, frozen=True, kw_only=True):
    """A table or view, with what is known of its columns."""

    name: str
    comment: str
    columns: tuple[WholeColumn, ...]
    key: tuple[str, ...] = ()
    """Columns of the primary key; views have none."""
    references: tuple[Reference, ...] = ()
    source: FromClause
    """For queries."""


Row: TypeAlias = tuple[Any, ...]


def whole_tables(connection: Connection) -> dict[str, WholeTable]:
    """Describe every table and view by its name: tables in the order of their references."""
    tables = {one.name: _table(one) for one in Base.metadata.sorted_tables}
    return tables | {name: _view(connection, name) for name in VIEWS}


def _table(table: Table) -> WholeTable:
    return WholeTable(
        name=_plain(table.name),
        comment=notes()[table.name],
        columns=tuple(
            WholeColumn(
                name=_plain(one.name),
                kind=_kind(one.type),
                comment=one.comment or "",
                is_required=not one.nullable,
            )
            for one in table.columns
        ),
        key=tuple(_plain(one.name) for one in table.primary_key.columns),
        references=tuple(
            Reference(*map(_plain, (key.parent.name, key.column.table.name, key.column.name)))
            for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
        ),
        source=table,
    )


def _plain(name: str) -> str:
    """Convert SQLAlchemy's quoted names, which no encoder knows."""
    return "".join(name)


def _view(connection: Connection, name: str) -> WholeTable:
    """Describe a view; the database knows its columns, and types that it does not compute."""
    columns: list[ColumnClause[Any]] = [
        column(told["name"], _type(told["name"], told["type"]))
        for told in inspect(connection).get_columns(name)
    ]
    return WholeTable(
        name=name,
        comment=VIEWS[name],
        columns=tuple(WholeColumn(name=_plain(one.name), kind=_kind(one.type)) for one in columns),
        source=named_table(name, *columns),
    )


def _type(name: str, found: TypeEngine[Any]) -> TypeEngine[Any]:
    """Choose the type of a view's column, the same on every database."""
    if name in _COMPUTED:
        return _COMPUTED[name]
    if isinstance(found, NullType):
        return String()
    return UtcDateTime() if found.python_type is dt.datetime else found


def _kind(found: TypeEngine[Any]) -> Kind:
    return _KINDS[found.python_type]


def rows_of(
    connection: Connection, table: WholeTable, papers: Sequence[int] | None = None
) -> Iterator[list[Row]]:
    """Yield the rows of a table in portions; with ids of papers only those that tell of them."""
    statement = select(*table.source.columns).order_by(*_order(connection, table))
    if papers is not None:
        statement = statement.where(_excerpt(connection, table, papers))
    options = {"stream_results": True, "yield_per": PORTION}
    result = connection.execute(statement, execution_options=options)
    for portion in result.partitions():
        yield [tuple(row) for row in portion]


def is_of_papers(table: WholeTable) -> bool:
    """Tell whether an excerpt has rows of the table."""
    return table.name in VIEWS or bool(_paths(table))


def _order(connection: Connection, table: WholeTable) -> list[ColumnElement[Any]]:
    columns = table.source.columns
    names = table.key or _VIEW_KEYS.get(table.name) or columns.keys()
    return [
        by_code_points(connection, columns[name])
        if columns[name].type.python_type is str
        else columns[name]
        for name in names
    ]


def _excerpt(
    connection: Connection, table: WholeTable, papers: Sequence[int]
) -> ColumnElement[bool]:
    """Write the condition of rows that tell of some papers, or that such rows name."""
    columns = table.source.columns
    if table.name in VIEWS and "paper_id" not in columns:
        known = model_table("papers").c
        chosen = is_among(connection, known.id, papers)
        return columns["paper_key"].in_(select(known.key).where(chosen))
    if table.name in VIEWS:
        return is_among(connection, columns["paper_id"], papers)
    return or_(false(), *(_along(connection, path, table, papers) for path in _paths(table)))


class _Path(Struct, frozen=True):
    """A way from a table to papers: a column, and the column of another table that names it."""

    column: str
    through: tuple[str, str] | None = None
    """Table with paper_id, and its column that has the same values; None for a paper's id."""


def _paths(table: WholeTable) -> list[_Path]:
    """List the ways from a table to papers, of one or two steps."""
    if table.name == "papers":
        return [_Path("id")]
    if "paper_id" in table.source.columns:
        return [_Path("paper_id")]
    found = [_Path(target, (child, name)) for child, name, target in _named_by_papers(table.name)]
    return found or [
        _Path(reference.column, (child, name))
        for reference in table.references
        for child, name, _ in _named_by_papers(reference.table)
    ]


def _named_by_papers(name: str) -> list[tuple[str, str, str]]:
    """List the columns beside a paper_id that name rows of a table, with the column named."""
    return [
        (child.name, key.parent.name, key.column.name)
        for child in Base.metadata.sorted_tables
        if "paper_id" in child.columns and child.name not in PRIVATE
        for key in child.foreign_keys
        if key.column.table.name == name
    ]


def _along(
    connection: Connection, path: _Path, table: WholeTable, papers: Sequence[int]
) -> ColumnElement[bool]:
    """Write the condition of rows from which a way leads to the papers."""
    column = table.source.columns[path.column]
    if path.through is None:
        return is_among(connection, column, papers)
    name, held = path.through
    child = model_table(name).c
    return column.in_(select(child[held]).where(is_among(connection, child.paper_id, papers)))
