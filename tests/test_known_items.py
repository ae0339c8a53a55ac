"""Tests that a changed file is decoded only where it changed, and that nobody can tell."""

import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from catalog.database.engine import opened
from etl.cli import main
from etl.formats.catalog_jsonl import ITEMS
from etl.ingest import known_items
from etl.ingest.known_items import KnownItems, Marked, parser_version
from etl.plugins import formats
from tests.snapshot import snapshot

PAPER = {"title": "An Invented Paper of Some Length", "abstract": "We count snails."}
DIGEST = {"source": "daily", "day": "2025-03-11", "basis": "printed"}


def line(number: int, **fields: Any) -> str:
    """A line that tells a paper, and nothing but it."""
    return json.dumps({**PAPER, "title": f"{PAPER['title']}, Part {number}", **fields})


LINES = [
    line(1),
    line(2),
    line(2).replace(": ", ":"),  # the same record in other bytes
    line(3, comment="Revised"),
    line(4, new_field=1),
    line(5, digest=DIGEST),
    line(6, version=2**40),  # kept without it
    line(7, published_on="soon"),  # kept without it
    '{"title":',
    "{}",
]


def load(url: str, file: Path, lines: list[str], *options: str) -> Result:
    file.write_text("".join(f"{one}\n" for one in lines))
    done = CliRunner().invoke(
        main, ["--db", url, "load", str(file), "--format", "catalog-jsonl", "--accept", *options]
    )
    assert done.exit_code in {0, 3}, done.output
    return done


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The lines that were decoded so far."""
    lines: list[bytes] = []
    decode = ITEMS.decode

    def noting(raw: bytes) -> Any:
        lines.append(raw)
        return decode(raw)

    monkeypatch.setattr(ITEMS, "decode", noting)
    return lines


def test_only_changed_lines_are_decoded(url: str, tmp_path: Path, decoded: list[bytes]):
    file = tmp_path / "papers.jsonl"
    load(url, file, [line(1), line(2), line(3)])
    decoded.clear()
    done = load(url, file, [line(3), line(1), line(2, comment="Revised"), line(4)])
    assert [json.loads(raw)["title"][-1] for raw in decoded] == ["2", "4"]
    assert "papers +1 ~1 -0" in done.output
    decoded.clear()
    assert "papers +0 ~0 -1" in load(url, file, [line(3), line(1), line(4)]).output
    assert decoded == []


def test_whatever_tells_more_than_its_record_is_read_each_time(
    sqlite_url: str, tmp_path: Path, decoded: list[bytes]
):
    file = tmp_path / "papers.jsonl"
    before = load(sqlite_url, file, LINES)
    decoded.clear()
    after = load(sqlite_url, file, [*LINES, line(8)])
    unchanged = [LINES[0], LINES[1], LINES[3]]
    assert [one for one in [*LINES, line(8)] if one.encode() not in decoded] == unchanged
    told = [one for one in before.stderr.splitlines() if "line " in one or "new_field" in one]
    assert len(told) >= 4
    assert [one for one in told if one not in after.stderr.splitlines()] == []


@pytest.mark.parametrize("change", ["version", "format", "again", "copy"])
def test_where_something_else_might_be_read_all_is_decoded(
    change: str,
    sqlite_url: str,
    tmp_path: Path,
    decoded: list[bytes],
    monkeypatch: pytest.MonkeyPatch,
):
    file = tmp_path / "papers.jsonl"
    load(sqlite_url, file, [line(1), line(2)])
    options: tuple[str, ...] = ()
    if change == "version":
        monkeypatch.setattr(known_items, "parser_version", lambda _: "another")
        monkeypatch.setattr("etl.ingest.loading.parser_version", lambda _: "another")
    elif change == "format":
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
            connection.execute("UPDATE documents SET parser_version = 'csl-json 1'")
            connection.commit()
    elif change == "again":
        options = ("--again",)
    else:
        load(sqlite_url, tmp_path / "copy.jsonl", [line(1), line(2)])
    decoded.clear()
    load(sqlite_url, file, [line(1), line(2), line(3)], *options)
    assert len(decoded) == 3
    decoded.clear()
    load(sqlite_url, file, [line(1), line(3)])
    assert decoded == []


def test_a_load_that_breaks_off_leaves_no_version(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, decoded: list[bytes]
):
    file = tmp_path / "papers.jsonl"
    load(sqlite_url, file, [line(1), line(2)])
    with monkeypatch.context() as patched:
        patched.setattr("etl.ingest.document_writer.BATCH", 2)
        patched.setattr(
            "etl.ingest.document_writer._Loading.end", lambda _: (_ for _ in ()).throw(OSError(5))
        )
        load(sqlite_url, file, [line(1), line(3), line(4)])
    decoded.clear()
    load(sqlite_url, file, [line(1), line(3), line(4)])
    assert len(decoded) == 3


SOME = [one for one in LINES if "digest" not in one]
"""Lines without a digest, whose day, once known, is kept."""


def test_versions_of_a_file_leave_what_the_last_alone_does(
    fresh: Callable[[str], str], tmp_path: Path
):
    chance, file = random.Random(23), tmp_path / "papers.jsonl"
    changed = fresh("changed")
    for _ in range(4):
        lines = [line(0), *chance.choices(SOME, k=8)]
        chance.shuffle(lines)
        load(changed, file, lines)
        once = fresh("once")
        load(once, file, lines)
        assert content(changed) == content(once)


def content(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """What a catalog holds, closed problems left out."""
    with opened(url) as engine:
        held = snapshot(engine)
    held["problems"] = [row for row in held["problems"] if row[-1]]
    return held


def test_known_items_are_found_by_their_hash():
    rows = [(-5, 11, 2), (0, 12, 0), (7, 13, 1)]
    known = KnownItems(rows)
    assert [item in known for item in (-6, -5, 0, 1, 7, 8)] == [
        False,
        True,
        True,
        False,
        True,
        False,
    ]
    assert (known.held(7).id, known.held(7).position) == (13, 1)
    with pytest.raises(KeyError):
        known.held(8)


@given(st.lists(st.integers(0, 100)))
def test_marked_keys_are_a_set(numbers: list[int]):
    marked, seen = Marked(), set[int]()
    for number in numbers:
        assert marked.mark(number) == (number not in seen)
        seen.add(number)
    assert [number for number in range(120) if number in marked] == sorted(seen)


def test_the_version_of_a_parser_is_that_of_our_code():
    kaggle, lines = formats()["arxiv-kaggle"], formats()["catalog-jsonl"]
    assert str(parser_version(kaggle)).startswith("arxiv-kaggle ")
    assert parser_version(kaggle) != parser_version(lines)
