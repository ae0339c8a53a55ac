"""Measure how the time of work grows with its size.

Only ratios of processor time are compared, and the best of several tries: work that grows with the
square of the size takes 16 times as long for 4 times the size, each time.
"""

import time
from collections.abc import Callable

FACTOR = 4
LIMIT = 9.0
"""Between the 4 of linear growth and the 16 of quadratic."""
TRIES = 4
LEAST = 0.002
"""Seconds that count as none: below them a clock says little."""

Work = Callable[[], object]


def growth(prepare: Callable[[int], Work], size: int, *, limit: float = LIMIT) -> float:
    """How many times as long `FACTOR` times the size takes, at best of a few tries.

    `prepare` makes what has a size, and returns the work on it, which is measured. A ratio below
    `limit` is good enough: no other try is made.
    """
    best = float("inf")
    for _ in range(TRIES):
        short = max(_seconds(prepare(size)), LEAST)
        best = min(best, _seconds(prepare(size * FACTOR)) / short)
        if best < limit:
            break
    return best


def growth_of_text(
    work: Callable[[str], object], piece: str, size: int, *, limit: float = LIMIT
) -> float:
    """How many times as long `FACTOR` times a text of this piece takes."""

    def prepare(characters: int) -> Work:
        text = piece * (characters // len(piece))
        return lambda: work(text)

    return growth(prepare, size, limit=limit)


def _seconds(work: Work) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin
