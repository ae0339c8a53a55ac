"""Tests of the counts that a search is narrowed by, on SQLite and PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text

from catalog.reads import search_facets
from catalog.reads.drivers import run
from catalog.reads.search import search
from catalog.reads.search_facets import FacetValue, facets
from tests.search.invented_papers import fill
from tests.site.content import connected


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    yield from connected(engine, fill)


def counted(connection: Connection, typed: str) -> dict[str, dict[str, int]]:
    found = run(connection, facets(typed)).facets
    return {one.name: {value.value: value.papers for value in one.values} for one in found}


def by_value(connection: Connection, typed: str) -> dict[tuple[str, str], FacetValue]:
    found = run(connection, facets(typed)).facets
    return {(one.name, value.value): value for one in found for value in one.values}


def test_papers_are_counted_by_everything_that_they_are_narrowed_by(
    connection: Connection,
) -> None:
    assert counted(connection, "diffusion") == {
        "year": {"2025": 1, "2024": 1},
        "code": {"yes": 1, "no": 1},
        "results": {"yes": 2},
        "task": {"image painting": 2},
        "dataset": {"ImageNet-1K": 2},
        "metric": {"parameters": 2, "top-1 accuracy": 2},
    }


def test_every_count_is_what_its_search_finds(connection: Connection) -> None:
    for typed in (
        "diffusion",
        "space",
        "after:2024-03 -code:yes",
        "dataset:imagenet-1k",
        "speedup>1",
    ):
        for (name, value), one in by_value(connection, typed).items():
            if not one.is_chosen:
                assert run(connection, search(one.q)).total == one.papers, (typed, name, value)


def test_a_chosen_value_leads_back(connection: Connection) -> None:
    found = by_value(connection, 'diffusion dataset:"imagenet-1k" code:yes year:2025')
    chosen = {name: one.q for name, one in found.items() if one.is_chosen}
    assert chosen == {
        ("dataset", "ImageNet-1K"): "diffusion code:yes year:2025",
        ("code", "yes"): 'diffusion dataset:"imagenet-1k" year:2025',
        ("year", "2025"): 'diffusion dataset:"imagenet-1k" code:yes',
    }


@pytest.mark.parametrize("many", [0, 50])
def test_of_many_papers_the_last_ones_are_counted(
    many: int, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_facets, "COUNTED", 1)
    monkeypatch.setattr(search_facets, "FREQUENT", {"sqlite": many, "postgresql": many})
    for typed in ("diffusion", "diffusion results:yes", "task:image-painting"):
        found = run(connection, facets(typed))
        assert (found.papers, found.is_complete) == (1, False), typed
        assert counted(connection, typed)["code"] == {"no": 1}, typed


def test_nothing_is_counted_where_nothing_is_found(connection: Connection) -> None:
    assert run(connection, facets("zebra")).facets == []
    assert run(connection, facets("")).papers == 0


def test_a_dataset_is_chosen_by_any_of_its_names_and_by_no_other(connection: Connection) -> None:
    connection.execute(text("UPDATE datasets SET name = 'Quills+' WHERE slug = 'imagenet-1k'"))
    connection.execute(text("UPDATE datasets SET key = 'quillsplus' WHERE name = 'Quills+'"))
    connection.execute(text("UPDATE datasets SET name = 'Quills' WHERE slug = 'ms-coco'"))
    connection.execute(text("UPDATE datasets SET key = 'quills' WHERE name = 'Quills'"))
    for typed, chosen in (("Quills+", "Quills+"), ("Quills", "Quills"), ("ms-coco", "Quills")):
        found = by_value(connection, f"code:yes OR code:no dataset:{typed}")
        names = {value: one.q for (name, value), one in found.items() if name == "dataset"}
        assert {value for value in names if found["dataset", value].is_chosen} == {chosen}
        assert names[chosen] == "code:yes OR code:no"


def test_a_search_with_or_is_narrowed_as_a_whole(connection: Connection) -> None:
    for (name, value), one in by_value(connection, "diffusion OR space").items():
        assert run(connection, search(one.q)).total == one.papers, (name, value)
