"""Tests that names of files and texts of sources cannot forge lines of the output."""

import contextlib
import io
import json
import logging
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from catalog.domain.errors import CatalogError
from etl.cli import main
from etl.sync.logs import logging_to_stderr
from tests.robust.programs import page

FORGED = "Error: forged"
ODD = f"odd\n{FORGED}\n\x1b[2K\r\u2028{FORGED}\x9b31m"
"""Part of a name; nothing of what comes after its first line end may begin a line."""


def unforged(*told: str) -> bool:
    """Whether no line of it is one of a name, and nothing in it steers a terminal."""
    lines = [line.strip() for text in told for line in text.splitlines()]
    steering = ("\x1b", "\r", "\x9b", "\u2028")
    return not any(
        line.startswith((FORGED, *steering)) or any(sign in line for sign in steering)
        for line in lines
    )


@pytest.fixture
def file(migrated: Path, folder: Path) -> Path:
    """A catalog of an odd name in a folder of an odd name, with a document of an odd name."""
    place = folder / f"in {ODD}"
    place.mkdir()
    (place / f"{ODD}.txt").write_text(page("Nets"))
    (place / f"{ODD}.jsonl").write_text('{"title": 5}\n{"title": "A", "abstract": "We."}\n')
    (place / f"{ODD}.unknown").write_bytes(b"\x00\x01")
    (place / f"{ODD}.json").write_text("{")
    return Path(shutil.copyfile(migrated, folder / f"{ODD}.db"))


def call(file: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--db", str(file), *words], catch_exceptions=False)


def test_no_command_lets_a_name_forge_a_line(file: Path):
    place = next(file.parent.glob("in *"))
    document, saved = str(place / f"{ODD}.txt"), str(place / "saved.db")
    commands = [
        ["load", str(place)],
        ["load", str(place), "--json"],
        ["load", str(place / "missing.txt")],
        ["load", str(place / f"{ODD}.unknown")],
        ["load", str(place), "--day", "2025-03-11"],
        ["status", "--problems"],
        ["show", "An Invented Paper about Nets", "--sources"],
        ["show", f"missing {ODD}"],
        ["search", f"missing {ODD}"],
        ["datasets", f"missing {ODD}"],
        ["leaderboard", f"missing {ODD}"],
        ["open", f"missing {ODD}"],
        ["mark", f"missing {ODD}", "--star"],
        ["mark", "An Invented Paper about Nets", "--tag", "odd", "--note", ODD],
        ["marks"],
        ["query", "SELECT name FROM documents"],
        ["query", "SELECT name FROM documents", "--json"],
        ["query", f"SELECT '{ODD}' AS \"{ODD}\""],
        ["add", f"https://example.org/{ODD}"],
        ["copy", str(file), str(place / "missing" / "copy.db")],
        ["copy", str(file), str(file)],
        ["sync", "--config", str(place / "missing.toml")],
        ["sync", "--init", "--config", str(place / "config.toml")],
        ["sync", "--init", "--config", str(place / "config.toml")],
        ["sync", "--config", document],
        ["digest", "--send", "--config", document],
        ["extract", document],
        ["extract", "--jsonl", document],
        ["extract", str(place / "missing")],
        ["corrections", "import", document],
        ["marks", "--import", document],
        ["db", "backup", saved],
        ["db", "backup", saved],
        ["db", "restore", saved],
        ["db", "restore", document],
        ["db", "check"],
        ["forget", document],
        ["forget", document],
    ]
    for words in commands:
        result = call(file, *words)
        told = result.stderr
        if words[:2] == ["db", "backup"]:
            # Its standard output is a path for programs.
            assert result.stderr or result.stdout_bytes == f"{saved}\n".encode()
        else:
            told += result.stdout
            assert told, words
        assert unforged(told), (words, told)
    for words, database in (
        (["status"], "missing.db"),
        (["serve"], "missing.db"),
        (["db", "backup"], "missing.db"),
        (["load", document], "."),
    ):
        result = call(place / database, *words)
        assert result.exit_code
        assert unforged(result.stderr), (words, result.stderr)


def test_an_error_has_three_lines_whatever_it_names():
    told = str(CatalogError(f"cannot read {ODD}", why=f"no {ODD}", hint=f"look at {ODD}"))
    assert len(told.splitlines()) == 3
    assert unforged(told)


def logged(form: str) -> list[str]:
    """The lines of a log in which a publisher's text is named."""
    told = io.StringIO()
    with contextlib.redirect_stderr(told), logging_to_stderr(form, logging.INFO):
        log = logging.getLogger("catalog.sync")
        log.error("%s: %s\n  hint: %s", "hf-daily", ODD, "wait")
        log.info("%s: note", ODD)
    return told.getvalue().splitlines()


def test_a_publishers_text_forges_no_line_of_the_log():
    lines = logged("text")
    assert unforged(*lines)
    assert (len(lines), lines[1]) == (3, "  hint: wait")


def test_a_publishers_text_forges_no_line_of_a_log_in_json():
    lines = logged("json")
    assert unforged(*lines)
    assert [json.loads(line)["level"] for line in lines] == ["error", "info"]
    assert ODD in json.loads(lines[0])["message"]
