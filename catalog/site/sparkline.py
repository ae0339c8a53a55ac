"""Draw a small line of the values that led a leaderboard."""

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from markupsafe import Markup

WIDTH, HEIGHT, EDGE = 96, 26, 4


class Dated(Protocol):
    """A value of a day."""

    @property
    def day(self) -> dt.date: ...  # noqa: D102

    @property
    def value(self) -> float: ...  # noqa: D102


def sparkline(records: Sequence[Dated]) -> Markup:
    """Draw the values as steps from the first day to the last, the last one as a dot."""
    if len(records) < 2:
        return Markup()
    xs = _spread([one.day.toordinal() for one in records], EDGE, WIDTH - EDGE)
    ys = _spread([-one.value for one in records], EDGE, HEIGHT - EDGE)
    line = f"M{xs[0]:.1f} {ys[0]:.1f}"
    line += "".join(f"H{x:.1f}V{y:.1f}" for x, y in zip(xs[1:], ys[1:], strict=True))
    return Markup(
        '<svg class="sparkline" viewBox="0 0 {} {}" width="{}" height="{}" aria-hidden="true">'
        '<path d="{}"/><circle cx="{:.1f}" cy="{:.1f}" r="3"/></svg>'
    ).format(WIDTH, HEIGHT, WIDTH, HEIGHT, line, xs[-1], ys[-1])


def _spread(values: Sequence[float], start: float, end: float) -> list[float]:
    """Scale values to a range; equal ones to its middle.

    >>> _spread([1, 2, 3], 0, 10), _spread([5, 5], 0, 10)
    ([0.0, 5.0, 10.0], [5.0, 5.0])
    """
    low, high = min(values), max(values)
    if low == high:
        return [(start + end) / 2] * len(values)
    return [start + (end - start) * (value - low) / (high - low) for value in values]
