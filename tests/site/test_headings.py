"""Tests of headings of tables and of the start page."""

import re
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from catalog.database.engine import opened
from catalog.models.descriptions import VIEWS
from catalog.site.datasette_internals.table_pages import LEAN
from tests.site.conftest import Get, asking

HEADING = re.compile(r'<th scope="col".*?>([^<>]+?)(?:</a>)?</th>', re.DOTALL)


@pytest.mark.parametrize("table", [*VIEWS, *LEAN])
def test_no_two_columns_have_one_heading(table: str, get: Get) -> None:
    found = [name.strip() for name in HEADING.findall(get(f"/catalog/{table}?_all=1").text)]
    assert found or table in {"v_same_title", "v_shared_identifiers"}
    assert len(found) == len(set(found)), found


def test_a_run_that_loaded_nothing_is_not_told_of_as_new(catalog_file: Path, tmp_path: Path):
    file = tmp_path / "again.db"
    shutil.copyfile(catalog_file, file)
    with opened(f"sqlite:///{file}") as engine, engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO runs (command, version, started_at, finished_at, state, documents, "
                "skipped, records, papers_added, papers_changed, papers_removed, entries_added, "
                "results_added, links_added, problems) SELECT 'reextract', version, "
                "'2999-01-01 00:00:00', finished_at, state, 0, skipped, 0, 0, 5, 0, 0, 0, 0, 0 "
                "FROM runs LIMIT 1"
            )
        )
    for get in asking(file):
        new = get("/about").text.split("The last run was")[1].split("</p>")[0]
    assert "reextract" not in new
    assert "11 new papers" in new
