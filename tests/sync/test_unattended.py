"""Tests of sources run by a scheduler: independence, exit codes, monitoring."""

import datetime as dt
import json
import shutil

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from catalog.database.engine import opened
from catalog.database.locks import locked
from catalog.reads.drivers import run
from catalog.reads.freshness import freshness, sentence
from etl.cli import main
from etl.plugins import sync_sources
from tests.snapshot import rows, snapshot
from tests.sync.conftest import config_text
from tests.sync.publishers import Answer

QUICK = """
[http]
attempts = 1
[sources.hf-daily]
base = "{base}"
first_days = 5
pause = 0.0
[sources.arxiv-rss]
base = "{base}/rss"
"""


@pytest.fixture
def command(url, publishers, tmp_path, clock, monkeypatch):
    """The command as a scheduler calls it, by the real clock."""
    clock.set(dt.datetime.now(dt.UTC))
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "catalog.toml"
    file.write_text(config_text(publishers.base, QUICK))

    def call(*arguments):
        return CliRunner().invoke(main, ["--db", url, *arguments])

    return call


def test_one_source_that_fails_leaves_the_others_alone(sync, publishers, url):
    publishers.spoil("/oai", *[Answer(500, "oops")] * 20)
    told = sync()
    assert told["arxiv-oai"].error
    assert told["hf-daily"].well
    assert told["github"].well
    states = dict(rows(url, "SELECT command, state FROM runs"))
    assert states == {
        "sync hf-daily": "done",
        "sync arxiv-oai": "failed",
        "sync github": "done",
    }


def test_a_parser_that_is_surprised_leaves_the_others_alone(sync, publishers, monkeypatch):
    def surprised(*_):
        raise KeyError("nobody thought of this")

    monkeypatch.setitem(
        sync_sources(), "hf-daily", sync_sources()["hf-daily"]._replace(sync=surprised)
    )
    told = sync()
    assert "KeyError" in told["hf-daily"].error
    assert told["arxiv-oai"].well


def test_a_failure_is_exit_3_and_all_failures_are_exit_1(command, publishers):
    publishers.spoil("/daily", Answer(500, "oops"))
    publishers.spoil("/rss", Answer(500, "oops"))
    assert command("sync").exit_code == 1
    publishers.spoil("/rss", Answer(401, "oops"))
    result = command("sync")
    assert result.exit_code == 3
    assert "Error: arxiv-rss: cannot fetch" in result.stderr
    assert "hint: check the token" in result.stderr
    assert "hf-daily: done" in result.stdout


def test_quiet_says_nothing_when_all_is_well(command):
    result = command("sync", "--quiet")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")


def test_quiet_still_says_what_is_wrong(command, publishers):
    publishers.spoil("/daily", *[Answer(500, "oops")] * 9)
    result = command("sync", "hf-daily", "--quiet")
    assert "answered 500" in result.stderr
    assert result.stdout == ""


def test_log_lines_are_json_where_asked_for(command, publishers):
    publishers.spoil("/daily", *[Answer(500, "oops")] * 9)
    result = command("sync", "hf-daily", "--log-format", "json")
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    wrong = next(line for line in lines if line["level"] == "error")
    assert wrong["source"] == "hf-daily"
    assert "answered 500" in wrong["message"]
    assert result.stdout == ""


def test_a_piece_that_cannot_be_used_is_told_in_log_lines_and_is_exit_3(command, publishers):
    day = dt.datetime.now(dt.UTC).date()
    while day.weekday() > 4:
        day -= dt.timedelta(days=1)
    good = {"paper": {"id": "2503.00001", "title": "An Invented Title"}, "publishedAt": str(day)}
    bad = {"paper": {"id": "no number", "title": "Another Title"}, "publishedAt": str(day)}
    address = f"/api/daily_papers?date={day}&limit=100"
    publishers.extra[address] = Answer(200, [{**good, "title": "T"}, {**bad, "title": "T"}])
    result = command("sync", "hf-daily", "--quiet", "--log-format", "json")
    assert result.exit_code == 3
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    assert any("no number" in line["message"] for line in lines)


def test_the_outcome_is_one_json_object_where_asked_for(command):
    result = command("sync", "--json", "--quiet")
    found = json.loads(result.stdout)
    assert found["exit_code"] == 0
    assert [source["name"] for source in found["sources"]] == ["hf-daily", "arxiv-rss"]


