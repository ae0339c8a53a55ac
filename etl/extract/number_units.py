"""Scales and units behind a number, and the words before it that make it a factor."""

import re

from etl.extract import lexicon
from etl.extract.quantity import Quantity

SCALE = re.compile(
    r"\s?([KMBTkbG]|m(?=[ -]param))(?![A-Za-z])|[\s-]{0,2}(thousand|million|billion|trillion)s?\b"
)
SCALES = {
    "k": 1e3, "K": 1e3, "M": 1e6, "m": 1e6, "B": 1e9, "b": 1e9, "G": 1e9, "T": 1e12,
    "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
}  # fmt: skip
MULTIPLES = re.compile(r"(?:[KMG]?FLOPs|MACs)")
UNIT_WORD = (
    r"(?:%p\b|%-points?|%|°\s{0,3}C\b|°|\uff04|p\.p\.?|µ\s{0,3}[A-Za-z]+"
    r"|[A-Za-zÅΩ][A-Za-z]*[0-9₂]?[A-Za-z]?(?:/[A-Za-zÅ]+[23]?)*)"
)
GPU_TIME = re.compile(
    r"[\s-]{1,3}(?:[A-Z][\w-]*\s){0,2}(?:GPU|TPU|gpu)[- ](?:training |compute )?"
    r"(hours|hour|hrs|days|day)\b"
)
TAIL = re.compile(rf"(\+?\s{{0,20}}-?\s?(?:\^\s{{0,9}}(?=°))?)({UNIT_WORD})")
WORDS = re.compile(r"(?:[ -]([A-Za-z]+))?(?:[ -]([A-Za-z]+))?(?:[ -]([A-Za-z]+))?")
"""The further words of a unit: "GPU hours"."""
RATE = re.compile(r"\s?([A-Za-z]{1,10})\s?(?:/|\sper\s)\s?([A-Za-zÅ]{1,6}[23]?)(?![\w/])")
"""A unit that no list has: kcal/mol, requests per second."""
SECONDS = {"sec": "s", "second": "s", "hour": "h", "minute": "min"}
BELOW = frozenset(
    ("s", "sec", "second", "min", "minute", "h", "hour", "mol", "atom", "L", "dL", "mL", "kg", "m",
     "mm", "cm", "km", "W", "J", "Hz", "MHz", "K", "Pa", "bit", "op", "joule", "watt", "m2", "m3",
     "Å")
)  # fmt: skip
"""What stands below the line in such units."""
PER_SYMBOL = re.compile(r"\s?(?:/|per)\s?(?:dim|byte|char)")
ORDERS = re.compile(r"[\s-]{1,3}orders?[\s-]of[\s-]magnitude\b")
MOST_ORDERS = 12
CLOCK = re.compile(r"\s{1,3}(?:and\s)?(\d{1,2})\s?(min|mins|minutes?|s|sec|secs|seconds?)\b")
"""The second part of "2 h 15 min"."""
FACTOR = re.compile(
    r"(?<!\w)([a-z-]+\s+)?factors?\s+(?:of\s+)?"
    r"(?:(?:up to|about|around|at least|at most|more than|over|nearly|almost|roughly|approximately"
    r"|~|≈|>|<|≥|≤)\s{0,8}){0,2}(?:[\d.]+\s?(?:,|/|,?\s?and|to|-)\s+(?:up to\s)?){0,2}$"
)
OTHER_FACTORS = frozenset(
    ("scale", "scaling", "upscaling", "downscaling", "upsampling", "downsampling", "discount",
     "damping", "quality", "impact", "form", "power", "load", "branching", "expansion", "dilation",
     "boltzmann", "bayes", "fill", "decay", "stretch", "structure", "radius")
)  # fmt: skip
"""Factors that are settings or measures of their own, and compare nothing."""
TIMES_BEFORE = re.compile(r"(?:^|(?<![\d.,%\s])[\s(~>]{1,9})(?:x\s{0,9}|times)$|,\sx$")
"""The sign of a factor before its number: "x3.5", "x 3", "times3.5"."""


def apply_scale(text: str, found: Quantity, end: int) -> None:
    """Read the scale behind the number: 7B, 3 million, 3 orders of magnitude."""
    ordered = text.startswith("order", found.end + 1) and ORDERS.match(text, found.end, end)
    if ordered and found.value <= MOST_ORDERS:
        found.value, found.unit, found.end = 10.0**found.value, "x", ordered.end()
        found.orders = True
        return
    match = SCALE.match(text, found.end, end)
    if match is None:
        return
    sign = match.group(1) or match.group(2)
    if sign == "K" and text[found.end] == " " and _is_kelvin(text, found):
        found.unit, found.end = "K", match.end()
        return
    if sign == "G" and not MULTIPLES.match(text[match.end() :].lstrip()):
        return
    found.multiply(SCALES[sign])
    found.end = match.end()
    found.scaled = True


