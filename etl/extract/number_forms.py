"""The printed forms of one number: thousands, decimals, powers of ten, and what is no number."""

import re

LONGEST = 40
"""So far behind the first digit a power of ten is sought."""
LARGEST = 1e30
"""Numbers beyond this are no results: nobody measures them."""
PLAIN = (
    r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?"  # 1,234.5
    r"|\d{1,3}(?:'{1,3}\d{3})+(?!\d)(?:\.\d+)?"  # 12'500, and what TeX writes so
    r"|\d{1,3}(?: \d{3})+(?![\d.,]*[\d%])"  # 1 234 567
    r"|\d{1,3}(?:\.\d{3})+,\d{1,2}(?![\d,])"  # 1.234,5
    r"|[1-9]\d{0,2}(?:\.\d{3}){2,}(?![\d.,])(?= )"  # 1.234.567
    r"|\d+(?:\u2060?\.\d+)?(?:[eE][+-]?\d{1,3}(?!\w))?"
    r"|\.\d+"
)
NUMBER = re.compile(PLAIN)
SIMPLE = re.compile(r"\d+(?:\.\d+)?")
JOINING = frozenset(" ,.'eE\u2060")
"""Signs behind digits that may be a part of the number."""
COMMA = re.compile(
    r"(?:0,\d{1,4}|\d{1,3},\d{1,2})(?=\s?(?:%|per cent|percent|[A-Za-zµ]{1,3}(?![A-Za-z]))|$)"
)
"""A decimal comma: only with a unit behind it, or it could be a list."""
ZERO_COMMA = re.compile(r"0,\d{1,4}(?![\d,])")
UPPER_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
TEN = r"10(?:\s?\^\s{0,3}\(?([+-]?\d{1,4})|([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4}))"
POWER = re.compile(rf"(?:({PLAIN})\s{{0,12}}[x·*]\s{{0,12}})?{TEN}")
TIMES_TEN = re.compile(rf"\s{{0,12}}[x·*]\s{{0,12}}{TEN}")
"""What may stand behind the error of a number: "(3.52 ± 0.03) × 10⁻⁴"."""


class Printed:
    """One number as it stands in the text."""

    def __init__(self, value: float, end: int, *, decimal: bool) -> None:
        self.value = value
        self.end = end
        self.decimal = decimal


def read_number(text: str, at: int, end: int) -> Printed | None:
    """Read the number that begins here; None where there is none, or an absurd one."""
    is_near = text.find("10", at, at + LONGEST) >= 0
    if is_near and (power := POWER.match(text, at, end)):
        value = to_float(power.group(1) or "1") * _ten(power.group(2) or power.group(3))
        return _checked(Printed(value, power.end(), decimal=not value.is_integer()))
    simple = SIMPLE.match(text, at, end)
    if simple is not None and not _goes_on(text, simple.end()):
        shown = simple.group()
        return _checked(Printed(float(shown), at + len(shown), decimal="." in shown))
    if "," in text[at : at + 4] and (comma := _comma(text, at, end)):
        return Printed(float(comma.replace(",", ".")), at + len(comma), decimal=True)
    match = NUMBER.match(text, at, end)
    if match is None:
        return None
    shown = match.group()
    if " " in shown and not _is_grouped(text, at, shown):
        shown = shown.split(" ")[0]
    found = Printed(to_float(shown), at + len(shown), decimal="." in shown)
    return _checked(found)


def read_power(text: str, at: int, end: int) -> tuple[float, int] | None:
    """Read "× 10⁻⁴" behind the error of a number: its factor, and where it ends."""
    match = TIMES_TEN.match(text, at, end)
    return (_ten(match.group(1) or match.group(2)), match.end()) if match else None


def _goes_on(text: str, at: int) -> bool:
    """Return true if what stands behind the first digits may belong to the number."""
    following = text[at : at + 1]
    return following in JOINING and (following not in " ,." or text[at + 1 : at + 2].isdigit())


def to_float(shown: str) -> float:
    """Return the value of a printed number.

    >>> to_float("1,234.5"), to_float("1.234,5"), to_float("3.4E-02")
    (1234.5, 1234.5, 0.034)
    """
    if shown.count(".") > 1 and "," not in shown:
        return float(shown.replace(".", ""))
    if re.fullmatch(r"[\d.]+,\d{1,2}", shown):
        shown = shown.replace(".", "").replace(",", ".")
    return float(re.sub(r"[,' \u2060]", "", shown))


def _comma(text: str, at: int, end: int) -> str | None:
    """Read "93,4 %", also "0,85" with nothing behind it, unless it stands in a list in brackets."""
    match = COMMA.match(text, at, end)
    if match is None and text[at - 1 : at] not in ("[", "(", "{"):
        match = ZERO_COMMA.match(text, at, end)
    return match and match.group()


def _is_grouped(text: str, at: int, shown: str) -> bool:
    """Return true if spaces part thousands here: "1 234 567", "816 000", never "AIME 24 300"."""
    if shown.count(" ") < 2 and not shown.endswith("00"):
        return False
    before = text[max(0, at - 9) : at].rstrip(" ")[-1:]
    if before.isupper() or before.isdigit():
        return False
    return at == 0 or text[at - 1] in " (~$\uff04€£"


def _ten(exponent: str) -> float:
    """Return ten to this power, infinite where nobody could mean it."""
    power = int(exponent.translate(UPPER_DIGITS))
    return float(f"1e{power}") if abs(power) <= 300 else float("inf")


def _checked(found: Printed) -> Printed | None:
    return found if found.value <= LARGEST else None
