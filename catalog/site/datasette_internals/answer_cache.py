"""Cache answers of slow queries until the database changes.

Counts and facets over a million papers take tenths of a second, and every page shows some. What
took long is kept and given out again while the file is the same. When it has changed, an answer
serves for `GRACE` seconds more; one that took very long serves for `STALE` seconds, and is computed
anew in the background meanwhile. So a small catalog is always shown as it is, and on a large one
nobody waits for a count again because a load is running: the page says how old its counts are.
"""

import asyncio
import re
import sqlite3
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from datasette.database import QueryInterrupted

SLOW, SLOW_OF_MANY = 0.02, 0.005
"""Seconds from which on an answer is worth keeping; the latter in a large catalog, whose pages ask
dozens of queries of some hundredths each."""

GRACE = 10.0
"""Seconds for which a kept answer serves although the file has changed since."""

VERY_SLOW = 0.05
"""Seconds from which on nobody should wait for an answer a second time."""

ENDURED = 0.5
"""Seconds that an owner who has just changed something waits for an answer of now."""

STALE = 3600.0
"""Seconds for which such an answer serves while it is computed anew."""

REST = 9
"""After computing an answer anew, so many times as long nothing is: a load and readers go first."""

KEPT = 5_000
"""Number of answers that are kept."""

CHARACTERS = 60_000_000
"""Characters of text in all of them."""

ROWS, TEXT = 2_100, 2_000_000
"""Answers of more rows or characters are not kept: facets, counts and boards are shorter."""

SCHEMA = re.compile(r"^select name from sqlite_master\b")
"""Datasette's questions for tables, a hundred on the list of them: kept however quick they are."""

VALUE = 20
"""Characters that any value counts at least."""

OWN = re.compile(r"\b(?:v_)?mark(?:s|_tags|_names)\b")
"""What the owner changes by hand, and looks at at once: it is never of some seconds ago."""

RENEWING: ContextVar[bool] = ContextVar("renewing", default=False)
"""Whether whoever asks wants answers of now, and has the time."""

OLDEST: ContextVar[list[float] | None] = ContextVar("oldest", default=None)
"""Ages in seconds of the answers that a page was made of although the file had changed since."""

Stamp: TypeAlias = tuple[tuple[int, int], ...]
Execute: TypeAlias = Callable[..., Awaitable[Any]]


@dataclass
class Kept:
    """One cached answer, with the state of the file at which it was computed."""

    results: Any
    stamp: Stamp
    at: float
    took: float
    length: int
    is_ahead: bool = False
    """Whether the server asked it of itself, before people did."""


