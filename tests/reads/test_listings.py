"""Tests of the lists of datasets, tasks and authors."""

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from catalog.models import Author, Authorship, Paper, PaperTask, Task
from catalog.reads.drivers import run
from catalog.reads.listings import Kind, listed
from etl.cli import main
from tests.reads.papers_with_code import save
from tests.site.content import fill


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with Session(engine) as session:
        fill(session)
        papers = session.query(Paper).order_by(Paper.id).limit(2).all()
        ada, bo = Author(name="Ada Example"), Author(name="Bo 100% Example")
        parsing = Task(name="parsing", slug="parsing", key="parsing")
        save(session, ada, bo, parsing)
        for paper in papers:
            session.add(Authorship(paper_id=paper.id, author_id=ada.id, position=1))
        session.add(Authorship(paper_id=papers[0].id, author_id=bo.id, position=2))
        session.add(PaperTask(paper_id=papers[0].id, task_id=parsing.id))
        session.commit()
    with engine.connect() as connection:
        yield connection


@pytest.mark.parametrize(
    ("kind", "part", "expected"),
    [
        ("datasets", "", [("ImageNet-1K", 8), ("COCO", 1)]),
        ("datasets", "IMAGENET", [("ImageNet-1K", 8)]),
        ("datasets", "ms-co", [("COCO", 1)]),  # by an alias
        ("datasets", "nothing", []),
        ("tasks", "", [("parsing", 1)]),
        ("authors", "", [("Ada Example", 2), ("Bo 100% Example", 1)]),
        ("authors", "100%", [("Bo 100% Example", 1)]),
        ("authors", "_", []),
    ],
)
def test_names_are_listed_those_of_most_papers_first(
    connection: Connection, kind: Kind, part: str, expected: list[tuple[str, int]]
) -> None:
    found = [(one.name, one.papers) for one in run(connection, listed(kind, part))]
    assert [one for one in found if not one[0].startswith("Bad ")] == expected


@pytest.mark.parametrize("kind", ["datasets", "tasks", "authors"])
def test_the_command_lists_the_same(connection: Connection, url: str, kind: Kind) -> None:
    result = CliRunner().invoke(main, ["--db", url, kind, "--json"])
    assert result.exit_code == 0
    told = [(row["name"], row["papers"], row["numbers"]) for row in json.loads(result.stdout)]
    assert told == [(one.name, one.papers, one.numbers) for one in run(connection, listed(kind))]


def test_nothing_is_said_in_words(connection: Connection, url: str) -> None:
    result = CliRunner().invoke(main, ["--db", url, "tasks", "no", "such"])
    assert result.exit_code == 0
    assert "The catalog has no tasks whose name holds 'no such'." in result.stderr
