"""Tests of `kill -9` at seeded moments of each command that writes."""

from pathlib import Path

import pytest

from tests.robust.kill_commands import COMMANDS, OLD
from tests.robust.programs import told_by

FEW = 1
"""Moments of each command, and of other ones; `benchmarks/kills.py` tries hundreds."""

MOMENTS = 10
SEED = 20250311


def test_same_load_after_a_kill_makes_what_an_undisturbed_one_makes(tmp_path: Path):
    told = told_by("tests.robust.killing", str(MOMENTS), str(SEED), str(tmp_path))
    assert told["unequal"] == []
    assert told["unmarked"] == 0
    # Else the moments lie beside the work, and the test says nothing.
    assert told["cut_off"] >= MOMENTS / 4
    assert told["between_batches"] >= 1


def test_a_killed_sending_of_mail_sends_nobody_a_digest_twice_and_forgets_nobody(tmp_path: Path):
    told = told_by("tests.robust.kill_mail", "3", "7", str(tmp_path))
    assert (told["unequal"], told["ended"]) == ([], []), told
    assert told["killed"]


@pytest.mark.parametrize(
    "command",
    [*(name for name in COMMANDS if name not in OLD), OLD[0], OLD[-1]],
)
def test_same_command_after_a_kill_makes_what_an_undisturbed_one_makes(
    command: str, tmp_path: Path
):
    """Its five to ten seconds go into the commands that it runs: two for each moment."""
    told = told_by("tests.robust.kill_commands", command, str(FEW), "7", str(tmp_path))
    assert (told["unequal"], told["ended"], told["left"]) == ([], [], []), told
