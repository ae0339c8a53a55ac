"""Keep the answer of a read that asks many queries, until the catalog has changed.

The cache of slow answers keeps single queries. What moves and rises takes dozens of quick ones: its
answer serves a minute at least while a load changes the catalog, and is forgotten when the owner
changes something in the browser. Of requests that come together one asks, and the others wait.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from catalog.reads.asking import Read
from catalog.reads.drivers import run_async
from catalog.site.datasette_internals.answer_cache import RENEWING, Stamp

T = TypeVar("T")

SERVES = 60.0
"""Seconds for which an answer serves although the catalog has changed since."""


@dataclass
class Kept:
    """One answer, with the state of the file at which it was read."""

    answer: Any
    stamp: Stamp
    at: float


class KeptReads:
    """The kept answers of one database, by the names of their reads."""

    def __init__(self, database: Any, clock: Callable[[], float] = time.monotonic) -> None:
        self.database, self.clock = database, clock
        self.answers: dict[str, Kept] = {}
        self.asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def ask(self, name: str, read: Callable[[], Read[T]]) -> T:
        """Return the kept answer of a read by its name, else run the read."""
        async with self.asking[name]:
            kept = self.answers.get(name)
            stamp = self.database.slow_answers.stamp()
            if kept is None or (kept.stamp != stamp and not self._serves(kept)):
                kept = Kept(await run_async(self.database, read()), stamp, self.clock())
                self.answers[name] = kept
        answer: T = kept.answer
        return answer

    def _serves(self, kept: Kept) -> bool:
        return not RENEWING.get() and self.clock() - kept.at < SERVES

    def forget(self) -> None:
        """Drop all answers, so that an owner's change shows."""
        self.answers.clear()
