"""Let the disk be full for each command that writes, and compare after the same command with room.

Run as a program of its own, since it forks: `python -m tests.robust.full_disks FOLDER [COMMAND]...`
prints what came of it as JSON, without a command of each. A limit on the size of files stands for
the disk: what would grow beyond it fails.
"""

import json
import sys
from pathlib import Path
from typing import Any

from catalog.domain.exit_codes import ExitCode
from tests.robust.kill_commands import COMMANDS, OLD, Trial
from tests.robust.kill_publishers import publishers, stop_the_clock
from tests.robust.killing import begin, ended, prepare

LIMITS = (1.0, 0.02, 0.2)
"""Largest size of a file, as a part of what the command leaves."""

TRIED = [name for name in COMMANDS if name not in OLD[1:-1]]


def try_full_disk(name: str, folder: Path, base: str) -> dict[str, Any]:
    """Run a command with too little room, then with enough."""
    trial, said = Trial(name, folder, base), folder / "said.txt"
    told: dict[str, Any] = {"command": name, "failed": 0, "wrong": []}
    size = trial.file.stat().st_size
    for part in LIMITS:
        trial.place()
        code = ended(begin(trial.file, trial.words, said, int(part * size)))
        words = said.read_text(errors="replace")
        told["failed"] += code == ExitCode.FAILED
        if code not in {ExitCode.DONE, ExitCode.FAILED, ExitCode.DONE_WITH_PROBLEMS}:
            told["wrong"].append([part, code, words])
        if code and ("hint:" not in words or "Traceback" in words):
            told["wrong"].append([part, "no clear word", words])
        if left := [path.name for path in folder.glob("catalog*partial*")]:
            told["wrong"].append([part, "left", left])
        if wrong := trial.repeat():
            told["wrong"].append([part, "afterwards", wrong])
    return told


if __name__ == "__main__":
    prepare()
    stop_the_clock()
    with publishers() as base:
        tried = [try_full_disk(name, Path(sys.argv[1]), base) for name in sys.argv[2:] or TRIED]
    print(json.dumps(tried))  # noqa: T201
