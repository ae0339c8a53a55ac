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
        ("SELECT 'a' LIKE hex(zeroblob(400))", "too complex"),
        ("SELECT 'a' GLOB hex(zeroblob(400))", "too complex"),
    ],
)
def test_what_would_take_them_is_refused(sql: str, says: str):
    with closing(sqlite3.connect(":memory:")) as ours:
        ours.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
        make_linear(ours, longest=LONGEST)
        with pytest.raises(sqlite3.Error, match=says):
            ours.execute(sql).fetchone()
