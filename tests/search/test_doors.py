"""Tests that a search is the same in terminal, site, MCP, Python and digests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from catalog.database.engine import opened
from catalog.reads.digest import of_search
from catalog.reads.drivers import run
from tests.doors.doors import Door, ReadDoor, TerminalDoor, doors
from tests.doors.site_door import SiteDoor
from tests.doors.test_same_answers import agreed
from tests.search.invented_papers import fill
from tests.search.questions import MEANT, QUESTIONS, VIDEO


@pytest.fixture
def all_doors(url: str) -> Iterator[list[Door]]:
    with opened(url) as engine, Session(engine) as session:
        fill(session)
        session.commit()
    with doors(url) as found:
        yield found


def test_every_question_has_one_answer(all_doors: list[Door]) -> None:
    asked = list(QUESTIONS)[::3]  # the whole table is put to the read itself
    found = {typed: agreed(all_doors, "search", typed) for typed in asked}
    assert {typed: set(keys) for typed, (keys, _) in found.items()} == {
        typed: QUESTIONS[typed] for typed in asked
    }


def test_what_was_meant_is_told_at_every_door(all_doors: list[Door]) -> None:
    assert {typed: agreed(all_doors, "search", typed)[1] for typed in MEANT} == MEANT


def test_a_digest_of_a_saved_search_has_the_same_papers_in_the_same_order(
    all_doors: list[Door],
) -> None:
    read = next(door for door in all_doors if isinstance(door, ReadDoor))
    for typed in list(QUESTIONS)[1::3]:
        issue = run(read.connection, of_search(typed))
        assert [item.key for item in issue.items] == read.search(typed)[0], typed


def test_a_digest_never_guesses_and_says_what_it_left_out(all_doors: list[Door]) -> None:
    read = next(door for door in all_doors if isinstance(door, ReadDoor))
    issue = run(read.connection, of_search("diffusion zebra"))
    assert issue.items == []
    issue = run(read.connection, of_search("diffusion size:9"))
    assert issue.remarks == ["There is no filter “size”: searched for its words instead."]


@pytest.fixture
def site(sqlite_url: str) -> Iterator[Any]:
    with opened(sqlite_url) as engine, Session(engine) as session:
        fill(session)
        session.commit()
    with doors(sqlite_url) as found:
        yield next(door for door in found if isinstance(door, SiteDoor))


def test_the_page_says_what_was_found_and_what_was_meant(site: SiteDoor) -> None:
    page = site.ask("/search?q=difusion+code:maybe").text
    assert "code: takes yes or no, as in code:yes, not “maybe”" in page
    assert '<a href="?q=diffusion+code%3Amaybe">diffusion code:maybe</a>?' in page
    page = site.ask("/search?q=diffusion+-code:yes").text
    assert "<h2>1 paper</h2>" in page
    assert '<b aria-current="true">best match</b>' in page
    assert '<span class="tag">not code: yes</span>' in page
    assert "<mark>Diffusion</mark>" in page


def test_the_json_of_an_identifier_is_its_paper(site: SiteDoor) -> None:
    told = site.ask("/search.json?q=2503.00002").json()
    assert [paper["key"] for paper in told["papers"]] == [VIDEO]
    assert told["is_identifier"]
    feed = site.ask("/search.atom?q=diffusion").text
    assert feed.count("<entry>") == 2


def test_the_terminal_tells_of_more_on_standard_error(sqlite_url: str, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from etl.cli import main

    with opened(sqlite_url) as engine, Session(engine) as session:
        fill(session)
        session.commit()
    assert TerminalDoor(sqlite_url).search("nothing-of-the-kind") == ([], [])
    command = ["--db", sqlite_url, "search", "diffusion", "--limit", "1", "--json"]
    result = CliRunner().invoke(main, command)
    assert result.stderr == "1 of 2 papers: --limit shows more.\n"


def test_names_of_the_catalog_cannot_command_a_terminal(sqlite_url: str) -> None:
    from click.testing import CliRunner

    from catalog.models import Dataset
    from etl.cli import main

    with opened(sqlite_url) as engine, Session(engine) as session:
        session.add(Dataset(name="Red\x07Set", slug="redset", key="redset"))
        session.commit()
    for command in (["search"], ["digest", "--query"]):
        result = CliRunner().invoke(main, ["--db", sqlite_url, *command, "dataset:redsets"])
        assert "The nearest: Red" in result.stderr
        assert "\x07" not in result.stderr
