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

from catalog.database.schema_revision import alembic_config, head_revision, upgrade
from tests.robust.killing import (
    begin,
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


def scenarios(folder: Path) -> dict[str, Scenario]:
    """Describe each command, on documents in `folder`."""
    documents, saved = folder / "in", folder / "saved.db"
    config = folder / "sources.toml"
    config.write_text(INBOX.format(path=documents))

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
        "copy": Scenario(["copy", str(saved), "{file}"], lambda file: file.unlink()),
        "copy-over": Scenario(["copy", str(saved), "{file}"], emptied),
        **{f"upgrade from {revision}": upgrading(revision) for revision in REVISIONS},
        "db restore": Scenario(["db", "restore", str(saved)], emptied),
        "forget": Scenario(["forget", str(documents / "a-long.jsonl")], nothing, frozenset({0, 1})),
        "merge": Scenario(["merge", PAPER.format(1), PAPER.format(4)], nothing, frozenset({0, 1})),
        "mark": Scenario(["mark", PAPER.format(1), "--star", "--tag", "kept"], nothing),
        "reextract": Scenario(["reextract", "--jobs", "1"], outdated),
    }


def words_of(scenario: Scenario, file: Path) -> list[str]:
    return [word.format(file=file) for word in scenario.words]


def try_command(name: str, moments: int, seed: int, folder: Path) -> dict[str, Any]:
    """Kill a command at so many moments; afterwards it has to make everything whole."""
    prepare()
    template, file = folder / "template.db", folder / "catalog.db"
    load = write_documents(folder / "in")
    long_ago = time.time() - 600
    for document in (folder / "in").iterdir():
        os.utime(document, (long_ago, long_ago))
    upgrade(f"sqlite:///{template}")
    finish(template, load)
    shutil.copyfile(template, folder / "saved.db")
    scenario = scenarios(folder)[name]
    begun = folder / "begun.db"
    fresh(template, begun)
    scenario.set_up(begun)
    words = words_of(scenario, file)

    def place() -> None:
        fresh(begun if begun.exists() else template, file)
        if not begun.exists():
            file.unlink()

    took = float("inf")
    for _ in range(2):
        place()
        start = time.monotonic()
        code = ended(begin(file, words))
        took = min(took, time.monotonic() - start)
        if code:
            raise RuntimeError(f"{words} ended with {code}")
    whole = state(file)
    chance = random.Random(f"{name} {seed}")
    told: dict[str, Any] = {"command": name, "moments": moments, "seconds": round(took, 2)}
    told |= {"killed": 0, "unequal": [], "ended": [], "left": []}
    for moment in range(moments):
        place()
        process = begin(file, words)
        delay = chance.uniform(0, took)
        time.sleep(delay)
        os.kill(process, signal.SIGKILL)
        told["killed"] += ended(process) == -signal.SIGKILL
        code = ended(begin(file, words))
        if code not in scenario.ends:
            told["ended"].append({"moment": moment, "delay": round(delay, 4), "code": code})
        elif (found := state(file)) != whole:
            differs = [key for key in whole if found[key] != whole[key]]
            told["unequal"].append({"moment": moment, "delay": round(delay, 4), "in": differs})
        told["left"] += [left.name for left in folder.glob("*.partial*")]
    return told


COMMANDS = (
    "load",
    "sync",
    "copy",
    "copy-over",
    *(f"upgrade from {revision}" for revision in REVISIONS),
    "db restore",
    "forget",
    "merge",
    "mark",
    "reextract",
)

if __name__ == "__main__":
    _, wanted, many, number, where = sys.argv
    print(json.dumps(try_command(wanted, int(many), int(number), Path(where))))  # noqa: T201
