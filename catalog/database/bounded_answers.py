"""Answers of a bounded size: SQLite bounds a value, not how many of them a query gives."""

import sqlite3
from collections.abc import Callable
from typing import Any
from weakref import ref

Row = tuple[Any, ...]


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

    def __call__(self, cursor: sqlite3.Cursor, row: Row) -> Any:
        """Count a row in, and make it what the connection gives out."""
        if self._cursor() is not cursor:
            self._cursor, self._held = ref(cursor), 0
        self._held += sum(len(value) for value in row if isinstance(value, str | bytes))
        if self._held > self.most:
            raise sqlite3.OperationalError("the answer is too large: ask for fewer rows or columns")
        return self.make(cursor, row)
