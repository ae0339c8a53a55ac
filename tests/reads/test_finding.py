"""Tests that a paper is found by its key, its identifiers and its title."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from catalog.domain.errors import CatalogError
from catalog.reads.drivers import run
from catalog.reads.finding import find_identified, find_named, find_paper
from tests.reads.identified_papers import FORMS, INK, QUILL, ROOST, UNPREFIXED, fill
from tests.site.content import connected


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    yield from connected(engine, fill)


def test_every_printed_form_finds_its_paper(connection: Connection) -> None:
    for read in (find_identified, find_named, find_paper):
        found = {form: run(connection, read(form)) for form in FORMS}
        assert {form: paper and paper.key for form, paper in found.items()} == FORMS


def test_identifiers_that_could_be_words_name_a_paper_but_are_no_search(
    connection: Connection,
) -> None:
    assert {f: run(connection, find_named(f)).key for f in UNPREFIXED} == UNPREFIXED
    assert all(run(connection, find_identified(form)) is None for form in UNPREFIXED)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("of quills for", QUILL),
        ("  A SCHEME of   quills ", QUILL),
        ("Schrödinger's ink", INK),
        ("schrodingers ink a scheme", INK),
        ("50% of", ROOST),
    ],
)
def test_words_of_one_title_find_it(words: str, key: str, connection: Connection) -> None:
    assert run(connection, find_paper(words)).key == key


def test_a_whole_title_is_preferred_to_longer_ones(engine: Engine) -> None:
    from catalog.models import Paper

    titles = {"a-000000000001": "Quills", "a-000000000002": "More Quills Than Ever"}
    with Session(engine) as session:
        for key, title in titles.items():
            flags = {"has_code": False, "has_results": False}
            session.add(Paper(key=key, label=title, title=title, **flags))
        session.commit()
    with engine.connect() as connection:
        assert run(connection, find_paper("quills")).key == "a-000000000001"
        with pytest.raises(CatalogError, match="2 titles"):
            run(connection, find_paper("quill"))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("scheme", "3 titles contain these words: 10.1000/ink"),
        ("nothing of the kind", "no key, identifier or title matches"),
        ("5_% of", "no key, identifier or title matches"),
        ("  ", "no key, identifier or title matches"),
        ("2503.99999", "catalog add 2503.99999"),
        ("https://doi.org/10.1000/missing", "catalog add 10.1000/missing"),
        ("2413.12345", "expected e.g. 1706.03762"),
        ("2503.1234", "turned it into a decimal number"),
    ],
)
def test_what_names_no_paper_or_several_says_so(
    name: str, says: str, connection: Connection
) -> None:
    with pytest.raises(CatalogError) as caught:
        run(connection, find_paper(name))
    assert says in str(caught.value)
