"""Tests of Hugging Face daily papers: catching up, repeating days, failures."""

import datetime as dt
import json
from itertools import pairwise

import pytest

from catalog.database.engine import opened
from etl.commands.sync_command import sentence
from etl.sync.source_run import Window
from tests.snapshot import rows, snapshot
from tests.sync.publishers import Answer, cut, papers_of

HF = """
[sources.hf-daily]
base = "{base}"
"""


def days_of(publishers):
    return [path.split("date=")[1][:10] for path in publishers.asked if "date=" in path]


def watermark(url):
    found = rows(url, "SELECT through FROM watermarks WHERE part = ''")
    return found[0][0] if found else None


def many(count, day, first=0):
    """A list of invented papers as long as one likes."""
    return [
        {
            "paper": {
                "id": f"{day[2:4]}{day[5:7]}.{int(day[8:]) * 1000 + number:05d}",
                "title": f"An Invented Title of Number {number} on {day}",
                "submittedOnDailyAt": f"{day}T00:00:00.000Z",
            },
            "publishedAt": f"{day}T00:00:00.000Z",
            "title": f"An Invented Title of Number {number} on {day}",
        }
        for number in range(first, first + count)
    ]


@pytest.mark.on_both
def test_the_first_run_asks_for_the_last_working_days(sync, publishers, url):
    told = sync("hf-daily", sources=HF)["hf-daily"]
    assert told.well
    assert days_of(publishers) == [
        *("2025-03-03", "2025-03-04", "2025-03-05", "2025-03-06", "2025-03-07", "2025-03-10"),
    ]
    assert watermark(url) == "2025-03-09"
    assert rows(url, "SELECT count(*) FROM digests") == [(6,)]


def test_a_document_is_named_by_its_address(sync, publishers, url):
    sync("hf-daily", sources=HF)
    names = [name for (name,) in rows(url, "SELECT name FROM documents ORDER BY name")]
    assert names[0] == f"{publishers.base}/api/daily_papers?date=2025-03-03&limit=100"


@pytest.mark.on_both
def test_a_second_run_on_the_same_morning_adds_nothing(sync, url):
    sync("hf-daily", sources=HF)
    with opened(url) as engine:
        before = snapshot(engine)
    told = sync("hf-daily", sources=HF)["hf-daily"]
    with opened(url) as engine:
        assert snapshot(engine) == before
    assert told.documents == 0


def test_upvotes_are_observed_again_for_some_days_and_then_left(sync, publishers, url, at):
    upvotes = "SELECT sum(e.upvotes) FROM digest_entries e JOIN digests g ON g.id = e.digest_id"
    upvotes += " WHERE g.day = '2025-03-10'"
    seen = []
    for day in range(10, 18):
        at(f"2025-03-{day}")
        sync("hf-daily", sources=HF)
        seen += rows(url, upvotes)[0]
    count = len(papers_of(dt.date(2025, 3, 10)))
    assert [now - before for before, now in pairwise(seen[1:])] == [
        *(count, count),
        *(0, 0, 0, 0),
    ]


def test_a_morning_finds_half_a_day_and_the_next_one_all_of_it(sync, url, at):
    entries = "SELECT count(*) FROM digest_entries e JOIN digests g ON g.id = e.digest_id"
    entries += " WHERE g.day = '2025-03-12'"
    at("2025-03-12")
    sync("hf-daily", sources=HF)
    assert rows(url, entries) == [(1,)]
    at("2025-03-13")
    sync("hf-daily", sources=HF)
    assert rows(url, entries) == [(len(papers_of(dt.date(2025, 3, 12))),)]


def test_a_weekend_makes_no_digest(sync, publishers, url, at):
    for day in ("2025-03-14", "2025-03-15", "2025-03-16", "2025-03-17"):
        at(day)
        told = sync("hf-daily", sources=HF)["hf-daily"]
        assert told.well
        assert not told.warnings
    assert not {"2025-03-15", "2025-03-16"} & set(days_of(publishers))
    digests = [day for (day,) in rows(url, "SELECT day FROM digests ORDER BY day")]
    assert "2025-03-14" in digests
    assert not {"2025-03-15", "2025-03-16"} & set(digests)
    assert watermark(url) == "2025-03-16"


