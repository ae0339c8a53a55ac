"""Measure bulk loads: rate, memory, unchanged and slightly changed files, and a kill.

    python -m benchmarks.bulk [PAPERS] [--from ABSTRACTS.jsonl.gz] [--no-extract] [--no-kill]
                              [--keep DIR]

Each line is a whole process of its own on one corpus (benchmarks/corpus.py). Ratios are to the
first load of the same run; rates are wall-clock, so a busy machine shows in them: processor time
of all processes stands beside.
"""

import argparse
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import abstracts, changed, papers, write


@dataclass
class Measured:
    """One process: seconds by the clock, processor seconds, peak memory of the largest."""

    wall: float
    cpu: float
    peak_mb: float
    code: int


def measured(*arguments: str, kill_at: tuple[Path, int] | None = None) -> Measured:
    """Run `catalog ARGUMENTS` to its end, or kill it when a catalog holds so many papers."""
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "etl", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    if kill_at is not None:
        ended = os.WEXITED | os.WNOHANG | os.WNOWAIT
        while not os.waitid(os.P_PID, process.pid, ended) and counted(kill_at[0]) < kill_at[1]:
            time.sleep(0.1)
        os.killpg(process.pid, signal.SIGKILL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begun
    return Measured(
        wall,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / 1024,
        os.waitstatus_to_exitcode(status),
    )


def report(name: str, found: Measured, number: int, first: Measured) -> None:
    """Print one line of the table."""
    print(
        f"{name:<34} {found.wall:>8.1f} {found.cpu:>8.1f} {number / found.wall:>10,.0f} "
        f"{found.peak_mb:>8.0f} {found.wall / first.wall:>8.3f}  exit {found.code}",
        flush=True,
    )


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("papers", type=int, nargs="?", default=20_000)
    parser.add_argument("--from", dest="given", type=Path)
    parser.add_argument("--no-extract", action="store_true")
    parser.add_argument("--no-kill", action="store_true", help="leave the killed load out")
    parser.add_argument("--keep", type=Path, help="folder for corpus and catalog")
    arguments = parser.parse_args()
    folder = arguments.keep or Path(tempfile.mkdtemp(prefix="catalog-bulk-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        options = ["--no-extract"] if arguments.no_extract else []
        given = abstracts(arguments.given)
        run(arguments.papers, given, folder, options, kill=not arguments.no_kill)
    finally:
        if arguments.keep is None:
            shutil.rmtree(folder)


def run(
    number: int, given: list[dict[str, str]], folder: Path, options: list[str], *, kill: bool
) -> None:
    """Run all measurements on one corpus."""
    corpus, whole = folder / "corpus.jsonl", folder / "whole.db"
    for leftover in [*folder.glob("whole.db*"), *folder.glob("killed.db*")]:
        leftover.unlink()
    write(corpus, papers(number, given))
    print(f"{number:,} papers, {corpus.stat().st_size / 1e6:,.0f} MB, {os.cpu_count()} cores")
    print(f"{'':<34} {'wall s':>8} {'cpu s':>8} {'papers/s':>10} {'peak MB':>8} {'ratio':>8}")
    first = measured("--db", str(whole), "load", str(corpus), *options)
    report("first load", first, number, first)
    report("the same file again", measured("--db", str(whole), "load", str(corpus)), number, first)
    if kill:
        run_killed(corpus, folder / "killed.db", number, options, first)
    write(
        corpus,
        (
            changed(row) if place % 100 == 0 else row
            for place, row in enumerate(papers(number, given))
        ),
    )
    report(
        "1 % of the papers changed",
        measured("--db", str(whole), "load", str(corpus), *options),
        number,
        first,
    )
    size = whole.stat().st_size
    print(f"file {size / 1e6:,.0f} MB, {size / number:,.0f} bytes a paper")


def run_killed(
    corpus: Path, killed: Path, number: int, options: list[str], first: Measured
) -> None:
    """Kill a load on the way, and load again."""
    broken = measured(
        "--db", str(killed), "load", str(corpus), *options, kill_at=(killed, number // 2)
    )
    report("killed on the way", broken, number, first)
    kept = counted(killed)
    report(
        "... and loaded again",
        measured("--db", str(killed), "load", str(corpus), *options),
        number,
        first,
    )
    print(f"   papers kept by the kill: {kept:,}; afterwards {counted(killed):,} of {number:,}")


def counted(file: Path) -> int:
    """Count the papers in a catalog; 0 if there is none yet."""
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as found:
            return int(found.execute("SELECT count(*) FROM papers").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


if __name__ == "__main__":
    main()
