"""Leaderboards: which values compare, which way is up, and who leads."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def scale(results: Sequence[Row]) -> str:
    """Choose the unit that a board is measured in: the most frequent one.

    Shares in 0..1 of a metric that others print in per cent count as per cent.

    >>> scale([{"unit": "%", "value": 81}, {"unit": None, "value": 0.8}, {"unit": "s", "value": 4}])
    '%'
    """
    units = Counter(unit_of(result, has_percent(results)) for result in results)
    return min(units, key=lambda unit: (-units[unit], unit)) if units else ""


def has_percent(results: Sequence[Row]) -> bool:
    """Tell whether anyone prints the metric in per cent."""
    return any(result["unit"] == "%" for result in results)


def unit_of(result: Row, in_percent: bool) -> str:
    """Name the unit in which a value is compared; empty for a bare score.

    On a board with per cent, a bare value is per cent as well, printed without its sign.
    """
    if in_percent and result["unit"] is None:
        return "%"
    return result["unit"] or ""


def compared(result: Row, in_percent: bool) -> float:
    """Give the value as it is compared: shares of a per-cent metric times 100.

    >>> compared({"unit": None, "value": 0.83}, True), compared({"unit": None, "value": 27.5}, True)
    (83.0, 27.5)
    """
    value = float(result["value"])
    if in_percent and result["unit"] is None and 0 <= value <= 1:
        return round(value * 100, 10)
    return value


def ranked(
    results: Sequence[Row], *, unit: str, higher_is_better: bool | None
) -> list[dict[str, Any]]:
    """Rank the results of one unit; equal values share a place. Unknown direction: higher first."""
    in_percent = has_percent(results)
    down = higher_is_better is not None and not higher_is_better
    board = [
        {**result, "compared": compared(result, in_percent)}
        for result in results
        if result["value"] is not None and unit_of(result, in_percent) == unit
    ]
    board.sort(key=lambda row: (row["compared"] if down else -row["compared"], row["day"] or ""))
    place, last = 0, None
    for position, row in enumerate(board, start=1):
        if row["compared"] != last:
            place, last = position, row["compared"]
        row["place"] = place
    return board


def leaders(board: Sequence[Row], *, higher_is_better: bool | None) -> set[int]:
    """Give the ids of the results that nothing before them had reached."""
    down = higher_is_better is not None and not higher_is_better
    best: float | None = None
    found = set()
    for row in sorted(board, key=lambda row: (row["day"] or "9999", row["place"])):
        if best is None or (row["compared"] < best if down else row["compared"] > best):
            best = row["compared"]
            found.add(row["id"])
    return found
