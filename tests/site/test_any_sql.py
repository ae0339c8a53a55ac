"""Tests that no SQL which somebody types makes the site fail."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest

from catalog.site.app import build, close
from catalog.site.datasette_internals.plugin_api import DATABASE
from catalog.site.datasette_internals.table_cells import CELLS, render
from tests.site.conftest import Get

VALUES = [
    "1",
    "-1.5",
    "9e999",
    "9223372036854775807",
    "'text'",
    "''",
    "null",
    "x'00ff'",
    "char(0)",
    "char(8238)",
    "'http://[::1'",
    "'javascript:alert(1)'",
    "'2025-99-99'",
    "'[1]'",
]
"""What a column may hold, whatever its name promises."""

BESIDE = (
    "key",
    "paper_key",
    "slug",
    "dataset_slug",
    "metric_slug",
    "text",
    "kind",
    "role",
    "unit",
    "sign",
    "value_max",
)
"""Columns that a format looks at besides its own."""

TOO_MUCH = (
    "with t(x) as (select hex(zeroblob(2400000)) limit 1) select "
    + ", ".join(f"x || {i}" for i in range(300))
    + " from t"
)
"""A row of more than a gigabyte."""

NAMES = sorted({name for _, name in CELLS} | {"is_x", "x_on", "x_at", "first_day", "archived"})


def rows(columns: dict[str, str]) -> list[Any]:
    sql = "SELECT " + ", ".join(f'{value} AS "{name}"' for name, value in columns.items())
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        return list(connection.execute(sql))


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("beside", VALUES)
def test_a_name_promises_no_type(value: str, beside: str):
    columns = {**dict.fromkeys(BESIDE, beside), **dict.fromkeys(NAMES, value)}
    for name in NAMES:
        for row in rows({**columns, **dict.fromkeys(set(BESIDE) - {name}, beside)}):
            for table in (None, *(table for table, column in CELLS if column == name)):
                render(row[name], name, table, row)


@pytest.mark.parametrize("form", ["", ".json", ".csv"])
@pytest.mark.parametrize(
    "sql",
    [
        "select id as key, label as title from papers",
        "select 7 as key, 1 as title, 2 as paper, 3 as dataset, 4 as dataset_slug",
        "select 1 as value, 'a' as value_max, 2 as unit, 3 as kind, 4 as role, 5 as text",
        "select 5 as sentence, 6 as text, 7 as role, 8 as kind",
        'select 1 as "", 2 as "", 3 as "a]b", 4 as ":x"',
        "",
        "   ",
        "select",
        "select :a, ?1, @b",
        "select cast(x'fffe' as text)",
        "select 9223372036854775807 + 1, 1e999 - 1e999, abs(-9223372036854775808)",
        "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n",
        "select " + ", ".join(f"length({i})" for i in range(300)),
        TOO_MUCH,
    ],
    ids=lambda text: text[:50],
)
def test_no_query_is_a_fault_of_the_server(sql: str, form: str, get: Get):
    answer = get(f"/catalog{form}?sql={quote_plus(sql)}")
    assert answer.status_code in {200, 302, 400, 404}, answer.text


def test_a_query_beyond_the_memory_is_told_of(get: Get):
    answer = get(f"/catalog.json?sql={quote_plus(TOO_MUCH)}")
    assert answer.status_code == 400
    assert "more memory than the site allows" in answer.json()["error"]


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("select " + ", ".join(f"length({i})" for i in range(300)), "too many functions"),
        ("select json_patch('{}', '{}')", "json_patch is not allowed here"),
        ("select 'a' like hex(zeroblob(400))", "pattern of LIKE"),
        ("select * from sqlite_stmt", "sqlite_stmt is not shown here"),
    ],
    ids=lambda text: text[:30],
)
def test_a_refusal_says_why(sql: str, says: str, get: Get):
    answer = get(f"/catalog.json?sql={quote_plus(sql)}")
    assert answer.status_code == 400
    assert says in answer.json()["error"]


def test_calls_are_counted_for_each_query_anew(get: Get):
    sql = "select " + ", ".join(f"length({i})" for i in range(100))
    for _ in range(3):
        assert get(f"/catalog.json?sql={quote_plus(sql)}").status_code == 200


def test_a_table_that_goes_with_a_restored_backup_is_not_counted(migrated: Path, tmp_path: Path):
    file = Path(shutil.copyfile(migrated, tmp_path / "catalog.db"))
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("ANALYZE")
    site = build(file)
    asyncio.run(site.invoke_startup())
    try:
        database = site.get_database(DATABASE)
        assert asyncio.run(database.table_counts())["sqlite_stat1"] is None
        names = asyncio.run(database.table_names())

        async def as_before() -> list[str]:
            return [*names, "gone"]

        database.table_names = as_before
        counts = asyncio.run(database.table_counts())
        assert (counts["papers"], counts["gone"]) == (0, None)
    finally:
        close(site)
