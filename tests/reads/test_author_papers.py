"""Tests of the papers of an author, on SQLite and PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from catalog.models import Author, Authorship, Paper
from catalog.reads.author_papers import author_papers, newest_of_author
from catalog.reads.drivers import run
from tests.search.invented_papers import fill, save

QUILLS, FILMS, PARSERS = "2503.00001", "2503.00002", "2402.00003"


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A catalog in which Łukasz Kaiser wrote three papers, two of them as Lukasz KAISER."""
    with Session(engine) as session:
        fill(session)
        other = Author(name="Lukasz KAISER", key=" lukasz kaiser ")
        save(session, other)
        for key in (QUILLS, PARSERS):
            paper = session.query(Paper).filter_by(key=key).one()
            save(session, Authorship(paper_id=paper.id, position=9, author_id=other.id))
        session.commit()
    with engine.connect() as connection:
        yield connection


@pytest.mark.parametrize("name", ["Łukasz Kaiser", "lukasz kaiser", "Lukasz KAISER"])
def test_an_author_has_the_papers_of_all_spellings(connection: Connection, name: str) -> None:
    found = run(connection, author_papers(name))
    assert found is not None
    assert (found.name, found.spellings) == ("Lukasz KAISER", ["Łukasz Kaiser"])
    assert [paper.key for paper in found.papers] == [QUILLS, FILMS, PARSERS]
    assert (found.total, found.with_code, found.first_year, found.last_year) == (3, 2, 2024, 2025)
    assert found.numbers == 6


def test_an_author_is_shown_with_coauthors_datasets_and_tasks(connection: Connection) -> None:
    found = run(connection, author_papers("Łukasz Kaiser"))
    assert found is not None
    assert [(one.name, one.papers) for one in found.coauthors] == [
        ("Jürgen Schmidhuber", 1),
        ("Kaiming He", 1),
        ("Li He", 1),
        ("Zoë Müller", 1),
    ]
    assert [(one.slug, one.papers) for one in found.datasets] == [
        ("imagenet-1k", 2),
        ("ms-coco", 1),
    ]
    assert [(one.slug, one.papers) for one in found.tasks] == [("image-painting", 2)]


def test_papers_of_an_author_come_in_pages_and_as_a_feed(connection: Connection) -> None:
    pages = [run(connection, author_papers("Łukasz Kaiser", number=n, size=2)) for n in (1, 2)]
    assert [[paper.key for paper in page.papers] for page in pages if page] == [
        [QUILLS, FILMS],
        [PARSERS],
    ]
    assert [page.more for page in pages if page] == [True, False]
    assert len(run(connection, newest_of_author("Łukasz Kaiser", size=2))) == 2


def test_a_name_that_no_paper_prints_has_no_page(connection: Connection) -> None:
    assert run(connection, author_papers("Nobody Else")) is None
    assert run(connection, newest_of_author("Nobody Else", size=2)) == []