def test_a_weekend_that_is_asked_for_counts_as_its_friday(sync, url, at):
    at("2025-03-17")
    sync("hf-daily", sources=HF + "weekends = true\n")
    digests = [day for (day,) in rows(url, "SELECT day FROM digests ORDER BY day")]
    assert not {"2025-03-15", "2025-03-16"} & set(digests)


@pytest.mark.on_both
def test_a_laptop_that_slept_three_weeks_catches_up(sync, url, at):
    sync("hf-daily", sources=HF)
    at("2025-03-31")
    sync("hf-daily", sources=HF)
    digests = {day for (day,) in rows(url, "SELECT day FROM digests")}
    span = [dt.date(2025, 3, 3) + dt.timedelta(days=n) for n in range(29)]
    assert digests == {str(day) for day in span if day.weekday() < 5}


def test_a_clock_set_back_does_no_harm(sync, publishers, url, at):
    sync("hf-daily", sources=HF)
    at("2025-02-12")
    told = sync("hf-daily", sources=HF)["hf-daily"]
    assert told.well
    assert watermark(url) == "2025-03-09"
    at("2025-03-12")
    publishers.asked.clear()
    sync("hf-daily", sources=HF)
    assert days_of(publishers) == ["2025-03-10", "2025-03-11", "2025-03-12"]


def test_a_clock_that_is_ahead_moves_no_watermark(sync, publishers, clock, url, at):
    sync("hf-daily", sources=HF)
    real, clock.instant = clock.instant, clock.instant + dt.timedelta(days=900)
    publishers.clock = type(clock)(real)
    told = sync("hf-daily", sources=HF)["hf-daily"]
    assert told.error
    assert "clock" in told.error
    assert watermark(url) == "2025-03-09"


def test_a_range_is_filled_and_the_watermark_left_alone(sync, publishers, url):
    sync("hf-daily", sources=HF)
    publishers.asked.clear()
    window = Window(first=dt.date(2024, 12, 30), last=dt.date(2025, 1, 3))
    sync("hf-daily", sources=HF, window=window)
    assert days_of(publishers) == [
        *("2024-12-30", "2024-12-31", "2025-01-01", "2025-01-02", "2025-01-03"),
    ]
    assert watermark(url) == "2025-03-09"
    assert rows(url, "SELECT min(day) FROM digests") == [("2024-12-30",)]


def test_a_long_day_comes_in_pages_with_ranks_that_go_on(sync, publishers, url):
    first = "/api/daily_papers?date=2025-03-10&limit=100"
    publishers.extra[first] = Answer(200, many(100, "2025-03-10"))
    publishers.extra[f"{first}&p=1"] = Answer(200, many(20, "2025-03-10", first=100))
    ranks = "SELECT count(*), min(e.rank), max(e.rank), count(DISTINCT e.rank)"
    ranks += " FROM digest_entries e JOIN digests g ON g.id = e.digest_id"
    ranks += " WHERE g.day = '2025-03-10'"
    sync("hf-daily", sources=HF)
    assert rows(url, ranks) == [(120, 1, 120, 120)]
    publishers.extra[first] = Answer(200, many(70, "2025-03-10"))
    sync("hf-daily", sources=HF)
    assert rows(url, ranks) == [(70, 1, 70, 70)]


@pytest.mark.parametrize(
    "mishap",
    [
        Answer(503, "busy"),
        Answer(500, "oops"),
        Answer(429, "slowly", Retry_After="7"),
        cut(Answer(200, "[" + " " * 5000 + "]"), 100),
        Answer(200, '[{"paper": {"id": "2503.0'),
    ],
    ids=["503", "500", "429", "cut in the middle", "malformed"],
)
def test_one_mishap_is_made_good_at_once(sync, publishers, url, mishap):
    publishers.spoil("2025-03-05", mishap)
    assert sync("hf-daily", sources=HF)["hf-daily"].well
    assert rows(url, "SELECT count(*) FROM digests") == [(6,)]


