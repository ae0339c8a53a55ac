"""Tests of the start page, of digests of weeks and months, of trends and suggestions."""

import datetime as dt
from pathlib import Path

import pytest

from catalog.reads.asking import Read
from catalog.reads.board_records import Record
from catalog.reads.moved import MovedBoard, Movement
from catalog.reads.overview import Beside
from catalog.site.pages import digest_page, start_page
from tests.site.conftest import Get, asking


def test_a_card_tells_one_claim_with_its_number_marked(get: Get) -> None:
    page = get("/").text
    assert 'class="claim">Our detector reaches <mark class="absolute">54.3</mark> mAP on' in page


def test_a_board_that_moved_has_the_unit_of_its_values(
    catalog_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(value: float) -> Record:
        return Record(day=dt.date(2025, 3, 9), value=value, key="k", label="L", model=None)

    board = MovedBoard(
        dataset="Net", dataset_slug="net", metric="memory", metric_slug="memory",
        higher_is_better=False, unit="GB", papers=3, before=told(4.5), best=told(3.25),
        records=[told(4.5), told(3.25)],
    )  # fmt: skip

    def beside() -> Read[Beside]:
        yield from ()
        return Beside(Movement(since=board.best.day, until=None, boards=[board]), [], [])

    monkeypatch.setattr(start_page, "beside", beside)
    for get in asking(catalog_file):
        assert "4.5 GB → <b>3.25 GB</b>" in get("/").text


def test_at_most_two_chips_stand_on_a_card(get: Get) -> None:
    page = get("/").text
    cards = page.split('<ol class="papers cards')[1].split("</ol>")[0].split("<li>")[1:]
    assert len(cards) == 4
    assert all(card.count('class="chip ') - card.count("chip more") <= 2 for card in cards)
    assert "+2<" in cards[0]


@pytest.mark.parametrize(
    ("query", "papers"),
    [
        ("", 4),
        ("?days=7", 7),
        ("?days=7&code=1", 1),
        ("?days=30&numbers=1", 7),
        ("?days=5", 4),
        ("?days=1&page=2", 0),
    ],
)
def test_papers_are_narrowed_by_the_address(query: str, papers: int, get: Get) -> None:
    assert get(f"/{query}").text.count('<h3><a href="/paper/') == papers
    assert len(get(f"/start.json{query}").json()["papers"]["papers"]) == papers


def test_what_only_operators_need_is_told_on_about(get: Get) -> None:
    assert "last run" not in get("/").text.lower()
    assert "The last run was <code>load</code>" in get("/about").text


def test_a_week_has_its_days_and_its_neighbours(get: Get) -> None:
    page = get("/digest/2025-W11").text
    assert "Week 11 of 2025" in page
    assert page.count('<h3><a href="/paper/') == 7
    assert "/digest/2025-W11.atom" in page
    day = get("/digest/2025-03-12").text
    assert 'href="/digest/2025-W11"' in day
    assert 'href="/digest/2025-03"' in day
    empty = get("/digest/2025-W13")
    assert empty.status_code == 404
    assert 'href="/digest/2025-W11"' in empty.text


@pytest.mark.parametrize("name", ["9999-W52", "9999-12-31", "9999-12", "0999-01-01", "0001-01-01"])
def test_the_ends_of_the_calendar_are_told_of_in_words(name: str, get: Get) -> None:
    answer = get(f"/digest/{name}")
    assert answer.status_code == 404
    assert "Internal" not in answer.text
    assert "No digest" in answer.text or "is no day, week, month or year" in answer.text


def test_a_day_of_an_early_year_has_its_month_and_its_week(get: Get) -> None:
    page = get("/digest/0999-01-01").text
    assert page.count('href="/digest/0999-01"') == 2
    assert 'href="/digest/0999-W01"' in page


def test_a_long_period_is_given_to_programs_by_pages(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = get("/digest/2025-W11.json").json()
    assert (whole["summary"], whole["more"]) == ("7 papers, 1 with code", False)
    monkeypatch.setattr(digest_page, "MOST", 4)
    first, second = (get(f"/digest/2025-W11.json?page={page}").json() for page in (1, 2))
    assert (first["summary"], first["more"]) == ("papers 1 to 4 of 7, 1 with code", True)
    assert (second["summary"], second["more"]) == ("papers 5 to 7 of 7, 0 with code", False)
    keys = [one["key"] for one in first["items"] + second["items"]]
    assert keys == [one["key"] for one in whole["items"]]
    assert "papers 1 to 4 of 7" in get("/digest/2025-W11.md").text
    feeds = [get(f"/digest/2025-W11.atom?page={page}").text for page in (1, 2)]
    assert ['rel="next" href="http://localhost/digest/2025-W11.atom?page=2"' in feed
            for feed in feeds] == [True, False]  # fmt: skip
    assert "first 4 papers" in get("/digest/2025-W11").text


@pytest.mark.parametrize(("word", "form"), [("today", "%Y-%m-%d"), ("week", "%G-W%V"),
                                            ("month", "%Y-%m")])  # fmt: skip
def test_a_word_leads_to_its_period(word: str, form: str, get: Get) -> None:
    today = dt.datetime.now(dt.UTC)
    answer = get(f"/digest/{word}")
    assert answer.status_code == 302
    around = {f"{today + dt.timedelta(days=days):{form}}" for days in (-1, 0, 1)}
    assert answer.headers["location"].removeprefix("/digest/") in around


def test_suggestions_say_where_they_lead(get: Get) -> None:
    found = get("/suggest.json?q=coco").json()["suggestions"]
    assert [(one["kind"], one["href"]) for one in found] == [
        ("dataset", "/dataset/coco"),
        ("leaderboard", "/leaderboard/coco/map"),
    ]
    assert get("/suggest.json?q=").json() == {"q": "", "suggestions": []}


def test_what_rises_names_its_days(get: Get) -> None:
    page = get("/trending?days=30").text
    assert "What rose in 30 days" in page
    assert "11 Feb 2025 – 12 Mar 2025" in page
    assert "Lee/Detector" in page
    assert "What rose in 7 days" in get("/trending?days=x").text
