"""Replace SQLite's string functions by ones that take linear time.

SQLite's own `instr`, `replace` and `trim` compare every place with the whole other text: on two
texts of megabytes they run for minutes within one step of a statement, where no time limit is
looked at. These give the same results.
"""

import sqlite3

Value = str | bytes | int | float | None

LONGEST_PATTERN = 250
"""Bytes of a LIKE or GLOB pattern; SQLite allows 50,000, compared at every place of a text."""


def make_linear(connection: sqlite3.Connection, *, longest: int) -> None:
    """Install the functions; no result is longer than `longest` characters."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, LONGEST_PATTERN)

    def replaced(text: Value, old: Value, new: Value) -> Value:
        return replace(text, old, new, longest=longest)

    connection.create_function("instr", 2, instr, deterministic=True)
    connection.create_function("replace", 3, replaced, deterministic=True)
    connection.create_function("trim", 2, trim, deterministic=True)
    connection.create_function("ltrim", 2, ltrim, deterministic=True)
    connection.create_function("rtrim", 2, rtrim, deterministic=True)


def instr(text: Value, part: Value) -> int | None:
    """Return the position of the first `part` in `text`, from 1; 0 if there is none.

    >>> instr("graph", "a"), instr("graph", "z"), instr(None, "a")
    (3, 0, None)
    """
    if text is None or part is None:
        return None
    if isinstance(text, bytes) and isinstance(part, bytes):
        return text.find(part) + 1
    return _text(text).find(_text(part)) + 1


def replace(text: Value, old: Value, new: Value, *, longest: int) -> Value:
    """Replace every `old` in the text by `new`.

    >>> replace("graph", "a", "o", longest=10), replace("graph", "", "o", longest=10)
    ('groph', 'graph')

    One that would be longer than `longest` is not made: something just longer takes its place,
    which SQLite then refuses as too big.
    """
    if text is None or old is None:
        return None
    if not (part := _text(old)):
        return text
    if new is None:
        return None
    whole, other = _text(text), _text(new)
    if len(whole) + whole.count(part) * (len(other) - len(part)) > longest:
        return "-" * (longest + 1)
    return whole.replace(part, other)


def trim(text: Value, characters: Value) -> str | None:
    """Remove these characters from the beginning and the end of the text.

    >>> trim("xxaxx", "x"), trim("a", "")
    ('a', 'a')
    """
    return _trimmed(text, characters, begin=True, end=True)


def ltrim(text: Value, characters: Value) -> str | None:
    """Remove these characters from the beginning of the text."""
    return _trimmed(text, characters, begin=True, end=False)


def rtrim(text: Value, characters: Value) -> str | None:
    """Remove these characters from the end of the text."""
    return _trimmed(text, characters, begin=False, end=True)


def _trimmed(text: Value, characters: Value, *, begin: bool, end: bool) -> str | None:
    if text is None or characters is None:
        return None
    whole, known = _text(text), set(_text(characters))
    first, last = 0, len(whole)
    while begin and first < last and whole[first] in known:
        first += 1
    while end and last > first and whole[last - 1] in known:
        last -= 1
    return whole[first:last]


def _text(value: Value) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
