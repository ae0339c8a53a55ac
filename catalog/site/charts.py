"""Draw charts as SVG on the server, so that they need no script and print well."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from catalog.domain.formatting import count, path, plural
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


NARROW = Frame(340, 170)


@dataclass(frozen=True)
class Bar:
    """One month: all papers, and those with code."""

    month: str
    papers: int
    with_code: int


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
            parts.append(label(at[0], frame.height - 6, month_name(bar.month), at[1]))
    return svg(frame, parts, "Papers per month; the darker part has code")


def svg(frame: Frame, parts: Sequence[Markup], title: str) -> Markup:
    """Join parts to a drawing with a title for those who do not see it."""
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
        lines.append(label(LEFT - 6, y + 4, write(value), "end"))
    return Markup().join(lines)


def label(x: float, y: float, shown: str, anchor: str) -> Markup:
    """Write a short text at a place, which is its start, middle or end."""
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
