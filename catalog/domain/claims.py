"""Judge reported numbers: sure enough to show, better or worse, or only a bound."""

import re
from typing import Literal, Protocol

from catalog.domain.late_patterns import late_pattern

FLOOR = 0.82
"""Certainty from which on a number is shown by default: on boards, in headlines, feeds, mail.

Of the board rows that reach it, some 90 of 100 are right (benchmarks/extraction/REPORT.md).
"""

DECIDED = ("accepted", "corrected", "added")
"""States of a number that a person vouches for."""

CORRECTED = ("corrected", "added")
"""States of a number that is what a person says, whatever a source has."""

NUMBER_FLOOR = 0.9
"""Confidence from which on headlines show a number without its dataset, where that is unsure."""

EVEN = 0.5
"""Confidence below which a number is more likely wrong than right."""

Verdict = Literal["better", "worse"]

_BOUND = late_pattern(
    r"(?:(?<![A-Za-z])(?:(?:less|fewer|more|greater|better|higher|lower|larger|smaller|worse) than"
    r"|at least|at most|no (?:more|less|fewer|better|worse|higher|lower) than|up to|upwards? of"
    r"|as (?:high|low|much|little) as|over|under|above|below|exceed(?:s|ed|ing)?"
    r"|in excess of|beyond|within|surpass(?:es|ed|ing)?"
    r"|nearly|almost|close to)|[<>≤≥≲≳⩽⩾]=?"
    r"|\\(?:geq?(?:slant)?|leq?(?:slant)?|gtrsim|lesssim|gt|lt|textgreater|textless)(?![a-zA-Z]))"
    r"[\s{}$~\\,]*(?:an?\s+)?\$?\s*$",
    re.IGNORECASE,
)
"""What stands before a number that is only a bound, in TeX too."""
_OPEN = late_pattern(r"\d\s?\+")
"""A number that is only a lower bound by its own sign: "99+%"."""
_KEPT = late_pattern(r"(?:retain|preserv|recover)\w*\s+(?:\S+\s+){0,2}$", re.IGNORECASE)


class Reading(Protocol):
    """The fields that tell how surely a number was read."""

    @property
    def origin(self) -> str: ...  # noqa: D102

    @property
    def state(self) -> str: ...  # noqa: D102

    @property
    def confidence(self) -> float | None: ...  # noqa: D102

    @property
    def row_confidence(self) -> float | None: ...  # noqa: D102


def certainty(reading: Reading) -> float:
    """Estimate how sure all fields of a number are, 0 to 1.

    What a person decided, and what stands in a table, is sure. A number that was read before rows
    had a confidence of their own has that of its metric.
    """
    if reading.state in DECIDED or reading.origin != "abstract":
        return 1.0
    if reading.row_confidence is not None:
        return reading.row_confidence
    return reading.confidence or 0.0


def origin_of(reading: Reading) -> str:
    """Return whose word a number is: the curator's where one corrected it, else its origin."""
    return "curator" if reading.state in CORRECTED else reading.origin


def sureness(reading: Reading) -> float | None:
    """Return how sure a number is that was read from an abstract; None for all others."""
    is_estimated = (reading.row_confidence, reading.confidence) != (None, None)
    is_read = origin_of(reading) == "abstract" and (is_estimated or reading.state in DECIDED)
    return certainty(reading) if is_read else None


def is_sure(reading: Reading) -> bool:
    """Return true if a number may be shown by default."""
    return certainty(reading) >= FLOOR


def is_number_sure(reading: Reading) -> bool:
    """Return true if value, unit, metric and kind are sure, whatever the dataset is."""
    return is_sure(reading) or (reading.confidence or 0.0) >= NUMBER_FLOOR


def is_doubtful(reading: Reading) -> bool:
    """Return true if a number is more likely wrong than right, whatever its dataset is."""
    is_read = reading.origin == "abstract" and reading.state not in DECIDED
    return is_read and reading.confidence is not None and reading.confidence < EVEN


def verdict(sign: str | None, higher_is_better: bool | None) -> Verdict | None:
    """Judge whether a change is for the better, by its sign and its metric's direction.

    >>> verdict("-", False), verdict("-", True), verdict(None, True), verdict("+", None)
    ('better', 'worse', None, None)
    """
    if sign is None or higher_is_better is None:
        return None
    return "better" if (sign == "+") == higher_is_better else "worse"


def around(sentence: str, text: str) -> tuple[str, str]:
    """Return what stands before and after a number, which is not the end of a longer one.

    >>> around("It solves 95% of SetA and 5% of SetB.", "5%")
    ('It solves 95% of SetA and ', ' of SetB.')
    """
    printed = _printed(text).search(sentence)
    return (sentence[: printed.start()], sentence[printed.end() :]) if printed else ("", "")


def is_kept(sentence: str | None, text: str) -> bool:
    """Return true if a number says how much of another value is kept.

    >>> is_kept("It is small, preserving 95% of the accuracy.", "95%"), is_kept("It is 95%.", "95%")
    (True, False)
    """
    before, _ = around(sentence or "", text)
    return _KEPT.search(before) is not None


def is_bound(sentence: str | None, text: str) -> bool:
    """Return true if a sentence gives a number only as a bound, such as "less than 65%".

    >>> is_bound("All models score less than 65%.", "65%"), is_bound("We reach 65%.", "65%")
    (True, False)
    """
    if not sentence or not text:
        return False
    before, behind = around(sentence, text)
    if before + behind == "" or _printed(text).search(behind):
        return False  # it is not there, or more than once
    is_open = _OPEN.search(text) is not None or re.match(r"\+(?![\w.])", behind) is not None
    return is_open or _BOUND.search(before) is not None


def _printed(text: str) -> re.Pattern[str]:
    """Return the pattern of a number that is not the end of a longer one."""
    return re.compile(rf"(?<![\d.,]){re.escape(text)}")
