"""Read numbers with unit, scale and range from cleaned text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from etl.extract import lexicon

NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?(?:e[+-]?\d+(?!\w))?|\.\d+")
POWER = re.compile(r"(?:(\d+(?:\.\d+)?)\s*[x·]\s*)?10\s?\^\s{0,2}(-?\d{1,3})")
DIGIT = re.compile(r"\d")
FREE = re.compile(
    r"(?<![\w.@^/+'\-&*\\])"  # after a space, a bracket, a comma ...
    r"|(?<=[\d%x)\s]/)"  # 47.0%/65.0%
    r"|(?<=[\s(:/|,;~=]\+)"  # +2.5
    r"|(?<=[^\w)]-)"  # a minus, a dash
    r"|(?<=\bsim)|(?<=\bpm)|(?<=\bapprox)|(?<=\bgeq)|(?<=\bleq)|(?<=\btimes)"
    r"|(?<=[a-zA-Z]-)(?=\d+(?:\.\d+)?\s?%)"  # sub-60%
)
"""Matches, without taking anything, where a number may begin that is no part of a word."""
WORD_END = re.compile(r"\w*(?:[.,]\w+)*")
DIMENSIONS = re.compile(
    r"\d[\d,.]*(?:(?:x|\s+x\s*|\s+times\s+|times)\d[\d,.]*)+(?![\d%])|\d{4}s\b|\d{4}\.\d{4,5}(?!\d)|\d+(?:\.\d+){2,}\w*"
)
SCALE = re.compile(r"\s?([KMBTkbG])(?![A-Za-z])|[\s-]{0,2}(thousand|million|billion|trillion)\b")
SCALES = {
    "k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9, "b": 1e9, "G": 1e9, "T": 1e12,
    "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
}  # fmt: skip
UNIT_WORD = r"(?:%p\b|%-points?|%|°|\uff04|p\.p\.?|[A-Za-zµμ][A-Za-z]*(?:/[A-Za-z]+)*)"
GPU_TIME = re.compile(
    r"[\s-]{1,3}(?:[A-Z][\w-]*\s){0,2}(?:GPU|TPU|gpu)[- ](?:training |compute )?"
    r"(hours|hour|hrs|days|day)\b"
)
TAIL = re.compile(
    rf"(\+?\s{{0,9}}-?\s?)({UNIT_WORD})(?:[ -]([A-Za-z]+))?(?:[ -]([A-Za-z]+))?(?:[ -]([A-Za-z]+))?"
)
JOINT = re.compile(
    r"\s?(?:-{1,2}|~|→|—|-to-)\s?(?=\.?\d)|\s+(?:to\s+[+-]?|and\s+)(?=[\uff04€]?\.?\d)|\s+sim\s+(?=\d)"
)
FROM = re.compile(r"\bfrom\W{1,3}(?:[\w.'-]+ ){0,3}[\d.,/%| ]*$")
AGAIN = re.compile(r"\d[^()]{0,40}\(\s?$")
"""An opening bracket after another number: "by 0.8% (94.0% to 94.8%)"."""
BETWEEN = re.compile(r"\bbetween\W{1,3}$")
RANGING = re.compile(r"(?:rang|span|vary|varies|scales? |sizes?|between)\w*\W(?:\w+ ){0,3}$", re.I)
MULTIPLES = re.compile(r"(?:[KMG]?FLOPs|MACs)")
MONEY = {"\uff04": "$", "€": "€", "£": "£"}


@dataclass(slots=True)
class Quantity:
    """A number as the text gives it."""

    start: int
    end: int
    value: float
    value_max: float | None = None
    unit: str | None = None
    """None for no unit; the empty unit of "points" is None too, see `points`."""
    points: bool = False
    scaled: bool = False
    """A scale word or letter stood with it: 7B, 3 million."""
    hyphen: bool = False
    """The unit, or the next word, is tied on: 5-second, 3-way."""
    decimal: bool = False
    glued: bool = False
    """A letter follows at once, as in 3.5AP."""


def find_quantities(text: str, start: int, end: int) -> Iterator[Quantity]:
    """Find the numbers of one sentence that are no part of a name, in order."""
    at = start
    while match := DIGIT.search(text, at, end):
        digit = match.start()
        first = _beginning(text, digit, at)
        if not FREE.match(text, first):
            at = _skip(text, digit + 1, end)
            continue
        if name := DIMENSIONS.match(text, first, end):
            at = name.end()
            continue
        found = _read(text, first, end)
        if found is None:
            at = _skip(text, digit + 1, end)
            continue
        yield found
        at = max(found.end, digit + 1)


def _beginning(text: str, digit: int, least: int) -> int:
    """Return where the number begins; a point or a currency sign may precede the digit."""
    first = digit
    if first > least and text[first - 1] == "." and (first - 1 == least or text[first - 2] == " "):
        first -= 1
    before = first
    while before > least and text[before - 1] == " " and first - before < 2:
        before -= 1
    if before > least and text[before - 1] in MONEY:
        return before - 1
    return first


def _skip(text: str, at: int, end: int) -> int:
    """Return the end of a word that begins with a digit: 3D, 512x512."""
    match = WORD_END.match(text, at, end)
    return match.end() if match else at


def _read(text: str, first: int, end: int) -> Quantity | None:
    """Read the quantity at this offset, with what makes it a range; None for 3D and such."""
    found = _single(text, first, end)
    if found is None:
        return None
    joint = JOINT.match(text, found.end, end)
    if joint is None:
        return found
    upper = _single(text, joint.end(), end)
    if upper is None or not _is_range(text, found, upper, joint.group()):
        return found
    return _merge(found, upper)


def _is_range(text: str, low: Quantity, high: Quantity, joint: str) -> bool:
    """Return true if two numbers are the ends of one range, not a "before" and an "after"."""
    if (
        (low.hyphen and "-to-" not in joint)
        or (low.unit != high.unit and low.unit is not None)
        or "→" in joint
    ):
        return False
    before = text[max(0, low.start - 45) : low.start].rstrip(" ~＄€")
    if "and" in joint:
        return bool(BETWEEN.search(before + " "))
    if "to" in joint and (begun := FROM.search(before + " ")):
        return bool(high.scaled or RANGING.search(before[: begun.start()]))
    if "to" in joint and low.decimal and not low.points and AGAIN.search(before + " "):
        return False
    return high.value > low.value or high.scaled or low.unit is not None or "to" in joint


def _merge(low: Quantity, high: Quantity) -> Quantity:
    """Merge two ends into one quantity; the lower end takes the scale of the upper: "3-7B"."""
    value = low.value
    if high.scaled and not low.scaled and high.value > 0:
        scale = 10.0 ** (3 * int(_magnitude(high.value)))
        if value < 1000:
            value *= scale
    return Quantity(
        start=low.start,
        end=high.end,
        value=value,
        value_max=high.value,
        unit=high.unit if high.unit is not None else low.unit,
        points=high.points,
        scaled=high.scaled,
        hyphen=high.hyphen,
        decimal=low.decimal or high.decimal,
        glued=high.glued,
    )


def _magnitude(value: float) -> int:
    """Return the power of 1000: 0 below a thousand, 1 below a million, ..."""
    steps = 0
    while value >= 1000:
        value /= 1000
        steps += 1
    return steps


def _single(text: str, first: int, end: int) -> Quantity | None:
    """Read one number with scale and unit."""
    sign = text[first]
    money = MONEY.get(sign)
    at = first + 1 if money else first
    while money and text[at] == " ":
        at += 1
    number, at, decimal = _number(text, at, end)
    if number is None:
        return None
    found = Quantity(first, at, number, unit=money, decimal=decimal)
    _apply_scale(text, found, end)
    _apply_unit(text, found, end)
    following = text[found.end : found.end + 1]
    if following == "-" and text[found.end + 1 : found.end + 2].isalpha():
        found.hyphen = True
    if following.isalnum() or following == "_":
        found.glued = True
        if found.unit == "%":
            return found
        word = re.match(r"[A-Za-z]+", text[found.end : end])
        if found.unit is not None or not word or not lexicon.is_metric_word(word.group()):
            return None
    return found


def _number(text: str, at: int, end: int) -> tuple[float | None, int, bool]:
    """Read a number: its value, its end, and whether it has decimals."""
    if power := POWER.match(text, at, end):
        return float(power.group(1) or 1) * 10.0 ** int(power.group(2)), power.end(), False
    match = NUMBER.match(text, at, end)
    if match is None:
        return None, at, False
    shown = match.group()
    value = float(shown.replace(",", ""))
    return (value if value < 1e300 else None), match.end(), "." in shown


def _apply_scale(text: str, found: Quantity, end: int) -> None:
    match = SCALE.match(text, found.end, end)
    if match is None:
        return
    sign = match.group(1) or match.group(2)
    if sign == "G" and not MULTIPLES.match(text[match.end() :].lstrip()):
        return
    found.value = float(f"{found.value * SCALES[sign]:.12g}")
    found.end = match.end()
    found.scaled = True


def _apply_unit(text: str, found: Quantity, end: int) -> None:
    """Read the longest unit that follows the number."""
    if timed := GPU_TIME.match(text, found.end, end):
        found.unit = "GPU-days" if timed.group(1).startswith("day") else "GPU-hours"
        found.end = timed.end()
        return
    tail = TAIL.match(text, found.end, end)
    if tail is None:
        return
    gap, first = tail.group(1), tail.group(2)
    for count in (5, 4, 3, 2) if first in lexicon.unit_starts() else (2,):
        last = tail.end(count)
        if last < 0:
            continue
        form = text[tail.start(2) : last].replace("-", " ") if count > 2 else first
        unit = lexicon.unit(form)
        if unit is None and count == 2 and "/" in first:
            form = first.split("/")[0]
            last = tail.start(2) + len(form)
            unit = lexicon.unit(form)
        if unit is not None:
            break
    else:
        return
    if _is_no_unit(text, found, form, gap):
        return
    name, factor = unit
    if found.unit is None:
        found.unit = name or None
    found.points = name == ""
    found.value = float(f"{found.value * factor:.12g}")
    found.hyphen = "-" in gap
    found.end = last


def _is_no_unit(text: str, found: Quantity, form: str, gap: str) -> bool:
    """Return true if what looks like a unit is none here: "7B x", "5 m" of a scaled count."""
    if form in ("x", "X", "times") and re.match(r"\s?\d", text[found.end + len(gap) + len(form) :]):
        return " " in gap
    return len(form) == 1 and form not in "%°xX" and (found.scaled or "-" in gap)
