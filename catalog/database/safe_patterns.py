"""Match patterns of LIKE and GLOB in linear time.

SQLite compares the pattern at every place of the text: 250 bytes of it take 15 seconds on a text of
5 MB. Here each part between two wildcards is looked for once, behind the part before it.
"""

import re
from functools import lru_cache
from typing import NamedTuple

COMPARED = 5_000_000
"""Characters of a part with `_`, `?` or `[a-z]`, times those of the text, at most."""

ANY = "(?s:.)"


class Part(NamedTuple):
    """A part of a pattern between two wildcards."""

    length: int
    """Characters that it matches."""
    literal: str | None
    """The literal text of the piece; None if it has wildcards for single characters."""
    expression: re.Pattern[str]

    def found(self, text: str, start: int) -> int:
        """Return where it is first found, from a position on; -1 if nowhere."""
        if self.literal is not None:
            return text.find(self.literal, start)
        match = self.expression.search(text, start)
        return match.start() if match else -1

    def stands_at(self, text: str, start: int) -> bool:
        """Return true if the text has it at a position."""
        return start >= 0 and self.expression.match(text, start) is not None


class TooComplexError(ValueError):
    """Raised for a pattern and a text whose comparison would take too long."""


def like(pattern: str, text: str, escape: str | None = None) -> bool:
    """Return whether a text is like a pattern: % is any text, _ a character, A-Z equal a-z.

    >>> like("%GRAPH_", "a graphs"), like("100!%", "100%", "!"), like("a", "ab")
    (True, True, False)
    """
    parts = _like_parts(pattern, escape)
    sought = parts[1].literal if len(parts) == 3 else None  # most patterns: a text anywhere
    if sought is not None and not parts[0].length and not parts[2].length:
        return sought in _folded(text)
    return _matches(parts, _folded(text))


def glob(pattern: str, text: str) -> bool:
    """Return whether a text matches a pattern: * is any text, ? a character, [a-z] one of these.

    >>> glob("g*[a-h]?", "graphs"), glob("G*", "graphs"), glob("[^g]*", "graphs")
    (True, False, False)
    """
    parts = _glob_parts(pattern)
    return parts is not None and _matches(parts, text)


def _folded(text: str) -> str:
    """Fold A to Z only, as SQLite's LIKE does."""
    return text.lower() if text.isascii() else text.encode().lower().decode()


def _matches(parts: tuple[Part, ...], text: str) -> bool:
    if any(part.literal is None and part.length * len(text) > COMPARED for part in parts):
        raise TooComplexError
    first, last = parts[0], parts[-1]
    end = len(text) - last.length
    if len(parts) == 1:
        return end == 0 and first.stands_at(text, 0)
    if not first.stands_at(text, 0):
        return False
    position = first.length
    for part in parts[1:-1]:
        position = part.found(text, position)
        if position < 0:
            return False
        position += part.length
    return end >= position and last.stands_at(text, end)


def _part(signs: list[str | None], expressions: list[str]) -> Part:
    """Make a part of its characters; None stands for one that has several forms."""
    literal = None if None in signs else "".join(filter(None, signs))
    return Part(len(expressions), literal, re.compile("".join(expressions)))


@lru_cache(maxsize=256)
def _like_parts(pattern: str, escape: str | None) -> tuple[Part, ...]:
    parts, signs, expressions = list[Part](), list[str | None](), list[str]()
    characters = iter(_folded(pattern))
    escape = escape and _folded(escape)
    for sign in characters:
        if sign == escape:
            taken = next(characters, None)
            if taken is None:
                return (_part([None], ["(?!)"]),)  # an escape of nothing matches nothing
            signs.append(taken)
            expressions.append(re.escape(taken))
        elif sign == "%":
            parts.append(_part(signs, expressions))
            signs, expressions = [], []
        else:
            signs.append(None if sign == "_" else sign)
            expressions.append(ANY if sign == "_" else re.escape(sign))
    return (*parts, _part(signs, expressions))


@lru_cache(maxsize=256)
def _glob_parts(pattern: str) -> tuple[Part, ...] | None:
    """Split a pattern at its stars; None if a bracket in it is not closed: it matches nothing."""
    parts, signs, expressions = list[Part](), list[str | None](), list[str]()
    position = 0
    while position < len(pattern):
        sign = pattern[position]
        position += 1
        if sign == "*":
            parts.append(_part(signs, expressions))
            signs, expressions = [], []
        elif sign == "[":
            negated = pattern.startswith("^", position)
            begin = position + negated
            end = pattern.find("]", begin + 1)  # one that comes first stands for itself
            if end < 0:
                return None
            signs.append(None)
            expressions.append(_one_of(pattern[begin:end], negated=negated))
            position = end + 1
        else:
            signs.append(None if sign == "?" else sign)
            expressions.append(ANY if sign == "?" else re.escape(sign))
    return (*parts, _part(signs, expressions))


def _one_of(inside: str, *, negated: bool) -> str:
    """Write the inside of a bracket as a regular expression."""
    pieces, position = list[str](), 0
    while position < len(inside):
        first = inside[position]
        if inside.startswith("-", position + 1) and position + 2 < len(inside):
            last = inside[position + 2]
            if first <= last:
                pieces.append(f"{re.escape(first)}-{re.escape(last)}")
            else:
                pieces.append(re.escape(first))
            position += 3
        else:
            pieces.append(re.escape(first))
            position += 1
    return f"[{'^' if negated else ''}{''.join(pieces)}]"
