"""Tests of backups: whole during writes, refused without space, restored."""

import asyncio
import datetime as dt
import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result

from catalog.database.engine import head_revision, opened
from catalog.database.engine import upgrade as migrate
from catalog.maintenance import backup as backups
from catalog.maintenance.backup import backup_name
from catalog.site.app import build, close
from etl.cli import main
from tests.robust.programs import page, start
from tests.snapshot import snapshot
from tests.waiting import PATIENCE


def call(file: Path, *args: object) -> Result:
    words = ["--db", str(file), *map(str, args)]
    return CliRunner().invoke(main, words, catch_exceptions=False)


def content(file: Path) -> dict[str, object]:
    with opened(f"sqlite:///{file}") as engine:
        return dict(snapshot(engine))


def papers(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT count(*) FROM papers").fetchone()[0])


def load(file: Path, *words: str) -> None:
    document = file.with_name(f"{words[0]}.txt")
    document.write_text(page(*words))
    assert call(file, "load", document).exit_code == 0


def copies(file: Path) -> list[Path]:
    return sorted(file.parent.glob("*.backup.db"))


@pytest.fixture
def file(migrated: Path, tmp_path: Path) -> Path:
    """A catalog of two papers."""
    file = Path(shutil.copyfile(migrated, tmp_path / "catalog.db"))
    load(file, "Nets", "Trees")
    return file


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A catalog of an older revision."""
    file = tmp_path / "catalog.db"
    migrate(f"sqlite:///{file}", "0001")
    return file


class Disk(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(10**9, 10**9, 1000)
    monkeypatch.setattr("catalog.maintenance.backup.shutil.disk_usage", lambda _: disk)


def test_upgrade_backs_up_first(old: Path):
    before = old.read_bytes()
    result = call(old, "db", "upgrade")
    assert result.exit_code == 0
    (copy,) = copies(old)
    assert f"Backup: {copy}" in result.stderr
    assert head_revision() in call(old, "db", "current").stdout
    with closing(sqlite3.connect(copy)) as connection:
        (kept,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert kept == "0001"
    assert len(before) == copy.stat().st_size


def test_upgrade_without_backup_makes_none(old: Path):
    assert call(old, "db", "upgrade", "--no-backup").exit_code == 0
    assert copies(old) == []


def test_upgrade_without_room_for_a_backup_is_refused(old: Path, full_disk: None):
    result = call(old, "db", "upgrade")
    assert result.exit_code == 1
    assert "0 MB are free" in result.stderr
    assert copies(old) == []
    assert "0001" in call(old, "db", "current").stdout
    assert call(old, "db", "upgrade", "--no-backup").exit_code == 0


def test_upgrade_of_the_newest_schema_makes_no_backup(file: Path):
    result = call(file, "db", "upgrade")
    assert (result.exit_code, copies(file)) == (0, [])
    assert "is up to date" in result.stdout


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


def test_restore_brings_back_what_was_saved(file: Path, tmp_path: Path):
    saved = content(file)
    assert call(file, "db", "backup", tmp_path / "copy.db").exit_code == 0
    load(file, "Later")
    changed = content(file)
    result = call(file, "db", "restore", tmp_path / "copy.db")
    assert result.exit_code == 0, result.output
    assert content(file) == saved
    (kept,) = copies(file)
    assert content(kept) == changed


def test_restore_without_backup_keeps_none(file: Path, tmp_path: Path):
    assert call(file, "db", "backup", tmp_path / "copy.db").exit_code == 0
    assert call(file, "db", "restore", tmp_path / "copy.db", "--no-backup").exit_code == 0
    assert copies(file) == []


def test_a_catalog_is_not_restored_from_itself(file: Path):
    result = call(file, "db", "restore", file)
    assert result.exit_code == 1
    assert "it is the catalog itself" in result.output
    assert copies(file) == []


def test_restore_makes_a_catalog_where_none_is(file: Path, tmp_path: Path):
    new = tmp_path / "new.db"
    assert call(file, "db", "backup", tmp_path / "copy.db").exit_code == 0
    assert call(new, "db", "restore", tmp_path / "copy.db").exit_code == 0
    assert content(new) == content(file)


def test_restore_under_a_reader_leaves_its_view_and_shows_the_new_one_after(
    file: Path, tmp_path: Path
):
    assert call(file, "db", "backup", tmp_path / "copy.db").exit_code == 0
    load(file, "Later")
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as reader:
        reader.isolation_level = None
        reader.execute("BEGIN")
        count = "SELECT count(*) FROM papers"
        assert reader.execute(count).fetchone() == (3,)
        assert call(file, "db", "restore", tmp_path / "copy.db").exit_code == 0
        assert reader.execute(count).fetchone() == (3,)
        reader.execute("COMMIT")
        assert reader.execute(count).fetchone() == (2,)


def test_restore_over_a_file_that_is_served_is_seen_on_the_site(file: Path, tmp_path: Path):
    assert call(file, "db", "backup", tmp_path / "copy.db").exit_code == 0
    load(file, "Later")
    site = build(file)
    asyncio.run(site.invoke_startup())

    def counted() -> int:
        path = "/catalog.json?sql=select+count(*)+from+papers&_shape=arrayfirst"
        return int(asyncio.run(site.client.get(path)).json()[0])

    try:
        assert counted() == 3
        assert call(file, "db", "restore", tmp_path / "copy.db").exit_code == 0
        assert counted() == 2
    finally:
        close(site)
    assert call(file, "db", "check").exit_code == 0


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(None, "no such file", id="a missing file"),
        pytest.param(b"precious text", "not an SQLite database", id="no database"),
        pytest.param(b"SQLite format 3\0" + b"\xff" * 5000, "damaged", id="a damaged database"),
    ],
)
def test_restore_of_no_backup_changes_nothing(
    data: bytes | None, says: str, file: Path, tmp_path: Path
):
    before = content(file)
    bad = tmp_path / "bad.db"
    if data is not None:
        bad.write_bytes(data)
    result = call(file, "db", "restore", bad)
    assert result.exit_code == 1
    assert says in result.stderr
    assert content(file) == before
    assert copies(file) == []
    assert call(tmp_path / "new.db", "db", "restore", bad).exit_code == 1
    assert not (tmp_path / "new.db").exists()


def test_restore_of_another_programs_database_is_refused(file: Path, tmp_path: Path):
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("CREATE TABLE bookmarks (url)")
    result = call(file, "db", "restore", other)
    assert result.exit_code == 1
    assert "contains no catalog" in result.stderr
    assert papers(file) == 2


def test_restore_without_room_is_refused(file: Path, tmp_path: Path, full_disk: None):
    shutil.copyfile(file, tmp_path / "copy.db")
    result = call(file, "db", "restore", tmp_path / "copy.db")
    assert result.exit_code == 1
    assert "MB are free" in result.stderr
    assert papers(file) == 2


def test_two_backups_of_one_second_have_two_names(tmp_path):
    file = tmp_path / "catalog.db"
    now = dt.datetime(2025, 3, 11, 6, tzinfo=dt.UTC)
    first = backup_name(file, now)
    first.touch()
    assert first.name == "catalog-20250311T060000Z.backup.db"
    assert backup_name(file, now).name == "catalog-20250311T060000Z-2.backup.db"


def spoilt_header(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.write(b"spoilt" * 10)


def truncated(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.truncate(file.stat().st_size // 2)


def overwritten(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.seek(8192)
        stream.write(b"\xff" * 40_000)


@pytest.mark.parametrize("spoil", [spoilt_header, truncated, overwritten])
def test_restore_over_a_damaged_catalog(spoil: Callable[[Path], None], file: Path, tmp_path: Path):
    saved = content(file)
    assert call(file, "db", "backup", tmp_path / "copy.db").exit_code == 0
    spoil(file)
    damaged = file.read_bytes()
    result = call(file, "db", "restore", tmp_path / "copy.db")
    assert result.exit_code == 0, result.output
    assert content(file) == saved
    assert copies(file) == []
    (kept,) = tmp_path.glob("*.damaged.db")
    assert kept.read_bytes() == damaged
    assert str(kept) in result.stdout
    assert call(file, "db", "check").exit_code == 0


def test_restore_over_an_empty_file_keeps_nothing_of_it(file: Path, tmp_path: Path):
    """As a restore over a damaged catalog that was killed leaves it."""
    saved = content(file)
    assert call(file, "db", "backup", tmp_path / "copy.db").exit_code == 0
    file.write_bytes(b"")
    assert call(file, "db", "restore", tmp_path / "copy.db").exit_code == 0
    assert content(file) == saved
    assert copies(file) == []


def test_restore_without_room_leaves_no_pile_of_backups(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert call(file, "db", "backup", tmp_path / "copy.db").exit_code == 0
    before = content(file)
    size = file.stat().st_size
    disk = Disk(10**9, 0, int(size * 1.5))  # room for one of the two
    monkeypatch.setattr("catalog.maintenance.backup.shutil.disk_usage", lambda _: disk)
    for _ in range(3):
        result = call(file, "db", "restore", tmp_path / "copy.db")
        assert result.exit_code == 1
        assert "MB are free" in result.stderr
    assert copies(file) == []
    assert content(file) == before


def test_restore_that_fails_at_the_end_leaves_the_catalog_and_no_backup(
    file: Path, tmp_path: Path, migrated: Path
):
    assert call(file, "db", "backup", tmp_path / "copy.db").exit_code == 0
    load(file, "Later")
    before = content(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(backups, "PATIENCE", 0.1)
            result = call(file, "db", "restore", tmp_path / "copy.db")
        other.execute("ROLLBACK")
    assert result.exit_code == 1
    assert copies(file) == []
    assert content(file) == before


def test_two_upgrades_at_once_both_end_well(tmp_path: Path):
    file = tmp_path / "catalog.db"
    migrate(f"sqlite:///{file}", "0005")
    processes = [start("--db", file, "db", "upgrade", folder=tmp_path) for _ in range(2)]
    told = [process.communicate(timeout=PATIENCE) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], told
    assert len(copies(file)) == 1
    assert not list(tmp_path.glob("*.partial*"))
    assert call(file, "db", "check").exit_code == 0


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


@pytest.mark.parametrize("revision", ["0001", "0004", "0006", "0010", "0013"])
@pytest.mark.parametrize("command", ["load", "copy"])
def test_a_creation_that_was_killed_goes_on_by_itself(
    revision: str, command: str, file: Path, tmp_path: Path
):
    half = tmp_path / "half.db"
    migrate(f"sqlite:///{half}", revision)
    if command == "load":
        load(half, "Nets", "Trees")
    else:
        result = CliRunner().invoke(main, ["copy", str(file), str(half)], catch_exceptions=False)
        assert result.exit_code == 0, result.output
    assert papers(half) == papers(file)
    assert call(half, "db", "check").exit_code == 0


def test_an_older_catalog_with_anything_in_it_is_not_upgraded_by_the_way(tmp_path: Path):
    half = tmp_path / "half.db"
    migrate(f"sqlite:///{half}", "0007")
    with closing(sqlite3.connect(half)) as connection, connection:
        connection.execute("INSERT INTO authors (id, name) VALUES (1, 'Ada')")
    (tmp_path / "page.txt").write_text(page("Nets"))
    result = call(half, "load", tmp_path / "page.txt")
    assert result.exit_code == 1
    assert "catalog db upgrade" in result.stderr
