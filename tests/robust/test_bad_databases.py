"""Tests that files without a catalog are refused with a hint, and stay unchanged."""

import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.robust.calling import call, lay_out, names, said
from tests.robust.programs import page

GOOD = page("Nets")


def spoilt(file: Path, how: str) -> None:
    """Make something else of a catalog's file."""
    if how == "text":
        file.write_text("This is no database.\n" * 100)
    elif how == "half":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    else:
        with sqlite3.connect(file) as connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", [how])
            connection.execute("INSERT INTO authors (name) VALUES ('Ada')")  # else it is completed
        connection.close()


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("text", "this one is not an SQLite database"),
        ("9999", "newer than this version's"),
        ("0001", "catalog db upgrade"),
    ],
)
@pytest.mark.parametrize(
    "args",
    [
        ["load", "page.txt"],
        ["load", "page.txt", "--dry-run"],
        ["forget", "page.txt"],
        ["reextract"],
        ["status"],
        ["search", "nets"],
        ["show", "nets"],
        ["query", "SELECT 1"],
        ["db", "check"],
    ],
    ids=" ".join,
)
def test_database_of_another_kind_is_named_and_not_touched(
    args: list[str], how: str, says: str, catalog_file: Path, folder: Path
):
    spoilt(catalog_file, how)
    lay_out(folder, {"page.txt": GOOD})
    bytes_before = catalog_file.read_bytes()
    result = call(*args)
    assert result.exit_code == 1, result.output
    assert says in said(result)
    assert "  hint: " in said(result)
    assert catalog_file.read_bytes() == bytes_before
    assert "catalog.db.lock" not in names(folder)


@pytest.mark.parametrize(
    "args", [["status"], ["load", "page.txt"], ["db", "upgrade"]], ids=" ".join
)
def test_database_of_something_else_is_left_alone(args: list[str], folder: Path):
    lay_out(folder, {"page.txt": GOOD})
    with sqlite3.connect(folder / "catalog.db") as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    before = (folder / "catalog.db").read_bytes()
    result = call(*args)
    assert result.exit_code == 1
    assert "it contains tables of another program" in said(result)
    assert "hint: name another file" in said(result)
    assert (folder / "catalog.db").read_bytes() == before


@pytest.mark.parametrize("args", [["status"], ["load", "page.txt"], ["show", "x"]], ids=" ".join)
def test_folder_is_no_database(args: list[str], folder: Path):
    lay_out(folder, {"page.txt": GOOD, "in/a.txt": "x"})
    result = call("--db", "in", *args)
    assert result.exit_code == 1
    assert "it is a folder" in said(result)
    assert names(folder) == {"page.txt", "in", "in/a.txt"}


def test_newer_revision_is_not_downgraded(catalog_file: Path):
    spoilt(catalog_file, "9999")
    result = call("db", "upgrade")
    assert result.exit_code == 1
    assert "newer than this version's" in said(result)


KILLED_WHILE_WRITING = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA journal_mode = DELETE")
connection.execute("PRAGMA cache_size = 1")  # so that pages are written before the commit
connection.execute("BEGIN")
connection.execute("CREATE TABLE begun (text)")
connection.executemany("INSERT INTO begun VALUES (?)", [("x" * 2000,)] * 100)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("begins", ["without a catalog", "with one"])
@pytest.mark.parametrize("args", [["load", "page.txt"], ["status"]], ids=" ".join)
def test_what_was_begun_before_a_kill_is_undone(
    args: list[str], begins: str, folder: Path, migrated: Path
):
    lay_out(folder, {"page.txt": GOOD})
    file = folder / "catalog.db"
    if begins == "with one":
        shutil.copyfile(migrated, file)
    killed = subprocess.run([sys.executable, "-c", KILLED_WHILE_WRITING, file], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert (folder / "catalog.db-journal").stat().st_size
    result = call(*args)
    if args == ["status"] and begins == "without a catalog":
        assert "load something first" in said(result)
    else:
        assert result.exit_code == 0, said(result)
        assert call("db", "check").exit_code == 0


def test_database_that_was_cut_in_half_is_named_by_db_check(catalog_file: Path, folder: Path):
    lay_out(folder, {"page.txt": page(*(f"Set{i}" for i in range(200)))})
    assert call("load", "page.txt").exit_code == 0
    spoilt(catalog_file, "half")
    result = call("db", "check")
    assert result.exit_code == 1
    assert "malformed" in result.stdout + said(result)


@pytest.mark.parametrize("url", ["", ":memory:", "sqlite://", "nope://x", "/missing/folder/x.db"])
@pytest.mark.parametrize("args", [["load", "page.txt"], ["status"]], ids=" ".join)
def test_address_of_no_database_is_refused(args: list[str], url: str, folder: Path):
    lay_out(folder, {"page.txt": GOOD})
    result = call("--db", url, *args)
    assert result.exit_code == 1
    assert said(result).startswith("Error: cannot ")
    assert names(folder) == {"page.txt"}
    assert not Path("/missing").exists()


def test_password_of_an_address_is_not_shown(folder: Path):
    result = call("--db", "nope://ada:secret@host/x", "status")
    assert result.exit_code == 1
    assert "secret" not in result.output


def test_question_mark_in_a_path_belongs_to_it(folder: Path, migrated: Path):
    shutil.copyfile(migrated, folder / "what?.db")
    assert call("--db", "what?.db", "status").exit_code == 0
    assert names(folder) >= {"what?.db"}
    assert "what" not in names(folder)
