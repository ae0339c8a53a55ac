"""Read cells of result tables: number, unit and error."""

import math
import re

from msgspec import Struct

from catalog.domain.late_patterns import late_pattern

NUMBER = r"[-+−]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+|(?<=\d)\.)?(?:[eE][-+]?\d{1,3})?"
_CELL = late_pattern(
    rf"[~≈]?\s?(?P<value>{NUMBER})(?:\s?(?P<word>%|[A-Za-z×]+))?"
    rf"(?:\s?(?:±|\+/-|\\pm)\s?(?P<error>{NUMBER})\s?%?)?"
    r"\s?[*+†‡]{0,3}(?:\s?\([^()]*\))?",
)
_SCALES = {"k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
_UNITS = {
    "%", "x", "ms", "s", "h", "min", "KB", "MB", "GB", "TB", "dB", "fps", "FPS", "pp", "mm", "cm",
}  # fmt: skip
_PER_CENT = late_pattern(r"%|\bpercent(?:age)?\b", re.IGNORECASE)
_MARKUP = str.maketrans("", "", "*_`\ufeff")
BLANK = {"", "-"}
"""What a table prints where there is no number: no result."""
LONGEST = 200
"""Characters; longer texts are remarks."""


class Cell(Struct, frozen=True):
    """A number as a table prints it."""

    value: float | None = None
    error: float | None = None
    """What stands behind ±."""
    unit: str | None = None


def read_cell(text: str, metric: str) -> Cell:
    """Read a cell of the column `metric`; a text that is not a plain number has no value.

    >>> read_cell("**68.8**", "F1").value, read_cell("0.8682 ± 0.0021", "AUC").error
    (68.8, 0.0021)
    >>> read_cell("220k", "Parameters").value, read_cell("85.1%", "Accuracy").unit
    (220000.0, '%')
    >>> read_cell("93.0/90.7", "LAS"), read_cell("Please tell us", "AUC").value
    (Cell(value=None, error=None, unit=None), None)
    """
    text = " ".join(text.translate(_MARKUP).split())
    match = _CELL.fullmatch(text) if len(text) <= LONGEST else None
    value = _number(match["value"]) if match else None
    if match is None or value is None:
        return Cell()
    word = match["word"]
    unit = "%" if _PER_CENT.search(metric) else None
    if word in _SCALES or (word == "m" and "param" in metric.lower()):
        value *= _SCALES.get(word, 1e6)
    elif word == "×" or word in _UNITS:
        unit = "x" if word == "×" else word
    elif word:
        return Cell()
    return Cell(value, _number(match["error"] or ""), unit)


def _number(text: str) -> float | None:
    try:
        value = float(text.replace(",", "").replace("−", "-"))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def metric_name(printed: str) -> str | None:
    """Return the metric's name without the sign of its unit, in lower case.

    >>> metric_name("% Test Accuracy"), metric_name("F1 (%)"), metric_name("EM")
    ('test accuracy', 'f1', 'em')
    """
    return " ".join(re.sub(r"\(%\)|%", " ", printed).split()).lower() or None
