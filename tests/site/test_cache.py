"""Slow answers are kept until the file changes."""

import asyncio
import os
from pathlib import Path
from typing import Any

from catalog.site.cache import KEPT, SlowAnswers


class Answer:
    def __init__(self, rows: list[int]) -> None:
        self.rows = rows


class Database:
    """Counts how often it is asked; each answer takes as long as `seconds` says."""

    def __init__(self, seconds: float = 1.0) -> None:
        self.asked, self.seconds, self.now = 0, seconds, 1000.0

    async def execute(self, sql: str, params: Any = None, **_options: Any) -> Answer:
        self.asked += 1
        self.now += self.seconds
        return Answer([self.asked])


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


def test_what_depends_on_chance_or_clock_is_never_kept(tmp_path: Path) -> None:
    answers = store(tmp_path / "c.db", Database())
    for sql in ("select random()", "select date('now')", "select CURRENT_DATE"):
        assert ask(answers, sql) != ask(answers, sql)


def test_the_store_is_bounded(tmp_path: Path) -> None:
    answers = store(tmp_path / "c.db", Database())
    for number in range(KEPT + 10):
        ask(answers, f"select {number}")
    assert len(answers.kept) == KEPT
