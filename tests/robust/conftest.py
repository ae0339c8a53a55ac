"""Fixtures of a folder and a catalog for commands that may fail."""

import shutil
from pathlib import Path

import pytest

from tests import postgres_databases
from tests.robust.programs import permissions_count


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the working one."""
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.delenv("CATALOG_URL", raising=False)
    return place


@pytest.fixture
def catalog_file(migrated: Path, folder: Path) -> Path:
    """A catalog without content in that folder."""
    return Path(shutil.copyfile(migrated, folder / "catalog.db"))


@pytest.fixture(params=["sqlite", postgres_databases.POSTGRES])
def catalog_url(
    request: pytest.FixtureRequest, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """URL of a catalog without content, which commands in that folder use."""
    if request.param == "sqlite":
        return f"sqlite:///{request.getfixturevalue('catalog_file')}"
    url = postgres_databases.fresh()
    monkeypatch.setenv("CATALOG_URL", url)
    return url


@pytest.fixture
def obedient(tmp_path: Path) -> None:
    """Skip where permissions cannot be made to count."""
    if not permissions_count(tmp_path):
        pytest.skip("permissions do not count for this user, and cannot be made to")
