"""Tests of copying a catalog between databases."""

import json
import re
import subprocess
import sys
import urllib.request

import pytest
from sqlalchemy import text

from catalog.database.bulk_insert import insert_many
from catalog.database.engine import opened
from tests import postgres_databases
from tests.snapshot import snapshot
from tests.waiting import PATIENCE

SAMPLE = re.compile(r"http://\S+/")


@pytest.fixture(params=["sqlite", postgres_databases.POSTGRES])
def source(request, tmp_path):
    if request.param == "postgres":
        return postgres_databases.fresh()
    return f"sqlite:///{tmp_path / 'source.db'}"


def said(url):
    """What a catalog says; SQL without types gives days as text, and truth as 1, on SQLite."""
    with opened(url) as engine:
        return {name: sorted(map(plain, rows)) for name, rows in snapshot(engine).items()}


def plain(row):
    return tuple(str(int(value) if isinstance(value, bool) else value) for value in row)


def written(catalog, source, target):
    tables = json.loads(catalog(source, "copy", source, target, "--json").stdout)["tables"]
    return {
        name: (t["added"], t["removed"]) for name, t in tables.items() if t["added"] or t["removed"]
    }


def test_a_copy_says_what_its_original_says(catalog, page, source, tmp_path):
    catalog(source, "load", str(page))
    target = f"sqlite:///{tmp_path / 'copy.db'}"
    assert "Copied" in catalog(source, "copy", source, target).stdout
    assert said(target) == said(source)
    assert "FAILED" not in catalog(target, "db", "check").stdout


def test_copying_again_writes_nothing(catalog, page, source):
    catalog(source, "load", str(page))
    assert "papers" in written(catalog, source, "copy.db")
    assert written(catalog, source, "copy.db") == {}


def test_a_refreshed_copy_gets_only_what_changed(catalog, page, source, tmp_path):
    catalog(source, "load", str(page))
    written(catalog, source, "copy.db")
    before = (tmp_path / "copy.db").stat().st_ino
    with opened(source) as engine, engine.begin() as connection:
        connection.execute(
            text("UPDATE results SET value = 1 WHERE id = (SELECT min(id) FROM results)")
        )
        connection.execute(text("DELETE FROM authors"))
    assert written(catalog, source, "copy.db") == {"results": (1, 1)}
    assert said("sqlite:///copy.db") == said(source)
    assert (tmp_path / "copy.db").stat().st_ino == before


def test_names_that_change_places_arrive(catalog, page, source):
    catalog(source, "load", str(page))
    written(catalog, source, "copy.db")
    with opened(source) as engine, engine.begin() as connection:
        low, high = connection.execute(text("SELECT min(id), max(id) FROM papers")).one()
        keys = dict(connection.execute(text("SELECT id, key FROM papers")).all())
        for number, key in ((low, "~"), (high, keys[low]), (low, keys[high])):
            connection.execute(
                text("UPDATE papers SET key = :key WHERE id = :id"), {"key": key, "id": number}
            )
    assert written(catalog, source, "copy.db") == {"papers": (2, 2)}
    assert said("sqlite:///copy.db") == said(source)


def test_what_is_forgotten_goes_from_the_copy_and_from_its_search(catalog, page, source):
    catalog(source, "load", str(page))
    written(catalog, source, "copy.db")
    catalog(source, "forget", page.name)
    written(catalog, source, "copy.db")
    assert said("sqlite:///copy.db") == said(source)
    assert "FAILED" not in catalog("copy.db", "db", "check").stdout


def test_another_catalog_is_not_overwritten(catalog, page, source, tmp_path):
    catalog(source, "load", str(page))
    other = tmp_path / "other.txt"
    other.write_text(page.read_text().replace("the", "a"))
    catalog("other.db", "load", str(other))
    told = catalog(source, "copy", source, "other.db", code=1).stderr
    assert "--replace" in told
    catalog(source, "copy", source, "other.db", "--replace")
    assert said("sqlite:///other.db") == said(source)


def test_a_copy_onto_itself_is_refused(catalog, page):
    catalog("a.db", "load", str(page))
    assert "itself" in catalog("a.db", "copy", "a.db", "sqlite:///./a.db", code=1).stderr


def test_a_copy_that_fails_leaves_no_file(catalog, tmp_path):
    catalog("nowhere.db", "copy", "nowhere.db", "copy.db", code=1)
    assert not (tmp_path / "copy.db").exists()


def test_a_copy_that_fails_on_the_way_changes_nothing(catalog, page, source, monkeypatch):
    catalog(source, "load", str(page))
    written(catalog, source, "copy.db")
    before = said("sqlite:///copy.db")
    with opened(source) as engine, engine.begin() as connection:
        connection.execute(text("UPDATE papers SET label = 'another'"))
    monkeypatch.setattr(
        "catalog.maintenance.copy.insert_many", lambda c, t, rows: insert_many(c, t, rows[1:])
    )
    assert "differs after the copy" in catalog(source, "copy", source, "copy.db", code=1).stderr
    assert said("sqlite:///copy.db") == before


@postgres_databases.WANTED
def test_there_and_back_is_the_same_and_loading_goes_on(catalog, page, tmp_path):
    catalog("first.db", "load", str(page))
    server = postgres_databases.fresh("copied")
    catalog("first.db", "copy", "first.db", server)
    catalog(server, "copy", server, "second.db")
    assert said("sqlite:///first.db") == said("sqlite:///second.db") == said(server)
    with opened(server) as engine, engine.connect() as connection:
        found = connection.scalar(text("SELECT count(*) FROM pg_constraint WHERE contype = 'f'"))
        assert found
    more = tmp_path / "more.txt"
    more.write_text("Abstract: " + "Another invented abstract that is long enough to be one. " * 3)
    catalog(server, "load", str(more))
    assert len(said(server)["papers"]) == len(said("sqlite:///first.db")["papers"]) + 1
    assert "FAILED" not in catalog(server, "db", "check").stdout


@postgres_databases.WANTED
@pytest.mark.parametrize("command", ["serve", "mcp"])
def test_what_reads_files_only_says_to_copy_first(catalog, command):
    told = catalog(postgres_databases.fresh(), command, code=1).stderr
    assert "catalog copy" in told
    assert f"catalog --db catalog.db {command}" in told


def test_a_copy_is_refreshed_while_it_is_served(catalog, page, source, tmp_path):
    catalog(source, "load", str(page))
    written(catalog, source, "copy.db")
    command = [sys.executable, "-m", "etl", "--db", "copy.db", "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as site:
        try:
            assert site.stderr is not None
            address = SAMPLE.search(site.stderr.readline()).group()

            def labels():
                query = f"{address}catalog/papers.json?_shape=array&_size=max"
                with urllib.request.urlopen(query, timeout=PATIENCE) as answer:
                    return {row["label"] for row in json.load(answer)}

            before = labels()
            assert before
            with opened(source) as engine, engine.begin() as connection:
                connection.execute(text("UPDATE papers SET label = label || ' (new)'"))
            written(catalog, source, "copy.db")
            assert labels() == {f"{label} (new)" for label in before}
        finally:
            site.terminate()
