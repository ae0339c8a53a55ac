"""Keep the answer of a read that asks many queries, until the catalog has changed.

The cache of slow answers keeps single queries. What moves and rises takes dozens of quick ones: its
answer serves a minute at least while a load changes the catalog.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from catalog.reads.asking import Read
from catalog.site.datasette_internals.answer_cache import RENEWING, Stamp
from catalog.site.routes import Site

T = TypeVar("T")

SERVES = 60.0
"""Seconds for which an answer serves although the catalog has changed since."""


@dataclass
class Kept:
    """One answer, with the state of the file at which it was read."""

    answer: Any
    stamp: Stamp
    at: float


async def ask_kept(
    site: Site, name: str, read: Callable[[], Read[T]], clock: Callable[[], float] = time.monotonic
) -> T:
    """Return the kept answer of a read by its name, else run the read."""
    answers: dict[str, Kept] = vars(site.database).setdefault("kept_reads", {})
    stamp, kept = site.database.slow_answers.stamp(), answers.get(name)
    serves = 0.0 if RENEWING.get() else SERVES
    if kept is None or (kept.stamp != stamp and clock() - kept.at >= serves):
        kept = answers[name] = Kept(await site.ask(read()), stamp, clock())
    answer: T = kept.answer
    return answer
