"""Run Python's cyclic garbage collector rarely where nothing comes of it."""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager

USUAL = gc.get_threshold()
"""Python's own thresholds."""

RARE = 200_000
"""Objects made between two searches. Modules, rows and records hold no cycles that end; with
Python's 700 an eighth of a load went into looking for them, and of a short command."""


@contextmanager
def rare_collections() -> Iterator[None]:
    """Collect garbage rarely within the block."""
    yield from _collecting(RARE, *USUAL[1:])


@contextmanager
def usual_collections() -> Iterator[None]:
    """Collect garbage as Python does by itself within the block: for what runs for days."""
    yield from _collecting(*USUAL)


def _collecting(*thresholds: int) -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(*thresholds)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def end_without_collection() -> None:
    """Spare the search through all objects at the end of the process, when memory goes anyway."""
    atexit.register(gc.freeze)
