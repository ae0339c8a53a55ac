"""Read numbers with unit, scale and range from cleaned text."""

import re
from itertools import pairwise

from etl.extract import lexicon
from etl.extract.errors_and_intervals import find_error, skip_interval
from etl.extract.number_forms import LARGEST, POWER, read_number, read_power
from etl.extract.number_units import MOST_ORDERS, apply_scale, apply_unit, is_factor
from etl.extract.plain_text import has_any
from etl.extract.quantity import Quantity

DIGIT = re.compile(r"\d")
DIGITS = "0123456789"
FREE = re.compile(
    r"(?<![\w.@^/+'\-&*\\])"  # after a space, a bracket, a comma ...
    r"|(?<=[\d%x)\s]/)|(?<=[\d ]dB/)|(?<=[\d ]m[sm]/)|(?<=\d[MB]/)"  # 47.0%/65.0%, 31.2 dB/0.91
    r"|(?<=[\s(:/|,;~=]\+)"  # +2.5
    r"|(?<=[^\w)]-)"  # a minus, a dash
    r"|(?<=\bsim)|(?<=\bpm)|(?<=\bapprox)|(?<=\bgeq)|(?<=\bleq)|(?<=\btimes)"
    r"|(?<=[a-zA-Z]-)(?=\d+(?:\.\d+)?\s?%)"  # sub-60%
    r"|(?<=[\s(~>]x)(?=\d{1,3}(?:\.\d+)?(?!\w))(?!(?:86|64|32|26[3-6])(?![.\d]))"  # x3.5, not x86
    r"|(?<=\bUS)(?=\uff04)"
)
"""Matches, without taking anything, where a number may begin that is no part of a word."""
LAST_LETTERS = "mqsx"
"""The last letters of words that may stand right before a number: sim, geq, times, x."""
NAME_ROW = re.compile(r"(?<!\w)[A-Za-z]{1,9}[-@]\d{1,3}(?:/\d{1,3})*/$|@0\.\d{1,2}:$")
NAME_ROW_LENGTH = 30
WORD = re.compile(r"[A-Za-z]+")
WORD_END = re.compile(r"\w*(?:[.,]\w+)*")
DIMENSIONS = re.compile(
    r"\d[\d,.]*(?:(?:x|(?<![,.])\s+x\s*|\s+times\s+|times)\d[\d,.]*)+(?![\d%])|\d{4}s\b|\d{4}\.\d{4,5}(?!\d)"
    r"|(?!\d{1,3}(?:\.\d{3}){2,} )\d+(?:\.\d+){2,}\w*"
)
JOINT = re.compile(
    r"\s{0,8}(?:-{1,3}|~|→|—|-to-)\s{0,8}(?=[\uff04€]?\.?\d)|-\s+to\s+(?=\d)"
    r"|\s+(?:(?:up\s)?to\s+(?:(?:over|nearly|almost|about)\s)?(?:[+-]|~\s?)?|and\s+)(?=[\uff04€]?\.?\d)"
    r"|\s+sim\s+(?=\d)"
)
FROM = re.compile(r"\bfrom\W{1,3}(?:(?:[\w.'-]+ ){0,3}|(?:[A-Za-z'-]+ ){4,5})[\d.,/%| ]*$")
AGAIN = re.compile(r"\d[^()]{0,40}\(\s?$")
"""An opening bracket after another number: "by 0.8% (94.0% to 94.8%)"."""
BETWEEN = re.compile(r"\bbetween\W{1,3}$")
RANGING = re.compile(r"(?:rang|span|vary|varie|between)\w*\W(?:\w+ ){0,3}$", re.I)
SIZES = re.compile(r"(?:scales? |sizes?)\w*\W(?:\w+ ){0,3}$", re.I)
"""What has a range, unless it is said to change: "reduces the size from 10 MB to 4 MB"."""
MONEY = {"\uff04": "$", "€": "€", "£": "£"}
YEARS = range(1900, 2100)


def has_digit(text: str) -> bool:
    """Return true if a digit of any script stands in the text."""
    return has_any(text, DIGITS) or (not text.isascii() and DIGIT.search(text) is not None)


def find_quantities(text: str, start: int, end: int) -> list[Quantity]:
    """Find the numbers of one sentence that are no part of a name, in order."""
    quantities: list[Quantity] = []
    at = start
    while match := DIGIT.search(text, at, end):
        digit = match.start()
        before = text[digit - 1] if digit else " "
        if before.isalpha() and before not in LAST_LETTERS:
            at = _skip(text, digit + 1, end)
            continue
        first = _beginning(text, digit, at)
        if not FREE.match(text, first) or (
            text[first - 1 : first] in ("/", ":") and _is_row(text, first)
        ):
            at = _skip(text, digit + 1, end)
            continue
        if (name := DIMENSIONS.match(text, first, end)) and not POWER.match(text, first, end):
            at = name.end()
            continue
        found = _fraction(text, first, end) or _read(text, first, end, quantities)
        if found is None:
            power = POWER.match(text, first, end)
            at = _skip(text, power.end() if power else digit + 1, end)
            continue
        quantities.append(found)
        at = max(found.behind, digit + 1)
    return quantities


