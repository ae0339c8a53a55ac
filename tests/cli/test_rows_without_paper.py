"""Tests of rows of result tables whose source names no paper: kept, shown, forgotten, copied."""

import json
import os

import pytest

from catalog.database.engine import opened
from tests.cli.pages import count
from tests.site.conftest import asking
from tests.snapshot import snapshot

PAPER = {
    "paper_title": "Invented Quills for Reading",
    "paper_url": "https://arxiv.org/abs/2405.15738",
}


def row(model, value, **more):
    return {"model_name": model, "metrics": {"EM": value}, "paper_date": "2021-02-21", **more}


ROWS = (
    row("QuillNet (ensemble)", "90.8", paper_title="", paper_url=""),
    row("Named", "88.1", **PAPER),
    row("", "87.5", paper_title="", paper_url=""),
    row("", "87.4", paper_title="", paper_url=""),
    row("Elsewhere", "86.0", paper_title="", paper_url="https://quills.example.org/net"),
    row("QuillNet (ensemble)", "85.0", paper_title="", paper_url="", paper_date="2020-01-01"),
)


def table(*rows, task="Reading"):
    dataset = {"dataset": "QuillQA", "sota": {"metrics": ["EM"], "rows": list(rows)}}
    return json.dumps([{"task": task, "datasets": [dataset]}])


@pytest.fixture
def loaded(catalog, tmp_path):
    (tmp_path / "tables.json").write_text(table(*ROWS))
    catalog("load", "tables.json", "--no-extract")
    return catalog


def said(catalog, sql):
    return json.loads(catalog("query", sql, "--json").stdout)


def test_every_row_is_on_the_board_with_its_model_and_no_paper(loaded):
    board = json.loads(loaded("leaderboard", "QuillQA", "EM", "--json").stdout)
    told = [(one["value"], one["label"]) for one in board["ranking"]]
    assert told == [
        (90.8, "QuillNet (ensemble) (no paper named)"),
        (88.1, "Invented Quills for Reading"),
        (87.5, "Unnamed model (no paper named)"),
        (87.4, "Unnamed model (no paper named)"),
        (86.0, "Elsewhere (no paper named)"),
        (85.0, "QuillNet (ensemble) (no paper named)"),
    ]


def test_only_papers_are_counted_listed_and_found(loaded):
    assert count(loaded, "SELECT count(*) AS n FROM v_papers") == 1
    assert json.loads(loaded("status", "--json").stdout)["counts"]["papers"] == 1
    found = json.loads(loaded("search", "dataset:QuillQA", "--json").stdout)
    assert [one["key"] for one in found] == ["2405.15738"]


def test_a_row_has_a_page_that_says_what_it_is(loaded):
    (found,) = said(loaded, "SELECT key FROM papers WHERE label LIKE 'Elsewhere%'")
    assert found["key"].startswith("r-")
    shown = loaded("show", found["key"]).stdout
    assert "no paper named" in shown
    assert "https://quills.example.org/net" in shown
    assert "86" in shown
    assert "names no paper" in loaded("show", found["key"], "--bibtex", code=1).stderr


def test_its_page_on_the_site_says_so_and_has_no_reference(local, tmp_path):
    (tmp_path / "tables.json").write_text(table(*ROWS))
    local("load", "tables.json", "--no-extract")
    (found,) = said(local, "SELECT key FROM papers WHERE label LIKE 'Elsewhere%'")
    for get in asking(tmp_path / "catalog.db"):
        page = get(f"/paper/{found['key']}")
        assert "No paper named" in page.text
        assert f"catalog merge {found['key']}" in page.text
        assert get(f"/paper/{found['key']}.bib").status_code == 404
        assert get(f"/paper/{found['key']}.json").json()["is_row"] is True
        assert "Elsewhere (no paper named)" in get(f"/compare?paper={found['key']}").text
        assert "Invented Quills for Reading" in get("/dataset/quillqa").text


def test_no_row_is_exported_as_a_reference(loaded, tmp_path):
    loaded("export", "bibtex", "refs.bib")
    assert (tmp_path / "refs.bib").read_text().count("@") == 1


def test_rows_of_two_tasks_and_two_documents_are_one(loaded, tmp_path):
    before = count(loaded, "SELECT count(*) AS n FROM papers")
    (tmp_path / "again.json").write_text(table(*ROWS[::-1], task="Question Answering"))
    loaded("load", "again.json", "--no-extract")
    assert count(loaded, "SELECT count(*) AS n FROM papers") == before
    loaded("forget", "again.json")
    assert count(loaded, "SELECT count(*) AS n FROM results") == len(ROWS)


def test_a_row_goes_with_its_document_and_comes_back(loaded, tmp_path):
    keys = said(loaded, "SELECT key, label FROM papers ORDER BY key")
    (tmp_path / "tables.json").write_text(table(ROWS[1]))
    loaded("load", "tables.json", "--no-extract")
    assert count(loaded, "SELECT count(*) AS n FROM papers WHERE is_row") == 0
    (tmp_path / "tables.json").write_text(table(*ROWS))
    loaded("load", "tables.json", "--no-extract")
    assert said(loaded, "SELECT key, label FROM papers ORDER BY key") == keys
    loaded("forget", "tables.json")
    assert count(loaded, "SELECT count(*) AS n FROM papers") == 0
    loaded("db", "check")


def test_a_copy_has_the_rows(loaded, tmp_path, monkeypatch):
    source = os.environ.get("CATALOG_URL", "sqlite:///catalog.db")
    loaded("copy", source, "sqlite:///copy.db")
    monkeypatch.setenv("CATALOG_URL", "sqlite:///copy.db")
    assert count(loaded, "SELECT count(*) AS n FROM papers WHERE is_row") == len(ROWS) - 1
    loaded("db", "check")
    with opened("sqlite:///copy.db") as engine:
        assert snapshot(engine)["papers"]


def test_a_person_who_finds_the_paper_names_it(loaded):
    (found,) = said(loaded, "SELECT key FROM papers WHERE label LIKE 'Elsewhere%'")
    loaded("merge", found["key"], "2405.15738")
    assert count(loaded, "SELECT count(*) AS n FROM papers WHERE label LIKE 'Elsewhere%'") == 0
    told = "p.key = '2405.15738' AND NOT p.is_row AND r.value = 86.0"
    sql = f"SELECT count(*) AS n FROM results r JOIN papers p ON p.id = r.paper_id WHERE {told}"
    assert count(loaded, sql) == 1
