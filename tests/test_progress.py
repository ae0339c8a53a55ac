"""Tests of the progress of long loads, in a log and on a terminal."""

import sys

import pytest

from etl.commands import progress


@pytest.fixture
def clock(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("etl.commands.progress.time.monotonic", lambda: now[0])
    return now


def test_a_log_gets_one_line_a_minute(clock, capsys):
    with progress.progress() as tell:
        for second in range(0, 130, 10):
            clock[0] = 1000.0 + second
            tell("/data/arxiv.jsonl", second * 2_000, second / 260)
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "/data/arxiv.jsonl: 120,000 records, 23%, 2,000 a second, 3 min left",
        "/data/arxiv.jsonl: 240,000 records, 46%, 2,000 a second, 2 min left",
    ]


def test_a_terminal_gets_a_bar_only_where_it_takes_long(clock, capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with progress.progress() as tell:
        tell("quick.jsonl", 500, 0.1)
        clock[0] += 1
        tell("quick.jsonl", 1_000, 0.9)
        assert "quick" not in capsys.readouterr().err
        clock[0] += 1
        tell("long.jsonl", 500, 0.1)
        clock[0] += 10
        tell("long.jsonl", 10_000, 0.5)
    assert "long.jsonl" in capsys.readouterr().err
