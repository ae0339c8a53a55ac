"""Make untrusted text safe for terminals, JSON and spreadsheets."""

import re
import unicodedata

from catalog.domain.late_patterns import late_pattern

_FORMULA = ("=", "@", "\t", "\r", "\uff1d", "\uff20")
_SIGNED = ("+", "-", "\uff0b", "\uff0d")
_AMOUNT = late_pattern(r"[+-]\s?\.?\d[\d.,\s%×x±]*")
_HIDDEN = late_pattern(
    "[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)


def printable(text: str) -> str:
    r"""Make control characters, line ends and bidirectional overrides visible.

    What it returns stands on one line: a name cannot pretend to be a line of the output.

    >>> printable("a\x1b[31mred\u202egnp"), printable("day.txt\nDone: 7 documents")
    ('a␛[31mred\\u202egnp', 'day.txt␊Done: 7 documents')
    """
    if text.isprintable():
        return text
    return "".join(_visible(c) for c in text)


def printable_lines(text: str) -> str:
    """Make the same visible in a text of several lines, which it keeps.

    >>> printable_lines("one\x07\\ntwo")
    'one␇\\ntwo'
    """
    return "\n".join(map(printable, text.split("\n")))


def _visible(character: str) -> str:
    if character.isprintable() or character == "\t":
        return character
    if ord(character) < 0x20:
        return chr(0x2400 + ord(character))
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return f"\\u{ord(character):04x}"
    return character


def one_line(text: str, width: int) -> str:
    """Put the text on one line, cut to a number of characters.

    >>> one_line("Attention Is All  You Need", 16)
    'Attention Is Al…'
    """
    # Of a text of megabytes only the beginning is looked at; white space may fold away.
    line = printable(" ".join(text[: 20 * width + 1000].split()))
    return line if len(line) <= width else line[: width - 1] + "…"


def json_safe(encoded: str) -> str:
    r"""Escape invisible and steering characters in JSON; readers get the same text.

    JSON itself escapes only what is below a space; a terminal also obeys C1 controls.

    >>> json_safe('"\x9b31m red"')
    '"\\u009b31m red"'
    """
    return _HIDDEN.sub(_escaped, encoded)


def _escaped(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))


def spreadsheet_safe(text: str) -> str:
    """Put an apostrophe before CSV text that a spreadsheet would run as a formula.

    Printed amounts such as -0.5% stay as they are: as formulas they are what they say.
    See https://owasp.org/www-community/attacks/CSV_Injection.

    >>> spreadsheet_safe("=1+1"), spreadsheet_safe("-0.5%"), spreadsheet_safe("-1+cmd|'x'!A")
    ("'=1+1", '-0.5%', "'-1+cmd|'x'!A")
    """
    if text.startswith(_FORMULA):
        return f"'{text}"
    if text.startswith(_SIGNED) and not _AMOUNT.fullmatch(text):
        return f"'{text}"
    return text
