"""Choose where an axis begins and ends, and the round values that it names."""

import datetime as dt
import math
from dataclasses import dataclass

from catalog.domain.formatting import MONTHS, number


@dataclass(frozen=True)
class Tick:
    """A value that an axis names."""

    at: float
    text: str


@dataclass(frozen=True)
class Axis:
    """An axis from its lowest to its highest value, evenly or by powers of ten."""

    low: float
    high: float
    ticks: tuple[Tick, ...]
    is_log: bool = False

    def share(self, value: float) -> float:
        """Return how far along the axis a value stands, from 0 to 1."""
        if self.is_log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


def value_axis(low: float, high: float, most: int = 6) -> Axis:
    """Make an axis of values whose ends and ticks are round.

    >>> [tick.text for tick in value_axis(71.3, 95.4).ticks]
    ['70', '75', '80', '85', '90', '95', '100']
    >>> [tick.text for tick in value_axis(3.0, 3.0).ticks]
    ['2.4', '2.6', '2.8', '3', '3.2', '3.4', '3.6']
    """
    if high - low <= 1e-9 * max(abs(low), abs(high)):
        margin = abs(low) * 0.15 or 1.0
        low, high = low - margin, high + margin
    step = round_step((high - low) / (most - 1))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    values = [float(f"{place * step:.12g}") for place in range(first, last + 1)]
    return Axis(values[0], values[-1], tuple(Tick(value, number(value)) for value in values))


def round_step(least: float) -> float:
    """Return the smallest of 1, 2, 2.5, 5, 10, 20, ... that is large enough.

    >>> [round_step(value) for value in (0.03, 1.0, 2.3, 4.8, 7.0)]
    [0.05, 1.0, 2.5, 5.0, 10.0]
    """
    size: float = 10.0 ** math.floor(math.log10(least))
    return next(
        float(f"{factor * size:.6g}")
        for factor in (1, 2, 2.5, 5, 10)
        if factor * size >= least * (1 - 1e-9)
    )


def log_axis(low: float, high: float, most: int = 7) -> Axis:
    """Make an axis by powers of ten, for sizes and times.

    >>> [tick.text for tick in log_axis(7e6, 2.1e9).ticks]
    ['10M', '100M', '1B']
    >>> [tick.text for tick in log_axis(80e6, 300e6).ticks]
    ['100M', '200M']
    """
    low, high = low / 1.25, high * 1.25
    few, many = (1,), (1, 2, 5)
    ticks: list[float] = []
    for factors in (many, few):
        ticks = _powers(low, high, factors)
        if len(ticks) <= most:
            break
    thinned = ticks[:: math.ceil(len(ticks) / most)] if ticks else [math.sqrt(low * high)]
    return Axis(low, high, tuple(Tick(value, number(value)) for value in thinned), is_log=True)


def _powers(low: float, high: float, factors: tuple[int, ...]) -> list[float]:
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    values = [factor * 10.0**power for power in powers for factor in factors]
    return [value for value in values if low <= value <= high]


def day_axis(first: dt.date, last: dt.date, most: int = 8) -> Axis:
    """Make an axis of days that names the first days of years, or of months.

    >>> [tick.text for tick in day_axis(dt.date(2017, 3, 2), dt.date(2020, 6, 1)).ticks]
    ['Jul 2017', '2018', 'Jul 2018', '2019', 'Jul 2019', '2020']
    >>> [tick.text for tick in day_axis(dt.date(2025, 3, 9), dt.date(2025, 3, 20)).ticks]
    ['9 Mar 2025']
    """
    margin = max((last - first).days // 40, 2)
    low, high = first.toordinal() - margin, last.toordinal() + margin
    for months in (1, 3, 6, 12, 24, 60, 120):
        begins = [day for day in _begins(first, last, months) if low <= day.toordinal() <= high]
        if len(begins) <= most:
            break
    thinned = begins[:: max(math.ceil(len(begins) / most), 1)]
    named = [Tick(day.toordinal(), _month(day)) for day in thinned]
    alone = Tick(first.toordinal(), f"{first.day} {MONTHS[first.month - 1]} {first.year}")
    return Axis(low, high, tuple(named) or (alone,))


def _begins(first: dt.date, last: dt.date, months: int) -> list[dt.date]:
    """List the first days of every so many months, counted from January of a round year."""
    start, end = first.year * 12 + first.month - 1, last.year * 12 + last.month
    places = range(start - start % months, end + 1, months)
    return [dt.date(place // 12, place % 12 + 1, 1) for place in places if 1 <= place // 12 <= 9999]


def _month(day: dt.date) -> str:
    return str(day.year) if day.month == 1 else f"{MONTHS[day.month - 1]} {day.year}"
