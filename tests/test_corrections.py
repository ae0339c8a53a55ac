"""Tests of `catalog merge`, `split` and `corrections`."""

import json

import pytest
from click.testing import CliRunner

from etl.cli import main

ONE = {"title": "An Invented Paper of One Kind", "identifiers": [["arxiv", "2401.00001"]]}
OTHER = {"title": "An Invented Paper of Another Kind", "identifiers": [["arxiv", "2401.00002"]]}
NAMELESS = {"title": "An Invented Paper of One Kind"}


@pytest.fixture
def catalog(url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CATALOG_URL", url)

    def run(*args, code=0):
        result = CliRunner().invoke(main, list(args), catch_exceptions=False)
        assert result.exit_code == code, result.stdout + result.stderr
        return result

    return run


def write(path, *records):
    """A document of the catalog's own lines."""
    lines = []
    for record in records:
        names = [{"scheme": s, "value": v} for s, v in record.get("identifiers", [])]
        lines.append(json.dumps({**record, "identifiers": names}))
    path.write_text("\n".join(lines) + "\n")


def keys(catalog):
    rows = json.loads(catalog("query", "SELECT key FROM papers ORDER BY key", "--json").stdout)
    return [row["key"] for row in rows]


def test_two_papers_become_one_and_two_again(catalog, tmp_path):
    write(tmp_path / "a.jsonl", ONE, OTHER)
    catalog("load", "a.jsonl", "--format", "catalog-jsonl")
    catalog("merge", "2401.00001", "2401.00002", "--why", "the same work")
    assert keys(catalog) == ["2401.00001"]
    assert "the same work" in catalog("corrections", "list").stdout
    catalog("load", "a.jsonl", "--format", "catalog-jsonl", "--again")
    assert keys(catalog) == ["2401.00001"]
    catalog("corrections", "retract", "1")
    assert keys(catalog) == ["2401.00001", "2401.00002"]
    assert "the same work" not in catalog("corrections", "list").stdout
    assert "the same work" in catalog("corrections", "list", "--all").stdout


def test_one_paper_becomes_two_and_stays_so_when_loaded_again(catalog, tmp_path):
    write(tmp_path / "a.jsonl", ONE)
    write(tmp_path / "b.jsonl", NAMELESS)
    catalog("load", "a.jsonl", "b.jsonl", "--format", "catalog-jsonl")
    assert len(keys(catalog)) == 1
    catalog("split", "2401.00001", "title")
    catalog("forget", "b.jsonl")
    catalog("load", "b.jsonl", "--format", "catalog-jsonl")
    assert len(keys(catalog)) == 2


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["merge", "2401.00001", "2401.00001"], "one paper already"),
        (["merge", "2401.00001", "nowhere"], "cannot find the paper"),
        (["split", "2401.00001", "doi"], "join its records are: arxiv:2401.00001"),
        (["corrections", "retract", "7"], "there is none of this number"),
    ],
)
def test_what_cannot_be_decided_is_said_and_changes_nothing(catalog, tmp_path, command, says):
    write(tmp_path / "a.jsonl", ONE, OTHER)
    catalog("load", "a.jsonl", "--format", "catalog-jsonl")
    assert says in catalog(*command, code=1).stderr
    assert keys(catalog) == ["2401.00001", "2401.00002"]


def test_papers_of_one_title_are_flagged(catalog, tmp_path):
    write(tmp_path / "a.jsonl", ONE, {**OTHER, "title": ONE["title"]})
    catalog("load", "a.jsonl", "--format", "catalog-jsonl")
    sql = "SELECT paper_key, other_key FROM v_same_title"
    rows = json.loads(catalog("query", sql, "--json").stdout)
    assert rows == [{"paper_key": "2401.00001", "other_key": "2401.00002"}]
    assert "2401.00002" in catalog("show", "2401.00001").stdout
