"""Tests of requests to GitHub, and of its rate limits."""

import datetime as dt

import pytest
from sqlalchemy import text

from catalog.database.database_address import sqlite_file
from catalog.database.engine import opened
from catalog.domain.errors import CatalogError
from catalog.models import Base
from tests.snapshot import rows
from tests.sync.publishers import Answer

SOURCES = """
[sources.hf-daily]
base = "{base}"
[sources.github]
base = "{base}"
"""


def repositories(url):
    return dict(rows(url, "SELECT full_name, state FROM repositories ORDER BY 1"))


def asked(publishers):
    return [path for path in publishers.asked if path.startswith("/repos/")]


@pytest.fixture
def first(sync, publishers, url):
    """After a first run: the name of a repository in the catalog."""
    sync(sources=SOURCES)
    return min(repositories(url))


def again(sync, clock, hours=24):
    """A run of GitHub alone, some hours later."""
    clock.sleep(hours * 3600)
    return sync("github", sources=SOURCES)["github"]


def test_stars_language_licence_and_state_are_read(first, url):
    found = rows(
        url,
        f"SELECT state, language, licence, archived, stars, checked_at FROM repositories"
        f" WHERE full_name = '{first}'",
    )
    assert found[0][:3] == ("alive", "Python", "MIT")
    assert None not in found[0]


def test_one_row_of_stars_a_day(first, sync, publishers, clock, url):
    for _ in range(3):
        again(sync, clock)
    days = rows(url, f"SELECT day, stars FROM repository_stars WHERE key LIKE '%{first}'")
    assert [day for day, _ in days] == ["2025-03-10", "2025-03-11", "2025-03-12", "2025-03-13"]
    assert len({stars for _, stars in days}) == 3


def test_a_repository_is_not_asked_for_twice_a_day(first, sync, publishers, clock):
    before = len(asked(publishers))
    again(sync, clock, hours=6)
    assert len(asked(publishers)) == before


def test_an_unchanged_answer_is_asked_for_with_its_mark(first, sync, publishers, clock, url):
    again(sync, clock, hours=72)
    assert publishers.counts["unchanged"] == len(repositories(url))
    assert rows(url, "SELECT count(*) FROM repository_stars WHERE day = '2025-03-13'") == [
        (len(repositories(url)),)
    ]
    assert rows(url, "SELECT DISTINCT language FROM repositories") == [("Python",)]


def test_a_repository_that_moved_is_followed(first, sync, publishers, clock, url):
    publishers.moved[first] = "elsewhere/thing"
    assert again(sync, clock).well
    assert repositories(url)[first] == "moved"
    moved = rows(url, "SELECT moved_to FROM repository_checks WHERE state = 'moved'")
    assert moved == [("elsewhere/thing",)]


def test_a_repository_that_is_gone_keeps_its_last_stars(first, sync, publishers, clock, url):
    publishers.gone.add(first)
    assert again(sync, clock).well
    assert repositories(url)[first] == "gone"
    kept = f"SELECT stars, archived FROM repositories WHERE full_name = '{first}'"
    assert None not in rows(url, kept)[0]
    day = f"SELECT count(*) FROM repository_stars WHERE key LIKE '%{first}' AND day > '2025-03-10'"
    assert rows(url, day) == [(0,)]


def test_the_last_request_of_the_limit_is_the_last(sync, publishers, clock, url):
    publishers.limit = 2
    told = sync(sources=SOURCES)["github"]
    assert told.well
    assert len(asked(publishers)) == 2
    assert rows(url, "SELECT count(*) FROM repository_checks") == [(2,)]
    told = again(sync, clock, hours=0.25)
    assert told.skipped
    assert len(asked(publishers)) == 2
    publishers.limit = 5000
    assert again(sync, clock, hours=0.5).well
    assert len(asked(publishers)) == len(repositories(url))


def test_a_refusal_for_the_limit_waits_for_its_end(sync, publishers, clock, url):
    publishers.limit = 0
    told = sync(sources=SOURCES)["github"]
    assert told.well
    assert len(asked(publishers)) == 1
    resume = rows(url, "SELECT resume_at FROM scheduled_sources WHERE name = 'github'")
    wanted = (clock.instant + dt.timedelta(minutes=30)).strftime("%Y-%m-%d %H:%M")
    assert resume[0][0].startswith(wanted)


def test_retry_after_of_a_secondary_limit_counts_first(sync, publishers, clock, url):
    message = {"message": "You have exceeded a secondary rate limit."}
    publishers.spoil("/repos/", Answer(403, message, Retry_After="300"))
    assert sync(sources=SOURCES)["github"].well
    assert len(asked(publishers)) == 1
    assert again(sync, clock, hours=0.05).skipped
    assert again(sync, clock, hours=0.05).well


def test_a_refused_token_is_a_failure_with_a_remedy(sync, publishers):
    publishers.spoil("/repos/", *[Answer(403, {"message": "Resource not accessible"})] * 3)
    told = sync(sources=SOURCES)["github"]
    assert "Resource not accessible" in told.error
    assert "GITHUB_TOKEN" in told.hint


