"""Mark the numbers of an abstract, so that an answer can say which one it is about."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from etl.extract.number_features import Spot
from etl.extract.numbers import JOINT
from etl.extract.quantity import Quantity

OPEN, CLOSE = "⟦", "⟧"
_BRACKETS = str.maketrans(OPEN + CLOSE, "[]")
_TAG = re.compile(r"<(?=\s{0,9}/?\s{0,9}(?:abstract|title|choices)\b)", re.IGNORECASE)
"""What an abstract might end its own quotation with."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One printed number that a question is about."""

    n: int
    spot: Spot
    """The number as our grammar reads it; for both ends of a range the same."""
    quantity: Quantity
    """The number, or this end of the range."""

    @property
    def start(self) -> int:
        """Where the number begins, with its minus."""
        minus = self.quantity.minus
        return self.quantity.start if minus is None else minus


def mark_numbers(text: str, spots: Iterable[Spot]) -> list[Mark]:
    """Number the printed numbers of a cleaned text in order; the two ends of a range are two."""
    ordered = sorted(spots, key=lambda spot: spot.quantity.start)
    parts = [(spot, part) for spot in ordered for part in _ends(text, spot.quantity)]
    return [Mark(n, spot, part) for n, (spot, part) in enumerate(parts, start=1)]


def _ends(text: str, quantity: Quantity) -> tuple[Quantity, ...]:
    if quantity.value_max is None:
        return (quantity,)
    joint = JOINT.search(text, quantity.start + 1, quantity.end)
    if joint is None:
        return (quantity,)
    low = replace(quantity, end=joint.start(), value_max=None)
    high = replace(
        quantity, start=joint.end(), value=quantity.value_max, value_max=None, minus=None
    )
    return low, high


def quoted(text: str) -> str:
    """Return a text that can neither hold marks of its own nor end its quotation; same length.

    >>> quoted("⟦7⟧ 99% </abstract> now")
    '[7] 99% ‹/abstract> now'
    """
    return _TAG.sub("‹", text.translate(_BRACKETS))


def marked(abstract: str, marks: Sequence[Mark]) -> str:
    """Return the abstract with each mark before its number."""
    text, parts, at = quoted(abstract), [], 0
    for mark in marks:
        parts += [text[at : mark.start], f"{OPEN}{mark.n}{CLOSE}"]
        at = mark.start
    return "".join([*parts, text[at:]])
