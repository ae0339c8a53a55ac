"""Answers of slow queries, kept until the database changes.

Counts and facets over a million papers take tenths of a second, and every page shows some. What
took long is kept and given out again while the file is the same; while somebody writes to it all
the time, at most for `GRACE` seconds.
"""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

SLOW = 0.02
"""Seconds from which on an answer is worth keeping."""

GRACE = 10.0
"""Seconds for which a kept answer serves although the file has changed since."""

KEPT = 2_000
"""Number of answers that are kept."""

ROWS = 300
"""Longer answers are not kept: facets, counts and pages are shorter."""

Stamp: TypeAlias = tuple[tuple[int, int], ...]
Execute: TypeAlias = Callable[..., Awaitable[Any]]


@dataclass
class Kept:
    """One answer, with the state of the file and the time at which it was right."""

    results: Any
    stamp: Stamp
    at: float


class SlowAnswers:
    """A store of slow answers in front of one database's `execute`."""

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

    def stamp(self) -> Stamp:
        """State of the file and of its write-ahead log: it changes with every commit."""
        found = []
        for file in self.files:
            try:
                status = file.stat()
            except FileNotFoundError:
                found.append((0, 0))
            else:
                found.append((status.st_mtime_ns, status.st_size))
        return tuple(found)

    async def execute(self, sql: str, params: Any = None, *args: Any, **options: Any) -> Any:
        """Answer from the store, else from the database."""
        key = _key(sql, params, args, options)
        stamp, now = self.stamp(), self.clock()
        kept = self.kept.get(key)
        if kept and (kept.stamp == stamp or now - kept.at < self.grace):
            self.kept.move_to_end(key)
            return kept.results
        results = await self.inner(sql, params, *args, **options)
        if self.clock() - now >= self.slow and key is not None and len(results.rows) <= ROWS:
            self.kept[key] = Kept(results, stamp, now)
            self.kept.move_to_end(key)
            while len(self.kept) > KEPT:
                self.kept.popitem(last=False)
        return results


def _key(sql: str, params: Any, args: Any, options: Any) -> Any:
    """Key of a question; None for one that must be asked each time."""
    lowered = sql.lower()
    if "random" in lowered or "'now'" in lowered or "current_" in lowered:
        return None
    if isinstance(params, dict):
        # Datasette's canned queries pass a dict of a kind of its own that computes some values.
        if type(params) is not dict:
            return None
        frozen: Any = tuple(sorted(params.items()))
    else:
        frozen = tuple(params or ())
    return sql, frozen, args, tuple(sorted(options.items()))
