"""A number with its unit and scale, as the text gives it."""

from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Quantity:
    """A number as the text gives it."""

    start: int
    end: int
    value: float
    """Without its sign, see `minus`."""
    value_max: float | None = None
    unit: str | None = None
    """None for no unit; the empty unit of "points" is None too, see `points`."""
    points: bool = False
    scaled: bool = False
    """A scale word or letter stood with it: 7B, 3 million."""
    factor: float = 1.0
    """What scale and unit multiplied the printed number by."""
    orders: bool = False
    """The text gives it in orders of magnitude."""
    hyphen: bool = False
    """The unit, or the next word, is tied on: 5-second, 3-way."""
    decimal: bool = False
    glued: bool = False
    """A letter follows at once, as in 3.5AP."""
    minus: int | None = None
    """Where a minus stands right before it."""
    behind: int = 0
    """Where its error or interval ends, which is read with it; `end` where it has none."""

    def multiply(self, factor: float) -> None:
        """Multiply the value by a scale, without the noise of binary fractions."""
        self.value = float(f"{self.value * factor:.12g}")
        self.factor *= factor
