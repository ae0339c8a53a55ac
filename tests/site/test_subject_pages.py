"""Tests of the list of leaderboards, and of the pages of tasks, models, datasets and metrics."""

import re
from collections.abc import Sequence
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from catalog.reads.asking import Read
from catalog.reads.board_cards import BoardCard, cards_of
from catalog.reads.boards import BoardSummary
from catalog.site.pages import board_page, model_page
from tests.site.conftest import Get, asking


def test_the_list_leads_with_tasks_and_shows_best_values(get: Get) -> None:
    page = get("/leaderboard").text
    assert page.index("/task/image-recognition") < page.index("Best values")
    row = page[page.index("accuracy on ImageNet-1K") :]
    assert "87.9%" in row[: row.index("</tr>")]
    assert "Classifier Number 7" in row[: row.index("</tr>")]


def test_the_plural_leads_to_the_list(get: Get) -> None:
    answer = get("/leaderboards")
    assert (answer.status_code, answer.headers["location"]) == (302, "/leaderboard")


def test_boards_are_found_by_words_of_dataset_metric_and_task(get: Get) -> None:
    def found(words: str) -> list[str]:
        told = get(f"/leaderboard.json?q={words}").json()
        names = [f"{one['dataset']} {one['metric']}" for one in told["best"]]
        return names + [one["name"] for one in told["found_tasks"]]

    assert found("imagenet") == ["ImageNet-1K accuracy"]
    assert found("accuracy+IMAGENET") == ["ImageNet-1K accuracy"]
    assert found("ms-coco") == ["COCO mAP"]  # an alias
    assert found("recognition") == ["image recognition"]
    assert found("imagenet+latency") == []
    assert found("%25") == []
    assert "No matching leaderboards" in get("/leaderboard?q=zebra").text


def test_the_list_counts_only_what_its_boards_show(get: Get) -> None:
    told = get("/leaderboard.json").json()
    for one in told["best"]:
        board = get(f"/leaderboard/{one['dataset_slug']}/{one['metric_slug']}.json").json()
        assert (one["papers"], one["best"]["value"]) == (
            board["papers"],
            board["ranking"][0]["compared"],
        )


def test_a_task_has_its_boards_datasets_and_newest_papers(get: Get) -> None:
    told = get("/task/image-recognition.json").json()
    assert [(one["dataset"], one["is_thin"]) for one in told["boards"]] == [
        ("ImageNet-1K", False),
        ("COCO", True),
    ]
    assert [one["name"] for one in told["datasets"]] == ["ImageNet-1K", "COCO"]
    assert told["papers_in_all"] == 3
    assert told["papers"][0]["key"] == "2503.00001"
    page = get("/task/image-recognition").text
    assert '<svg class="chart"' in page
    assert "/leaderboard/imagenet-1k/accuracy" in page


def test_a_task_is_found_by_its_name_too(get: Get) -> None:
    assert get("/task/Image%20Recognition").status_code == 200


def test_every_leaderboard_stands_in_the_list_once(
    catalog_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def second(boards: Sequence[BoardSummary]) -> Read[list[BoardCard]]:
        return cards_of(boards[1:2])

    monkeypatch.setattr(board_page, "cards_of", second)
    for get in asking(catalog_file):  # a site of its own, which keeps what it shows
        page = get("/leaderboard").text
        page = page[page.index("Best values") :]
        for one in get("/leaderboard.json").json()["boards"]:
            assert page.count(f'"/leaderboard/{one["dataset_slug"]}/{one["metric_slug"]}"') == 1


def test_tasks_are_listed_and_searched(get: Get) -> None:
    assert [one["name"] for one in get("/tasks.json").json()["tasks"]] == ["image recognition"]
    assert "No task" in get("/tasks?q=zebra").text


def test_a_model_has_all_its_numbers_with_paper_and_sentence(get: Get) -> None:
    (on,) = get("/model/Detector-L.json").json()["datasets"]
    assert (on["dataset"], on["numbers"][0]["value"]) == ("COCO", 54.3)
    page = get("/model/Detector-L").text
    assert "A Detector That Is Fast" in page
    assert "<mark" in page
    assert "/leaderboard/coco/map" in page


def test_numbers_of_a_model_beyond_the_first_unfold(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "further number" not in get("/model/Detector-L").text
    monkeypatch.setattr(model_page, "SHOWN", 0)
    assert "<summary>1 further number</summary>" in get("/model/Detector-L").text


def test_a_model_of_known_size_only_has_no_number_in_doubt(get: Get) -> None:
    page = get("/model/Classifier-0").text
    assert "90M parameters" in page
    assert "No sure number" not in page


def test_a_model_is_a_link_away_from_its_row(get: Get) -> None:
    assert 'href="/model/Detector-L"' in get("/leaderboard/coco/map").text


def test_datasets_and_metrics_lead_with_a_chart_and_best_values(get: Get) -> None:
    for path in ("/dataset/imagenet-1k", "/metric/accuracy"):
        page = get(path).text
        assert page.index('<svg class="chart"') < page.index("Leaderboards by ")
        assert "87.9%" in page


def test_a_dataset_of_claims_only_has_no_chart(get: Get) -> None:
    page = get("/dataset/coco").text
    assert '<svg class="chart"' not in page
    assert "claim" in page


def test_the_search_that_follows_a_dataset_is_one_filter_whatever_its_name(get: Get) -> None:
    (feed,) = re.findall(r'<input readonly [^>]*value="([^"]*)"', get("/dataset/bad").text)
    (typed,) = parse_qs(urlsplit(unescape(feed)).query)["q"]
    assert typed.startswith('dataset:"Bad <script>')
    assert typed.count('"') == 2
