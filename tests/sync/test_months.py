"""Tests that months of runs with failures end with the same rows as quiet ones."""

import datetime as dt
import json
import logging
import multiprocessing
import os
import random
import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from catalog.database.engine import opened
from etl.commands.sync_command import run
from etl.sync import runner
from tests.snapshot import snapshot
from tests.sync.conftest import config_of, world_of
from tests.sync.publishers import START, Answer, Clock, Publishers, cut, serving

DAY = dt.timedelta(days=1)
DAYS = int(os.environ.get("CATALOG_TEST_DAYS", "45"))
"""Set it to 365 for a whole year, which takes minutes."""
SOURCES = """
[sources.hf-daily]
base = "{base}"
since = 2025-03-10
observe_days = 1
[sources.arxiv-oai]
base = "{base}/oai"
sets = ["cs:cs:LG"]
since = 2025-03-10
[sources.github]
base = "{base}"
recent_days = 3
old_again_after_days = 60
"""


class KilledError(BaseException):
    """The power went: nothing after this is done."""


def killing_after(events: int) -> Callable[[], None]:
    left = events

    def event() -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            raise KilledError

    return event


def mishaps(chance: random.Random) -> list[Answer]:
    """What goes wrong with one request, as often as it is tried again, or once."""
    answer = chance.choice(
        [
            Answer(503, "try later"),
            Answer(429, "slowly", Retry_After="7"),
            Answer(503, "maintenance", Retry_After="7200"),
            Answer(500, "oops"),
            Answer(200, '[{"paper": {"id": "25'),
            cut(Answer(200, "x" * 5000), 1000),
        ]
    )
    return [answer] * chance.choice([1, 1, 2, 6])


def morning(url: str, publishers: Publishers, clock: Clock, chance: random.Random | None) -> None:
    """One run of all sources; with `chance` perhaps one that goes wrong, or none at all."""
    if chance and chance.random() < 0.12:
        return
    if chance and chance.random() < 0.25:
        publishers.spoil(chance.choice(["/daily", "/oai", "/repos"]), *mishaps(chance))
    if chance and chance.random() < 0.25:
        clock.before_anything = killing_after(chance.randint(1, 600))
    try:
        run(
            url,
            config_of(publishers.base, SOURCES),
            (),
            window=None,
            offline=False,
            wait=0,
            world=world_of(clock),
        )
    except KilledError:
        pass
    finally:
        clock.before_anything = lambda: None
        publishers.mishaps.clear()


def live(engine: Engine, chance: random.Random | None, days: int = DAYS) -> str:
    """Live through days, and through three quiet ones after them; the address of the servers."""
    url = str(engine.url)
    clock = Clock()

    @event.listens_for(engine, "before_cursor_execute")
    def _before_statement(*_: object) -> None:
        clock.before_anything()

    with serving(clock) as publishers:
        asleep_until = START
        for number in range(days):
            clock.set(START + number * DAY)
            if chance and clock.instant >= asleep_until and chance.random() < 0.01:
                asleep_until = clock.instant + 21 * DAY
            if not chance or clock.instant >= asleep_until:
                publishers.limit = 5000
                morning(url, publishers, clock, chance)
        for number in range(days, days + 3):
            clock.set(START + number * DAY)
            morning(url, publishers, clock, None)
        return publishers.base


def rows(url: str, base: str) -> dict[str, Any]:
    """What the catalog says, but for what can only be observed on the day."""
    with opened(url) as engine:
        found: dict[str, Any] = snapshot(engine)
        with engine.begin() as connection:
            newest = connection.execute(
                text(
                    "SELECT p.key, d.format, s.record FROM paper_sources s"
                    " JOIN papers p ON p.id = s.paper_id"
                    " JOIN documents d ON d.id = s.document_id ORDER BY d.name"
                )
            )
            found["paper_sources"] = {
                (row.key, row.format): _unobserved(row.record) for row in newest
            }
    # How many parts a window of OAI-PMH has depends on the day: changed records move out of it.
    found["documents"] = sorted(
        {(row[0].replace(base, "").split("#")[0], row[1], row[5]) for row in found["documents"]}
    )
    found["digest_entries"] = [
        (source, day, key, rank, basis)
        for source, day, key, rank, _upvotes, _comments, basis in found["digest_entries"]
    ]
    found["repositories"] = [row[:3] for row in found["repositories"]]
    return found


def _unobserved(record: str) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(record)
    for name in ("upvotes", "comments", "observed_at"):
        fields.get("digest", {}).pop(name, None)
    return fields


def lived(url: str, seed: int | None) -> dict[str, Any]:
    """What the catalog says after all days; runs in a process of its own."""
    logging.disable(logging.CRITICAL)
    with opened(url) as engine:
        # One engine for all mornings: each would compile every statement anew, half of the time.
        setattr(runner, "prepared", lambda *_, **__: nullcontext(engine))  # noqa: B010 - a stub
        base = live(engine, None if seed is None else random.Random(seed))
    return rows(url, base)


@pytest.mark.parametrize("seed", [7])
def test_months_with_failures_and_kills_end_like_quiet_ones(
    migrated: Path, tmp_path: Path, seed: int
) -> None:
    urls = []
    for name in ("quiet", "rough"):
        shutil.copyfile(migrated, tmp_path / f"{name}.db")
        urls.append(f"sqlite:///{tmp_path / name}.db")
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        quiet, rough = pool.map(lived, urls, [None, seed])
    assert len(quiet["papers"]) > DAYS
    with opened(urls[1]) as engine, engine.begin() as connection:
        failed = text("SELECT count(*) FROM runs WHERE state <> 'done'")
        assert connection.scalar(failed) > DAYS / 10, "the rough days were not rough"
    for name, wanted in quiet.items():
        assert rough[name] == wanted, name
