"""Tests of what stands around a leaderboard."""

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from catalog.models import Result, Task
from catalog.reads.board_context import Neighbour, changes, gains, surroundings, variants_of
from catalog.reads.boards import Board, Filters, board, boards
from catalog.reads.drivers import run
from tests.reads.new_best import report
from tests.site.content import fill, save


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A catalog of which two numbers name a task, and one another variant of the dataset."""
    with Session(engine) as session:
        fill(session)
        task = Task(name="image classification", slug="image-classification", key="ic")
        save(session, task)
        report(session, dt.date(2025, 3, 11), 91.5, dataset_text="ImageNet 256 x 256")
        for printed in ("80.5%", "54.3"):
            found = session.query(Result).filter_by(text=printed).one()
            found.task_id = task.id
        session.commit()
    with engine.connect() as connection:
        yield connection


def ranked(connection: Connection, filters: Filters = Filters()) -> Board:  # noqa: B008
    found = run(connection, board("imagenet-1k", "accuracy", filters))
    assert found is not None
    return found


def test_a_board_stands_beside_others_of_its_task_and_dataset(connection: Connection) -> None:
    found = ranked(connection)
    around = run(connection, surroundings(found.dataset, found.metric))
    assert [(one.name, one.results) for one in around.tasks] == [("image classification", 1)]
    assert [(one.name, one.has_board) for one in around.datasets] == [
        ("COCO", False), ("ImageNet-1K", True),
    ]  # fmt: skip
    assert [one.name for one in around.metrics] == ["accuracy"]
    assert [one.name for one in around.variants] == ["ImageNet 256 x 256"]


def test_a_board_is_narrowed_to_one_spelling_of_its_dataset(connection: Connection) -> None:
    found = ranked(connection, Filters(spellings=("ImageNet 256 x 256",)))
    assert [one.compared for one in found.ranking] == [91.5]


def test_spellings_of_one_variant_are_joined() -> None:
    told = [Neighbour(name, "", count) for name, count in
            (("ImageNet", 9), ("ImageNet-256", 3), ("ImageNet 256×256", 7))]  # fmt: skip
    found = variants_of(told)
    assert [(one.name, one.results) for one in found] == [("ImageNet-256", 10), ("ImageNet", 9)]


def test_each_record_tells_its_gain_over_the_one_before(connection: Connection) -> None:
    found = gains(ranked(connection).ranking)
    assert [(one.entry.compared, one.gain) for one in found] == [(91.5, 3.6), (87.9, None)]


def test_where_lower_is_better_a_record_gains_by_less(engine: Engine) -> None:
    with Session(engine) as session:
        fill(session)
        session.execute(text("UPDATE metrics SET higher_is_better = false"))
        session.flush()
        found = gains(ranked(session.connection()).ranking)
    assert [one.gain for one in found] == [*[-1.0] * 5, -2.4, None]  # one of them has no day


def test_the_top_changes_when_better_papers_come(connection: Connection) -> None:
    found = ranked(connection)
    told = changes(found, dt.date(2025, 1, 1))
    assert [one.compared for one in told.entered] == [91.5]
    assert (told.best_before and told.best_before.compared) == 87.9
    assert told.left == []


def test_ten_better_papers_push_others_out_of_the_top(engine: Engine) -> None:
    with Session(engine) as session:
        fill(session)
        for place in range(9):
            report(session, dt.date(2025, 4, 1 + place), 90.5 + place / 10)
        session.flush()
        told = changes(ranked(session.connection()), dt.date(2025, 1, 1))
    assert len(told.entered) == 9
    assert [one.compared for one in told.left] == [86.5, 85.5, 84.5, 83.5, 82.5, 81.5, 80.5]


def test_equal_values_leave_the_top_together(engine: Engine) -> None:
    with Session(engine) as session:
        fill(session)
        for place, value in enumerate((79.5, 78.5, 78.5)):
            report(session, dt.date(2024, 3, 1 + place), value)
        report(session, dt.date(2025, 3, 11), 91.5)
        session.flush()
        told = changes(ranked(session.connection()), dt.date(2025, 1, 1))
    assert [one.compared for one in told.entered] == [91.5]
    assert [(one.compared, one.rank) for one in told.left] == [(78.5, 11), (78.5, 11)]


def test_leaderboards_of_sizes_and_times_come_last(connection: Connection) -> None:
    change = text(
        "UPDATE results SET dataset_id = (SELECT id FROM datasets WHERE slug = 'coco')"
        " WHERE metric_id = (SELECT id FROM metrics WHERE slug = 'parameters')"
    )
    assert connection.execute(change).rowcount > 1
    listed = run(connection, boards())
    assert [(one.metric, one.papers) for one in listed][-2:] == [("mAP", 1), ("parameters", 8)]
