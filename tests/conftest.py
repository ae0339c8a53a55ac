"""Fixtures: a migrated database for each test, on SQLite and, if configured, PostgreSQL."""

import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from catalog.database.engine import opened
from catalog.database.schema_upgrade import upgrade
from tests import postgres_databases
from tests.tried_on_sqlite import is_left_out

SHARED = Path(__file__).resolve().parents[2] / "shared"
"""Real files that are no part of the project; what reads them skips where they are missing."""

Fresh = Callable[[str], str]
"""Name of a catalog -> its URL; there is nothing in it, whatever there was before."""


# Laws are no measurement: a busy machine may take its time. What is tried is the same each time, so
# that a run tells of a change and not of luck; --hypothesis-profile=searching looks further.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("repeating", UNHURRIED, max_examples=25, derandomize=True)
settings.register_profile("searching", UNHURRIED, max_examples=200)
settings.load_profile("repeating")


def pytest_configure() -> None:
    """Hear the signals that a parent ignores, as nohup and a script's "&" do: tests send them."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_IGN:
            own = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
            signal.signal(number, own)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files")
    parser.addoption(
        "--everywhere", action="store_true", help="try everything on PostgreSQL as well"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out on PostgreSQL, where each takes several times as long, what is tried on SQLite."""
    if config.getoption("--everywhere"):
        return
    config.hook.pytest_deselected(items=[item for item in items if is_left_out(item)])
    items[:] = [item for item in items if not is_left_out(item)]


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
    """URL of an SQLite catalog without content."""
    file = tmp_path / "catalog.db"
    shutil.copyfile(migrated, file)
    return f"sqlite:///{file}"


@pytest.fixture(params=["sqlite", postgres_databases.POSTGRES])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return postgres_databases.emptied()


@pytest.fixture(params=["sqlite", postgres_databases.POSTGRES])
def fresh(request: pytest.FixtureRequest, migrated: Path, tmp_path: Path) -> Fresh:
    """Makes catalogs without content, several at once, and again and again."""
    if request.param == "postgres":
        return postgres_databases.fresh

    def copied(name: str) -> str:
        for leftover in tmp_path.glob(f"{name}.db*"):
            leftover.unlink()
        file = tmp_path / f"{name}.db"
        shutil.copyfile(migrated, file)
        return f"sqlite:///{file}"

    return copied


@pytest.fixture(params=["sqlite", postgres_databases.POSTGRES])
def url(request: pytest.FixtureRequest) -> str:
    """URL of a catalog without content, migrated to head, never by `create_all`."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    return postgres_databases.fresh()


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    with opened(url) as engine:
        yield engine


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of real files; the test is skipped where it is missing."""
    if not SHARED.is_dir():
        pytest.skip("the folder of real files, ../shared, is not there")
    return SHARED
