"""Tests that every read and view chooses the same repository for a paper."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text

from catalog.reads.code import of_paper
from catalog.reads.digest import of_day
from catalog.reads.drivers import run
from catalog.reads.named_queries import QUERIES
from catalog.reads.paper import paper
from catalog.reads.search import search
from tests.reads.papers_with_code import DAY, EXPECTED, fill
from tests.site.content import connected

WITH_STARS = {key: code or (None, None) for key, code in EXPECTED.items()}
NAMES = {key: code and code[0] for key, code in EXPECTED.items()}


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    yield from connected(engine, fill)


def pairs(connection: Connection, sql: str, **values: object) -> dict:
    return {row[0]: tuple(row[1:]) for row in connection.execute(text(sql), values)}


def test_the_rule_chooses_official_then_stars_then_name(connection: Connection) -> None:
    sql = f"SELECT p.key, {of_paper('o.full_name')}, {of_paper('o.stars')} FROM papers p"
    assert pairs(connection, sql) == WITH_STARS


@pytest.mark.parametrize("view", ["v_papers", "v_results", "v_digest"])
def test_views_print_the_chosen_one_with_its_own_stars(view: str, connection: Connection) -> None:
    sql = f"SELECT paper_key, repository, stars FROM {view}"
    assert pairs(connection, sql) == WITH_STARS


def test_search_and_paper_name_the_chosen_one(connection: Connection) -> None:
    papers = run(connection, search("quills", size=50)).papers
    assert {one.key: one.repository and one.repository.full_name for one in papers} == NAMES
    for number, key in connection.execute(text("SELECT id, key FROM papers")).all():
        found = run(connection, paper(number))
        assert (found.links[0].repository if found.links else None) == NAMES[key]
        assert (found.repository and found.repository.full_name) == NAMES[key]


def test_digests_name_the_chosen_one(connection: Connection) -> None:
    items = run(connection, of_day(DAY)).items
    found = {item.key: item.repository for item in items}
    assert {key: code and (code.full_name, code.stars) for key, code in found.items()} == EXPECTED


@pytest.mark.parametrize("name", ["best_on_dataset", "digest_with_code"])
def test_named_queries_name_the_chosen_one(name: str, connection: Connection) -> None:
    query = QUERIES[name]
    values = {parameter.name: "" for parameter in query.parameters} | {"dataset": "COCO"}
    asked = {parameter.name: values[parameter.name] for parameter in query.parameters}
    rows = connection.execute(text(query.sql), asked).mappings().all()
    found = {row["paper_key"]: row["repository"] for row in rows}
    with_code = {key: code for key, code in NAMES.items() if code}
    assert found == (NAMES if name == "best_on_dataset" else with_code)
    assert len(rows) == len(found), "a paper stands twice"