def test_the_token_comes_from_the_environment_and_is_kept_nowhere(
    sync, publishers, url, monkeypatch
):
    monkeypatch.setenv("GITHUB_TOKEN", "invented-token")
    sync(sources=SOURCES)
    sent = [h.get("authorization") for h in publishers.headers]
    assert "Bearer invented-token" in sent
    kept = [rows(url, f"SELECT * FROM {name}") for name in Base.metadata.tables]
    assert any(kept)
    assert "invented-token" not in str(kept)
    if file := sqlite_file(url):
        assert b"invented-token" not in file.read_bytes()


def test_a_token_goes_to_no_other_host(publishers, world):
    from etl.fetch import Limits, fetcher

    other = publishers.base.replace("127.0.0.1", "localhost")
    publishers.extra["/away"] = Answer(302, "", Location=f"{other}/there")
    publishers.extra["/there"] = Answer(200, "ok")
    hosts = frozenset({publishers.base.replace("http://127.0.0.1", "localhost")})
    with fetcher(contact="c", version="1", world=world, limits=Limits(), hosts=hosts) as ready:
        ready.get(f"{publishers.base}/away", headers={"Authorization": "Bearer secret"})
    assert "authorization" in publishers.headers[0]
    assert "authorization" not in publishers.headers[1]


def test_what_was_observed_survives_forgetting_and_loading_again(
    first, sync, publishers, clock, url
):
    from etl.ingest.forgetting import forget
    from etl.ingest.run import running

    before = rows(url, "SELECT key, state, stars FROM repositories ORDER BY key")
    names = [name for (name,) in rows(url, "SELECT name FROM documents")]
    with running(url, "forget", clock=clock.now) as run:
        for name in names:
            forget(run, name)
    assert rows(url, "SELECT count(*) FROM repositories") == [(0,)]
    sync(sources=SOURCES, offline=True)
    assert rows(url, "SELECT key, state, stars FROM repositories ORDER BY key") == before


@pytest.mark.parametrize(
    "body",
    [
        "[1",
        "[]",
        '{"full_name": null, "stargazers_count": 1}',
        '{"full_name": "a/b", "stargazers_count": "many"}',
        '{"full_name": "a/b", "stargazers_count": 1180591620717411303424}',
    ],
)
def test_a_broken_answer_is_told_and_costs_its_repository(sync, publishers, url, body):
    sync("hf-daily", sources=SOURCES)
    first = min(key for (key,) in rows(url, "SELECT key FROM repositories"))
    publishers.extra[f"/repos/{first.removeprefix('github.com/')}"] = Answer(200, body)
    told = sync("github", sources=SOURCES)["github"]
    assert told.error is None
    (warning,) = told.warnings
    assert "it is broken" in warning
    count = rows(url, "SELECT count(*) FROM repository_checks")[0][0]
    assert count == len(repositories(url)) - 1


def test_unknown_sources_are_refused(sync):
    with pytest.raises(CatalogError, match="cannot find the source 'gitlab'"):
        sync("gitlab", sources=SOURCES)


def test_rising_code_can_be_asked_for(first, sync, clock, url):
    from catalog.reads.named_queries import QUERIES

    for _ in range(4):
        again(sync, clock)
    with opened(url) as engine, engine.begin() as connection:
        rising = text(QUERIES["rising_code"].sql)
        found = connection.execute(rising, {"since": ""}).mappings().all()
        days = {(str(row["first_observed"]), str(row["last_observed"])) for row in found}
        assert connection.execute(rising, {"since": "2099-01-01"}).all() == []
    assert days == {("2025-03-10", "2025-03-14")}
    assert all(row["gained"] > 0 and row["paper_key"] for row in found)


def test_this_weeks_repositories_come_before_an_archive_of_old_ones(
    first, sync, publishers, clock, url
):
    old = f"""WHERE id IN (SELECT l.paper_id FROM links l JOIN repositories o
        ON o.id = l.repository_id WHERE o.full_name = '{first}')"""
    with opened(url) as engine, engine.begin() as connection:
        connection.execute(text(f"UPDATE papers SET first_seen_on = '2001-01-01' {old}"))
        connection.execute(text(f"DELETE FROM repository_checks WHERE key LIKE '%{first}'"))
    publishers.asked.clear()
    clock.sleep(86_400)
    few = SOURCES + f"most = {len(repositories(url)) - 1}\n"
    sync("github", sources=few)
    assert f"/repos/{first}" not in asked(publishers)
    sync("github", sources=few)
    assert asked(publishers)[-1] == f"/repos/{first}"


@pytest.mark.parametrize(
    ("status", "said", "state"),
    [
        (403, "Repository access blocked", "gone"),
        (451, "Repository unavailable due to DMCA takedown.", "gone"),
        (403, "Something else", "alive"),
        (500, "Server Error", "alive"),
    ],
)
def test_a_repository_that_cannot_be_asked_for_costs_itself(
    first, sync, publishers, clock, url, status, said, state
):
    publishers.extra[f"/repos/{first}"] = Answer(status, {"message": said})
    told = again(sync, clock)
    assert told.error is None
    assert repositories(url)[first] == state
    assert any(first in text for text in told.warnings) is (state == "alive")
    checked = f"SELECT count(*) FROM repositories WHERE checked_at < '{clock.instant:%Y-%m-%d}'"
    assert rows(url, checked) == [(1 if state == "alive" else 0,)], "all others were asked for"
