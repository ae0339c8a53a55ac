"""Tests of the page of a leaderboard: its best value, chart, neighbours, changes and files."""

import csv
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from catalog.database.engine import opened
from catalog.reads.boards import board as read_board
from catalog.reads.drivers import run
from catalog.site.board_files import as_csv
from catalog.site.pages import board_page
from tests.site.conftest import Get

BOARD = "/leaderboard/imagenet-1k/accuracy"
DOT = re.compile(r'<circle class="dot( best)?"')


def test_the_best_value_stands_first_with_holder_and_day(get: Get) -> None:
    page = get(BOARD).text
    leader = page[page.index('class="leader"') : page.index("</section>")]
    assert "87.9%" in leader
    assert "Classifier Number 7" in leader
    assert "3 May 2024" in leader


def test_the_chart_of_a_time_or_of_a_size_is_a_link_away(get: Get) -> None:
    time, size = get(BOARD).text, get(f"{BOARD}?against=size").text
    assert f'href="{BOARD}?against=size"' in time
    wide = [page[page.index("wide-screen") : page.index("narrow-screen")] for page in (time, size)]
    assert [len(DOT.findall(drawing)) for drawing in wide] == [7, 8]  # one of the eight has no day
    assert "100M" in wide[1]  # a round tick
    # A larger classifier is better here: none beats any.
    assert [DOT.findall(drawing).count(" best") for drawing in wide] == [1, 8]


def test_one_chart_is_drawn_for_one_that_is_seen(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def watched(*told: Any) -> str:
        drawn.append(told[2] if len(told) > 2 else "")
        return f"chart {len(drawn)}"

    for name in ("over_time", "against_cost"):
        monkeypatch.setattr(board_page, name, watched)
    assert "chart 1" in get(BOARD).text
    assert "chart 2" in get(f"{BOARD}?against=size").text
    assert drawn == ["", "size"]
    get(f"{BOARD}.json")
    assert drawn == ["", "size"]


def test_a_cost_that_no_paper_states_is_not_offered(get: Get) -> None:
    assert "against=latency" not in get(BOARD).text
    assert get(f"{BOARD}?against=latency").status_code == 200


def test_a_thin_board_has_claims_and_no_chart(get: Get) -> None:
    page = get("/leaderboard/coco/map").text
    assert "claims rather than a ranking" in page
    assert '<svg class="chart"' not in page
    assert 'class="leader"' not in page


def test_what_entered_and_left_the_top_is_told_since_a_day(get: Get) -> None:
    told = get(f"{BOARD}.json?since=2024-09-15").json()["changes"]
    # Numbers 0 to 2 are of October to December, and weaker than all before them.
    assert [one["key"] for one in told["entered"]] == ["2410.12342", "2411.12341", "2412.12340"]
    assert told["left"] == []
    assert told["best_before"]["id"] == told["best"]["id"]
    assert "Since 15 Sep 2024" in get(f"{BOARD}?since=2024-09-15").text
    assert get(f"{BOARD}?since=soon").status_code == 200


def test_a_board_is_a_table_for_other_programs(get: Get) -> None:
    answer = get(f"{BOARD}.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    first, *rest = csv.DictReader(answer.text.splitlines())
    assert (first["rank"], first["value"], first["unit"]) == ("1", "87.9", "%")
    assert (first["paper"], first["origin"]) == ("Classifier Number 7", "abstract")
    assert len(rest) == 7


def test_a_spreadsheet_runs_nothing_of_a_paper(catalog_file: Path) -> None:
    with opened(f"sqlite:///{catalog_file}") as engine, engine.connect() as connection:
        found = run(connection, read_board("imagenet-1k", "accuracy"))
    assert found is not None
    for name in ("text", "label", "model", "repository", "dataset_text"):
        setattr(found.ranking[0], name, f"={name}()")
    found.unit = "=unit()"
    first = as_csv(found).splitlines()[1]
    assert first.count("'=") == 6
    assert first.count("=") == 6


def test_a_board_is_followed_by_its_newest_numbers(get: Get) -> None:
    feed = ET.fromstring(get(f"{BOARD}.atom").text)
    names = {"a": "http://www.w3.org/2005/Atom"}
    titles = [entry.findtext("a:title", "", names) for entry in feed.findall("a:entry", names)]
    assert titles[0] == "80.5% accuracy on ImageNet-1K: Classifier Number 0"
    assert titles[-2] == "New best: 0.879 accuracy on ImageNet-1K: Classifier Number 7"


def test_the_feed_of_a_part_of_a_board_is_another_one(get: Get) -> None:
    names = {"a": "http://www.w3.org/2005/Atom"}
    of = {
        path: ET.fromstring(get(path).text) for path in (f"{BOARD}.atom", f"{BOARD}.atom?code=yes")
    }
    for path, feed in of.items():
        assert feed.findtext("a:id", "", names) == f"http://localhost{path}"
    assert [len(feed.findall("a:entry", names)) for feed in of.values()] == [8, 0]
    assert f'value="http://localhost{BOARD}.atom?year=2024"' in get(f"{BOARD}?year=2024").text


def test_filters_stay_in_the_files_and_in_the_other_chart(get: Get) -> None:
    page = get(f"{BOARD}?year=2024").text
    assert f'href="{BOARD}.csv?year=2024"' in page
    assert f'href="{BOARD}?year=2024&amp;against=size"' in page