@pytest.mark.parametrize(
    ("mishap", "why"),
    [
        (Answer(503, "busy"), "answered 503"),
        (cut(Answer(200, "[" + " " * 5000 + "]"), 100), "Error"),
        (Answer(200, '[{"paper": {"id": "2503.0'), "broken"),
        (Answer(200, '{"error": "new format"}'), "broken"),
        (Answer(404, "gone"), "answered 404"),
    ],
    ids=["503", "cut", "malformed", "another format", "404"],
)
def test_a_lasting_mishap_stops_at_its_day_and_the_next_run_goes_on(
    sync, publishers, url, mishap, why
):
    publishers.spoil("2025-03-05", *[mishap] * 10)
    told = sync("hf-daily", sources=HF)["hf-daily"]
    assert why in told.error
    assert told.hint
    assert watermark(url) == "2025-03-04"
    publishers.mishaps.clear()
    assert sync("hf-daily", sources=HF)["hf-daily"].well
    assert rows(url, "SELECT count(*) FROM digests") == [(6,)]
    assert watermark(url) == "2025-03-09"


def test_a_day_that_has_not_begun_there_is_no_failure(sync, publishers, url):
    publishers.spoil("2025-03-10", Answer(400, {"error": "date is in the future"}))
    told = sync("hf-daily", sources=HF)["hf-daily"]
    assert told.well
    assert watermark(url) == "2025-03-09"


def test_an_empty_day_is_warned_of_once_it_is_over(sync, publishers, at):
    address = "/api/daily_papers?date=2025-03-11&limit=100"
    publishers.extra[address] = Answer(200, [])
    warnings = []
    for day in ("2025-03-11", "2025-03-12", "2025-03-13", "2025-03-14"):
        at(day)
        told = sync("hf-daily", sources=HF)["hf-daily"]
        assert told.well
        warnings.append([w for w in told.warnings if "2025-03-11" in w])
    assert [len(found) for found in warnings] == [0, 1, 0, 0]
    assert "is empty" in warnings[1][0]


def test_half_the_usual_size_is_warned_of(sync, publishers, at):
    for day in ("05", "06", "07", "10"):
        address = f"/api/daily_papers?date=2025-03-{day}&limit=100"
        publishers.extra[address] = Answer(200, many(30, f"2025-03-{day}"))
    at("2025-03-12")
    told = sync("hf-daily", sources=HF)["hf-daily"]
    assert any("2025-03-11 has" in warning for warning in told.warnings), told


def test_new_fields_are_told_of_once(sync, publishers):
    day = "2025-03-10"
    papers = [{**paper, "shade": 1} for paper in many(3, day)]
    publishers.spoil("date=2025-03-10", Answer(200, papers, Content_Type="application/json"))
    told = sync("hf-daily", sources=HF)["hf-daily"]
    assert [note for note in told.notes if "new fields" in note] == [
        "new fields that were not read: shade (3)"
    ]
    assert told.well


def test_the_papers_of_another_day_are_kept_apart(sync, publishers, url, at):
    held = "SELECT count(*) FROM papers WHERE title LIKE '%on 2025-03-10'"
    publishers.spoil("date=2025-03-10", Answer(200, many(40, "2025-03-10")))
    sync("hf-daily", sources=HF)
    at("2025-03-11")
    few = many(19, "2025-03-10")
    publishers.spoil("date=2025-03-10", Answer(200, few + many(40, "2025-03-07")))
    told = sync("hf-daily", sources=HF)["hf-daily"]
    (warning,) = [text for text in told.warnings if "kept apart" in text]
    assert "it held 40 records before, of which 19 are in it now" in warning
    assert (told.papers_removed, rows(url, held)) == (0, [(40,)])
    revised = [{**paper, "numComments": 9} for paper in many(21, "2025-03-10")]
    publishers.spoil("date=2025-03-10", Answer(200, revised))
    told = sync("hf-daily", sources=HF)["hf-daily"]
    assert not [text for text in told.warnings if "kept apart" in text]
    assert rows(url, held) == [(21,)]


