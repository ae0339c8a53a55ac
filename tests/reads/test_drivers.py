"""Tests that every driver gives the same answer for a read."""

import asyncio
import datetime as dt

import pytest
from datasette.app import Datasette
from msgspec import Struct
from sqlalchemy import Engine

from catalog.reads.asking import Read, column, dialect, first, rows, value
from catalog.reads.drivers import run, run_async, run_recorded


class Day(Struct):
    number: int
    day: dt.date
    is_new: bool


DAYS = """SELECT number, day, is_new FROM (
    SELECT 1 AS number, '2025-03-10' AS day, 0 AS is_new
    UNION ALL SELECT 2, '2025-03-11', 1) AS days WHERE number IN :numbers ORDER BY number"""


class Answer(Struct):
    days: list[Day]
    second: Day | None
    none: list[Day]
    numbers: list[int]
    newest: dt.date | None
    missing: int | None


def everything() -> Read[Answer]:
    """A read made of every part that reads are made of."""
    return Answer(
        days=(yield from rows(DAYS, Day, numbers=[1, 2, 3])),
        second=(yield from first(DAYS, Day, numbers=[2])),
        none=(yield from rows(DAYS, Day, numbers=[])),
        numbers=(yield from column(DAYS, int, numbers=[2, 1])),
        newest=(yield from value(f"SELECT max(day) FROM ({DAYS}) AS d", dt.date, numbers=[1, 2])),
        missing=(yield from value("SELECT 1 WHERE 1 = 0", int)),
    )


EXPECTED = Answer(
    days=[Day(1, dt.date(2025, 3, 10), False), Day(2, dt.date(2025, 3, 11), True)],
    second=Day(2, dt.date(2025, 3, 11), True),
    none=[],
    numbers=[1, 2],
    newest=dt.date(2025, 3, 11),
    missing=None,
)


def test_sqlalchemy_and_datasette_give_equal_structs(engine: Engine) -> None:
    with engine.connect() as connection:
        assert run(connection, everything()) == EXPECTED

    async def on_datasette() -> Answer:
        return await run_async(Datasette(memory=True).get_database("_memory"), everything())

    assert asyncio.run(on_datasette()) == EXPECTED


def test_the_dialect_is_that_of_the_connection(engine: Engine) -> None:
    with engine.connect() as connection:
        assert run(connection, dialect()) == connection.dialect.name


def test_a_recorded_read_shows_what_it_asked() -> None:
    row = {"number": 1, "day": dt.date(2025, 3, 10), "is_new": True}
    found, asked = run_recorded(rows(DAYS, Day, numbers=[1]), [[row]])
    assert found == [Day(1, dt.date(2025, 3, 10), True)]
    assert [query.values for query in asked] == [{"numbers": [1]}]


def test_a_recorded_read_without_an_answer_says_which_query_lacks_it() -> None:
    with pytest.raises(ValueError, match="no answer is left for the query 'SELECT 1'"):
        run_recorded(value("SELECT 1", int), [])


def test_an_instant_may_be_a_bare_day_or_have_a_space() -> None:
    class Run(Struct):
        at: dt.datetime | None

    given: list[dict[str, str | None]] = [
        {"at": "2025-03-11"},
        {"at": "2025-03-11 06:00:00.5"},
        {"at": None},
    ]
    found, _ = run_recorded(rows("SELECT 1", Run), [given])
    instants = [one.at and one.at.isoformat() for one in found]
    assert instants == ["2025-03-11T00:00:00", "2025-03-11T06:00:00.500000", None]
