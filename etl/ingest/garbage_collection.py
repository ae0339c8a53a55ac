"""Run Python's cyclic garbage collector rarely while many rows are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

RARE = 200_000
"""Objects made between two searches. Rows and records hold no cycles; with Python's 700 an eighth
of a load went into looking for them."""


@contextmanager
def rare_collections() -> Iterator[None]:
    """Collect garbage rarely within the block."""
    before = gc.get_threshold()
    gc.set_threshold(RARE, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
