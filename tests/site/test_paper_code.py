"""Tests that every page shows the same repository for a paper."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from catalog.database.engine import opened
from tests.reads.papers_with_code import EXPECTED, fill
from tests.site.conftest import Get, as_table, asking

NAMES = {key: code and code[0] for key, code in EXPECTED.items()}


@pytest.fixture(scope="module")
def get(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    file = tmp_path_factory.mktemp("code") / "catalog.db"
    shutil.copyfile(migrated, file)
    with opened(f"sqlite:///{file}") as engine, Session(engine) as session:
        fill(session)
        session.commit()
    yield from asking(file)


def test_lists_show_the_chosen_one(get: Get) -> None:
    papers = get("/search.json?q=quills").json()["papers"]
    found = {paper["key"]: paper["repository"] for paper in papers}
    assert {key: code and (code["full_name"], code["stars"]) for key, code in found.items()} == (
        EXPECTED
    )


def test_a_paper_shows_the_chosen_one_first(get: Get) -> None:
    for key, name in NAMES.items():
        links = get(f"/paper/{key}.json").json()["links"]
        assert (links[0]["repository"] if links else None) == name


def test_a_board_shows_the_chosen_one(get: Get) -> None:
    ranking = get("/leaderboard/coco/accuracy.json").json()["ranking"]
    assert {row["key"]: row["repository"] for row in ranking} == NAMES


@pytest.mark.parametrize("view", ["v_papers", "v_results"])
@pytest.mark.parametrize("order", ["_sort", "_sort_desc"])
def test_views_are_sorted_by_the_stars_that_they_print(view: str, order: str, get: Get) -> None:
    path, seen = f"/catalog/{view}.json?{order}=stars&_size=3", []
    while path:
        page = as_table(get, path)
        seen += [(row["paper_key"], row["repository"], row["stars"]) for row in page.rows]
        path = (page.next_url or "").removeprefix("http://localhost")
    assert sorted(seen) == sorted((key, *(code or (None, None))) for key, code in EXPECTED.items())
    stars = [-1 if row[2] is None else row[2] for row in seen]
    assert stars == sorted(stars, reverse=order == "_sort_desc")