KELVIN = re.compile(r"\b(?:RMSE|MAE|errors?|temperature|bias)\b[^,;.]*$")


def _is_kelvin(text: str, found: Quantity) -> bool:
    """Return true for "an RMSE of 1.7 K", where no thousand can be meant."""
    return (
        found.value < 1000
        and KELVIN.search(text[max(0, found.start - 40) : found.start]) is not None
    )


def apply_unit(text: str, found: Quantity, end: int) -> None:
    """Read the longest unit that stands behind the number."""
    if timed := GPU_TIME.match(text, found.end, end):
        found.unit = "GPU-days" if timed.group(1).startswith("day") else "GPU-hours"
        found.end = timed.end()
        return
    tail = TAIL.match(text, found.end, end)
    if tail is None:
        return
    gap = tail.group(1)
    listed = _listed(text, tail, end)
    if listed is None:
        _apply_rate(text, found, end)
        return
    form, last, (name, factor) = listed
    if _is_no_unit(text, found, form, gap):
        return
    if "/" not in form + name and last == tail.end(2) and _apply_rate(text, found, end):
        return
    if found.unit is None:
        found.unit = name or None
    found.points = name == ""
    found.multiply(factor)
    found.hyphen = "-" in gap
    found.end = last
    _add_clock(text, found, end)


def _listed(text: str, tail: re.Match[str], end: int) -> tuple[str, int, tuple[str, float]] | None:
    """Find the longest unit of the lexicon: its form, where it ends, its name and factor."""
    first = tail.group(2)
    if first in lexicon.unit_starts() and (more := WORDS.match(text, tail.end(), end)):
        for count in (3, 2, 1):
            if (last := more.end(count)) >= 0:
                form = text[tail.start(2) : last].replace("-", " ").replace("µ ", "µ")
                if unit := lexicon.unit(form):
                    return form, last, unit
    form = first.replace(" ", "") if first[0] in "µ°" else first.replace("%-", "% ")
    if unit := lexicon.unit(form):
        return form, tail.end(2), unit
    if "/" in first and not _is_rate(first):
        form = first.split("/")[0]
        if unit := lexicon.unit(form):
            return form, tail.start(2) + len(form), unit
    return None


def _is_rate(word: str) -> bool:
    return word.count("/") == 1 and word.split("/")[1] in BELOW


def _apply_rate(text: str, found: Quantity, end: int) -> bool:
    """Read a unit that is made of two, such as kcal/mol; false where there is none."""
    near = text[found.end : found.end + 20]
    if found.unit is not None or ("/" not in near and " per " not in near):
        return False
    match = RATE.match(text, found.end, end)
    if match is None or match.group(2) not in BELOW:
        return False
    below = SECONDS.get(match.group(2), match.group(2))
    found.unit = f"{match.group(1)}/{below}"
    found.end = match.end()
    return True


def _add_clock(text: str, found: Quantity, end: int) -> None:
    """Add the minutes to hours, the seconds to minutes: "2 h 15 min"."""
    if found.unit not in ("h", "min") or found.hyphen:
        return
    match = CLOCK.match(text, found.end, end)
    if match is None or match.group(2).startswith("s") != (found.unit == "min"):
        return
    found.value = float(f"{found.value + int(match.group(1)) / 60:.12g}")
    found.end = match.end()


def _is_no_unit(text: str, found: Quantity, form: str, gap: str) -> bool:
    """Return true if what looks like a unit is none here: "7B x", "5 m" of a scaled count."""
    if form.startswith("bit") and PER_SYMBOL.match(text, found.end + len(gap) + len(form)):
        return True  # the metric "bits per dim"
    if form in ("x", "X", "times") and re.match(r"\s?\d", text[found.end + len(gap) + len(form) :]):
        return " " in gap
    return len(form) == 1 and form not in "%°xXÅ" and (found.scaled or "-" in gap)


def is_factor(text: str, start: int) -> bool:
    """Return true if the words before a bare number make it a factor: "by a factor of 3.9"."""
    before = text[max(0, start - 70) : start]
    if "factor" in before and (match := FACTOR.search(before)):
        return (match.group(1) or "").strip() not in OTHER_FACTORS
    return before.rstrip(" ").endswith(("x", "times")) and TIMES_BEFORE.search(before) is not None
