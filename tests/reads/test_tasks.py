"""Tests of what is counted of tasks, suggested, and told of models."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from catalog.domain.errors import CatalogError
from catalog.reads import model_numbers
from catalog.reads.board_search import search_boards
from catalog.reads.drivers import run
from catalog.reads.suggestions import suggestions
from catalog.reads.tasks import measured_tasks, task
from tests.site.content import connected, fill, tasks


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A catalog with a task that three papers and their numbers name."""

    def with_task(session: Session) -> None:
        fill(session)
        tasks(session)

    yield from connected(engine, with_task)


def test_rejected_numbers_of_a_task_do_not_count(connection: Connection) -> None:
    (whole,) = run(connection, measured_tasks())
    connection.execute(text("UPDATE results SET state = 'rejected' WHERE text = '80.5%'"))
    (left,) = run(connection, measured_tasks())
    assert (whole.numbers, left.numbers) == (3, 2)
    assert [one.numbers for one in run(connection, search_boards("recognition")).tasks] == [2]
    connection.execute(text("UPDATE results SET state = 'rejected' WHERE task_id IS NOT NULL"))
    assert run(connection, measured_tasks()) == []


def test_rows_that_name_no_paper_are_no_papers_of_a_task(connection: Connection) -> None:
    connection.execute(text("UPDATE papers SET is_row = true WHERE key = '2412.12340'"))
    found = run(connection, task("image-recognition"))
    assert found is not None
    assert found.papers_in_all == len(found.papers) == 2


def test_a_board_of_unsure_numbers_is_nowhere_suggested(connection: Connection) -> None:
    def kinds(typed: str) -> list[str]:
        return [one.kind for one in run(connection, suggestions(typed))]

    assert kinds("coco") == ["dataset", "leaderboard"]
    connection.execute(text("UPDATE results SET confidence = 0.1, row_confidence = 0.1"))
    assert kinds("coco") == ["dataset"]
    assert run(connection, search_boards("coco")).boards == []


def test_words_of_several_names_find_a_board(connection: Connection) -> None:
    """The dataset has the alias MS-COCO, its metric gets one as well."""
    metric = "SELECT id, 'box precision' FROM metrics WHERE slug = 'map'"
    connection.execute(text(f"INSERT INTO metric_aliases (metric_id, alias) {metric}"))
    for typed in ("ms-coco map", "COCO precision", "box precision", "ms-coco box"):
        (found,) = run(connection, search_boards(typed)).boards
        assert (found.dataset, found.metric) == ("COCO", "mAP"), typed
    assert run(connection, search_boards("ms-coco accuracy")).boards == []


@pytest.mark.parametrize("typed", ["%%", "__", "c%", "co_o"])
def test_signs_stand_for_themselves_in_suggestions(connection: Connection, typed: str) -> None:
    assert run(connection, suggestions(typed)) == []


def test_a_model_of_many_numbers_says_that_there_are_more(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.execute(text("UPDATE results SET model = 'Quill'"))
    monkeypatch.setattr(model_numbers, "MOST", 4)
    found = run(connection, model_numbers.model("Quill", with_unsure=True))
    assert found is not None
    assert (found.numbers, found.is_cut) == (4, True)
    monkeypatch.setattr(model_numbers, "MOST", 21)
    whole = run(connection, model_numbers.model("Quill", with_unsure=True))
    assert whole is not None
    assert (whole.numbers, whole.is_cut) == (21, False)


@pytest.mark.parametrize(
    ("typed", "near"), [("Detector", "Detector-L"), ("clasifier-0", "Classifier-0"), ("%", "")]
)
def test_a_model_that_no_paper_names_is_told_with_the_nearest(
    connection: Connection, typed: str, near: str
) -> None:
    with pytest.raises(CatalogError) as caught:
        run(connection, model_numbers.model_named(typed))
    assert near in caught.value.hint
    assert ("one of" in caught.value.hint) == bool(near)


def test_of_spellings_in_other_case_the_one_of_most_numbers_is_meant(
    connection: Connection,
) -> None:
    connection.execute(text("UPDATE results SET model = 'QUILL' WHERE model IS NULL"))
    connection.execute(text("UPDATE results SET model = 'Quill' WHERE model = 'Detector-L'"))
    for typed, name in (("quill", "QUILL"), ("Quill", "Quill")):
        found = run(connection, model_numbers.model_named(typed))
        assert found.name == name
