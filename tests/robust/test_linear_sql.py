"""Tests that our SQL functions equal SQLite's, in linear time."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog.database.safe_functions import make_linear
from tests.growth import LIMIT, growth

LONGEST = 1_000_000
TEXTS = st.text(st.sampled_from("ab é\U0001f600"), max_size=12)
VALUES = TEXTS | st.none() | st.integers(-5, 120)
CALLS = ("instr(:a, :b)", "replace(:a, :b, :c)", "trim(:a, :b)", "ltrim(:a, :b)", "rtrim(:a, :b)")


@given(a=VALUES, b=VALUES, c=VALUES)
@example(a="aaa", b="aa", c="a")
@example(a="", b="", c="")
def test_results_are_those_of_sqlite(a: object, b: object, c: object):
    with (
        closing(sqlite3.connect(":memory:")) as plain,
        closing(sqlite3.connect(":memory:")) as ours,
    ):
        make_linear(ours, longest=LONGEST)
        for call in CALLS:
            values = {"a": a, "b": b, "c": c}
            sql = f"SELECT {call}, typeof({call})"
            assert ours.execute(sql, values).fetchone() == plain.execute(sql, values).fetchone()


@pytest.mark.parametrize(
    "call",
    [
        "instr(hex(zeroblob(:size)), hex(zeroblob(:size / 2)) || '1')",
        "length(replace(hex(zeroblob(:size)), hex(zeroblob(:size / 2)) || '1', ''))",
        "length(trim(hex(zeroblob(:size)), hex(zeroblob(:size / 2)) || '1'))",
    ],
)
def test_time_grows_with_the_texts(call: str):
    with closing(sqlite3.connect(":memory:")) as ours:
        make_linear(ours, longest=LONGEST)

        def asked(size: int) -> Callable[[], object]:
            return lambda: ours.execute(f"SELECT {call}", {"size": size}).fetchone()

        assert growth(asked, 100_000) < LIMIT


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("SELECT replace(hex(zeroblob(40000)), '0', hex(zeroblob(40000)))", "too big"),
        ("SELECT 'a' LIKE hex(zeroblob(400))", "too big"),
        ("SELECT 'a' GLOB hex(zeroblob(400))", "too big"),
    ],
)
def test_what_would_take_them_is_refused(sql: str, says: str):
    with closing(sqlite3.connect(":memory:")) as ours:
        ours.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
        make_linear(ours, longest=LONGEST)
        with pytest.raises(sqlite3.Error, match=says):
            ours.execute(sql).fetchone()


PATTERNS = st.text(st.sampled_from("aAbé%_!*?[]^-"), max_size=8)


@given(pattern=PATTERNS | st.none() | st.integers(0, 20), text=PATTERNS | st.none())
@example(pattern="[]a]*", text="]b")
@example(pattern="%a_%b", text="xAéyB")
def test_patterns_match_what_sqlite_matches(pattern: object, text: object):
    asked = [f"SELECT :text {how}" for how in ("LIKE :p", "LIKE :p ESCAPE '!'", "GLOB :p")]
    with (
        closing(sqlite3.connect(":memory:")) as plain,
        closing(sqlite3.connect(":memory:")) as ours,
    ):
        make_linear(ours, longest=LONGEST)
        for sql in asked:
            given_values = {"text": text, "p": pattern}
            expected = plain.execute(sql, given_values).fetchone()
            assert ours.execute(sql, given_values).fetchone() == expected


DIRECTIVES = ["%d", "%s", "%5.2f", "%05d", "%+d", "%-4s|", "%x", "%,d", "%8.3e", "%q", "%Q", "%.2s"]
NUMBERS = st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9).map(lambda value: round(value, 3))


@given(
    form=st.lists(st.sampled_from([*DIRECTIVES, "%%", "per cent"]), max_size=4).map("".join),
    given_values=st.lists(NUMBERS | st.text("a'b 1", max_size=5), min_size=4, max_size=4),
)
def test_printf_writes_what_sqlite_writes(form: str, given_values: list[object]):
    with (
        closing(sqlite3.connect(":memory:")) as plain,
        closing(sqlite3.connect(":memory:")) as ours,
    ):
        make_linear(ours, longest=LONGEST)
        sql, asked = "SELECT printf(?, ?, ?, ?, ?)", (form, *given_values)
        assert ours.execute(sql, asked).fetchone() == plain.execute(sql, asked).fetchone()


@given(
    form=st.lists(st.sampled_from("YmdHMSfjJwWs%"), max_size=5).map(
        lambda letters: "-".join(f"%{letter}" for letter in letters)
    ),
    day=st.datetimes().map(lambda instant: instant.isoformat(" ", "milliseconds")),
    change=st.sampled_from(["+0 days", "-3 months", "start of year", "weekday 0", "+5.5 hours"]),
)
def test_strftime_writes_what_sqlite_writes(form: str, day: str, change: str):
    with (
        closing(sqlite3.connect(":memory:")) as plain,
        closing(sqlite3.connect(":memory:")) as ours,
    ):
        make_linear(ours, longest=LONGEST)
        sql, asked = "SELECT strftime(?, ?, ?)", (form, day, change)
        if plain.execute("SELECT date(?, ?) BETWEEN '0001' AND '9999'", (day, change)).fetchone()[
            0
        ]:
            assert ours.execute(sql, asked).fetchone() == plain.execute(sql, asked).fetchone()
