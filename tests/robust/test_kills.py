"""Tests of `kill -9` at seeded moments of a load that adds, replaces and deletes."""

import json
import subprocess
import sys
from pathlib import Path

from tests.robust.programs import ROOT, environment
from tests.waiting import PATIENCE

MOMENTS = 20
SEED = 20250311


def test_same_load_after_a_kill_makes_what_an_undisturbed_one_makes(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "tests.robust.killing", str(MOMENTS), str(SEED), str(tmp_path)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["unequal"] == []
    assert told["unmarked"] == 0
    # Else the moments lie beside the work, and the test says nothing.
    assert told["cut_off"] >= MOMENTS / 4
    assert told["between_batches"] >= 1
