"""Tests of arXiv by OAI-PMH and by RSS."""

import datetime as dt

import pytest

from catalog.database.engine import opened
from tests.snapshot import rows, snapshot
from tests.sync.publishers import Answer, oai_records, papers_of

OAI = """
[sources.arxiv-oai]
base = "{base}/oai"
sets = ["cs:cs:LG"]
"""
RSS = """
[sources.arxiv-rss]
base = "{base}/rss"
categories = ["cs.LG", "cs.CV"]
"""
WHOLE = {
    "records": "SELECT count(*) FROM paper_sources",
    "papers": "SELECT count(*) FROM papers",
}


def watermarks(url):
    return dict(rows(url, "SELECT part, through FROM watermarks"))


def test_windows_of_one_day_are_asked_for_and_followed_to_their_end(sync, publishers, clock, url):
    publishers.page = 1
    assert sync("arxiv-oai", sources=OAI)["arxiv-oai"].well
    days = [dt.date(2025, 3, day) for day in (7, 8, 9, 10)]
    wanted = sum(len(oai_records(day, clock.instant)) for day in days)
    assert rows(url, WHOLE["records"]) == [(wanted,)]
    assert watermarks(url) == {"cs:cs:LG": "2025-03-09"}
    assert any("resumptionToken=" in path for path in publishers.asked)


