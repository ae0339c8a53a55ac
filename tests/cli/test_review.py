"""Tests of `catalog review`, at a terminal and without one."""

import json
import os
import pty
import re
import select
import sys
import termios

import pytest
from click.testing import CliRunner

from etl.cli import main
from tests.waiting import PATIENCE, wait_until

ABSTRACT = (
    "We present an invented network. It reaches 91.3% top-1 accuracy on ImageNet-1K. "
    "It reaches 45.1 mAP on COCO. It needs 4.5 GB of memory."
)
WAITS = re.compile(rb"(q quit) \x1b\[0m$|: $")
"""The end of what is shown where a key, or a field, is asked for."""

PAPER = {
    "title": "An Invented Network of One Kind",
    "abstract": ABSTRACT,
    "published_on": "2024-01-05",
    "identifiers": [{"scheme": "arxiv", "value": "2401.00001"}],
    "digest": {"source": "owls", "day": "2024-01-08", "rank": 1},
}
OLDER = {
    "title": "An Invented Network of Another Kind",
    "abstract": "We present another network. It reaches 30.2 mAP on COCO.",
    "published_on": "2023-01-05",
    "identifiers": [{"scheme": "arxiv", "value": "2301.00001"}],
}


@pytest.fixture
def catalog(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CATALOG_URL", "sqlite:///catalog.db")
    (tmp_path / "a.jsonl").write_text(json.dumps(PAPER) + "\n")

    def run(*args, code=0):
        result = CliRunner().invoke(main, list(args), catch_exceptions=False)
        assert result.exit_code == code, result.stdout + result.stderr
        return result

    run("load", "a.jsonl", "--format", "catalog-jsonl")
    return run


def states(catalog):
    listed = catalog("query", "SELECT text, state FROM results ORDER BY span_start", "--json")
    return [row["state"] for row in json.loads(listed.stdout)]


def hears_keys(terminal):
    """Whether the program at the terminal waits for one key, not for a line."""
    return not termios.tcgetattr(terminal)[3] & termios.ICANON


def at_terminal(*typed):
    """Run `catalog review` at a terminal; type each text when the keys are asked for."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, "-m", "etl", "review"])
    shown, keys = b"", list(typed)
    while True:
        ready, _, _ = select.select([terminal], [], [], PATIENCE)
        assert ready, shown.decode()
        try:
            part = os.read(terminal, 4096)
        except OSError:  # Linux says so at the end
            part = b""
        if not part:
            break
        shown += part
        if keys and (asked := WAITS.search(shown)):
            if asked.group(1) == b"q quit":
                wait_until(lambda: hears_keys(terminal))  # before that, what is typed is dropped
            os.write(terminal, keys.pop(0).encode())
    os.waitpid(pid, 0)
    return shown.decode()


def test_each_key_decides_on_the_number_that_is_shown(catalog):
    shown = at_terminal("y", "n", "s")
    assert "3 numbers to judge, 0 judged." in shown
    assert "[1/3]" in shown
    assert "1 right, 1 wrong, 0 edited, 1 skipped; 1 left." in shown
    assert sorted(states(catalog)) == ["accepted", "machine", "rejected"]


def test_undo_takes_back_the_last_decision_and_shows_its_number_again(catalog):
    shown = at_terminal("n", "u", "u", "y", "q")
    assert "nothing to undo" in shown
    assert "1 right, 0 wrong" in shown
    assert sorted(states(catalog)) == ["accepted", "machine", "machine"]


def test_a_number_is_edited_field_by_field(catalog):
    shown = at_terminal("e", "AUC\n", "\n", "\n", "\n", "\n", "\n", "\n", "\n", "q")
    assert "1 edited" in shown
    found = json.loads(catalog("corrections", "list", "--json").stdout)
    assert json.loads(found[0]["value"])["metric"] == "AUC"


def test_without_a_terminal_it_says_how_to_go_on(catalog):
    assert "list the queue with --list" in catalog("review", code=2).stderr


def test_the_queue_is_listed_the_least_sure_first_and_filtered(catalog):
    rows = json.loads(catalog("review", "--list", "--json").stdout)
    assert [row["sure"] for row in rows] == sorted(row["sure"] for row in rows)
    of_coco = json.loads(catalog("review", "--json", "--dataset", "coco").stdout)
    assert [row["number"] for row in of_coco] == ["45.1"]
    assert json.loads(catalog("review", "--json", "--since", "2024-02-01").stdout) == []
    assert len(json.loads(catalog("review", "--json", "--paper", "2401.00001").stdout)) == 3


def test_the_most_seen_are_todays_headlines_and_then_the_tops_of_boards(catalog, tmp_path):
    (tmp_path / "b.jsonl").write_text(json.dumps(OLDER) + "\n")
    catalog("load", "b.jsonl", "--format", "catalog-jsonl")
    rows = json.loads(catalog("review", "--json", "--seen").stdout)
    assert {row["paper_key"] for row in rows[:2]} == {"2401.00001"}
    assert rows[-1]["number"] == "30.2"
    assert len(json.loads(catalog("review", "--json", "--seen", "--limit", "1").stdout)) == 1


def test_a_judged_number_leaves_the_queue(catalog):
    catalog("corrections", "accept", "2401.00001", "45.1")
    rows = json.loads(catalog("review", "--json").stdout)
    assert "45.1" not in [row["number"] for row in rows]
