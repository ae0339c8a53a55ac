"""Limits on what typed SQL may ask of the full-text index, which no time limit breaks off.

One step of the index takes its hits times the square of the words that are asked for, and its
functions `snippet` and `highlight` the square of what they make. So SQL that others wrote may ask
for some words, which it must name: SQLite's own plan of the query tells where they come from.
"""

import re
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from contextvars import ContextVar
from typing import Any

from catalog.database.readonly import INDEX

IS_OURS: ContextVar[bool] = ContextVar("is_ours", default=False)
"""Whether the queries that run now are the catalog's own, which bound what they ask for."""

MOST_WORDS = 40
MOST_CHARACTERS = 400
"""Of one question to the index: a step takes less than a second of the largest texts."""

UNBOUNDED = ("snippet", "highlight")
"""Functions of the index that are refused; `bm25` and `rank` are not."""

QUOTING = "escape_fts("
"""Datasette's function that quotes each word: its result is bounded if its text is."""

CONSTANTS = frozenset({"Integer", "Int64", "Real"})
COPIES = frozenset({"Copy", "SCopy", "Move"})
COMPUTED = frozenset(
    {"Function", "PureFunc", "Concat", "Column", "VColumn", "Add", "Subtract", "Multiply"}
    | {"Divide", "Remainder", "BitAnd", "BitOr", "ShiftLeft", "ShiftRight", "And", "Or"}
    | {"AggStep", "AggStep1", "AggInverse", "AggValue"}
)
"""Instructions of SQLite that write into their third operand what is not known before."""

REFUSED_WORDS = (
    f"{INDEX} MATCH takes words that stand in the query or in a parameter, not computed ones"
)
REFUSED_LENGTH = (
    f"{INDEX} MATCH takes at most {MOST_WORDS} words and {MOST_CHARACTERS} characters here: "
    "search for fewer"
)
REFUSED_FUNCTIONS = (
    "snippet() and highlight() are not allowed here, since no time limit ends them: "
    "select the column itself; the search page and the tool search mark the words"
)

Values = Mapping[str, Any] | Sequence[Any] | None
Instruction = tuple[str, int, int, int, Any]


def asks_index(sql: str) -> bool:
    """Return true if SQL names the full-text index."""
    return INDEX in sql.lower()


def refuse_costly(connection: sqlite3.Connection, sql: str, values: Values = None) -> None:
    """Refuse a query that asks for too much of the full-text index.

    Raises:
        sqlite3.OperationalError: it does.

    """
    if not asks_index(sql):
        return
    try:
        rows = connection.execute(f"EXPLAIN {sql}", values or ()).fetchall()
    except (sqlite3.Error, sqlite3.Warning):
        return  # no query: running it tells why
    program: list[Instruction] = [tuple(row)[1:6] for row in rows]
    if why := _refusal(program, values):
        raise sqlite3.OperationalError(why)


def _refusal(program: Sequence[Instruction], values: Values) -> str | None:
    """Tell why a query is refused; None if it is not."""
    for name, _, _, _, function in program:
        if name in {"Function", "PureFunc"} and str(function).partition("(")[0] in UNBOUNDED:
            return REFUSED_FUNCTIONS
    for name, _, _, first, plan in program:
        if name != "VFilter" or not isinstance(plan, str):
            continue
        for place, kind in enumerate(re.findall(r"[^\d\s]", plan)):
            if kind not in "=<>":  # of row numbers
                texts = _texts(program, first + 2 + place, values)
                if why := REFUSED_WORDS if texts is None else _too_much(texts):
                    return why
    return None


def _too_much(texts: Collection[object]) -> str | None:
    """Tell why texts are too much to ask the index for; None if they are not."""
    for text in map(str, texts):
        if re.match(rf"\s*({'|'.join(UNBOUNDED)})\s*\(", text, re.IGNORECASE):
            return REFUSED_FUNCTIONS  # as rank MATCH 'snippet(...)'
        words = sum(1 for _ in re.finditer(r"[^\W_]+", text[: MOST_CHARACTERS + 1]))
        if len(text) > MOST_CHARACTERS or words > MOST_WORDS:
            return REFUSED_LENGTH
    return None


def _texts(program: Sequence[Instruction], register: int, values: Values) -> list[object] | None:
    """List all that a register of a program may hold; None if it is computed."""
    found: list[object] = []
    for instruction in program:
        texts = _written(program, instruction, register, values)
        if texts is None:
            return None
        found += texts
    return found or None


def _written(
    program: Sequence[Instruction], instruction: Instruction, register: int, values: Values
) -> list[object] | None:
    """List what an instruction writes into a register; None if that is computed."""
    name, one, two, three, four = instruction
    if name in CONSTANTS and two == register:
        return [""]
    if name in {"String8", "String"} and two == register:
        return [four]
    if name == "Variable" and two == register:
        return _given(values, four)
    if name in COPIES and two <= register <= two + (0 if name == "SCopy" else three):
        return _texts(program, one + register - two, values)
    if name in {"Function", "PureFunc"} and three == register and str(four).startswith(QUOTING):
        return _texts(program, two, values)
    return None if name in COMPUTED and three == register else []


def _given(values: Values, name: object) -> list[object]:
    """List the values of a parameter; all of them where they have no names."""
    if isinstance(values, Mapping):
        named = str(name)[1:]
        return [values[named]] if named in values else list(values.values())
    return list(values or ())
