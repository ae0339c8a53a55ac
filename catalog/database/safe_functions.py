"""Replace SQLite's string functions by ones that take linear time.

SQLite's own `instr`, `replace` and `trim` compare every place with the whole other text: on two
texts of megabytes they run for minutes within one step of a statement, where no time limit is
looked at; LIKE, GLOB, printf and strftime likewise. These give the same results.
"""

import sqlite3
from collections.abc import Callable
from itertools import takewhile

from catalog.database.safe_formats import TooLongError, printf, real_text, strftime
from catalog.database.safe_patterns import TooComplexError, glob, like

Value = str | bytes | int | float | None

LONGEST_PATTERN = 250
"""Characters of a LIKE or GLOB pattern; SQLite allows 50,000."""

FEW = 100
"""Different characters up to which Python's own strip is the quickest way to trim."""


def make_linear(connection: sqlite3.Connection, *, longest: int) -> None:
    """Install the functions; no result is longer than `longest` characters."""
    too_big = "-" * (longest + 1)

    def replaced(text: Value, old: Value, new: Value) -> Value:
        return replace(text, old, new, longest=longest)

    connection.create_function("instr", 2, instr, deterministic=True)
    connection.create_function("replace", 3, replaced, deterministic=True)
    connection.create_function("trim", 2, trim, deterministic=True)
    connection.create_function("ltrim", 2, ltrim, deterministic=True)
    connection.create_function("rtrim", 2, rtrim, deterministic=True)
    for arguments in (2, 3):
        connection.create_function("like", arguments, _bounded(_like, too_big), deterministic=True)
    connection.create_function("glob", 2, _bounded(_glob, too_big), deterministic=True)
    for name in ("printf", "format"):
        connection.create_function(name, -1, _bounded(_printf, too_big), deterministic=True)

    def written(*values: Value) -> Value:
        if not values or any(value is None for value in values):
            return None
        marks = ", ".join("?" * len(values[1:]))
        try:
            found = connection.execute(f"SELECT julianday({marks})", values[1:])
            return strftime(_text(values[0]), found.fetchone()[0])
        except sqlite3.OperationalError:  # interrupted, as the whole query is then
            return None

    connection.create_function("strftime", -1, _bounded(written, too_big))


def _bounded(function: Callable[..., Value], too_big: str) -> Callable[..., Value]:
    """Let a function answer what it refuses with something that SQLite refuses as too big.

    An exception would be printed: Datasette turns SQLite's tracebacks of functions on.
    """

    def call(*values: Value) -> Value:
        try:
            return function(*values)
        except (TooComplexError, TooLongError):
            return too_big

    return call


def _like(pattern: Value, text: Value, *escape: Value) -> bool | None:
    if type(pattern) is type(text) is str and not escape and len(pattern) <= LONGEST_PATTERN:
        return like(pattern, text)
    if pattern is None or text is None or None in escape:
        return None
    if isinstance(pattern, bytes) or isinstance(text, bytes):
        return False
    if len(_text(pattern)) > LONGEST_PATTERN or (escape and len(_text(escape[0])) != 1):
        raise TooComplexError
    return like(_text(pattern), _text(text), *map(_text, escape))


def _glob(pattern: Value, text: Value) -> bool | None:
    if pattern is None or text is None:
        return None
    if isinstance(pattern, bytes) or isinstance(text, bytes):
        return False
    if len(_text(pattern)) > LONGEST_PATTERN:
        raise TooComplexError
    return glob(_text(pattern), _text(text))


def _printf(*values: Value) -> Value:
    if not values or values[0] in {None, ""}:
        return None
    return printf(_text(values[0]), values[1:])


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
    if not known:
        return whole  # str.strip of nothing would strip white space
    if begin:
        whole = whole.lstrip("".join(known)) if len(known) <= FEW else _behind(whole, known)
    if end:
        whole = (
            whole.rstrip("".join(known)) if len(known) <= FEW else _behind(whole[::-1], known)[::-1]
        )
    return whole


def _behind(text: str, known: set[str]) -> str:
    """Remove what the text begins with of many characters."""
    return text[sum(1 for _ in takewhile(known.__contains__, text)) :]


def _text(value: Value) -> str:
    if isinstance(value, float):
        return real_text(value)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
