"""Tests of scheduled runs on every database."""

import datetime as dt

from sqlalchemy import text

from catalog.database.engine import opened
from catalog.publish.digest_text import write
from catalog.reads.digest import newest_day, of_day, of_search
from catalog.reads.drivers import run
from catalog.reads.freshness import freshness
from etl.fetch import World
from etl.sync import response_archive
from etl.sync.config import Digest
from etl.sync.digest_delivery import deliver, due
from tests.digest.mailhost import mailhost
from tests.sync.publishers import papers_of


def test_a_run_its_memory_and_its_digest(sync, url, clock, at, tmp_path):
    for day in ("2025-03-10", "2025-03-11", "2025-03-11", "2025-03-14"):
        at(day)
        told = sync(url=url)
        assert all(source.well for source in told.values()), told
    with opened(url) as engine:
        with engine.connect() as connection, connection.begin():
            through = {s.name: str(s.through) for s in run(connection, freshness(clock.instant))}
            assert through == {
                "hf-daily": "2025-03-13",
                "arxiv-oai": "2025-03-13",
                "github": "None",
            }
            assert run(connection, newest_day(before=dt.date(2025, 3, 14))) == dt.date(2025, 3, 13)
            issue = run(connection, of_day(dt.date(2025, 3, 13), site="https://papers.example.org"))
            assert len(issue.items) == len(papers_of(dt.date(2025, 3, 13)))
            for form in ("text", "html", "markdown", "json", "atom"):
                assert issue.items[0].label.split()[-1] in write(issue, form)
            found = run(connection, of_search("invented code:yes", dt.date(2025, 3, 13)))
            assert {item.repository is not None for item in found.items} <= {True}
            assert connection.scalar(text("SELECT count(*) FROM repository_stars")) > 0
        with mailhost(tmp_path) as host:
            config = Digest(
                to=("ada@example.org",),
                from_="papers@example.org",
                host="127.0.0.1",
                port=host.port,
                security="none",
            )
            mailed = due(engine, config, dt.date(2025, 3, 14))
            assert mailed
            assert mailed.day == dt.date(2025, 3, 13)
            for _ in range(2):
                deliver(engine, mailed, config, World(now=clock.now))
            assert len(host.mails) == 1
        with engine.begin() as connection:
            long_ago = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
            assert response_archive.prune(connection, before=long_ago, max_bytes=0).left == 0


def test_what_was_received_loads_again_offline(sync, url, clock):
    from etl.ingest.forgetting import forget
    from etl.ingest.run import running
    from tests.snapshot import snapshot

    sync(url=url)
    with opened(url) as engine:
        before = snapshot(engine)
        with engine.begin() as connection:
            names = list(connection.scalars(text("SELECT name FROM documents ORDER BY name")))
    with running(url, "forget", clock=clock.now) as run:
        for name in names:
            forget(run, name)
    sync(url=url, offline=True)
    with opened(url) as engine:
        assert snapshot(engine) == before
