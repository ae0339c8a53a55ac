"""Tests that every door gives the same answer, on every database."""

import re
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from catalog.database.engine import opened
from catalog.reads.named_queries import QUERIES
from etl.cli import main
from tests.doors.doors import Door, doors
from tests.reads.identified_papers import FORMS, UNPREFIXED

PAPERS = {
    **FORMS,
    **UNPREFIXED,
    "2503.00001": "2503.00001",
    "arXiv:2503.00001v3": "2503.00001",
    "a-00000000000a": "a-00000000000a",
    "2503.99999": None,
    "https://arxiv.org/abs/2503.99999": None,
    "10.1000/nothing": None,
}
"""An identifier in any printed form -> key of the paper."""

TITLES = {
    "a detector that is fast": "2503.00001",
    "Classifier Number 3": "2409.12343",
    "no such title": None,
    "classifier number": None,  # eight papers
}
"""Words of a title -> key of the paper. An address of the site is no place for them."""

BOARDS = [
    ("coco", "map", {}),
    ("imagenet-1k", "accuracy", {}),
    ("imagenet-1k", "accuracy", {"max_parameters": "92"}),
    ("imagenet-1k", "accuracy", {"code": "yes"}),
    ("imagenet-1k", "accuracy", {"year": "2024"}),
    ("imagenet-1k", "accuracy", {"confidence": "90"}),
    ("bad", "accuracy", {}),
    ("coco", "nothing", {}),
    ("nothing", "map", {}),
]

DIGESTS = ["latest", "2025-03-12", "2025-03-11", "2025-03-10", "2020-01-01"]


def agreed(doors: list[Door], kind: str, *question: object) -> Any:
    """Put a question to every door, and give the one answer."""
    answers = {door.name: getattr(door, kind)(*question) for door in doors}
    for name, answer in answers.items():
        assert answer == answers["read"], f"{name} answers {kind}{question} otherwise"
    return answers["read"]


def test_a_paper_is_the_same_at_every_door_under_every_name(all_doors: list[Door]) -> None:
    found = {name: agreed(all_doors, "paper", name) for name in PAPERS}
    assert {name: told and told["key"] for name, told in found.items()} == PAPERS
    assert found["2503.00001"]["code"] == ["Lee/Detector"]


def test_a_paper_is_found_by_its_title_wherever_words_are_taken(all_doors: list[Door]) -> None:
    takes_words = [door for door in all_doors if door.name != "site"]
    found = {name: agreed(takes_words, "paper", name) for name in TITLES}
    assert {name: told and told["key"] for name, told in found.items()} == TITLES


def test_a_board_is_the_same_at_every_door(all_doors: list[Door]) -> None:
    found = [agreed(all_doors, "board", *asked) for asked in BOARDS]
    assert [told and len(told["ranking"]) for told in found] == [1, 8, 3, 0, 7, 8, 1, None, None]


def test_a_thin_board_has_no_ranks_at_any_door(all_doors: list[Door]) -> None:
    thin, full = (agreed(all_doors, "board", *BOARDS[number]) for number in (0, 1))
    assert (thin["is_thin"], full["is_thin"]) == (True, False)
    assert [(rank, led) for rank, _, _, _, led in thin["ranking"]] == [(None, False)]
    assert [rank for rank, *_ in full["ranking"]] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_numbers_are_the_same_at_every_door(unsure: str) -> None:
    asked = ("accuracy>84", "classifier", "speedup>2 after:2025", "dataset:COCO", "parameters<92M")
    with doors(unsure) as found:
        told = {typed: agreed(found, "numbers", typed) for typed in asked}
    values = {typed: [value for _, value, *_ in one["numbers"]] for typed, one in told.items()}
    assert values["accuracy>84"] == [99.0, 85.5, 84.5]
    assert values["speedup>2 after:2025"] == [3.7]
    assert values["dataset:COCO"] == [54.3, 2.1]
    assert values["parameters<92M"] == [90e6, 91e6]
    assert {typed: one["hidden"] for typed, one in told.items() if one["hidden"]} == {
        "accuracy>84": 1,
        "classifier": 3,
    }


