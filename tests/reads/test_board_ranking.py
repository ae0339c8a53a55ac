"""Tests of what is ranked where a board has more results than are read."""

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from catalog.models import Dataset, DatasetAlias, Metric
from catalog.reads import board_records, boards
from catalog.reads.board_cards import BoardCard, cards_of
from catalog.reads.boards import Board, Filters, board
from catalog.reads.drivers import run
from catalog.reads.named_boards import board_named
from catalog.reads.paper import paper as read_paper
from catalog.reads.places import Claim, claims_of
from tests.reads.new_best import report
from tests.site.content import fill, result, save

DAY = dt.date(2025, 3, 11)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A catalog with a board of eight papers, each with a number of its own."""
    with Session(engine) as session:
        fill(session)
        yield session


def ranked(session: Session, filters: Filters = Filters()) -> Board:  # noqa: B008
    session.flush()
    found = run(session.connection(), board("imagenet-1k", "accuracy", filters))
    assert found is not None
    return found


def card(session: Session) -> BoardCard:
    session.flush()
    (listed,) = run(session.connection(), boards.boards("ImageNet-1K", "accuracy"))
    (found,) = run(session.connection(), cards_of([listed]))
    return found


@pytest.mark.parametrize("higher", [True, False])
def test_results_without_a_value_take_no_place(
    session: Session, monkeypatch: pytest.MonkeyPatch, *, higher: bool
) -> None:
    monkeypatch.setattr(boards, "MOST", 3)
    session.execute(text("UPDATE metrics SET higher_is_better = :higher"), {"higher": higher})
    for place in range(4):
        report(session, dt.date(2025, 1, 1 + place), None)
    assert len(ranked(session).ranking) == 3


def test_a_board_of_as_many_results_as_are_read_is_whole(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boards, "MOST", 8)
    assert not ranked(session).is_cut
    monkeypatch.setattr(boards, "MOST", 7)
    assert ranked(session).is_cut


def test_a_board_is_not_thin_because_few_of_its_results_were_read(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(session, DAY, 91.5, error=None)
    monkeypatch.setattr(boards, "MOST", 1)
    assert not ranked(session).is_thin
    monkeypatch.setattr(board_records, "MOST", 1)
    assert not card(session).is_thin


def test_a_card_tells_of_all_results_though_many_are_better(session: Session) -> None:
    """The first record is not among the best forty, nor is the unit of most results."""
    for place in range(45):
        report(session, DAY + dt.timedelta(place), 91 + place / 10)
        report(session, DAY + dt.timedelta(place), 200.0 + place, unit="ms")
    found = card(session)
    assert found.best is not None
    assert (found.unit, found.best.value, found.papers) == ("%", 95.4, 53)
    assert [one.value for one in found.records][:2] == [87.9, 91.0]


def placed(session: Session, paper: int) -> list[Claim]:
    session.flush()
    found = run(session.connection(), read_paper(paper))
    assert found is not None
    return run(session.connection(), claims_of(paper, found.results))


def with_number(session: Session, value: float, **more: object) -> int:
    """Add a number to a paper that reports 85.1% on the board; it stands before that one."""
    found = report(session, DAY, 85.1)
    on = session.query(Dataset).filter_by(slug="imagenet-1k").one()
    by = session.query(Metric).filter_by(slug="accuracy").one()
    stated = {"value": value, "unit": "%", **more}
    save(session, result(found, "newest", metric=by, dataset=on, **stated))
    return found.id


def test_a_place_is_told_with_the_number_that_has_it(session: Session) -> None:
    found = placed(session, with_number(session, 70.5))
    assert [(one.number.text, one.place) for one in found] == [("85.1%", "4th of 9")]


def test_a_bound_has_no_place(session: Session) -> None:
    found = placed(session, with_number(session, 99.5, is_bound=True))
    assert [(one.number.text, one.place) for one in found] == [("85.1%", "4th of 9")]


def test_a_name_means_the_board_that_ranks(session: Session) -> None:
    """Of two datasets with one alias, the numbers of one are more, but none of them is sure."""
    other = Dataset(name="ImageNet-R", slug="imagenet-r", key="imagenetr")
    save(session, other)
    for place in range(9):
        report(session, DAY, 50.5 + place, dataset_id=other.id, confidence=0.1)
    usual = session.query(Dataset).filter_by(slug="imagenet-1k").one()
    save(session, *(DatasetAlias(dataset_id=one.id, alias="ImNet") for one in (usual, other)))
    found = run(session.connection(), board_named("imnet", "accuracy"))
    assert found.dataset.name == "ImageNet-1K"
    alone = run(session.connection(), board_named("imagenet-r", "accuracy"))
    assert (alone.dataset.name, alone.hidden) == ("ImageNet-R", 9)
