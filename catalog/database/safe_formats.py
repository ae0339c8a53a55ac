"""Format numbers and instants as SQLite's printf and strftime do, within bounds.

SQLite's own take as many directives as fit into a text, each of any width: minutes for one call.
"""

import datetime as dt
import math
import re
from decimal import ROUND_HALF_UP, Decimal, localcontext

Value = str | bytes | int | float | None

LONGEST_FORMAT = 1_000
"""Characters of a format."""

WIDEST = 1_000
"""Width and precision of one value."""

EPOCH = 2440587.5
"""The Julian day on which 1970 began."""

DIRECTIVE = re.compile(r"%([-+ 0!#,]*)(\*|\d+)?(?:\.(\*|\d*))?l{0,2}(.)", re.DOTALL)


class TooLongError(ValueError):
    """Raised for a format, width or precision beyond the bounds."""


def printf(form: str, values: tuple[Value, ...]) -> str:
    """Write values by a format.

    >>> printf("%d of %s, %05.1f%%", (3, "nets", 91.25))
    '3 of nets, 091.3%'

    Raises:
        TooLongError: the format, a width or a precision is out of bounds.

    """
    if len(form) > LONGEST_FORMAT:
        raise TooLongError
    left = list(reversed(values))

    def number(text: str | None) -> int | None:
        found = _whole(left.pop() if left else 0) if text == "*" else int(text or "0")
        if abs(found) > WIDEST:
            raise TooLongError
        return None if text is None else found

    def written(match: re.Match[str]) -> str:
        flags, letter = match[1], match[4]
        if letter == "%":
            return "%"
        width, precision = number(match[2]), number(match[3])
        if width is not None and width < 0:
            flags, width = f"{flags}-", -width
        return _padded(_one(letter, left, flags, precision), flags, width or 0, letter)

    return DIRECTIVE.sub(written, form)


def _one(letter: str, left: list[Value], flags: str, precision: int | None) -> str:
    """Write the next value without its padding."""
    value = left.pop() if left else None
    if letter in "di":
        comma = "," if "," in flags else ""
        whole = f"{abs(_whole(value)):{comma}}".rjust(precision or 0, "0")
        return _sign(_whole(value) < 0, flags) + whole
    if letter in "fFeEgG":
        real = _real(value)
        comma = "," if "," in flags else ""
        places = 6 if precision is None else precision
        amount = _rounded(abs(real), places) if letter in "fF" else abs(real)
        shown = f"{amount:{comma}.{places}{letter}}"
        return _sign(real < 0, flags) + (shown.replace("inf", "Inf"))
    if letter in "xXou":
        unsigned = _whole(value) & (2**64 - 1)
        prefix = {"x": "0x", "X": "0X", "o": "0"}.get(letter, "") if "#" in flags else ""
        shown = f"{unsigned:{'d' if letter == 'u' else letter}}".rjust(precision or 0, "0")
        return (prefix if unsigned else "") + shown
    if value is None and letter in "qw":
        return "(NULL)"
    text = "" if value is None else _text(value)
    if letter == "c":
        return text[:1] * max(precision or 1, 1)
    if letter in "qQw":
        quote = '"' if letter == "w" else "'"
        if letter == "Q" and value is None:
            return "NULL"
        doubled = text[:precision].replace(quote, quote * 2)
        return f"'{doubled}'" if letter == "Q" else doubled
    if letter in "sz":
        return text if precision is None else text[:precision]
    raise TooLongError  # a directive that SQLite does not know either ends its format


def _sign(is_negative: bool, flags: str) -> str:
    if is_negative:
        return "-"
    return "+" if "+" in flags else " " if " " in flags else ""


def _padded(shown: str, flags: str, width: int, letter: str) -> str:
    if "-" in flags:
        return shown.ljust(width)
    if "0" in flags and letter in "difFeEgGxXou":
        sign = shown[: len(shown) - len(shown.lstrip("+- "))]
        return sign + shown[len(sign) :].rjust(width - len(sign), "0")
    return shown.rjust(width)


def _whole(value: Value) -> int:
    """Convert a value to an integer as SQLite does: of a text, what it begins with."""
    if isinstance(value, int):
        return value
    real = _real(value)
    return int(max(-(2.0**63), min(real, 2.0**63 - 1024)))


def _real(value: Value) -> float:
    if isinstance(value, int | float):
        return float(value)
    match = re.match(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", _text(value)[:LONGEST_FORMAT])
    return float(match[0]) if match else 0.0


def _rounded(real: float, places: int) -> Decimal | float:
    """Round half up in decimal, as SQLite does: 0.125 to 0.13."""
    if not math.isfinite(real):
        return real
    with localcontext(prec=2 * WIDEST):
        return Decimal(repr(real)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _text(value: Value) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float):
        return real_text(value)
    return "" if value is None else str(value)


def real_text(value: float) -> str:
    """Write a number as SQLite converts it to text.

    >>> real_text(0.5), real_text(1e-7), real_text(1e20), real_text(float("inf"))
    ('0.5', '1.0e-07', '1.0e+20', 'Inf')
    """
    digits, e, power = f"{value:.15g}".replace("inf", "Inf").partition("e")
    return (digits if "." in digits or "I" in digits else f"{digits}.0") + e + power


def strftime(form: str, julian_day: float | None) -> str | None:
    """Write an instant, given as a Julian day, by a format; None if either is none.

    >>> strftime("%Y-%m-%d %H:%M:%f", 2460746.75)
    '2025-03-12 06:00:00.000'

    Raises:
        TooLongError: the format is out of bounds.

    """
    if len(form) > LONGEST_FORMAT:
        raise TooLongError
    if julian_day is None:
        return None
    milliseconds = round((julian_day - EPOCH) * 86_400_000)
    try:
        instant = dt.datetime(1970, 1, 1) + dt.timedelta(milliseconds=milliseconds)  # noqa: DTZ001
    except OverflowError:
        return None
    known = {
        "%": "%",
        "d": f"{instant.day:02}",
        "f": f"{instant.second:02}.{instant.microsecond // 1000:03}",
        "H": f"{instant.hour:02}",
        "j": f"{instant.timetuple().tm_yday:03}",
        "J": f"{julian_day:.16g}",
        "m": f"{instant.month:02}",
        "M": f"{instant.minute:02}",
        "s": str(milliseconds // 1000),
        "S": f"{instant.second:02}",
        "w": str((instant.weekday() + 1) % 7),
        "W": f"{(instant.timetuple().tm_yday + 6 - instant.weekday()) // 7:02}",
        "Y": f"{instant.year:04}",
    }
    letters = set(re.findall(r"%(.?)", form, re.DOTALL))
    if not letters <= set(known):
        return None
    return re.sub(r"%(.)", lambda match: known[match[1]], form)
