"""Fixtures of scheduled runs: publishers, a clock, and a function that runs sources."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from etl.commands.sync_command import run
from etl.fetch import World
from etl.sync.config import Config, parse_config
from etl.sync.source_run import SourceReport
from tests.sync.publishers import Clock, Publishers, serving


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask the servers of the tests directly, whatever the environment says."""
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    return world_of(clock)


def world_of(clock: Clock) -> World:
    return World(now=clock.now, monotonic=clock.monotonic, sleep=clock.sleep, chance=lambda: 0.5)


@pytest.fixture
def publishers(clock: Clock) -> Iterator[Publishers]:
    with serving(clock) as found:
        yield found


ALL = """
[sources.hf-daily]
base = "{base}"
[sources.arxiv-oai]
base = "{base}/oai"
sets = ["cs:cs:LG"]
[sources.github]
base = "{base}"
"""


def config_text(base: str, sources: str = ALL) -> str:
    return 'contact = "ada@example.org"\n' + sources.format(base=base)


def config_of(base: str, sources: str = ALL) -> Config:
    return parse_config(config_text(base, sources), "catalog.toml")


@pytest.fixture
def sync(url: str, publishers: Publishers, world: World) -> Callable[..., dict[str, SourceReport]]:
    """Run sources, all or those named; what each told, by name."""

    def call(*names: str, sources: str = ALL, url: str = url, **options: Any) -> Any:
        wanted = {"window": None, "offline": False, "wait": 0, **options}
        told = run(url, config_of(publishers.base, sources), names, world=world, **wanted)
        return {source.name: source for source in told}

    return call


@pytest.fixture
def at(clock: Clock) -> Callable[[str], None]:
    """Set the clock to six in the morning of a day."""

    def call(day: str) -> None:
        clock.set(dt.datetime.fromisoformat(f"{day}T06:00:00+00:00"))

    return call


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder
