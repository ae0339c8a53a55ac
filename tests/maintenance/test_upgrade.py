"""Tests of upgrades: backed up first, side by side, after a killed creation."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from catalog.database.engine import opened
from catalog.database.schema_revision import head_revision
from catalog.database.schema_upgrade import upgrade as migrate
from catalog.domain.errors import CatalogError
from etl.cli import main
from tests.maintenance.catalogs import call, copies, load, papers
from tests.postgres_databases import POSTGRES
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


@pytest.fixture
def migrating(monkeypatch):
    """Upgrades a catalog by a single migration, of these statements."""

    def call(url: str, *statements: str) -> None:
        def run(*_: object) -> None:
            with opened(url) as engine, engine.begin() as connection:
                for statement in statements:
                    connection.execute(text(statement))

        monkeypatch.setattr("alembic.command.upgrade", run)
        migrate(url)

    return call


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO nowhere VALUES (1)",
        "INSERT INTO authors (id, name) VALUES (1, NULL)",
        "INSERT INTO papers_fts (no_such_column) VALUES (1)",
    ],
)
def test_a_migration_that_is_wrong_is_not_told_as_trouble_with_the_file(
    migrating, sqlite_url, statement
):
    with pytest.raises(DBAPIError):
        migrating(sqlite_url, statement)


def test_a_disk_that_fills_up_is_told(migrating, sqlite_url):
    full = "INSERT INTO authors (id, name) VALUES (1, printf('%.*c', 9000000, 'x'))"
    with pytest.raises(CatalogError, match="free some space"):
        migrating(sqlite_url, "PRAGMA max_page_count = 1", full)


@pytest.mark.parametrize("url", [POSTGRES], indirect=True)
def test_a_user_of_postgresql_who_may_not_do_it_is_told_so(migrating, url):
    with pytest.raises(CatalogError, match="let the owner of the database grant it"):
        migrating(url, "SET LOCAL ROLE pg_monitor", "CREATE TABLE public.more (id int)")


def test_an_installation_without_migrations_is_told(monkeypatch):
    monkeypatch.setattr("catalog.database.schema_revision.known_revisions", frozenset)
    with pytest.raises(CatalogError, match=r"(?s)there are no migrations in .*install"):
        head_revision()
