"""Kill each command that writes at seeded moments, and compare after the same command again.

Run as a program of its own, since it forks:
`python -m tests.robust.kill_commands COMMAND MOMENTS SEED FOLDER` prints what came of it as JSON.
"""

import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from alembic import command as alembic

from catalog.database.schema_revision import head_revision
from catalog.database.schema_upgrade import alembic_config, upgrade
from tests.robust.kill_publishers import CONFIG, publishers, stop_the_clock
from tests.robust.killing import (
    begin,
    clear,
    ended,
    finish,
    fresh,
    prepare,
    state,
    write_documents,
)

REVISIONS = [f"{number:04}" for number in range(1, int(head_revision()))]
"""Schemas from which an upgrade begins."""

PAPER = "An Invented Paper, Number {}, about Things"

INBOX = """contact = "ada@example.org"

[sources.inbox]
kind = "folder"
path = "{path}"
"""


class Scenario(NamedTuple):
    """A command, and what it is run on."""

    words: list[str]
    set_up: Callable[[Path], None]
    """Changes a copy of a catalog of three documents, or deletes it."""
    ends: frozenset[int] = frozenset({0})
    """Exit codes of the same command after a kill: 1 where it had done its work before."""


def nothing(_file: Path) -> None:
    """Leave the catalog as it is."""


def upgrading(revision: str) -> Scenario:
    """Describe the upgrade from an older schema with data in it."""

    def downgraded(file: Path) -> None:
        alembic.downgrade(alembic_config(f"sqlite:///{file}"), revision)

    return Scenario(["db", "upgrade"], downgraded)


def scenarios(folder: Path, base: str) -> dict[str, Scenario]:
    """Describe each command, on documents in `folder` and on publishers at the address `base`."""
    documents, saved = folder / "in", folder / "saved.db"
    config = folder / "sources.toml"
    config.write_text(INBOX.format(path=documents))
    asking = folder / "publishers.toml"
    asking.write_text(CONFIG.format(base=base))

    def emptied(file: Path) -> None:
        finish(file, ["forget", str(documents / "a-long.jsonl")])

    def outdated(file: Path) -> None:
        """Let every abstract look as if an older extractor had read it."""
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("UPDATE papers SET extractor_version = '0', extracted_sha256 = NULL")
            connection.execute("DELETE FROM results")

    return {
        "load": Scenario(["load", str(documents), "--jobs", "1"], lambda file: file.unlink()),
        "sync": Scenario(["sync", "--config", str(config)], emptied),
        "sync publishers": Scenario(["sync", "--config", str(asking)], lambda file: file.unlink()),
        "copy": Scenario(["copy", str(saved), "{file}"], lambda file: file.unlink()),
        "copy-over": Scenario(["copy", str(saved), "{file}"], emptied),
        **{f"upgrade from {revision}": upgrading(revision) for revision in REVISIONS},
        "db restore": Scenario(["db", "restore", str(saved)], emptied),
        "forget": Scenario(["forget", str(documents / "a-long.jsonl")], nothing, frozenset({0, 1})),
        "merge": Scenario(["merge", PAPER.format(1), PAPER.format(4)], nothing, frozenset({0, 1})),
        "mark": Scenario(["mark", PAPER.format(1), "--star", "--tag", "kept"], nothing),
        "reextract": Scenario(["reextract", "--jobs", "1"], outdated),
    }


class Trial:
    """A command on a catalog of three documents, to be disturbed and then repeated."""

    def __init__(self, name: str, folder: Path, base: str) -> None:
        self.name, self.file = name, folder / "catalog.db"
        template = folder / "template.db"
        if not template.exists():
            _write_template(template, folder / "saved.db")
        self.scenario = scenarios(folder, base)[name]
        self.words = [word.format(file=self.file) for word in self.scenario.words]
        self.begun = folder / "begun.db"
        fresh(template, self.begun)
        self.scenario.set_up(self.begun)
        self.seconds = min(self._time() for _ in range(2))
        self.whole = state(self.file)
        """What an undisturbed run leaves."""

    def place(self) -> None:
        """Put back what the command begins with."""
        if self.begun.exists():
            fresh(self.begun, self.file)
        else:
            clear(self.file)

    def repeat(self) -> int | list[str]:
        """Run the command to its end; a wrong exit code, or the tables that differ then."""
        code = ended(begin(self.file, self.words))
        if code not in self.scenario.ends:
            return code
        found = state(self.file)
        return [key for key in self.whole if found[key] != self.whole[key]]

    def _time(self) -> float:
        self.place()
        start = time.monotonic()
        finish(self.file, self.words)
        return time.monotonic() - start


def _write_template(template: Path, saved: Path) -> None:
    """Make a catalog of three documents, and a copy of it."""
    load = write_documents(template.parent / "in")
    long_ago = time.time() - 600
    for document in (template.parent / "in").iterdir():
        os.utime(document, (long_ago, long_ago))
    upgrade(f"sqlite:///{template}")
    finish(template, load)
    shutil.copyfile(template, saved)


def try_command(name: str, moments: int, seed: int, folder: Path) -> dict[str, Any]:
    """Kill a command at so many moments; afterwards it has to make everything whole."""
    prepare()
    stop_the_clock()
    with publishers() as base:
        return _disturbed(Trial(name, folder, base), moments, seed)


def _disturbed(trial: Trial, moments: int, seed: int) -> dict[str, Any]:
    """Kill the command of a trial at so many moments; what came of it."""
    name, folder = trial.name, trial.file.parent
    chance = random.Random(f"{name} {seed}")
    told: dict[str, Any] = {"command": name, "moments": moments}
    told |= {
        "seconds": round(trial.seconds, 2),
        "killed": 0,
        "unequal": [],
        "ended": [],
        "left": [],
    }
    for moment in range(moments):
        trial.place()
        process = begin(trial.file, trial.words)
        delay = chance.uniform(0, trial.seconds)
        time.sleep(delay)
        os.kill(process, signal.SIGKILL)
        told["killed"] += ended(process) == -signal.SIGKILL
        if wrong := trial.repeat():
            kind = "unequal" if isinstance(wrong, list) else "ended"
            told[kind].append({"moment": moment, "delay": round(delay, 4), "in": wrong})
        told["left"] += [left.name for left in folder.glob("*.partial*")]
    return told


OLD = [f"upgrade from {revision}" for revision in REVISIONS]

COMMANDS = (
    "load",
    "sync",
    "sync publishers",
    "copy",
    "copy-over",
    *OLD,
    "db restore",
    "forget",
    "merge",
    "mark",
    "reextract",
)

if __name__ == "__main__":
    _, wanted, many, number, where = sys.argv
    print(json.dumps(try_command(wanted, int(many), int(number), Path(where))))  # noqa: T201