FAULTS = ["R&D \x01 &#x1A; 1 < 2 ", "<b>", "</title></quill>"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_day_with_a_broken_record_is_got_past(sync, publishers, clock, url, monkeypatch, fault):
    spoilt = oai_records(dt.date(2025, 3, 7), clock.instant)[0]

    def records(day, now):
        held = oai_records(day, now)
        return [one.replace("<title>", f"<title>{fault}") if one == spoilt else one for one in held]

    monkeypatch.setattr("tests.sync.publishers.oai_records", records)
    told = sync("arxiv-oai", sources=OAI)["arxiv-oai"]
    assert not told.error
    assert watermarks(url) == {"cs:cs:LG": "2025-03-09"}
    days = [dt.date(2025, 3, day) for day in (7, 8, 9, 10)]
    wanted = sum(len(oai_records(day, clock.instant)) for day in days)
    lost = rows(url, "SELECT count(*) FROM problems")[0][0]
    assert rows(url, WHOLE["records"]) == [(wanted - lost,)]
    assert lost == (not fault.startswith("R&D"))


def test_requests_are_three_seconds_apart(sync, publishers, clock):
    publishers.page = 1
    begun = clock.seconds
    sync("arxiv-oai", sources=OAI)
    assert len(publishers.asked) > 3
    assert clock.seconds - begun >= 3 * (len(publishers.asked) - 1)


def test_less_than_three_seconds_cannot_be_configured(sync):
    from catalog.domain.errors import CatalogError

    with pytest.raises(CatalogError, match="pause"):
        sync("arxiv-oai", sources=OAI + "pause = 1.0\n")


def test_an_expired_token_begins_its_window_again(sync, publishers, url):
    publishers.page = 1
    expired = (
        '<OAI-PMH><responseDate>x</responseDate><error code="badResumptionToken">expired</error>'
    )
    publishers.spoil("resumptionToken", Answer(200, expired + "</OAI-PMH>"))
    told = sync("arxiv-oai", sources=OAI)["arxiv-oai"]
    assert told.well
    assert any("expired" in note for note in told.notes)
    with opened(url) as engine:
        assert all(row[5] == "complete" for row in snapshot(engine)["documents"])


def test_tokens_that_always_expire_are_a_failure_that_is_told(sync, publishers, url):
    publishers.page = 1
    expired = '<OAI-PMH><responseDate>x</responseDate><error code="badResumptionToken"/></OAI-PMH>'
    publishers.spoil("resumptionToken", *[Answer(200, expired)] * 9)
    told = sync("arxiv-oai", sources=OAI)["arxiv-oai"]
    assert "expired" in told.error


def test_retry_after_of_flow_control_is_waited_for(sync, publishers, clock):
    publishers.spoil("/oai", Answer(503, "", Retry_After="20"))
    assert sync("arxiv-oai", sources=OAI)["arxiv-oai"].well
    assert 20 in clock.slept


def test_a_long_retry_after_is_left_to_a_later_run(sync, publishers, clock, url):
    publishers.spoil("/oai", Answer(503, "", Retry_After="7200"))
    told = sync("arxiv-oai", sources=OAI)["arxiv-oai"]
    assert "503" in told.error
    asked = len(publishers.asked)
    clock.sleep(3600)
    told = sync("arxiv-oai", sources=OAI)["arxiv-oai"]
    assert "asked for a pause" in told.skipped
    assert len(publishers.asked) == asked
    clock.sleep(3700)
    assert sync("arxiv-oai", sources=OAI)["arxiv-oai"].well


def test_the_next_run_goes_on_from_the_last_day(sync, publishers, url, at):
    sync("arxiv-oai", sources=OAI)
    publishers.asked.clear()
    at("2025-03-12")
    sync("arxiv-oai", sources=OAI)
    windows = [p.split("from=")[1][:10] for p in publishers.asked if "from=" in p]
    assert windows == ["2025-03-10", "2025-03-11", "2025-03-12"]


def test_a_window_that_shrank_forgets_its_last_parts(sync, publishers, url, at):
    publishers.page = 1
    address = "from=2025-03-10&until=2025-03-10"
    sync("arxiv-oai", sources=OAI)
    parts = f"SELECT count(*) FROM documents WHERE name LIKE '%{address}%'"
    before = rows(url, parts)[0][0]
    publishers.page = 1000
    sync("arxiv-oai", sources=OAI)
    assert before > 1
    assert rows(url, parts) == [(1,)]


def test_an_error_of_the_server_is_told_with_its_name(sync, publishers):
    body = '<OAI-PMH><responseDate>x</responseDate><error code="badArgument">set</error></OAI-PMH>'
    publishers.spoil("/oai", Answer(200, body))
    told = sync("arxiv-oai", sources=OAI)["arxiv-oai"]
    assert "badArgument" in told.error
    assert "sets" in told.hint


def test_xml_that_is_cut_off_is_never_half_loaded(sync, publishers, url):
    body = "<OAI-PMH><responseDate>x</responseDate><ListRecords><record></record>"
    publishers.spoil("/oai", *[Answer(200, body)] * 2)
    told = sync("arxiv-oai", sources=OAI)["arxiv-oai"]
    assert "well-formed" in told.error
    assert rows(url, WHOLE["papers"]) == [(0,)]
    assert rows(url, "SELECT state FROM received") == [("refused",)]


def test_a_second_set_begins_by_itself(sync, publishers, url, at):
    sync("arxiv-oai", sources=OAI)
    at("2025-03-20")
    both = OAI.replace('"cs:cs:LG"', '"cs:cs:LG", "stat:stat:ML"')
    sync("arxiv-oai", sources=both)
    assert watermarks(url) == {"cs:cs:LG": "2025-03-19", "stat:stat:ML": "2025-03-19"}


def test_a_feed_is_a_document_of_its_day(sync, publishers, url, at):
    at("2025-03-10")
    sync("arxiv-rss", sources=RSS)
    at("2025-03-11")
    sync("arxiv-rss", sources=RSS)
    names = [name for (name,) in rows(url, "SELECT name FROM documents ORDER BY name")]
    assert names == [
        f"{publishers.base}/rss/cs.LG+cs.CV#2025-03-10",
        f"{publishers.base}/rss/cs.LG+cs.CV#2025-03-11",
    ]
    days = (dt.date(2025, 3, 10), dt.date(2025, 3, 11))
    assert rows(url, WHOLE["papers"]) == [(sum(len(papers_of(day)) for day in days),)]


def test_a_feed_of_yesterdays_announcements_is_stale(sync, publishers, url, at):
    sync("arxiv-rss", sources=RSS)
    yesterdays = publishers._rss().body.decode()
    at("2025-03-11")
    publishers.extra["/rss/cs.LG+cs.CV"] = Answer(200, yesterdays.replace("Mon, 10", "Tue, 11"))
    told = sync("arxiv-rss", sources=RSS)["arxiv-rss"]
    assert "stale: it holds the announcements of 2025-03-10 again" in told.error
    assert rows(url, "SELECT max(through) FROM watermarks") == [("2025-03-10",)]
    assert rows(url, "SELECT count(*) FROM documents") == [(1,)]
    publishers.extra.clear()
    assert sync("arxiv-rss", sources=RSS)["arxiv-rss"].well
    assert rows(url, "SELECT count(*) FROM documents") == [(2,)]


def test_a_feed_that_stands_still_is_stale(sync, publishers, at):
    sync("arxiv-rss", sources=RSS)
    publishers.extra["/rss/cs.LG+cs.CV"] = publishers._rss()
    well = {}
    for day in ("2025-03-11", "2025-03-12", "2025-03-13"):
        at(day)
        well[day] = sync("arxiv-rss", sources=RSS)["arxiv-rss"].error
    assert "shown no later one" in well.pop("2025-03-13")
    assert set(well.values()) == {None}


def test_an_empty_weekend_feed_is_no_reason_to_warn(sync, at):
    at("2025-03-15")
    told = sync("arxiv-rss", sources=RSS)["arxiv-rss"]
    assert told.well
    assert not told.warnings


def test_an_empty_feed_on_a_working_day_is(sync, publishers, at):
    at("2025-03-11")
    empty = (
        "<rss><channel><title>cs.LG</title><link>https://arxiv.org</link>"
        "<pubDate>Tue, 11 Mar 2025 00:00:00 -0400</pubDate></channel></rss>"
    )
    publishers.extra["/rss/cs.LG+cs.CV"] = Answer(200, empty)
    told = sync("arxiv-rss", sources=RSS)["arxiv-rss"]
    assert told.warnings == ["the feed of 2025-03-11 is empty"]


def test_a_working_day_without_records_is_warned_of_once(sync, publishers, at):
    for day in ("2025-03-10", "2025-03-11", "2025-03-12"):
        at(day)
        sync("arxiv-oai", sources=OAI)
    empty = '<OAI-PMH><responseDate>x</responseDate><error code="noRecordsMatch"/></OAI-PMH>'
    address = "/oai?verb=ListRecords&metadataPrefix=arXivRaw&set=cs:cs:LG"
    publishers.extra[f"{address}&from=2025-03-13&until=2025-03-13"] = Answer(200, empty)
    found = []
    for day in ("2025-03-13", "2025-03-14", "2025-03-15"):
        at(day)
        found.append(sync("arxiv-oai", sources=OAI)["arxiv-oai"].warnings)
    assert [len(warnings) for warnings in found] == [0, 1, 0]
    assert found[1][0].startswith("2025-03-13 is empty; a usual day has")


def test_a_day_that_has_not_begun_there_is_no_failure(sync, publishers, url):
    body = (
        '<OAI-PMH><responseDate>x</responseDate><error code="badArgument">until</error></OAI-PMH>'
    )
    publishers.spoil("from=2025-03-10", Answer(200, body))
    assert sync("arxiv-oai", sources=OAI)["arxiv-oai"].well
    assert watermarks(url) == {"cs:cs:LG": "2025-03-09"}


def test_the_same_resumption_token_twice_is_an_error_at_once(sync, publishers, url):
    again = publishers._oai_page("<ListRecords><resumptionToken>x</resumptionToken></ListRecords>")
    publishers.spoil("verb=ListRecords", *[again] * 10)
    told = sync("arxiv-oai")["arxiv-oai"]
    assert "the same resumption token twice" in told.error
    assert told.requests == 2
    assert rows(url, "SELECT count(*) FROM watermarks") == [(0,)]