def test_without_configuration_it_says_how_to_get_one(url):
    result = CliRunner().invoke(main, ["--db", url, "sync"])
    assert result.exit_code == 1
    assert "catalog sync --init" in result.stderr


def test_a_missing_catalog_is_created(publishers, tmp_path, clock):
    clock.set(dt.datetime.now(dt.UTC))
    (tmp_path / "catalog.toml").write_text(config_text(publishers.base, QUICK))
    url = f"sqlite:///{tmp_path / 'new.db'}"
    result = CliRunner().invoke(main, ["--db", url, "sync", "--quiet"])
    assert result.exit_code == 0, result.stderr
    assert rows(url, "SELECT count(*) FROM runs") == [(2,)]


def test_a_source_that_another_run_syncs_is_passed_over(sync, url):
    with locked(url, "sync hf-daily", wait=0, part="hf-daily"):
        told = sync("hf-daily")["hf-daily"]
    assert told.locked
    assert sync("hf-daily")["hf-daily"].well


def test_the_writers_lock_is_waited_for_and_then_told_of(sync, url):
    with locked(url, "load", wait=0):
        told = sync("hf-daily")["hf-daily"]
    assert "lock" in told.error
    assert sync("hf-daily")["hf-daily"].well


def test_status_is_fresh_after_a_run_and_stale_without(command, url):
    command("sync", "--quiet")
    result = command("status", "--json")
    assert result.exit_code == 0
    sources = {source["name"]: source for source in json.loads(result.stdout)["sources"]}
    assert set(sources) == {"hf-daily", "arxiv-rss"}
    assert sources["hf-daily"]["through"]
    with opened(url) as engine, engine.begin() as connection:
        later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=37)
        assert {source.stale for source in run(connection, freshness(later))} == {True}
        connection.execute(text("UPDATE scheduled_sources SET succeeded_at = '2020-01-01'"))
    result = command("status")
    assert result.exit_code == 1
    assert "hf-daily: stale" in result.stdout
    assert "hint:" in result.stdout


def test_a_week_of_empty_working_days_is_stale(sync, publishers, url, at, clock):
    def told():
        with opened(url) as engine, engine.connect() as connection:
            (source,) = run(connection, freshness(clock.instant))
        return source.stale, sentence(source, clock.instant)

    sources = '[sources.hf-daily]\nbase = "{base}"\n'
    at("2025-03-10")
    sync("hf-daily", sources=sources)
    publishers._daily = lambda _: Answer(200, [])
    for day in ("2025-03-11", "2025-03-14", "2025-03-17"):
        at(day)
        sync("hf-daily", sources=sources)
    assert told()[0] is False
    at("2025-03-18")
    sync("hf-daily", sources=sources)
    stale, text = told()
    assert stale
    assert "complete through 2025-03-17, of which the last 5 working days are empty" in text
    assert "hint: look at what the publisher shows" in text


def test_status_tells_what_failed_and_what_to_do(command, publishers):
    publishers.spoil("/daily", *[Answer(500, "oops")] * 9)
    command("sync", "hf-daily", "--quiet")
    result = command("status")
    assert result.exit_code == 1
    assert "hf-daily: stale, never succeeded" in result.stdout
    assert "answered 500" in result.stdout
    assert "the next run tries again" in result.stdout


def test_a_source_that_was_taken_out_is_no_longer_waited_for(sync, url, clock):
    sync()
    only = '[sources.hf-daily]\nbase = "{base}"\n'
    sync(sources=only)
    with opened(url) as engine, engine.begin() as connection:
        names = [source.name for source in run(connection, freshness(clock.instant))]
    assert names == ["hf-daily"]


def test_a_clock_set_back_does_not_make_a_source_stale(sync, url, clock):
    sync()
    with opened(url) as engine, engine.begin() as connection:
        before = clock.instant - dt.timedelta(days=30)
        assert not any(source.stale for source in run(connection, freshness(before)))


def test_any_day_loads_again_offline_with_the_same_result(
    sync, publishers, url, clock, migrated, tmp_path
):
    from etl.ingest.forgetting import forget
    from etl.ingest.run import running

    sync()
    with opened(url) as engine:
        before = snapshot(engine)
    observed = rows(url, "SELECT observed_at FROM digest_entries ORDER BY 1")
    with running(url, "forget", clock=clock.now) as run:
        for (name,) in rows(url, "SELECT name FROM documents ORDER BY name"):
            forget(run, name)
    assert rows(url, "SELECT count(*) FROM papers") == [(0,)]
    publishers.asked.clear()
    clock.sleep(86_400 * 9)
    told = sync(offline=True)
    assert all(source.well for source in told.values())
    assert publishers.asked == []
    with opened(url) as engine:
        assert snapshot(engine) == before
    assert rows(url, "SELECT observed_at FROM digest_entries ORDER BY 1") == observed


