"""Rank the values of a leaderboard: comparable units, direction, records."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Valued(Protocol):
    """The fields on which ranking depends."""

    @property
    def value(self) -> float | None: ...  # noqa: D102

    @property
    def unit(self) -> str | None: ...  # noqa: D102

    @property
    def day(self) -> dt.date | None: ...  # noqa: D102


R = TypeVar("R", bound=Valued)


@dataclass(frozen=True)
class Ranked(Generic[R]):
    """A result with its rank on a leaderboard."""

    result: R
    rank: int
    """1 leads; equal values share a rank."""
    compared: float
    """The value in the board's unit."""


def scale(results: Sequence[Valued]) -> str:
    """Choose the unit of a leaderboard: the most frequent one.

    Shares in 0..1 of a metric that others print in per cent count as per cent.
    """
    units = Counter(unit_of(result, has_percent(results)) for result in results)
    return min(units, key=lambda unit: (-units[unit], unit)) if units else ""


def has_percent(results: Sequence[Valued]) -> bool:
    """Return true if any value of the metric is in per cent."""
    return any(result.unit == "%" for result in results)


def unit_of(result: Valued, in_percent: bool) -> str:
    """Return the unit in which a value is compared; empty for a bare score.

    On a board with per cent, a bare value is per cent as well, printed without its sign.
    """
    if in_percent and result.unit is None:
        return "%"
    return result.unit or ""


def compared(value: float, unit: str | None, in_percent: bool) -> float:
    """Return the value as it is compared: shares of a per-cent metric times 100.

    >>> compared(0.83, None, True), compared(27.5, None, True), compared(0.5, "%", True)
    (83.0, 27.5, 0.5)
    """
    return round(value * 100, 10) if in_percent and unit is None and 0 <= value <= 1 else value


def ranked(results: Sequence[R], *, unit: str, higher_is_better: bool | None) -> list[Ranked[R]]:
    """Rank the results of one unit, the best first; the highest if the direction is unknown."""
    in_percent = has_percent(results)
    down = higher_is_better is False
    board = [
        (compared(result.value, result.unit, in_percent), result)
        for result in results
        if result.value is not None and unit_of(result, in_percent) == unit
    ]
    board.sort(key=lambda pair: (pair[0] if down else -pair[0], pair[1].day or dt.date.min))
    return reranked([Ranked(result, 0, value) for value, result in board])


def reranked(board: Sequence[Ranked[R]]) -> list[Ranked[R]]:
    """Number sorted results from 1; equal values share a rank."""
    found: list[Ranked[R]] = []
    for position, one in enumerate(board, start=1):
        shares = found and found[-1].compared == one.compared
        found.append(Ranked(one.result, found[-1].rank if shares else position, one.compared))
    return found


def records(board: Sequence[Ranked[R]], *, higher_is_better: bool | None) -> list[Ranked[R]]:
    """Return the results that were the best of their time, the earliest first."""
    down = higher_is_better is False
    found: list[Ranked[R]] = []
    for one in sorted(board, key=lambda one: (one.result.day or dt.date.max, one.rank)):
        best = found[-1].compared if found else None
        if best is None or (one.compared < best if down else one.compared > best):
            found.append(one)
    return found


def front(points: Sequence[tuple[float, float]], *, higher_is_better: bool | None) -> list[int]:
    """Return the places of the points (cost, value) that none beats at the same or a lower cost.

    >>> front([(10, 80.0), (20, 79.0), (30, 85.0), (30, 84.0)], higher_is_better=True)
    [0, 2]
    """
    down = higher_is_better is False

    def order(place: int) -> tuple[float, float]:
        cost, value = points[place]
        return (cost, value if down else -value)

    found: list[int] = []
    for place in sorted(range(len(points)), key=order):
        best = points[found[-1]][1] if found else None
        value = points[place][1]
        if best is None or (value < best if down else value > best):
            found.append(place)
    return found