def test_a_model_is_the_same_at_every_door_in_any_case(unsure: str) -> None:
    with opened(unsure) as engine, engine.begin() as connection:
        connection.execute(text("UPDATE results SET confidence = 0.1 WHERE text = '3.7x'"))
        connection.execute(text("UPDATE results SET model = 'Detector-L' WHERE text = '3.7x'"))
    with doors(unsure) as found:
        detector = agreed(found, "model", "Detector-L")
        in_small = agreed(found, "model", "detector-l")
        size = agreed(found, "model", "CLASSIFIER-0")
        assert agreed(found, "model", "Nothing-9") is None
    assert detector == in_small
    assert detector["name"] == "Detector-L"
    assert detector["numbers"] == [("2503.00001", 54.3, "mAP", "COCO", "own")]
    assert detector["hidden"] == 1
    assert size["numbers"] == [("2412.12340", 90e6, "parameters", None, "own")]


def test_a_board_hides_and_counts_what_is_not_sure_at_every_door(unsure: str) -> None:
    with doors(unsure) as found:
        usual = agreed(found, "board", "imagenet-1k", "accuracy", {})
        everything = agreed(found, "board", "imagenet-1k", "accuracy", {"confidence": "0"})
    assert (usual["hidden"], len(usual["ranking"])) == (3, 5)
    assert (everything["hidden"], len(everything["ranking"])) == (0, 8)
    shown = {key for _, _, key, _, _ in usual["ranking"]}
    assert {"2412.12340", "2411.12341"}.isdisjoint(shown)


def test_an_inferred_metric_is_marked_at_every_door(inferred: str) -> None:
    with doors(inferred) as found:
        told = agreed(found, "paper", "2503.00001")
        assert {text: flag for text, _, _, flag, _ in told["numbers"]}["54.3"]
        assert agreed(found, "board", "imagenet-1k", "accuracy", {})["inferred"].count(True) == 1
        on_coco = agreed(found, "numbers", "dataset:COCO")["numbers"]
        assert [(value, flag) for _, value, _, _, flag, *_ in on_coco] == [
            (54.3, True), (2.1, False),
        ]  # fmt: skip


@pytest.mark.parametrize("dataset", ["", "COCO", "ms-coco", "ImageNet-1K", "nothing"])
def test_the_list_of_boards_is_the_same_at_every_door(all_doors: list[Door], dataset: str) -> None:
    agreed(all_doors, "boards", dataset)


def test_what_moved_and_the_boards_of_a_task_are_the_same_at_every_door(with_task: str) -> None:
    with doors(with_task) as found:
        moved = [agreed(found, "moved", day) for day in ("2025-03-01", "2025-03-12")]
        named = {
            name: agreed(found, "moved", "2025-03-01", name)
            for name in ("ImageNet-1K", "Image Recognition", "COCO")
        }
        changed = agreed(found, "changes", "imagenet-1k", "accuracy", "2025-03-01")
        of_task = agreed(found, "boards", "Image Recognition")
        numbers = agreed(found, "numbers", "results:yes")
    new = "t-91.5-2025-03-11"
    assert moved == [[("ImageNet-1K", "accuracy", 87.9, 91.5, new)], []]
    assert named == {"ImageNet-1K": moved[0], "Image Recognition": moved[0], "COCO": []}
    assert changed == ([new], [])
    assert (len(numbers["numbers"]), numbers["total"]) == (20, 21)
    assert of_task == [("ImageNet-1K", "accuracy", 9), ("COCO", "mAP", 1)]


def test_a_digest_day_is_the_same_at_every_door(all_doors: list[Door]) -> None:
    found = {day: agreed(all_doors, "digest", day) for day in DIGESTS}
    assert found["latest"] == found["2025-03-12"]
    assert [len(found[day] or []) for day in DIGESTS] == [4, 4, 3, 0, 0]


@pytest.mark.parametrize("period", ["2025-W11", "2025-03", "2025-W12"])
def test_the_digest_of_a_week_or_month_is_the_same_at_every_door(
    all_doors: list[Door], period: str
) -> None:
    found = agreed(all_doors, "digest", period)
    assert len(found or []) == (0 if period == "2025-W12" else 7)


