"""Tests that slow answers are cached until the file changes."""

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest

from catalog.site.datasette_internals.answer_cache import (
    CHARACTERS,
    KEPT,
    RENEWING,
    REST,
    ROWS,
    TEXT,
    SlowAnswers,
    counted_ago,
    watched,
)


class Answer:
    def __init__(self, rows: list[Any]) -> None:
        self.rows = rows


class Database:
    """Counts how often it is asked; each answer takes as long as `seconds` says."""

    def __init__(self, seconds: float = 1.0) -> None:
        self.asked, self.seconds, self.now = 0, seconds, 1000.0

    async def execute(self, sql: str, params: Any = None, **_options: Any) -> Answer:
        self.asked += 1
        self.now += self.seconds
        return Answer([self.asked])


class Texts(Database):
    """Answers with these rows."""

    def __init__(self, rows: list[Any]) -> None:
        super().__init__()
        self.rows = rows

    async def execute(self, sql: str, params: Any = None, **_options: Any) -> Answer:
        await super().execute(sql, params)
        return Answer(self.rows)


def store(file: Path, database: Database) -> SlowAnswers:
    return SlowAnswers(file, database.execute, clock=lambda: database.now)


def ask(answers: SlowAnswers, sql: str, params: Any = None) -> int:
    rows: list[int] = asyncio.run(answers.execute(sql, params)).rows
    return rows[0]


def test_a_slow_answer_is_given_again(tmp_path: Path) -> None:
    answers = store(tmp_path / "c.db", Database())
    assert ask(answers, "select 1", {"a": 1}) == ask(answers, "select 1", {"a": 1}) == 1
    assert ask(answers, "select 1", {"a": 2}) == 2


def test_a_quick_answer_is_asked_for_again(tmp_path: Path) -> None:
    answers = store(tmp_path / "c.db", Database(seconds=0.001))
    assert [ask(answers, "select 1"), ask(answers, "select 1")] == [1, 2]


def test_a_commit_makes_answers_old_after_a_while(tmp_path: Path) -> None:
    file, database = tmp_path / "c.db", Database()
    file.write_bytes(b"x")
    database.seconds = 0.03
    answers = store(file, database)
    assert ask(answers, "select 1") == 1
    file.with_name("c.db-wal").write_bytes(b"more")
    os.utime(file, (1, 1))
    assert ask(answers, "select 1") == 1, "within the time of grace"
    database.now += 60
    assert ask(answers, "select 1") == 2
    assert ask(answers, "select 1") == 2


def test_a_very_slow_answer_serves_while_it_is_computed_anew(tmp_path: Path) -> None:
    file, database = tmp_path / "c.db", Database()
    file.write_bytes(b"x")
    answers = store(file, database)

    async def asked() -> list[int]:
        found = [(await answers.execute("select 1")).rows[0]]
        os.utime(file, (1, 1))
        database.now += 60
        found.append((await answers.execute("select 1")).rows[0])
        await asyncio.gather(*answers.refreshing.values())
        found.append((await answers.execute("select 1")).rows[0])
        return found

    assert asyncio.run(asked()) == [1, 1, 2]
    assert not answers.refreshing


def test_what_depends_on_chance_clock_or_owner_is_never_kept(tmp_path: Path) -> None:
    answers = store(tmp_path / "c.db", Database())
    for sql in (
        "select * from v_marks",
        "select 1 from mark_tags t join marks m",
        "select random()",
        "select date('now')",
        "select CURRENT_DATE",
    ):
        assert ask(answers, sql) != ask(answers, sql)


def test_the_store_is_bounded(tmp_path: Path) -> None:
    answers = store(tmp_path / "c.db", Database())
    for number in range(KEPT + 10):
        ask(answers, f"select {number}")
    assert len(answers.kept) == KEPT


def test_whoever_renews_waits_for_answers_of_now(tmp_path: Path) -> None:
    file, database = tmp_path / "c.db", Database()
    file.write_bytes(b"x")
    answers = store(file, database)

    async def asked() -> list[int]:
        RENEWING.set(True)
        found = [(await answers.execute("select 1")).rows[0] for _ in range(2)]
        os.utime(file, (1, 1))
        return [*found, (await answers.execute("select 1")).rows[0]]

    assert asyncio.run(asked()) == [1, 1, 2]


def test_the_page_knows_how_old_its_counts_are(tmp_path: Path) -> None:
    file, database = tmp_path / "c.db", Database()
    file.write_bytes(b"x")
    answers = store(file, database)
    told: list[int] = []

    async def page(_scope: Any, _receive: Any, _send: Any) -> None:
        await answers.execute("select 1")
        told.append(counted_ago())

    async def asked() -> None:
        await watched(page)({}, None, None)
        database.now += 150
        await watched(page)({}, None, None)
        os.utime(file, (1, 1))
        await watched(page)({}, None, None)
        await asyncio.gather(*answers.refreshing.values())
        await watched(page)({}, None, None)

    asyncio.run(asked())
    assert told == [0, 0, 2, 0]


def test_little_is_computed_anew_in_the_background(tmp_path: Path) -> None:
    file, database = tmp_path / "c.db", Database()
    answers = store(file, database)

    async def asked() -> list[int]:
        for sql in ("select 1", "select 2"):
            await answers.execute(sql)
        computed: list[int] = []
        for pause in (60, REST - 2, 3):
            file.write_bytes(b"x" * (len(computed) + 1))
            database.now += pause
            for sql in ("select 1", "select 2"):
                await answers.execute(sql)
                await asyncio.gather(*answers.refreshing.values())
            computed.append(database.asked - 2)
        return computed

    assert asyncio.run(asked()) == [1, 1, 2]


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ([("x" * 1000, None, 3)] * 100, 1),
        ([("x" * 1000, None, 3)] * (TEXT // 1000 + 1), 0),
        ([(1,)] * (ROWS + 1), 0),
    ],
)
def test_long_answers_are_not_kept(tmp_path: Path, rows: list[Any], kept: int) -> None:
    answers = store(tmp_path / "c.db", Texts(rows))
    ask(answers, "select 1")
    assert len(answers.kept) == kept


def test_the_texts_of_all_answers_are_bounded(tmp_path: Path) -> None:
    answers = store(tmp_path / "c.db", Texts([("x" * TEXT,)]))
    for number in range(CHARACTERS // TEXT + 5):
        ask(answers, f"select {number}")
        ask(answers, f"select {number}")
    assert len(answers.kept) == CHARACTERS // TEXT
    assert answers.length == CHARACTERS


def test_questions_with_a_form_are_kept_unless_they_ask_for_the_clock(tmp_path: Path) -> None:
    class Magic(dict[str, Any]):
        """Like the values that Datasette passes for a canned query."""

    answers = store(tmp_path / "c.db", Database())
    assert ask(answers, "select :a", Magic(a="1")) == ask(answers, "select :a", Magic(a="1"))
    sql = "select :_now_epoch"
    assert ask(answers, sql, Magic()) != ask(answers, sql, Magic())


def test_what_tables_there_are_is_asked_once(tmp_path: Path) -> None:
    database = Database(seconds=0.0)
    answers = store(tmp_path / "c.db", database)
    tables = "select name from sqlite_master where type='table'"
    assert [ask(answers, tables), ask(answers, tables), ask(answers, "SELECT 1")] == [1, 1, 2]
