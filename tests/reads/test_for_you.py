"""Tests of what is recommended to whom has starred papers, on both databases."""

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.orm import Session

from catalog.models import Mark, Paper
from catalog.reads.drivers import run
from catalog.reads.for_you import ForYou, for_you
from tests.site.content import connected, paper, save

OWLS = ("2503.03001", "2503.03002", "2503.03003")
HERONS = ("2503.03004", "2503.03005")
ABSTRACTS = {
    OWLS[0]: "Owlets hear by facial disks. Without facial disks owlets get lost.",
    OWLS[1]: "The facial disks of barn owlets, measured by tomography.",
    OWLS[2]: "Facial disks of owlets in winter, seen from afar.",
    HERONS[0]: "Herons fish by sight. A model of how herons see minnows.",
    HERONS[1]: "How herons see minnows below the mirror of a pond.",
    "2503.03006": "Warm walls of stone, and the moss that grows on them.",
}
NOON = dt.datetime(2025, 3, 12, 12, tzinfo=dt.UTC)


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    def fill(session: Session) -> None:
        for key, abstract in ABSTRACTS.items():
            paper(session, key, f"Paper {key}", abstract, None)

    yield from connected(engine, fill)


def mark(connection: Connection, key: str, *, hours: int = 0, read: bool = False) -> None:
    """Star a paper some hours after noon, or mark it as read."""
    with Session(connection) as session:
        found = session.scalars(select(Paper).where(Paper.key == key)).one()
        at = NOON + dt.timedelta(hours=hours)
        when = {"read_at": at} if read else {"starred_at": at}
        save(session, Mark(paper_id=found.id, label=found.label, made_at=at, changed_at=at, **when))
        session.commit()


def keys(found: ForYou) -> list[str]:
    return [one.paper.key for one in found.papers]


def test_nothing_is_recommended_to_whom_has_starred_nothing(connection: Connection) -> None:
    mark(connection, OWLS[0], read=True)
    found = run(connection, for_you())
    assert (found.starred, found.papers) == (0, [])


def test_papers_like_the_starred_one_come_with_the_star(connection: Connection) -> None:
    mark(connection, OWLS[0])
    found = run(connection, for_you())
    assert found.starred == 1
    assert set(keys(found)) == {OWLS[1], OWLS[2]}
    assert {star.key for one in found.papers for star in one.because} == {OWLS[0]}


def test_what_is_read_or_withdrawn_is_not_recommended(connection: Connection) -> None:
    mark(connection, OWLS[0])
    mark(connection, OWLS[1], read=True)
    assert keys(run(connection, for_you())) == [OWLS[2]]
    connection.execute(
        text("UPDATE papers SET withdrawn = true WHERE key = :key"), {"key": OWLS[2]}
    )
    assert keys(run(connection, for_you())) == []


@pytest.mark.parametrize(("owl", "heron"), [(1, 2), (2, 1)])
def test_late_stars_count_more(connection: Connection, owl: int, heron: int) -> None:
    connection.execute(text("DELETE FROM papers WHERE key = :key"), {"key": OWLS[2]})
    mark(connection, OWLS[0], hours=owl)
    mark(connection, HERONS[0], hours=heron)
    found = run(connection, for_you())
    assert keys(found)[0] == (OWLS[1] if owl > heron else HERONS[1])
    assert {one.paper.key: [star.key for star in one.because] for one in found.papers} == {
        OWLS[1]: [OWLS[0]],
        HERONS[1]: [HERONS[0]],
    }


def test_what_two_stars_bring_up_names_both(connection: Connection) -> None:
    mark(connection, OWLS[0], hours=1)
    mark(connection, OWLS[1], hours=2)
    (found,) = run(connection, for_you()).papers
    assert found.paper.key == OWLS[2]
    assert {star.key for star in found.because} == {OWLS[0], OWLS[1]}


def test_as_many_are_recommended_as_asked(connection: Connection) -> None:
    mark(connection, OWLS[0])
    assert len(keys(run(connection, for_you(most=1)))) == 1
