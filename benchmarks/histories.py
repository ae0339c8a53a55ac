"""Run random histories of a catalog for a while, and stop at the first that leaves a trace.

    .venv/bin/python -m benchmarks.histories --minutes 10

Each history loads, changes, moves and forgets documents and makes decisions, and must end as a
fresh catalog of what is left (tests/histories.py). With CATALOG_TEST_POSTGRES, on PostgreSQL too.
"""

import argparse
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from catalog.database.schema_upgrade import upgrade
from tests import postgres_databases
from tests.histories import Histories

AT_ONCE = settings(
    max_examples=20,
    stateful_step_count=30,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def main() -> None:
    """Run histories until the time is over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    until = time.monotonic() + 60 * parser.parse_args().minutes
    with tempfile.TemporaryDirectory() as folder:
        makers = [on_sqlite(Path(folder))]
        if postgres_databases.SERVER:
            makers.append(postgres_databases.fresh)
        done = 0
        while time.monotonic() < until:
            run(makers[done % len(makers)])
            done += 1
            print(f"{done * AT_ONCE.max_examples:,} histories end as fresh catalogs", flush=True)


def run(fresh: Callable[[str], str]) -> None:
    """Run some histories on catalogs that `fresh` makes, from a seed that is printed."""
    number = secrets.randbits(64)
    print(f"seed {number}", flush=True)
    machine = type("Machine", (Histories,), {"fresh": staticmethod(fresh)})
    run_state_machine_as_test(seed(number)(machine), settings=AT_ONCE)


def on_sqlite(folder: Path) -> Callable[[str], str]:
    """Return a function that makes an empty catalog of a name in a folder."""
    empty = folder / "empty.db"
    upgrade(f"sqlite:///{empty}")

    def fresh(name: str) -> str:
        for leftover in folder.glob(f"{name}.db*"):
            leftover.unlink()
        shutil.copyfile(empty, folder / f"{name}.db")
        return f"sqlite:///{folder / name}.db"

    return fresh


if __name__ == "__main__":
    main()
