"""Tests that a server has what the one before it counted."""

import asyncio
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from catalog.site.app import build, close
from catalog.site.datasette_internals import saved_answers
from catalog.site.datasette_internals.answer_cache import RENEWING, SlowAnswers


@pytest.fixture
def file(catalog_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(saved_answers, "WORTH", 0.0)
    return Path(shutil.copyfile(catalog_file, tmp_path / "catalog.db"))


def counted(file: Path, typed: str = "SELECT 'typed'") -> SlowAnswers:
    """Answers of a server to which every query is slow: to a reader, and counted ahead."""
    site = build(file)

    async def go() -> SlowAnswers:
        await site.invoke_startup()
        answers: SlowAnswers = site.get_database("catalog").slow_answers
        answers.slow = 0.0
        await answers.execute(typed)
        RENEWING.set(True)  # as in a round of its own
        for path in ("/", "/catalog/papers", "/catalog/results", "/leaderboard"):
            assert (await site.client.get(path)).status_code == 200
        return answers

    try:
        return asyncio.run(go())
    finally:
        close(site)


def next_start(file: Path) -> SlowAnswers:
    """The answers of a server that asks nothing, after its start."""

    async def refused(sql: str, *_: Any, **__: Any) -> Any:
        raise AssertionError(sql)

    answers = SlowAnswers(file, refused)
    saved_answers.load(file, answers)
    return answers


def told(results: Any) -> tuple[Any, ...]:
    rows = [(row.keys(), tuple(row)) for row in results.rows]
    return results.columns, results.truncated, rows


def test_the_next_start_has_what_was_counted_ahead(file: Path) -> None:
    before = counted(file)
    saved_answers.save(file, before)
    after = next_start(file)
    assert len(after.kept) > 20
    for key, kept in after.kept.items():
        assert told(kept.results) == told(before.kept[key].results)
    sql, params, args, options = next(iter(after.kept))
    answer = asyncio.run(after.execute(sql, params, *args, **dict(options)))
    assert answer is after.kept[sql, params, args, options].results


def test_what_people_typed_is_not_saved(file: Path) -> None:
    before = counted(file)
    saved_answers.save(file, before)
    assert any("'typed'" in sql for sql, *_ in before.kept)
    assert not any("'typed'" in sql for sql, *_ in next_start(file).kept)


def test_a_catalog_that_has_changed_is_counted_again(file: Path) -> None:
    saved_answers.save(file, counted(file))
    os.utime(file, (1, 1))
    assert not next_start(file).kept


def test_a_spoilt_file_is_passed_over(file: Path) -> None:
    saved_answers.save(file, counted(file))
    saved = saved_answers.beside(file)
    whole = saved.read_bytes()
    for spoilt in (whole[:-9], b"", b"\x91\x01", b"\x92" + whole):
        saved.write_bytes(spoilt)
        assert not next_start(file).kept


def test_only_who_reads_the_catalog_reads_its_counts(file: Path) -> None:
    file.chmod(0o600)
    saved_answers.save(file, counted(file))
    assert saved_answers.beside(file).stat().st_mode & 0o777 == 0o600


def test_a_folder_that_takes_no_file_is_no_error(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = counted(file)

    def refused(*_: Any) -> int:
        raise OSError

    monkeypatch.setattr(Path, "write_bytes", refused)
    saved_answers.save(file, answers)
    assert [one.name for one in file.parent.iterdir() if "counted" in one.name] == []


def test_a_small_catalog_gets_no_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = counted(file)
    monkeypatch.setattr(saved_answers, "WORTH", 1000.0)
    saved_answers.save(file, answers)
    answers.slow = 1000.0
    monkeypatch.setattr(saved_answers, "WORTH", 0.0)
    saved_answers.save(file, answers)
    assert answers.kept
    assert not saved_answers.beside(file).exists()
