"""Text for people: what a terminal must not obey is shown instead."""

import unicodedata

_KEPT = {"\n", "\t"}


def printable(text: str) -> str:
    r"""The text with control characters and bidirectional overrides made visible.

    >>> printable("a\x1b[31mred\u202egnp")
    'a␛[31mred\\u202egnp'
    """
    if text.isprintable():
        return text
    return "".join(_visible(c) for c in text)


def _visible(character: str) -> str:
    if character.isprintable() or character in _KEPT:
        return character
    if ord(character) < 0x20:
        return chr(0x2400 + ord(character))
    if unicodedata.category(character) in {"Cc", "Cf", "Cs"}:
        return f"\\u{ord(character):04x}"
    return character


def one_line(text: str, width: int) -> str:
    """The text on one line, cut to so many characters.

    >>> one_line("Attention Is All  You Need", 16)
    'Attention Is Al…'
    """
    line = printable(" ".join(text.split()))
    return line if len(line) <= width else line[: width - 1] + "…"