class SlowAnswers:
    """A cache of slow answers in front of one database's `execute`."""

    def __init__(
        self,
        file: Path,
        execute: Execute,
        *,
        slow: float = SLOW,
        grace: float = GRACE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.files = (file, file.with_name(file.name + "-wal"))
        self.inner = execute
        self.slow, self.grace, self.clock = slow, grace, clock
        self.kept: OrderedDict[Any, Kept] = OrderedDict()
        self.length = 0
        self.refreshing: dict[Any, asyncio.Task[Any]] = {}
        self.rested = 0.0
        """When the next answer may be computed anew in the background."""

    def stamp(self) -> Stamp:
        """Return the state of the file and its write-ahead log, which every commit changes."""
        found = []
        for file in self.files:
            try:
                status = file.stat()
            except FileNotFoundError:
                found.append((0, 0))
            else:  # readers make an empty log, and it goes with the last of them
                found.append((status.st_mtime_ns, status.st_size) if status.st_size else (0, 0))
        return tuple(found)

    async def execute(self, sql: str, params: Any = None, *args: Any, **options: Any) -> Any:
        """Answer from the cache, else from the database."""
        key = _key(sql, params, args, options)
        kept = self.kept.get(key)
        if kept is None or key is None:
            return await self._ask(key, sql, params, *args, **options)
        if kept.stamp != self.stamp():
            now = self.clock()
            age = now - kept.at
            is_quick = kept.took < VERY_SLOW and age >= self.grace
            if is_quick or age >= STALE or RENEWING.get():
                return await self._ask(key, sql, params, *args, **options)
            # One at a time: those who wait need the threads.
            if age >= self.grace and not self.refreshing and now >= self.rested:
                asking = self._ask(key, sql, params, *args, **options)
                self.refreshing[key] = asyncio.create_task(self._refresh(key, asking))
            ages = OLDEST.get()
            if ages is not None:
                ages.append(age)
        kept.is_ahead |= RENEWING.get()
        self.kept.move_to_end(key)
        return kept.results

    async def _ask(self, key: Any, sql: str, params: Any, *args: Any, **options: Any) -> Any:
        """Ask the database, and cache the answer if it was slow and short, or of the schema."""
        stamp, started = self.stamp(), self.clock()
        results = await self.inner(sql, params, *args, **options)
        took = self.clock() - started
        if key is not None and (took >= self.slow or SCHEMA.match(sql)):
            length = _length(results.rows)
            if len(results.rows) <= ROWS and length <= TEXT:
                self.keep(key, Kept(results, stamp, started, took, length, RENEWING.get()))
        return results

    def keep(self, key: Any, answer: Kept) -> None:
        """Cache an answer, and drop those that were not used for longest."""
        self._forget(key)
        self.kept[key] = answer
        self.length += answer.length
        while len(self.kept) > KEPT or self.length > CHARACTERS:
            self._forget(next(iter(self.kept)))

    def has_slow(self) -> bool:
        """Return true if any answer is kept because it was slow."""
        return any(kept.took >= self.slow for kept in self.kept.values())

    def forget_quick(self) -> None:
        """Drop the answers that are soon computed anew, so that an owner's change shows."""
        for key in [key for key, kept in self.kept.items() if kept.took < ENDURED]:
            self._forget(key)

    def _forget(self, key: Any) -> None:
        if (known := self.kept.pop(key, None)) is not None:
            self.length -= known.length

    async def _refresh(self, key: Any, asking: Awaitable[Any]) -> None:
        """Compute an answer again; a failure is left for the next request to report."""
        started = self.clock()
        try:
            await asking
        except Exception:
            self._forget(key)
        finally:
            self.refreshing.pop(key, None)
            now = self.clock()
            self.rested = now + REST * (now - started)


def counted_ago() -> int:
    """Return the age in minutes of the oldest count on the current page; 0 if current."""
    return int(max(OLDEST.get() or [0.0]) / 60)


def watched(app: Any) -> Any:
    """Wrap an ASGI application so that each page knows how old its answers are."""

    async def watching(scope: Any, receive: Any, send: Any) -> None:
        OLDEST.set([])
        await app(scope, receive, send)

    return watching


class Counts:
    """The row counts of tables, for Datasette's list of tables.

    Datasette counts with a limit of some milliseconds, every time anew: on a large catalog it gives
    up and says "many rows". These counts are exact and kept like every slow answer.
    """

    def __init__(self, database: Any, limit: int) -> None:
        self.database, self.limit = database, limit

    async def __call__(self, limit: int = 10) -> dict[str, int | None]:
        """Count the rows of every table except the full-text index's and SQLite's own."""
        names = await self.database.table_names()
        counted = [name for name in names if "_fts" not in name and not name.startswith("sqlite_")]
        kept = [name for name in counted if not OWN.search(name)]
        own = {name: await self._rows(name) for name in counted if OWN.search(name)}
        return dict.fromkeys(names) | await self._all(kept) | own

    async def _all(self, names: Sequence[str]) -> dict[str, int | None]:
        """Count tables in one query, or one by one where that takes too long or one is gone."""
        if not names:
            return {}
        counts = ", ".join(f'(SELECT count(*) FROM "{name}") AS "{name}"' for name in names)
        try:
            found = await self.database.execute(
                f"SELECT {counts}", custom_time_limit=self.limit, log_sql_errors=False
            )
        except (QueryInterrupted, sqlite3.OperationalError):
            return {name: await self._rows(name) for name in names}
        return dict(zip(names, found.rows[0], strict=True))

    async def _rows(self, table: str) -> int | None:
        try:
            results = await self.database.execute(
                f'SELECT count(*) FROM "{table}"', custom_time_limit=self.limit
            )
        except QueryInterrupted:
            return None
        except sqlite3.OperationalError as error:
            # A restored backup may lack a table that was there when the names were asked for.
            if "no such table" not in str(error):
                raise
            return None
        count: int = results.rows[0][0]
        return count


def _length(rows: Sequence[Any]) -> int:
    """Count the characters of an answer."""
    values = (value for row in rows if not isinstance(row, int) for value in tuple(row))
    return sum(max(len(value), VALUE) if isinstance(value, str) else VALUE for value in values)


def _key(sql: str, params: Any, args: Any, options: Any) -> Any:
    """Return the cache key of a query; None for one that must not be cached."""
    lowered = sql.lower()
    if "random" in lowered or "'now'" in lowered or "current_" in lowered:
        return None
    if OWN.search(lowered):
        return None
    if isinstance(params, dict):
        # Datasette's canned queries pass a dict of its own that computes values such as :_now_utc.
        if type(params) is not dict and ":_" in sql:
            return None
        frozen: Any = tuple(sorted(params.items()))
    else:
        frozen = tuple(params or ())
    return sql, frozen, args, tuple(sorted(options.items()))
