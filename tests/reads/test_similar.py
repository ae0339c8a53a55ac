"""Tests of papers like one, and of places on leaderboards, on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from catalog.models import Dataset, Metric
from catalog.reads.drivers import run
from catalog.reads.paper import paper as read_paper
from catalog.reads.places import claims_of
from catalog.reads.similar import similar
from tests.site.content import paper, result, save

ABSTRACTS = {
    "2503.02001": "Owlets hear by facial disks. Our net models facial disks of owlets at 91.5%.",
    "2503.02002": "We measure facial disks of barn owlets by tomography and reach 90.5%.",
    "2503.02003": "Herons fish by sight. Our net models the sight of herons at 88.5%.",
    "2503.02004": "Barn walls of stone are warm. We measure the warmth of walls.",
    "2503.02006": "The sight of herons matters at 70.5 per cent.",
    "2503.02007": "The sight of herons matters at 70.5% per cent.",
    "2503.02005": "Our net is the net that we measure, and the net is warm.",
}
"""Key -> abstract; the first two are on one subject, the next three on another."""


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with Session(engine) as session:
        owl = Dataset(name="OwlBench", slug="owlbench", key="owlbench")
        metric = Metric(name="accuracy", slug="accuracy", key="accuracy", higher_is_better=True)
        save(session, owl, metric)
        for key, abstract in ABSTRACTS.items():
            one = paper(session, key, f"Paper {key}", abstract, None)
            number = abstract[abstract.index("%") - 4 :][:5] if "%" in abstract else ""
            if number:
                save(session, result(one, number, metric=metric, dataset=owl, unit="%",
                                     value=float(number[:-1])))  # fmt: skip
        session.commit()
    with engine.connect() as connection:
        yield connection


def paper_id(connection: Connection, key: str) -> int:
    found = connection.execute(text("SELECT id FROM papers WHERE key = :key"), {"key": key})
    return int(found.scalar_one())


def test_the_paper_on_the_same_subject_comes_first(connection: Connection) -> None:
    found = run(connection, similar(paper_id(connection, "2503.02001")))
    assert found[0].paper.key == "2503.02002"
    assert found[0].datasets == ["OwlBench"]
    assert "2503.02001" not in [one.paper.key for one in found]


def test_a_shared_dataset_brings_a_paper_up(connection: Connection) -> None:
    heron, alike = paper_id(connection, "2503.02003"), ["2503.02006", "2503.02007"]
    found = [one.paper.key for one in run(connection, similar(heron))]
    assert next(key for key in found if key in alike) == "2503.02007"  # it reports on OwlBench
    connection.execute(text("DELETE FROM results WHERE paper_id = :id"), {"id": heron})
    found = [one.paper.key for one in run(connection, similar(heron))]
    assert [key for key in found if key in alike] == alike  # of equal words, the first one


def test_a_claim_has_its_place_on_its_board(connection: Connection) -> None:
    number = paper_id(connection, "2503.02002")
    found = run(connection, read_paper(number))
    assert found is not None
    claims = run(connection, claims_of(number, found.results))
    assert [(one.number.text, one.place) for one in claims] == [("90.5%", "2nd of 4")]


def test_a_thin_board_gives_no_place(connection: Connection) -> None:
    number = paper_id(connection, "2503.02002")
    for key in ("2503.02003", "2503.02007"):
        other = {"id": paper_id(connection, key)}
        connection.execute(text("DELETE FROM results WHERE paper_id = :id"), other)
    found = run(connection, read_paper(number))
    assert found is not None
    assert [one.place for one in run(connection, claims_of(number, found.results))] == [""]
