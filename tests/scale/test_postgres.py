"""Tests of PostgreSQL: its full-text index, its locks, two loads at once."""

import json
import os
import subprocess
import sys

import pytest
from sqlalchemy import text

from catalog.database.database_address import parse_url
from catalog.database.engine import opened
from catalog.database.postgres_locks import advisory_lock
from catalog.domain.errors import LockedError
from catalog.reads.search_sql import DOCUMENT, HITS
from tests import postgres_databases
from tests.snapshot import snapshot
from tests.waiting import PATIENCE

pytestmark = postgres_databases.WANTED


@pytest.fixture
def server():
    return postgres_databases.fresh()


def test_search_uses_the_index(catalog, server, page):
    catalog(server, "load", str(page))
    sql, values = HITS["postgresql"], {"match": "'object' & 'detection'", "most": 100}
    with opened(server, read_only=True) as engine, engine.connect() as connection:
        connection.exec_driver_sql("SET enable_seqscan = off")  # the sample is too small for it
        plan = connection.execute(text(f"EXPLAIN {sql}"), values)
        assert "ix_papers_search" in "\n".join(plan.scalars())
    assert DOCUMENT.startswith("to_tsvector('paper_words'")


def test_a_search_finds_other_forms_of_a_word(catalog, server, page):
    catalog(server, "load", str(page))
    one = json.loads(catalog(server, "search", "detector", "--json").stdout)
    many = json.loads(catalog(server, "search", "detectors", "--json").stdout)
    assert one
    assert one == many


def test_a_lock_says_who_holds_it_and_keeps_only_its_like_out(server):
    url = parse_url(server)
    with advisory_lock(url, "load", wait=0):
        with advisory_lock(url, "sync daily", wait=0, part="daily"):
            pass
        with (
            pytest.raises(LockedError, match=f"catalog load, process {os.getpid()} on"),
            advisory_lock(url, "forget", wait=0.3),
        ):
            pass
    with advisory_lock(url, "forget", wait=0):
        pass


def test_a_second_command_waits_and_then_says_that_it_could_not(catalog, server, page):
    with advisory_lock(parse_url(server), "load", wait=0):
        told = catalog(server, "load", str(page), "--wait", "0", code=75).stderr
    assert "another command holds its lock: catalog load, process" in told


def test_transactions_that_write_take_turns(server):
    with opened(server) as one, opened(server, busy_timeout=200) as other:
        with one.begin(), pytest.raises(Exception, match="lock timeout"), other.begin():
            pass
        with other.begin():
            pass


def test_two_loaders_at_once_neither_deadlock_nor_duplicate(catalog, server, page, tmp_path):
    second = tmp_path / "2025-03-12.txt"
    second.write_text(page.read_text().replace("Mar 11", "Mar 12"))
    command = [sys.executable, "-m", "etl", "--db", server, "load", "--year", "2025"]
    loaders = [
        subprocess.Popen([*command, str(file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for file in (page, second, page, second)
    ]
    for loader in loaders:
        _, told = loader.communicate(timeout=PATIENCE)
        assert loader.returncode == 0, told.decode()
    with opened(server) as engine:
        at_once = snapshot(engine)
    alone = postgres_databases.fresh("alone")
    catalog(alone, "load", "--year", "2025", str(page), str(second))
    with opened(alone) as engine:
        assert snapshot(engine) == at_once
    assert "FAILED" not in catalog(server, "db", "check").stdout


def test_a_dry_run_makes_no_tables_in_an_empty_database(catalog, page):
    url = postgres_databases.emptied("empty")
    assert catalog(url, "load", str(page), "--dry-run").stdout.startswith("Would change")
    assert "it contains no catalog" in catalog(url, "status", code=1).stderr


def test_a_run_that_was_killed_is_marked_by_the_next(catalog, server, page):
    catalog(server, "load", str(page))
    with opened(server) as engine, engine.begin() as connection:
        connection.execute(text("UPDATE runs SET state = 'running', finished_at = NULL"))
    catalog(server, "load", str(page))
    states = json.loads(catalog(server, "query", "SELECT state FROM runs", "--json").stdout)
    assert sorted(row["state"] for row in states) == ["done", "interrupted"]


def test_a_server_that_is_not_there_is_told_of_plainly(catalog, server, page):
    gone = parse_url(server).set(port=1).render_as_string(hide_password=False)
    told = catalog(gone, "load", str(page), code=1).stderr
    assert "whether the server is running" in told
