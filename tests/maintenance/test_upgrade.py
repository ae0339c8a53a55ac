"""Tests of upgrades: backed up first, side by side, after a killed creation."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from catalog.database.schema_revision import head_revision
from catalog.database.schema_revision import upgrade as migrate
from etl.cli import main
from tests.maintenance.catalogs import call, copies, load, papers
from tests.robust.programs import page, start
from tests.waiting import PATIENCE


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


def test_two_upgrades_at_once_both_end_well(tmp_path: Path):
    file = tmp_path / "catalog.db"
    migrate(f"sqlite:///{file}", "0005")
    processes = [start("--db", file, "db", "upgrade", folder=tmp_path) for _ in range(2)]
    told = [process.communicate(timeout=PATIENCE) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], told
    assert len(copies(file)) == 1
    assert not list(tmp_path.glob("*.partial*"))
    assert call(file, "db", "check").exit_code == 0


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
