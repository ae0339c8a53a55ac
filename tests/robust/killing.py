"""Kill a load at seeded moments, and compare the catalog after the same load again.

Run as a program of its own, since it forks: `python -m tests.robust.killing MOMENTS SEED FOLDER`
prints what came of it as JSON. Starting anew for every moment would take most of the time.
"""

import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import sys
import time
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any

import etl.ingest.document_plan
import etl.ingest.document_writer
from catalog.database.engine import opened
from catalog.database.schema_upgrade import upgrade
from catalog.maintenance.check import check
from etl.cli import main
from etl.extract import extract
from etl.plugins import commands
from tests.robust.programs import page
from tests.snapshot import snapshot
from tests.waiting import PATIENCE

SMALL_BATCH = 30
"""Records in a transaction here, so that one document takes many."""


def record(number: int, word: str = "nets") -> str:
    """One line of the catalog's own format; every third has a twin in the other documents."""
    return json.dumps(
        {
            "title": f"An Invented Paper, Number {number}, about Things",
            "abstract": f"We study {word} {number} and reach {number % 100}.5% accuracy on "
            f"ImageNet. Code: https://github.com/ada/{word}{number}.",
            "identifiers": [{"scheme": "arxiv", "value": f"2401.{number:05}"}]
            if number % 3
            else [],
        }
    )


def write_documents(folder: Path) -> list[str]:
    """Documents of which one is replaced by the second load; the arguments of that load."""
    folder.mkdir()
    (folder / "a-long.jsonl").write_text("\n".join(record(i) for i in range(300)) + "\n")
    (folder / "b-page.txt").write_text(page("Nets", "Trees", "Woods"))
    (folder / "c-other.jsonl").write_text("\n".join(record(i, "trees") for i in range(100)) + "\n")
    return ["load", str(folder), "--jobs", "1"]


def change_documents(folder: Path) -> None:
    """Write the second version of the long document."""
    lines = [record(i, "nets" if i % 5 else "woods") for i in range(60, 360)]
    (folder / "a-long.jsonl").write_text("\n".join(lines) + "\n")


def begin(file: Path, words: list[str], said: Path = Path(os.devnull), largest: int = 0) -> int:
    """Start a command in a process of its own; its id.

    What it says goes to the file `said`; no file may grow beyond `largest` bytes, where given.
    """
    process = os.fork()
    if not process:
        sink = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(sink, 1)
        os.dup2(sink, 2)
        if largest:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
        try:
            main(["--db", str(file), *words])
        except SystemExit as end:
            os._exit(end.code if isinstance(end.code, int) else 1)
        finally:
            os._exit(99)
    return process


def finish(file: Path, words: list[str]) -> None:
    """Run a command to its end."""
    if code := ended(begin(file, words)):
        raise RuntimeError(f"{words} ended with {code}")


def clear(file: Path) -> None:
    """Delete a catalog and what lies beside it."""
    for left in file.parent.glob(f"{file.stem}*"):
        left.unlink()


def fresh(template: Path, file: Path) -> None:
    """Put a copy of the template in the file's place, and nothing beside it."""
    clear(file)
    shutil.copyfile(template, file)


def ended(process: int) -> int:
    """Wait for a command's end; its exit code, below 0 where a signal ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def state(file: Path) -> dict[str, Any]:
    """What the catalog says, and whether it is sound."""
    with opened(f"sqlite:///{file}") as engine:
        said: dict[str, Any] = dict(snapshot(engine))
        with engine.connect() as connection:
            said["troubles"] = [found for found in check(connection) if found.trouble]
    return said


def asked(file: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(file)) as connection:
        return [value for (value,) in connection.execute(sql)]


def wait_for_lock(file: Path) -> float:
    """Wait until a command has begun to work on the catalog; the time, by the steady clock."""
    end = time.monotonic() + PATIENCE
    while not file.with_name(f"{file.name}.lock.json").exists() and time.monotonic() < end:
        time.sleep(0.001)
    return time.monotonic()


def prepare() -> None:
    """Load code and lexicon before the first fork: the moments are to lie in the work."""
    for name in (
        commands()["load"].target.partition(":")[0],
        "etl.ingest.inputs",
        "etl.ingest.loading",
        "etl.ingest.run",
    ):
        import_module(name)
    extract("We reach 91.5% accuracy on ImageNet.", "A Title")


def try_moments(moments: int, seed: int, folder: Path) -> dict[str, Any]:
    """Kill a load at so many moments; afterwards the same load has to make everything whole."""
    for module in (etl.ingest.document_plan, etl.ingest.document_writer):
        setattr(module, "BATCH", SMALL_BATCH)  # noqa: B010 - a constant elsewhere
    prepare()
    template, file = folder / "template.db", folder / "catalog.db"
    words = write_documents(folder / "in")
    upgrade(f"sqlite:///{template}")
    finish(template, words)
    first = state(template)
    change_documents(folder / "in")

    took = float("inf")
    for _ in range(3):  # the quickest: a later moment would lie behind the work
        fresh(template, file)
        process = begin(file, words)
        began = wait_for_lock(file)
        os.waitpid(process, 0)
        took = min(took, time.monotonic() - began)
    whole = state(file)
    if whole == first or whole["troubles"]:
        raise RuntimeError("the undisturbed load does not do what it should")
    chance = random.Random(seed)
    told: dict[str, Any] = {"moments": moments, "seconds": round(took, 2), "killed": 0}
    told |= {"cut_off": 0, "between_batches": 0, "unequal": [], "unmarked": 0}
    for moment in range(moments):
        fresh(template, file)
        process = begin(file, words)
        delay = chance.uniform(0, took)
        wait_for_lock(file)
        time.sleep(delay)
        os.kill(process, signal.SIGKILL)
        told["killed"] += ended(process) == -signal.SIGKILL
        running = asked(file, "SELECT id FROM runs WHERE state = 'running'")
        told["cut_off"] += bool(running)
        told["between_batches"] += bool(
            asked(file, "SELECT id FROM documents WHERE state IN ('loading', 'replacing')")
        )
        finish(file, words)
        if state(file) != whole:
            told["unequal"].append({"moment": moment, "delay": round(delay, 4)})
        told["unmarked"] += bool(asked(file, "SELECT id FROM runs WHERE state = 'running'"))
    return told


if __name__ == "__main__":
    print(json.dumps(try_moments(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))))  # noqa: T201
