"""Draw the chart of a leaderboard as SVG: its values over time, or against what they cost."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from catalog.domain.formatting import number
from catalog.site.axes import Axis, day_axis, log_axis, value_axis
from catalog.site.charts import TOP, Frame, label, svg

LEFT, RIGHT, FOOT = 52, 14, 26
LETTER = 7.4
"""Width of a letter of a label, in pixels, rather too wide than too narrow."""

LEAST, MOST = 1e-30, 1e30
"""Values between which a chart is drawn; one beyond is a slip that leaves no room for others."""

DAY = 120
"""Pixels for the name of a day under a chart, with room around it."""

PAGE, COLUMN, PHONE = Frame(1000, 330), Frame(700, 280), Frame(350, 250)
"""Frames across a page, in its main column, and on a phone."""


@dataclass(frozen=True)
class Dot:
    """One number of a leaderboard."""

    x: float
    """A day as an ordinal, or what the model costs."""
    value: float
    name: str
    """For a label: the model, else the paper."""
    title: str
    """For the pointer: everything."""
    href: str
    leads: bool
    """Whether it was the best of its time, or none is better at its cost."""


def over_time(dots: Sequence[Dot], unit: str, frame: Frame = PAGE) -> Markup:
    """Draw values over days with a line along the best so far."""
    days = [dt.date.fromordinal(int(dot.x)) for dot in dots]
    title = "Values over time; the line shows the best so far"
    return _drawings(dots, unit, lambda most: day_axis(min(days), max(days), most), title, frame)


def against_cost(dots: Sequence[Dot], unit: str, cost: str) -> Markup:
    """Draw values against a cost, by powers of ten, with a line along the best at each cost."""
    costs = [dot.x for dot in dots]
    if not is_drawable(dots, by_cost=True):
        return Markup()
    title = f"Values against {cost}; the line shows the best up to each {cost}"
    return _drawings(dots, unit, lambda most: log_axis(min(costs), max(costs), most), title)


def is_drawable(dots: Sequence[Dot], *, by_cost: bool = False) -> bool:
    """Return true if there are two dots at least, and a scale that holds all of them."""
    scaled = [abs(dot.value or 1) for dot in dots] + [dot.x for dot in dots if by_cost]
    return len(dots) >= 2 and all(LEAST < value < MOST for value in scaled)


def _drawings(
    dots: Sequence[Dot],
    unit: str,
    make_axis: Callable[[int], Axis],
    title: str,
    frame: Frame = PAGE,
) -> Markup:
    """Draw the dots once for each kind of screen; nothing for less than two, or no scale."""
    if not is_drawable(dots):
        return Markup()
    values = [dot.value for dot in dots]
    up = value_axis(min(values), max(values))
    return Markup().join(
        Markup('<div class="{}">{}</div>').format(
            screen,
            _Drawing(drawn, make_axis(max(drawn.width // DAY, 4)), up, unit).draw(dots, title),
        )
        for screen, drawn in (("wide-screen", frame), ("narrow-screen", PHONE))
    )


class _Drawing:
    """One drawing: dots in a frame with two axes."""

    def __init__(self, frame: Frame, across: Axis, up: Axis, unit: str) -> None:
        self.frame, self.across, self.up, self.unit = frame, across, up, unit
        self.taken: list[tuple[float, float, float, float]] = []

    def draw(self, dots: Sequence[Dot], title: str) -> Markup:
        leading = sorted((dot for dot in dots if dot.leads), key=lambda dot: dot.x)
        parts = [*self._grid(), self._line(leading)]
        parts += [self._dot(dot) for dot in sorted(dots, key=lambda dot: dot.leads)]
        parts += [self._name(dot) for dot in reversed(leading)]
        return svg(self.frame, parts, title)

    def x(self, dot: Dot) -> float:
        return LEFT + (self.frame.width - LEFT - RIGHT) * self.across.share(dot.x)

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - TOP) * self.up.share(value)

    @property
    def bottom(self) -> float:
        return self.frame.height - FOOT

    def _grid(self) -> list[Markup]:
        lines = []
        for tick in self.up.ticks:
            y, shown = self.y(tick.at), tick.text + (self.unit if self.unit == "%" else "")
            lines += [_rule(LEFT, self.frame.width, y, y), label(LEFT - 8, y + 4, shown, "end")]
        for tick in self.across.ticks:
            x = LEFT + (self.frame.width - LEFT - RIGHT) * self.across.share(tick.at)
            shown = label(min(x, self.frame.width - 28), self.frame.height - 6, tick.text, "middle")
            lines += [_rule(x, x, self.bottom, self.bottom + 5), shown]
        return lines

    def _line(self, leading: Sequence[Dot]) -> Markup:
        if not leading:
            return Markup()
        path = f"M{self.x(leading[0]):.1f} {self.y(leading[0].value):.1f}" + "".join(
            f"H{self.x(dot):.1f}V{self.y(dot.value):.1f}" for dot in leading[1:]
        )
        return Markup('<path class="best" d="{}H{:.1f}"/>').format(path, self.frame.width - RIGHT)

    def _dot(self, dot: Dot) -> Markup:
        x, y = self.x(dot), self.y(dot.value)
        self.taken.append((x - 4, y - 4, x + 4, y + 4))
        return Markup(
            '<a href="{}"><title>{}</title>'
            '<circle class="dot{}" cx="{:.1f}" cy="{:.1f}" r="{}"/></a>'
        ).format(dot.href, dot.title, " best" if dot.leads else "", x, y, 5 if dot.leads else 4)

    def _name(self, dot: Dot) -> Markup:
        """Label a dot where there is room; the newest come first."""
        x, y = self.x(dot), self.y(dot.value)
        short = dot.name if len(dot.name) <= 22 else f"{dot.name[:21].rstrip()}…"
        for shown in (f"{number(dot.value)} {short}", number(dot.value)):
            wide = LETTER * len(shown)
            for left, base in ((x - wide - 7, y - 7), (x + 7, y - 7), (x - wide - 7, y + 16),
                               (x + 7, y + 16)):  # fmt: skip
                box = (left, base - 11, left + wide, base + 3)
                if self._is_free(box):
                    self.taken.append(box)
                    return Markup('<text class="record" x="{:.1f}" y="{:.1f}">{}</text>').format(
                        left, base, shown
                    )
        return Markup()

    def _is_free(self, box: tuple[float, float, float, float]) -> bool:
        left, top, right, bottom = box
        if left < LEFT or right > self.frame.width or top < 0 or bottom > self.bottom:
            return False
        return not any(
            left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
            for other in self.taken
        )


def _rule(x1: float, x2: float, y1: float, y2: float) -> Markup:
    return Markup('<line class="grid" x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}"/>').format(
        x1, x2, y1, y2
    )