FRACTION = re.compile(r"1/([1-9]\d{0,3})(?:rd|th)?(?![\w/%^.]*\d)(?![\w/%^])")


def _fraction(text: str, first: int, end: int) -> Quantity | None:
    """Read "1/8" and "1/20th" as factors; None for an exponent, and for a row such as "1/2/4"."""
    if not text.startswith("1/", first):
        return None
    match = FRACTION.match(text, first, end)
    if match is None or text[:first].endswith(("^", "^ ", "/", "-")):
        return None
    value = round(1 / int(match.group(1)), 6)
    return Quantity(first, match.end(), value, unit="x", decimal=True, behind=match.end())


def _is_row(text: str, first: int) -> bool:
    """Return true for the 2 of "ROUGE-1/2/L" and the 0.95 of "mAP@0.5:0.95"."""
    return NAME_ROW.search(text, max(0, first - NAME_ROW_LENGTH), first) is not None


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


def _read(text: str, first: int, end: int, earlier: list[Quantity]) -> Quantity | None:
    """Read the quantity at this offset, with what makes it a range; None for 3D and such.

    `earlier` are the numbers of the sentence before it.
    """
    found = _single(text, first, end)
    if found is None:
        return None
    joint = None
    if found.behind == found.end and text[found.end : found.end + 1] not in ENDING:
        joint = JOINT.match(text, found.end, end)
    if joint is not None:
        upper = _single(text, joint.end(), end)
        if upper is not None and _is_range(text, found, upper, joint.group(), earlier):
            found = _merge(found, upper)
    if found.unit is None and not (found.points or found.scaled or found.hyphen):
        found.unit = "x" if is_factor(text, found.start) else None
    return found


def _is_range(
    text: str, low: Quantity, high: Quantity, joint: str, earlier: list[Quantity]
) -> bool:
    """Return true if two numbers are the ends of one range, not a "before" and an "after"."""
    if (
        (low.hyphen and "-to-" not in joint)
        or (low.unit != high.unit and low.unit is not None)
        or "→" in joint
        or low.minus is not None
        or (low.points and not high.points)
        or _is_year(low, high)
    ):
        return False
    before = text[max(0, low.start - 45) : low.start].rstrip(" ~＄€")
    if "and" in joint:
        return bool(BETWEEN.search(before + " "))
    if "to" in joint and (begun := FROM.search(before + " ")):
        return _is_range_from(before[: begun.start()], low, high) or _goes_on(text, low, earlier)
    if "to" in joint and (
        _is_before_and_after(text, low, high, before) or _is_in_row_of_changes(text, low, earlier)
    ):
        return False
    return high.value > low.value or high.scaled or low.unit is not None or "to" in joint


def _is_range_from(ahead: str, low: Quantity, high: Quantity) -> bool:
    """Return true if the words before "from" make what follows a range: "ranging from 3 to 7"."""
    if SIZES.search(ahead) is not None and not CHANGING.search(ahead.lower()):
        return True
    ranging = RANGING.search(ahead)
    if ranging is not None and not CHANGING.search(ranging.group().lower()):
        return True
    return high.scaled and (high.value >= low.value or not low.scaled)


NEAR = 60
"""So far apart two ranges, or two changes, may stand that are of one row."""


def _goes_on(text: str, low: Quantity, earlier: list[Quantity]) -> bool:
    """Return true for a range behind a range: "ranges from 71% to 92%, and F1 from 64% to 93%"."""
    if not earlier or earlier[-1].value_max is None or low.start - earlier[-1].end > NEAR:
        return False
    if earlier[-1].unit != low.unit or earlier[-1].value in YEARS:
        return False
    return CHANGING.search(text[earlier[-1].end : low.start].lower()) is None


def _is_in_row_of_changes(text: str, low: Quantity, earlier: list[Quantity]) -> bool:
    """Return true if the same was said before: "from 28% to 54% on A and 37% to 60% on B"."""
    if not earlier or low.start - earlier[-1].end > NEAR:
        return False
    for old, new in pairwise(earlier[-4:]):
        if text[old.end : new.start].strip() != "to" or old.unit != low.unit:
            continue
        near = text[max(0, old.start - CLAUSE) : old.start].lower()
        return new.value < old.value or CHANGING.search(near) is not None
    return False


