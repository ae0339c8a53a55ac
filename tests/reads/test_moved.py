"""Tests of the boards that have a new best value."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from catalog.models import Dataset
from catalog.reads.drivers import run
from catalog.reads.moved import Movement, moved, moved_lately
from tests.reads.new_best import report
from tests.site.content import fill, save

TUESDAY = dt.date(2025, 3, 11)
_LOWER = text("UPDATE metrics SET higher_is_better = false WHERE slug = 'accuracy'")


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A catalog whose largest board was led by 87.9% since May 2024."""
    with Session(engine) as session:
        fill(session)
        yield session


def since(session: Session, day: dt.date) -> Movement:
    session.flush()
    return run(session.connection(), moved(day, dt.date(2025, 12, 31)))


def test_a_board_with_a_new_best_tells_the_old_and_the_new_one(session: Session) -> None:
    newer = report(session, TUESDAY, 91.5)
    (found,) = since(session, dt.date(2025, 3, 9)).boards
    assert (found.dataset, found.metric, found.unit, found.papers) == (
        "ImageNet-1K", "accuracy", "%", 9,
    )  # fmt: skip
    assert (found.before.value, found.best.value, found.best.key) == (87.9, 91.5, newer.key)
    assert [(one.day, one.value) for one in found.records] == [
        (dt.date(2024, 5, 3), 87.9), (TUESDAY, 91.5),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "told",
    [
        {"value": 85.5},  # not the best
        {"value": 87.9},  # as good only
        {"value": 91.5, "confidence": 0.5},  # not sure enough for the board
        {"value": 91.5, "state": "rejected"},
        {"value": 91.5, "role": "other"},
        {"value": 91.5, "unit": "ms"},  # another unit than the board ranks in
        {"value": 91.5, "is_bound": True},  # such as "below 91.5%"
    ],
)
def test_a_number_that_does_not_lead_the_board_moves_nothing(
    session: Session, told: dict[str, Any]
) -> None:
    report(session, TUESDAY, **told)
    assert since(session, dt.date(2025, 3, 9)).boards == []


def test_the_old_best_is_told_though_many_better_ones_came(session: Session) -> None:
    for place in range(45):
        report(session, TUESDAY + dt.timedelta(place), 91 + place / 10)
    (found,) = since(session, TUESDAY).boards
    assert (found.before.value, found.best.value, len(found.records)) == (87.9, 95.4, 46)


def test_as_many_boards_are_told_as_are_asked_for(session: Session) -> None:
    for number in range(18):
        on = Dataset(name=f"Set {number}", slug=f"set-{number}", key=f"set{number}")
        save(session, on)
        for month in (1, 2, 3):
            report(session, dt.date(2025, month, 11), 50.5 + month + number / 64, dataset_id=on.id)
    session.flush()
    days = dt.date(2025, 3, 9), dt.date(2025, 12, 31)
    for most, told in ((50, 18), (5, 5)):
        assert len(run(session.connection(), moved(*days, most)).boards) == told


def test_a_share_is_a_new_best_of_bare_per_cents(session: Session) -> None:
    session.execute(text("UPDATE results SET unit = NULL WHERE text = '85.5%'"))
    report(session, TUESDAY, 0.93, unit=None)
    (found,) = since(session, dt.date(2025, 3, 9)).boards
    assert (found.before.value, found.best.value) == (87.9, 93.0)


def test_a_withdrawn_paper_moves_nothing(session: Session) -> None:
    report(session, TUESDAY, 91.5).withdrawn = True
    assert since(session, dt.date(2025, 3, 9)).boards == []


def test_what_led_before_moves_nothing(session: Session) -> None:
    report(session, TUESDAY, 91.5)
    assert since(session, dt.date(2025, 3, 12)).boards == []


def test_boards_of_which_lower_is_better_move_down(session: Session) -> None:
    report(session, TUESDAY, 79.5)
    assert since(session, dt.date(2025, 3, 9)).boards == []
    session.execute(_LOWER)
    (found,) = since(session, dt.date(2025, 3, 9)).boards
    assert (found.before.value, found.best.value) == (80.5, 79.5)


def test_the_newest_week_comes_before_the_newest_month(session: Session) -> None:
    report(session, dt.date(2025, 2, 20), 91.5)
    session.flush()
    month = run(session.connection(), moved_lately())
    assert (month.since, len(month.boards)) == (dt.date(2025, 2, 11), 1)  # the newest day is 12 Mar
    report(session, TUESDAY, 93.5)
    session.flush()
    week = run(session.connection(), moved_lately())
    assert (week.since, week.until) == (dt.date(2025, 3, 6), dt.date(2025, 3, 12))
    assert [(one.before.value, one.best.value) for one in week.boards] == [(91.5, 93.5)]


def test_a_catalog_without_papers_has_not_moved(engine: Engine) -> None:
    with engine.connect() as connection:
        assert run(connection, moved_lately()) == Movement(since=None, until=None, boards=[])
