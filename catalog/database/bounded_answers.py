"""Bound one query: how much its answer holds, and how often it calls functions."""

import sqlite3
from collections.abc import Callable
from typing import Any
from weakref import ref

Row = tuple[Any, ...]


MOST_CALLS = 150
"""Functions that one query may name: on texts of megabytes each call takes hundredths of a second,
and those that stand beside each other are computed without a look at the clock."""


class BoundedRows:
    """A row factory that refuses to go on with a query whose rows hold too much.

    One connection serves one query at a time, so the size of the latest is enough.
    """

    def __init__(self, make: Callable[[sqlite3.Cursor, Row], Any], most: int) -> None:
        self.make = make
        self.most = most
        """Bytes or characters of text in all rows together."""
        self._cursor: Callable[[], sqlite3.Cursor | None] = lambda: None
        self._held = 0
        self.calls: int | None = None
        """Functions that the current query names; None while nobody's query is prepared."""

    def may_call(self) -> bool:
        """Count a call in, and return whether it is one of the allowed number."""
        if self.calls is not None:
            self.calls += 1
        return (self.calls or 0) <= MOST_CALLS

    def __call__(self, cursor: sqlite3.Cursor, row: Row) -> Any:
        """Count a row in, and make it what the connection gives out."""
        if self._cursor() is not cursor:
            self._cursor, self._held = ref(cursor), 0
        self._held += sum(len(value) for value in row if isinstance(value, str | bytes))
        if self._held > self.most:
            raise sqlite3.OperationalError("the answer is too large: ask for fewer rows or columns")
        return self.make(cursor, row)