def test_what_was_received_is_kept_as_it_came(sync, publishers, url):
    import hashlib
    import zlib

    sync()
    kept = rows(url, "SELECT address, sha256, size, body, received_at FROM received")
    assert {address for address, *_ in kept} <= {
        publishers.base + path for path in publishers.asked
    }
    for _, sha256, size, body, received_at in kept:
        raw = zlib.decompress(body)
        assert (hashlib.sha256(raw).hexdigest(), len(raw)) == (sha256, size)
        assert received_at.startswith("2025-03-10")


def test_init_writes_a_configuration_that_is_understood(tmp_path):
    from etl.sync.config import read_config

    url = f"sqlite:///{tmp_path / 'catalog.db'}"
    call = ["--db", url, "sync", "--init", "--contact", "ada@example.org"]
    assert CliRunner().invoke(main, call).exit_code == 0
    config = read_config(tmp_path / "catalog.toml")
    assert [name for name, source in config.sources.items() if source.enabled] == [
        *("hf-daily", "github"),
    ]
    again = CliRunner().invoke(main, call)
    assert again.exit_code == 1
    assert "it exists already" in again.stderr


def test_everything_that_init_comments_out_is_understood_and_the_default(tmp_path):
    import re

    from etl.sync.config import parse_config, template

    raw = template('"ada@example.org"')
    spelt = re.sub(r"(?m)^# (?=[a-z_]+ = |\[)", "", raw)
    found, plain = parse_config(spelt, "spelt"), parse_config(raw, "plain")
    assert found.digest is not None
    assert found.http == plain.http
    assert found.store == plain.store
    assert found.sources["github"] == plain.sources["github"]
    assert "inbox" in found.sources


@pytest.mark.parametrize("form", ["cron", "systemd"])
def test_the_schedule_names_program_database_and_configuration(form, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["/opt/bin/catalog"])
    url = f"sqlite:///{tmp_path / 'my papers.db'}"
    result = CliRunner().invoke(main, ["--db", url, "sync", "--print-schedule", form])
    assert result.exit_code == 0
    line = next(line for line in result.stdout.splitlines() if "/opt/bin/catalog" in line)
    assert f"sqlite:///{tmp_path}/my papers.db" in line
    assert "--quiet" in line
    if form == "cron" and shutil.which("sh"):
        words = line.split(" * * * ")[1]
        assert words.startswith("/opt/bin/catalog --db 'sqlite:///")


def test_wrong_usage_is_exit_2(command):
    assert command("sync", "--to", "2025-03-01").exit_code == 2
    assert command("sync", "--from", "2025-03-02", "--to", "2025-03-01").exit_code == 2


def test_a_digest_goes_out_after_the_run_and_once(command, url, publishers, clock, tmp_path):
    from tests.digest.mailhost import mailhost

    with mailhost(tmp_path) as host:
        (tmp_path / "catalog.toml").write_text(
            config_text(publishers.base, QUICK)
            + f'[digest]\nto = ["ada@example.org"]\nfrom = "papers@example.org"\n'
            f'host = "127.0.0.1"\nport = {host.port}\nsecurity = "none"\n'
        )
        assert command("sync", "--quiet").exit_code == 0
        assert command("sync", "--quiet").exit_code == 0
        assert len(host.mails) == 1
    day = rows(url, "SELECT subject FROM deliveries")[0][0]
    assert day.startswith("digest ")
    assert dt.date.fromisoformat(day[-10:]) < clock.instant.date()


def test_a_mail_server_that_is_away_is_exit_3_and_the_papers_are_there(
    command, url, publishers, tmp_path
):
    (tmp_path / "catalog.toml").write_text(
        config_text(publishers.base, QUICK)
        + '[digest]\nto = ["ada@example.org"]\nfrom = "papers@example.org"\n'
        'host = "127.0.0.1"\nport = 1\nsecurity = "none"\n'
    )
    result = command("sync", "--quiet")
    assert result.exit_code == 3
    assert "cannot send" in result.stderr
    assert rows(url, "SELECT count(*) > 0 FROM papers") == [(1,)]
