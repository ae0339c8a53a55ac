"""Tests that the time of every SQL function grows with its texts alone, up to the largest."""

import itertools
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import cache

import pytest

from catalog.database.query_limits import MAX_VALUE_BYTES, limit, within
from tests.growth import FACTOR, TRIES

LARGEST = MAX_VALUE_BYTES - 100
SMALLEST = LARGEST // FACTOR
RATIO = 10.0
"""Times as long as for a quarter of the size that a call may take."""

FREE = 0.1
"""Seconds of a call at full size below which its growth says nothing."""

MANY = 6
"""Arguments that a function of any number of them is given at most."""

TRIED = 12
"""Combinations of arguments for each number of them."""

OUT_OF_REACH = {"load_extension", "fts3_tokenizer", "json_patch"}
"""Functions that are refused."""


@cache
def values(size: int) -> list[object]:
    """Texts, blobs, JSON, patterns, formats, paths and numbers, as long as can be."""
    keys = ",".join(f'"{number:07}":1' for number in range(size // 12))
    return [
        "a" * size,
        "%a" * 120 + "b",
        "%" + "a" * 240 + "b",
        "*" + "[^b]" * 50 + "b",
        "_" * 200,
        "9" * size,
        " " * (size // 2) + "x" + " " * (size // 2 - 1),
        "".join(map(chr, range(0x20, 0xD800))) * (size // 160_000),
        b"a" * size,
        "{" + keys + "}",
        "{" + '"a":1,' * (size // 6 - 1) + '"a":1}',
        "[" + "1," * (size // 2 - 2) + "1]",
        "[" * 900 + "]" * 900,
        "$" + ".a" * (size // 2 - 1),
        f'$."{size // 12 - 1:07}"',
        "$[0]",
        "%!.1000f" * (size // 8),
        "%s" * (size // 2),
        "%999d%*d",
        "%J%Y" * (size // 4),
        "2025-03-12 06:00",
        "+1 month",
        size,
        -size,
        1e308,
        1,
        None,
    ]


@pytest.fixture(scope="module")
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        limit(connection)
        yield connection


ROWS = 3
"""Rows that an aggregate or a window function works on."""

CALLS = {
    "s": "SELECT typeof({call}) FROM {rows} LIMIT 1",
    "a": "SELECT typeof({call}) FROM {rows}",
    "w": "SELECT typeof({call} OVER (ORDER BY 1 ROWS 1 PRECEDING)) FROM {rows}",
}
"""Kind of a function, as SQLite lists it -> a query that calls it."""


def functions() -> list[tuple[str, str, int]]:
    """Every function of values, rows and windows, with each number of its arguments."""
    with closing(sqlite3.connect(":memory:")) as plain:
        listed = plain.execute(
            "SELECT DISTINCT type, name, narg FROM pragma_function_list ORDER BY 1, 2, 3"
        ).fetchall()
    # What works on windows works on rows as well, unless it is made for windows alone.
    listed += [("a", name, number) for kind, name, number in listed if kind == "w"]
    found = []
    for kind, name, number in sorted(set(listed)):
        found += [(kind, name, one) for one in ([number] if number >= 0 else [1, 2, 3, MANY])]
    return [one for one in found if one[2] and one[1] not in OUT_OF_REACH]


def called(kind: str, name: str, number: int) -> str:
    """Return a query that calls a function, on one row or a few, with parameters for them all."""
    columns = [f"column{place + 1}" for place in range(number)]
    call = f" {name} ".join(columns) if name in {"->", "->>"} else f'"{name}"({", ".join(columns)})'
    row = f"({', '.join('?' * number)})"
    rows = f"(VALUES {', '.join([row] * (1 if kind == 's' else ROWS))})"
    return CALLS[kind].format(call=call, rows=rows)


def seconds(connection: sqlite3.Connection, sql: str, given: tuple[object, ...]) -> float:
    begun = time.process_time()
    with suppress(sqlite3.Error, MemoryError, OverflowError):  # to refuse is also an answer
        connection.execute(sql, given).fetchone()
    return time.process_time() - begun


@pytest.mark.parametrize(("kind", "name", "number"), functions(), ids=lambda one: str(one))
def test_time_of_one_call_grows_with_its_texts(
    kind: str, name: str, number: int, connection: sqlite3.Connection
):
    large, small = values(LARGEST), values(SMALLEST)
    places = range(len(large))
    chance = random.Random(f"{name} {number}")
    if number <= 2:
        tried = list(itertools.product(places, repeat=number))
        tried = chance.sample(tried, min(TRIED * number, len(tried)))
    else:
        tried = [tuple(chance.choice(places) for _ in range(min(number, 4))) for _ in range(TRIED)]
    sql = called(kind, name, number)
    for chosen in tried:
        row = (*chosen, *[chosen[-1]] * (number - len(chosen)))
        whole = row * (1 if kind == "s" else ROWS)
        for _ in range(TRIES):
            long = seconds(connection, sql, tuple(large[place] for place in whole))
            short = seconds(connection, sql, tuple(small[place] for place in whole))
            if long < FREE * max(1, len(whole) / 4) or long < RATIO * max(short, 0.001):
                break
        else:
            pytest.fail(f"{long:.2f} seconds, for a quarter {short:.3f}: {name} of values {row}")


@pytest.mark.parametrize("name", sorted(OUT_OF_REACH - {"load_extension"}))
def test_functions_out_of_bounds_are_refused(name: str, connection: sqlite3.Connection):
    with pytest.raises(sqlite3.DatabaseError, match=r"not authorized|no such function"):
        connection.execute(f"SELECT {name}('{{}}', '{{}}')")


SLOW_ROWS = {
    "a trim in a join": "SELECT count(*) FROM n a, n b "
    "WHERE trim(hex(zeroblob(2400000 + a.i + b.i)), '0') = 'x'",
    "JSON": "SELECT count(json_extract('[' || hex(zeroblob(a.i)) || ']', '$[0]')) "
    "FROM n a, n b WHERE json_valid(replace(hex(zeroblob(2000000 + b.i)), '00', '1,'))",
    "a pattern": "SELECT count(*) FROM n a, n b WHERE hex(zeroblob(2400000 + a.i)) LIKE "
    "'%' || hex(zeroblob(100)) || b.i",
    "instants": "SELECT count(strftime(hex(zeroblob(400)) || '%Y', a.i + b.i)) FROM n a, n b, n c",
}  # fmt: skip


@pytest.mark.parametrize("name", SLOW_ROWS)
def test_a_query_of_long_calls_ends_soon_after_its_time(name: str, connection: sqlite3.Connection):
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000) "
    limit_ms = 200
    one_call = seconds(connection, "SELECT trim(hex(zeroblob(2400000)), '0')", ())
    begun = time.process_time()
    with (
        within(connection, limit_ms),
        pytest.raises(sqlite3.OperationalError, match="interrupted"),
    ):
        connection.execute(numbers + SLOW_ROWS[name]).fetchall()
    worked = time.process_time() - begun
    assert worked < limit_ms / 1000 + 50 * max(one_call, 0.02)
