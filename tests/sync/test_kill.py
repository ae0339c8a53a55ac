"""Tests that the run after a kill (SIGKILL) completes the work."""

import datetime as dt
import os
import shutil
import signal
import subprocess
import sys

import pytest

from catalog.database.engine import opened
from tests.snapshot import snapshot
from tests.sync.conftest import config_text
from tests.waiting import PATIENCE

SOURCES = """
[sources.hf-daily]
base = "{base}"
first_days = 8
pause = 0.0
[sources.github]
base = "{base}"
pause = 0.0
"""
COMMAND = [sys.executable, "-c", "from etl.cli import main; main(prog_name='catalog')"]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here")
def test_runs_killed_at_any_request_end_like_one_that_was_not(
    publishers, clock, migrated, tmp_path
):
    clock.set(dt.datetime.now(dt.UTC))
    config = tmp_path / "catalog.toml"
    config.write_text(config_text(publishers.base, SOURCES))

    def start(name):
        url = f"sqlite:///{tmp_path / name}"
        return subprocess.Popen([*COMMAND, "--db", url, "sync", "--config", str(config), "--quiet"])

    found = []
    for name, kills in (("whole.db", []), ("killed.db", [1, 2, 4, 5])):
        shutil.copyfile(migrated, tmp_path / name)
        for request in kills:
            publishers.asked.clear()
            with start(name) as process:

                def kill(process=process, request=request):
                    if len(publishers.asked) == request:
                        os.kill(process.pid, signal.SIGKILL)

                publishers.before_answer = kill
                assert process.wait(PATIENCE) == -signal.SIGKILL
        publishers.before_answer = lambda: None
        with start(name) as process:
            assert process.wait(PATIENCE) == 0
        with opened(f"sqlite:///{tmp_path / name}") as engine:
            found.append(snapshot(engine))
        found[-1].pop("paper_sources")  # They hold the instant of the observation.
    assert found[0]["papers"]
    assert found[0] == found[1]
