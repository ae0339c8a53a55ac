"""Tests that the server counts in advance what its facets lead to."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from catalog.site import warming
from catalog.site.app import build, close
from catalog.site.datasette_internals import answer_cache
from catalog.site.datasette_internals.answer_cache import SlowAnswers


def went_round(file: Path, slow: float) -> tuple[list[str], SlowAnswers]:
    """Pages that one round asks for, and what is kept after it."""
    site = build(file)
    asked: list[str] = []

    async def go() -> SlowAnswers:
        await site.invoke_startup()
        answers: SlowAnswers = site.get_database("catalog").slow_answers
        answers.slow = slow
        client = site.client.get

        async def noted(path: str) -> Any:
            asked.append(path)
            answer = await client(path)
            assert answer.status_code == 200, path
            return answer

        site.client.get = noted
        await warming.go_round(site, answers, 0)
        return answers

    try:
        return asked, asyncio.run(go())
    finally:
        close(site)


def test_filters_are_counted_ahead_where_counting_is_slow(catalog_file: Path) -> None:
    asked, answers = went_round(catalog_file, slow=0.0)
    assert len(asked) == len(set(asked))
    filters = {path.rpartition("?")[2].rpartition("&")[2] for path in asked}
    assert {"year=2024", "has_code=1", "_dataset=coco", "kind=ratio", "owner=Lee"} <= filters
    assert any("from papers where" in sql for sql, *_ in answers.kept)


def test_nothing_is_counted_ahead_where_nothing_is_slow(catalog_file: Path) -> None:
    asked, _ = went_round(catalog_file, slow=1000.0)
    assert asked == list(warming.COMMON)


def test_a_round_renews_what_is_kept(catalog_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    renewing: list[bool] = []
    waits: list[float] = []

    async def noted_round(_site: Any, _answers: Any, rest: float) -> None:
        renewing.append(answer_cache.RENEWING.get())
        waits.append(rest)
        if len(waits) == 2:
            raise asyncio.CancelledError

    async def no_sleep(_seconds: float) -> None:
        stamps.append(len(stamps))

    stamps = [0]
    site = build(catalog_file)

    async def kept_warm() -> None:
        await site.invoke_startup()
        answers = site.get_database("catalog").slow_answers
        answers.stamp = lambda: len(stamps) // 4
        await warming.keep_warm(site)

    monkeypatch.setattr(warming, "go_round", noted_round)
    monkeypatch.setattr(asyncio, "sleep", no_sleep)
    try:
        with pytest.raises(asyncio.CancelledError):
            asyncio.run(kept_warm())
    finally:
        close(site)
    assert renewing == [True, True]
    assert waits == [0, warming.REST]
