"""Compare a column with long lists of values, each list as one parameter."""

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import ARRAY, ColumnElement, Connection, any_, func, literal, select

_encode = msgspec.json.Encoder().encode


def is_among(
    connection: Connection,
    column: ColumnElement[Any],
    values: Collection[object],
) -> ColumnElement[bool]:
    """Return the condition that a column holds one of these numbers or texts.

    SQLAlchemy's `in_` makes a parameter of every value, which costs more than the search for it.
    """
    if connection.dialect.name == "postgresql":
        return column == any_(literal(list(values), ARRAY(column.type)))
    listed = func.json_each(_encode(list(values)).decode()).table_valued("value")
    return column.in_(select(listed.c.value))
