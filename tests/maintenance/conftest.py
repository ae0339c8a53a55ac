"""Catalogs to back up, restore and upgrade; a disk without room."""

import shutil
from pathlib import Path

import pytest

from catalog.database.schema_upgrade import upgrade as migrate
from tests.maintenance.catalogs import Disk, load


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


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(10**9, 10**9, 1000)
    monkeypatch.setattr("catalog.maintenance.backup.shutil.disk_usage", lambda _: disk)