def _is_before_and_after(text: str, low: Quantity, high: Quantity, before: str) -> bool:
    """Return true for "8.3 to 6.3", "from 60% to 77% to 83%" and "improves on A (57% to 90%)"."""
    if low.decimal and not low.points and AGAIN.search(before + " "):
        return True
    if high.value < low.value and high.factor == low.factor and not high.orders:
        return True
    if before.endswith(" to"):
        return True
    near = text[max(0, low.start - CLAUSE) : low.start].lower()
    return before.endswith("(") and CHANGING.search(near) is not None


CLAUSE = 90
CHANGING = re.compile(r"\b(?:improv|rais|ris|increas|reduc|decreas|drop|boost|lift)")


def _is_year(low: Quantity, high: Quantity) -> bool:
    """Return true if a year stands before a number of another kind: "in 2020 to 39.8%"."""
    is_year = low.value in YEARS and low.end - low.start == 4 and low.unit is None
    return is_year and (high.unit is not None or high.decimal)


def _merge(low: Quantity, high: Quantity) -> Quantity:
    """Merge two ends into one quantity; the lower end takes the scale of the upper: "3-7B"."""
    value = low.value
    if high.orders and value <= MOST_ORDERS:
        value = 10.0**value
    if high.factor != 1 and low.factor == 1 and value < 1000:
        value = float(f"{value * high.factor:.12g}")
    return Quantity(
        start=low.start,
        end=high.end,
        value=value,
        value_max=high.value,
        unit=high.unit if high.unit is not None else low.unit,
        points=high.points,
        scaled=high.scaled,
        factor=high.factor,
        hyphen=high.hyphen,
        decimal=low.decimal or high.decimal,
        glued=high.glued,
        behind=high.behind,
    )


def _single(text: str, first: int, end: int) -> Quantity | None:
    """Read one number with scale, unit, and what tells how exact it is."""
    money = MONEY.get(text[first])
    at = first + 1 if money else first
    while money and text[at] == " ":
        at += 1
    printed = read_number(text, at, end)
    if printed is None:
        return None
    found = Quantity(first, printed.end, printed.value, unit=money, decimal=printed.decimal)
    found.minus = _minus(text, first)
    error = find_error(text, found.end, end)
    if error is not None:
        found.end = error.end
        if power := read_power(text, error.end, end):
            found.multiply(power[0])
            found.end = power[1]
    following = text[found.end : found.end + 1]
    if following not in ENDING:
        if following != "%":
            apply_scale(text, found, end)
        apply_unit(text, found, end)
    if found.value > LARGEST or not _is_whole(text, found, end):
        return None
    found.behind = _behind(text, found, end)
    if error is not None:
        found.end = printed.end
    return found


ENDING = frozenset(("", ")", "]", ",", ".", ";", ":"))
"""What behind a number tells that it has no scale and no unit, and begins no range."""


def _minus(text: str, first: int) -> int | None:
    """Return where a minus stands right before a number, as a sign and not as a dash."""
    if first == 0 or text[first - 1] != "-":
        return None
    before = text[max(0, first - 9) : first - 1].rstrip(" ")[-1:]
    is_apart = first == 1 or text[first - 2] in " ([{=:,~<>≈|/"
    return first - 1 if is_apart and not (before.isdigit() or before == "%") else None


def _is_whole(text: str, found: Quantity, end: int) -> bool:
    """Return true if the number ends where a word may end; notes what is tied to it."""
    following = text[found.end : found.end + 1]
    if following == "-" and text[found.end + 1 : found.end + 2].isalpha():
        found.hyphen = True
    if not (following.isalnum() or following == "_"):
        return True
    found.glued = True
    if found.unit == "%":
        return True
    word = WORD.match(text, found.end, end)
    return found.unit is None and word is not None and lexicon.is_metric_word(word.group())


def _behind(text: str, found: Quantity, end: int) -> int:
    """Return where the error and the interval behind a number end."""
    error = find_error(text, found.end, end)
    at = found.end if error is None else error.end
    if error is not None and text[at : at + 1] == "%":
        at += 1
    if found.unit is None and (scale := OUT_OF.match(text, at, end)):
        is_end = found.decimal or scale.group(1) == "42"  # the points of an olympiad
        return scale.end() if is_end and found.value <= int(scale.group(1)) else at
    return skip_interval(text, at, end, found.value)


OUT_OF = re.compile(r"/(1|5|7|10|20|25|30|40|42|50|60|80|100)(?:\.0)?(?![\d.]*[\d%/])(?!\w)")
"""The end of the scale that a score is on: "4.2/5"."""
