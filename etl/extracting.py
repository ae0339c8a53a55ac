"""Extraction in bulk: in this process for a few abstracts, over the cores for many."""

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import chain

from etl.extract import extract_many
from etl.records import Extraction

MANY = 2_000
"""Abstracts in one batch from which on starting other processes pays."""

PORTION = 250
"""Abstracts that are sent to another process at a time: enough to hide the way there."""

Texts = Sequence[tuple[str, str | None]]
"""Abstracts, each with its title."""


class Extractor:
    """Reads abstracts, on an executor where there are many; results come in order."""

    def __init__(self, jobs: int | None = None, executor: Executor | None = None) -> None:
        self.jobs = jobs or os.cpu_count() or 1
        self._executor = executor
        self._pool: ProcessPoolExecutor | None = None

    def __call__(self, texts: Texts) -> list[Extraction]:
        """Extract from each abstract."""
        executor = self._executor
        if executor is None:
            if self.jobs == 1 or (len(texts) <= MANY and self._pool is None):
                return extract_many(texts)
            executor = self._pool = self._pool or _pool(self.jobs)
        portions = [texts[i : i + PORTION] for i in range(0, len(texts), PORTION)]
        return list(chain.from_iterable(executor.map(extract_many, portions)))

    def close(self) -> None:
        """End the processes that were started here."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


def _pool(jobs: int) -> ProcessPoolExecutor:
    """Processes that share nothing with this one: it has a database open."""
    return ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))


@contextmanager
def extractor(jobs: int | None = None, executor: Executor | None = None) -> Iterator[Extractor]:
    """An extractor whose processes end with the block."""
    found = Extractor(jobs, executor)
    try:
        yield found
    finally:
        found.close()