def test_what_is_recommended_is_the_same_at_every_door(all_doors: list[Door]) -> None:
    starred, papers = agreed(all_doors, "for_you")
    assert starred == 2
    assert papers
    assert {"2503.00001", "2411.12341"}.isdisjoint(key for key, _ in papers)  # the starred ones
    assert {star for _, because in papers for star in because} <= {"2503.00001", "2411.12341"}


@pytest.mark.parametrize("name", ["2503.00001", "2412.12340"])
def test_similar_papers_are_the_same_at_every_door(all_doors: list[Door], name: str) -> None:
    found = agreed(all_doors, "similar", name)
    assert 1 <= len(found) <= 6
    assert name not in found


def test_a_withdrawn_paper_is_on_no_board_and_has_no_headline_at_any_door(withdrawn: str) -> None:
    with doors(withdrawn) as found:
        board = agreed(found, "board", "coco", "map", {})
        assert (board["ranking"], board["relative"]) == ([], 0)
        assert agreed(found, "boards", "COCO") == []
        listed = {item["key"]: item["numbers"] for item in agreed(found, "digest", "2025-03-12")}
        assert listed["2503.00001"] == []
        assert agreed(found, "search", "withdrawn:yes") == (["2503.00001"], [])
        assert "2503.00001" not in agreed(found, "search", "withdrawn:no detector")[0]


@pytest.mark.parametrize("name", ["best_on_dataset", "claims_over_baseline", "rising_datasets",
                                  "busiest_boards", "abstract_against_tables"])  # fmt: skip
def test_no_named_query_ranks_a_withdrawn_paper(withdrawn: str, name: str) -> None:
    asked = QUERIES[name]
    values = {one.name: "" for one in asked.parameters} | {"dataset": "COCO"}
    with opened(withdrawn, read_only=True) as engine, engine.connect() as connection:
        found = [dict(row) for row in connection.execute(text(asked.sql), values).mappings()]
    assert "2503.00001" not in str(found)
    assert "COCO" not in str(found)


@pytest.mark.parametrize("form", ["text", "markdown", "html", "atom"])
def test_a_digest_in_any_form_says_withdrawn_instead_of_numbers(withdrawn: str, form: str) -> None:
    words = ["--db", withdrawn, "digest", "2025-03-12", "--format", form]
    told = CliRunner().invoke(main, words).stdout
    assert "A Detector That Is Fast" in told
    assert "withdrawn" in told
    assert "54.3" not in told


def test_the_terminal_writes_what_moved_and_changed_in_the_unit_of_the_board(
    with_task: str,
) -> None:
    with opened(with_task) as engine, engine.begin() as connection:
        change = "UPDATE results SET value = 0.9150000001, unit = NULL WHERE text = '91.5%'"
        connection.execute(text(change))

    def told(*words: str) -> str:
        asked = ["--db", with_task, "leaderboard", *words, "--since", "2025-03-01"]
        return CliRunner().invoke(main, asked).stdout

    assert re.search(r"\b87\.9 +91\.5 +% ", told())
    assert re.search(r"entered +1 +91\.5 +% ", told("ImageNet-1K", "accuracy"))
    assert ",91.50000001,%," in told("ImageNet-1K", "accuracy", "--csv")


def test_the_terminal_offers_the_board_that_has_numbers(with_task: str) -> None:
    named = "INSERT INTO metrics (name, slug, key) VALUES ('top-1 accuracy', 'top-1', 'top1')"
    moved = (
        "UPDATE results SET metric_id = (SELECT id FROM metrics WHERE slug = 'top-1') "
        "WHERE metric_id = (SELECT id FROM metrics WHERE slug = 'accuracy')"
    )
    with opened(with_task) as engine, engine.begin() as connection:
        connection.execute(text(named))
        connection.execute(text(moved))

    def told(metric: str, *options: str) -> str:
        asked = ["--db", with_task, "leaderboard", "ImageNet-1K", metric, *options]
        return CliRunner().invoke(main, asked).stderr

    offer = "Did you mean: catalog leaderboard ImageNet-1K 'top-1 accuracy'"
    assert offer in told("accuracy")
    assert "Did you mean" not in told("top-1 accuracy")
    assert "Did you mean" not in told("accuracy", "--year", "1999")
