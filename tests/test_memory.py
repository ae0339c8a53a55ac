"""Tests that garbage is collected rarely in commands, and as Python does it in servers."""

import gc
import subprocess
import sys

import click
import pytest

from catalog.garbage_collection import RARE, USUAL, rare_collections, usual_collections
from etl.__main__ import main
from etl.plugins import Command


def broken_off() -> None:
    with rare_collections():
        assert gc.get_threshold()[0] == RARE
        raise ZeroDivisionError


def test_collections_are_rare_within_and_as_before_afterwards():
    before = gc.get_threshold()
    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert gc.get_threshold() == before


def test_a_server_within_a_command_collects_as_python_does():
    with rare_collections():
        with usual_collections():
            assert gc.get_threshold() == USUAL
        assert gc.get_threshold()[0] == RARE


def test_collections_are_rare_while_a_command_is_imported_and_runs(monkeypatch):
    seen = []

    def told() -> None:
        seen.append(gc.get_threshold()[0])

    class Told(Command):
        def load(self):
            told()
            return click.Command("told", callback=told)

    monkeypatch.setattr("etl.cli.commands", lambda: {"told": Told("told", "", "")})
    monkeypatch.setattr(sys, "argv", ["catalog", "told"])
    with pytest.raises(SystemExit):
        main()
    assert set(seen) == {RARE}
    assert gc.get_threshold()[0] != RARE


def test_the_program_ends_without_looking_for_garbage():
    told = "atexit.register(lambda: print(gc.get_freeze_count() > 0))"
    code = f"import atexit, gc; {told}; from etl.__main__ import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.endswith("True\n")
