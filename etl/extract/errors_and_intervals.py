"""Read errors and intervals, which are no results themselves: ± 0.3, [0.89, 0.93]."""

import re
from dataclasses import dataclass

PART = r"\d+(?:[.,]\d+)?(?:[eE][+-]?\d{1,3})?"
ERROR = re.compile(
    r"\s{0,12}\(?\s{0,4}(?:±|\+\s?/\s?-|\+-|(?<=[\s\d])(?:pm|plus(?: or |-)minus)(?=[\s\d]))"
    rf"\s{{0,12}}({PART})"
    rf"(?:\s{{0,3}}%(?=\s?\)))?(\s{{0,3}}\))?"
)
DIGITS_IN_BRACKETS = re.compile(r"\(\d{1,2}\)(?=\s?[%x×A-Za-zµ])")
"""The uncertain last digits, as physicists write them: 85.1(3)%."""
NAMED = re.compile(
    r"\s{0,4}[\[(]\s?(?:(?:9[059]|68)(?:\.\d)?\s{0,3}%?\s?-?\s?)?"
    r"(?:CI|CIs|C\.I\.|CrI|HDI|confidence|credible|SD|S\.D\.|s\.d\.|std|SE|SEM|IQR|range)\b"
    r"[^\[\]()]{0,70}[\])]"
)
BOUNDS = re.compile(
    rf"\s{{0,4}}([\[(])\s{{0,4}}(-?{PART})\s{{0,4}}%?\s{{0,4}}(?:,|-{{1,2}}|–|to|;|~)\s{{0,4}}"
    rf"(-?{PART})\s{{0,4}}%?\s{{0,4}}[\])]"
)

NEAR = 16
BEGINNINGS = frozenset("(±+p")


@dataclass(frozen=True, slots=True)
class Aside:
    """The error or interval after a number."""

    end: int
    is_closed: bool
    """A bracket closes it that was opened before the number: "(3.52 ± 0.03)"."""


def find_error(text: str, at: int, end: int) -> Aside | None:
    """Find "± 0.3", "+/- 0.3" or "(3)" right behind a number."""
    if text[at : at + NEAR].lstrip(" ")[:1] not in BEGINNINGS:
        return None
    if match := ERROR.match(text, at, end):
        opened = "(" in text[at : match.start(1)]
        closed = match.group(2) is not None
        if closed and not opened:
            return Aside(match.end(), is_closed=True)
        return Aside(match.end() if closed or not opened else match.end(1), is_closed=False)
    match = DIGITS_IN_BRACKETS.match(text, at, end)
    return Aside(match.end(), is_closed=False) if match else None


def skip_interval(text: str, at: int, end: int, value: float) -> int:
    """Return the offset after the interval behind a number and its unit, if there is one."""
    if text[at : at + NEAR].lstrip(" ")[:1] not in ("(", "["):
        return at
    if match := NAMED.match(text, at, end):
        return match.end() if any(sign.isdigit() for sign in match.group()) else at
    match = BOUNDS.match(text, at, end)
    if match is None:
        return at
    low, high = (float(match.group(part).replace(",", ".")) for part in (2, 3))
    return match.end() if low <= value <= high and low < high else at
