"""Tests of restoring: over good, damaged and served catalogs, or nothing at all."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from catalog.maintenance import backup as backups
from catalog.site.app import build, close
from tests.maintenance.catalogs import Disk, call, content, copies, load, papers


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
