"""Tests of backups: whole during writes, refused without space."""

import datetime as dt
import os
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from catalog.maintenance import backup as backups
from catalog.maintenance.backup import backup_name
from tests.maintenance.catalogs import call, content, copies
from tests.robust.programs import start
from tests.waiting import PATIENCE


def test_backup_equals_the_catalog(file: Path, tmp_path: Path):
    target = tmp_path / "elsewhere" / "copy.db"
    target.parent.mkdir()
    result = call(file, "db", "backup", target)
    assert (result.exit_code, result.stdout.strip()) == (0, str(target))
    assert [path.name for path in target.parent.iterdir()] == ["copy.db"]
    assert content(target) == content(file)
    assert call(target, "db", "check").exit_code == 0


def test_backup_never_overwrites(file: Path, tmp_path: Path):
    target = tmp_path / "copy.db"
    target.write_text("precious")
    result = call(file, "db", "backup", target)
    assert result.exit_code == 1
    assert "exists" in result.stderr
    assert target.read_text() == "precious"


def test_backup_into_a_missing_folder_is_refused(file: Path, tmp_path: Path):
    result = call(file, "db", "backup", tmp_path / "missing" / "copy.db")
    assert result.exit_code == 1
    assert not (tmp_path / "missing").exists()


def test_backup_of_no_catalog_leaves_no_file(tmp_path: Path):
    result = call(tmp_path / "none.db", "db", "backup")
    assert result.exit_code == 1
    assert list(tmp_path.iterdir()) == []


def test_backup_that_breaks_off_leaves_no_file(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    target = tmp_path / "copy.db"

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    assert call(file, "db", "backup", target).exit_code == 130
    assert not list(tmp_path.glob("copy.db*"))


@pytest.fixture
def stop(file: Path) -> Iterator[threading.Event]:
    """Ends a writer that commits to the catalog all the time, two rows in each transaction."""
    stop, begun = threading.Event(), threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            number = 0
            while not stop.is_set():
                number += 1
                connection.execute("BEGIN IMMEDIATE")
                for name in (f"a{number}", f"b{number}"):
                    connection.execute("INSERT INTO authors (name) VALUES (?)", [name])
                connection.execute("COMMIT")
                begun.set()

    with closing(sqlite3.connect(file)) as connection, connection:
        # Large enough that the writer commits many times between the first and the last page.
        names = [(f"{number} {'x' * 3000}",) for number in range(3_000)]
        connection.executemany("INSERT INTO authors (name) VALUES (?)", names)
    thread = threading.Thread(target=write)
    thread.start()
    assert begun.wait(20)
    yield stop
    stop.set()
    thread.join()


def test_backup_ends_and_is_whole_while_others_write(
    file: Path, tmp_path: Path, stop: threading.Event, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(backups, "PAGES", 4)
    target = tmp_path / "copy.db"
    copying = threading.Thread(target=backups.back_up, args=(file, target))
    copying.start()
    copying.join(20)
    ended = target.exists()
    stop.set()
    copying.join()
    assert ended
    with closing(sqlite3.connect(target)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        names = {name for (name,) in connection.execute("SELECT name FROM authors")}
    first = {name[1:] for name in names if name[0] == "a"}
    assert first
    assert first == {name[1:] for name in names if name[0] == "b"}


def test_two_backups_of_one_second_have_two_names(tmp_path):
    file = tmp_path / "catalog.db"
    now = dt.datetime(2025, 3, 11, 6, tzinfo=dt.UTC)
    first = backup_name(file, now)
    first.touch()
    assert first.name == "catalog-20250311T060000Z.backup.db"
    assert backup_name(file, now).name == "catalog-20250311T060000Z-2.backup.db"


def test_two_backups_at_once_do_not_disturb_each_other(file: Path):
    processes = [start("--db", file, "db", "backup", folder=file.parent) for _ in range(3)]
    for process in processes:
        process.communicate(timeout=PATIENCE)
    ended_well = [process.returncode for process in processes].count(0)
    assert len(copies(file)) == ended_well >= 1
    assert all(content(copy) == content(file) for copy in copies(file))


def test_what_a_killed_backup_left_goes_with_the_next(file: Path):
    gone = subprocess.Popen(["true"])
    gone.wait()
    left = file.with_name(f"catalog-20250311T060000Z.backup.db.{gone.pid}.partial")
    working = file.with_name(f"catalog-20250311T060000Z.backup.db.{os.getpid()}.partial")
    left.touch()
    working.touch()
    assert call(file, "db", "backup").exit_code == 0
    assert (left.exists(), working.exists()) == (False, True)
