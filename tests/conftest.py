"""Fixtures: a real, migrated database for each test; SQLite always, PostgreSQL when asked."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from catalog.database import opened, upgrade

POSTGRES_URL = os.environ.get("CATALOG_TEST_POSTGRES")
SHARED = Path(__file__).resolve().parents[2] / "shared"
"""Real files that are no part of the project; what reads them skips where they are missing."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file migrated to head, to be copied."""
    file = tmp_path_factory.mktemp("template") / "catalog.db"
    upgrade(f"sqlite:///{file}")
    assert not file.with_name("catalog.db-wal").exists(), "the last connection left a WAL"
    return file


@pytest.fixture
def sqlite_url(migrated: Path, tmp_path: Path) -> str:
    """URL of a SQLite catalog without content."""
    file = tmp_path / "catalog.db"
    shutil.copyfile(migrated, file)
    return f"sqlite:///{file}"


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param(
            "postgres",
            marks=pytest.mark.skipif(not POSTGRES_URL, reason="CATALOG_TEST_POSTGRES is not set"),
        ),
    ]
)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    assert POSTGRES_URL
    with opened(POSTGRES_URL) as engine:
        if not (engine.url.database or "").endswith("_test"):
            pytest.fail(f"refusing to empty {engine.url.database!r}: name it *_test")
        with engine.begin() as connection:
            connection.exec_driver_sql("drop schema public cascade; create schema public")
    return POSTGRES_URL


@pytest.fixture
def url(request: pytest.FixtureRequest, empty_url: str) -> str:
    """URL of a catalog without content, migrated to head, never by `create_all`."""
    if empty_url.startswith("sqlite"):
        return str(request.getfixturevalue("sqlite_url"))
    upgrade(empty_url)
    return empty_url


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    with opened(url) as engine:
        yield engine


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of real files; the test is skipped where it is missing."""
    if not SHARED.is_dir():
        pytest.skip("the folder of real files, ../shared, is not there")
    return SHARED
