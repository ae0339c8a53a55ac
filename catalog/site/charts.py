"""Draw charts as SVG on the server, so that they need no script and print well."""

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from catalog.domain.formatting import count, number, path, plural
from catalog.domain.formatting import month as month_name

LEFT, BOTTOM, TOP = 40, 22, 10
LABEL = 62
"""Width of a month under a chart, in pixels."""


@dataclass(frozen=True)
class Frame:
    """The size of a chart in pixels."""

    width: int
    height: int

    @property
    def plot(self) -> int:
        """Height of the part with data."""
        return self.height - BOTTOM - TOP


NARROW, WIDE = Frame(340, 170), Frame(1100, 260)


@dataclass(frozen=True)
class Bar:
    """One month: all papers, and those with code."""

    month: str
    papers: int
    with_code: int


@dataclass(frozen=True)
class Point:
    """One value on a day; `best` if no earlier value was better."""

    day: str
    value: float
    label: str
    href: str
    best: bool = False


def months_chart(bars: Sequence[Bar]) -> Markup:
    """Draw papers per month, the share with code filled."""
    frame = NARROW
    top = _round_up(max((bar.papers for bar in bars), default=1))
    plot = frame.plot
    slot = (frame.width - LEFT) / max(len(bars), 1)
    wide = min(slot * 0.76, 40)
    parts = [_grid(frame, 0, top, lambda value: count(round(value)))]
    step = max(1, math.ceil(LABEL / slot))
    for place, bar in enumerate(bars):
        x = LEFT + place * slot + (slot - wide) / 2
        tall, code = plot * bar.papers / top, plot * bar.with_code / top
        papers, coded = plural(bar.papers, "paper"), count(bar.with_code)
        title = f"{month_name(bar.month)}: {papers}, {coded} with code"
        parts.append(
            Markup(
                '<a href="{}"><title>{}</title>'
                '<rect class="hit" x="{:.1f}" y="{}" width="{:.1f}" height="{}"/>'
                '<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="2"/>'
                '<rect class="bar code" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" '
                'rx="2"/></a>'
            ).format(
                path("catalog", "papers") + f"?month={bar.month}",
                title,
                LEFT + place * slot, TOP, slot, plot,
                x, TOP + plot - tall, wide, tall,
                x, TOP + plot - code, wide, code,
            )
        )  # fmt: skip
        last = place == len(bars) - 1
        room = frame.width - x > LABEL * 1.6
        if last or (room and (len(bars) - 1 - place) % step == 0):
            middle = x + wide / 2
            fits = middle + LABEL / 2 <= frame.width
            at = (middle, "middle") if fits else (frame.width, "end")
            parts.append(_label(at[0], frame.height - 6, month_name(bar.month), at[1]))
    return _svg(frame, parts, "Papers per month; the darker part has code")


def best_over_time(points: Sequence[Point], unit: str) -> Markup:
    """Draw values over days, with a line along the best so far."""
    if len(points) < 2:
        return Markup()
    days = [_ordinal(point.day) for point in points]
    values = [point.value for point in points]
    low, high = min(values), max(values)
    margin = (high - low) * 0.08 or abs(high) * 0.05 or 1
    low, high = max(low - margin, 0) if low >= 0 else low - margin, high + margin
    first, last = min(days), max(days)
    span = max(last - first, 1)
    frame, plot = WIDE, WIDE.plot

    def x_of(day: int) -> float:
        return LEFT + 10 + (frame.width - LEFT - 20) * (day - first) / span

    def y_of(value: float) -> float:
        return TOP + plot * (high - value) / (high - low)

    parts = [_grid(frame, low, high, lambda value: f"{value:.4g}")]
    steps = sorted((x_of(d), y_of(p.value)) for d, p in zip(days, points, strict=True) if p.best)
    if steps:
        line = f"M{steps[0][0]:.1f} {steps[0][1]:.1f}" + "".join(
            f"H{x:.1f}V{y:.1f}" for x, y in steps[1:]
        )
        parts.append(Markup('<path class="best" d="{}H{:.1f}"/>').format(line, x_of(last)))
    parts += [
        Markup(
            '<a href="{}"><title>{}</title>'
            '<circle class="dot{}" cx="{:.1f}" cy="{:.1f}" r="4.5"/></a>'
        ).format(
            point.href,
            f"{number(point.value)}{unit and ' ' + unit}, {point.day}: {point.label}",
            " best" if point.best else "",
            x_of(day),
            y_of(point.value),
        )
        for day, point in zip(days, points, strict=True)
    ]
    parts.append(_label(LEFT + 10, frame.height - 6, min(p.day for p in points), "start"))
    parts.append(_label(frame.width - 10, frame.height - 6, max(p.day for p in points), "end"))
    return _svg(frame, parts, "Values over time; the line shows the best so far")


def _svg(frame: Frame, parts: Sequence[Markup], title: str) -> Markup:
    return Markup(
        '<svg class="chart" viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>'
    ).format(frame.width, frame.height, title, Markup().join(parts))


def _grid(frame: Frame, low: float, high: float, write: Callable[[float], str]) -> Markup:
    lines = []
    for share in (0, 0.5, 1):
        y = TOP + frame.plot * (1 - share)
        lines.append(
            Markup('<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(
                LEFT, frame.width, y, y
            )
        )
        value = low + (high - low) * share
        lines.append(_label(LEFT - 6, y + 4, write(value), "end"))
    return Markup().join(lines)


def _label(x: float, y: float, shown: str, anchor: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(
        x, y, anchor, shown
    )


def _round_up(value: float) -> float:
    """Round up to the next number that reads well on an axis.

    >>> [_round_up(value) for value in (1, 7, 38, 112, 1001)]
    [2.0, 8.0, 40.0, 200.0, 2000.0]
    """
    size = 10 ** max(len(str(int(value))) - 1, 0)
    for factor in (1, 2, 4, 6, 8, 10):
        if value <= factor * size and factor * size >= 2:
            return float(factor * size)
    return float(10 * size)


def _ordinal(day: str) -> int:
    return dt.date.fromisoformat(day[:10]).toordinal()