def test_a_new_field_is_told_of_by_one_run(sync, publishers, at):
    fields = {"2025-03-10": {}, "2025-03-11": {"shade": 1}, "2025-03-13": {"shade": 1, "hue": 1}}

    def answer(query):
        told = next(fields[day] for day in sorted(fields, reverse=True) if day <= query["date"])
        return Answer(200, [{**paper, **told} for paper in many(3, query["date"])])

    publishers._daily = answer
    fields = {"2025-01-01": {}, **fields}
    notes = {}
    for day in ("2025-03-10", "2025-03-11", "2025-03-12", "2025-03-13", "2025-03-14"):
        at(day)
        notes[day] = sync("hf-daily", sources=HF)["hf-daily"].notes
    assert notes == {
        "2025-03-10": [],
        "2025-03-11": ["new fields that were not read: shade (3)"],
        "2025-03-12": [],
        "2025-03-13": ["new fields that were not read: hue (3)"],
        "2025-03-14": [],
    }


def test_a_publisher_that_ignores_the_page_is_an_error(sync, publishers, url):
    asked = iter(range(1_000))

    def turned(query):
        papers, by = many(100, query["date"]), next(asked) % 7
        return Answer(200, papers[by:] + papers[:by])

    publishers._daily = turned
    told = sync("hf-daily", sources=HF)["hf-daily"]
    assert "the same papers on another page" in told.error
    assert told.requests == 2
    assert (watermark(url), rows(url, "SELECT count(*) FROM papers")) == (None, [(0,)])


def test_pages_without_end_are_an_error(sync, publishers, url):
    publishers._daily = lambda query: Answer(
        200, many(100, query["date"], first=100 * int(query.get("p", 0)))
    )
    told = sync("hf-daily", sources=HF)["hf-daily"]
    assert "more than 20 pages" in told.error
    assert (watermark(url), rows(url, "SELECT count(*) FROM papers")) == (None, [(0,)])


DIGESTED = "SELECT count(*) FROM digest_entries"


@pytest.mark.parametrize("count", [0, 5], ids=["nothing", "an eighth"])
def test_an_answer_with_much_less_is_kept_apart(sync, publishers, url, at, count):
    publishers.spoil("date=2025-03-10", Answer(body=json.dumps(many(40, "2025-03-10"))))
    assert sync("hf-daily", sources=HF)["hf-daily"].well
    before = rows(url, DIGESTED)
    at("2025-03-11")
    glitch = [Answer(body=json.dumps(many(count, "2025-03-10")))]
    publishers.spoil("date=2025-03-10", *glitch)
    told = sync("hf-daily", sources=HF)["hf-daily"]
    assert told.well, told.error
    assert told.papers_removed == 0
    (warning,) = [text for text in told.warnings if "kept apart" in text]
    assert f"held 40 records before and {count or 'none'} now" in warning
    assert "--accept" in warning
    assert rows(url, "SELECT count(*) FROM received WHERE state = 'refused'") == [(1,)]
    assert rows(url, "SELECT count(*) FROM papers WHERE title LIKE '%on 2025-03-10'") == [(40,)]
    sync("hf-daily", sources=HF, offline=True)
    assert rows(url, "SELECT count(*) FROM papers WHERE title LIKE '%on 2025-03-10'") == [(40,)]
    assert rows(url, DIGESTED) >= before

    publishers.spoil("date=2025-03-10", *glitch)
    told = sync("hf-daily", sources=HF, accept=True)["hf-daily"]
    assert told.papers_removed == 40 - count
    assert f" -{40 - count}, requests" in sentence(told)
    left = rows(url, "SELECT count(*) FROM papers WHERE title LIKE '%on 2025-03-10'")
    assert left == [(count,)]
