"""Measure loading against a floor and a yardstick, and extraction, start-up and memory.

    python -m benchmarks.load [PAPERS] [--from ABSTRACTS.jsonl.gz]

The floor is the same rows into the same tables and indexes by plain `sqlite3.executemany`, held in
memory beforehand, 5,000 papers in a transaction, search rows in one statement each time. The
yardstick is `sqlite-utils insert` of the same file with full-text search over title and abstract
(pip install --group bench); it keeps one table and one index. Every line is a process of its own,
with Python's bytecode on disk, as after the first start of an installed program.
Rates are by the clock, which other work on the machine spoils; ratios are of processor time, all
processes together, within this run.
"""

import argparse
import importlib.util
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from msgspec import Struct

BATCH = 5_000
CATALOG = [str(Path(sys.executable).with_name("catalog"))]
UTILS = [sys.executable, "-m", "sqlite_utils"]
SHADOWS = ("papers_fts_", "sqlite_")
FTS = """INSERT INTO papers_fts (rowid, title, abstract)
    SELECT id, title, abstract FROM papers WHERE id BETWEEN ? AND ?"""
PAPER = ("paper_id", "id")
"""Columns that tell to which batch a row belongs; rows of other tables go with the first."""


class Cost(Struct):
    """The seconds and memory that one process took."""

    wall: float
    cpu: float
    peak_mb: float

    def __add__(self, other: "Cost") -> "Cost":
        """Add the cost of another process that runs afterwards."""
        peak = max(self.peak_mb, other.peak_mb)
        return Cost(self.wall + other.wall, self.cpu + other.cpu, peak)


def cost(words: list[str], stdin: Path | None = None) -> Cost:
    """Run a program to its end, which has to be a good one."""
    with (stdin or Path(os.devnull)).open("rb") as given:
        begun = time.monotonic()
        process = subprocess.Popen(
            words, stdin=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begun
    if os.waitstatus_to_exitcode(status) not in {0, 3}:
        raise SystemExit(f"{' '.join(words)} ended with {os.waitstatus_to_exitcode(status)}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def floor(source: Path, target: Path) -> tuple[float, float]:
    """Copy a catalog's rows into an empty one, and measure the seconds of writing alone."""
    with (
        closing(sqlite3.connect(source)) as old,
        closing(sqlite3.connect(target, isolation_level=None)) as new,
    ):
        rows = old.execute(
            "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL "
            "ORDER BY type = 'index', rowid"
        ).fetchall()
        wanted = [row for row in rows if row[0] in {"table", "index"}]
        for _, name, sql in wanted:
            if not name.startswith(SHADOWS):
                new.execute(sql)
        tables = [
            name
            for kind, name, _ in wanted
            if kind == "table" and not name.startswith("papers_fts") and name != "sqlite_stat1"
        ]
        held = {name: _rows(old, name) for name in tables}
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = OFF"):
            new.execute(f"PRAGMA {pragma}")
        last = max((number for _, parts in held.values() for number in parts), default=0)
        begun, worked = time.monotonic(), time.process_time()
        for number in range(last + 1):
            new.execute("BEGIN IMMEDIATE")
            for name, (width, parts) in held.items():
                marks = ", ".join("?" * width)
                new.executemany(f"INSERT INTO {name} VALUES ({marks})", parts.get(number, []))
            new.execute(FTS, [number * BATCH, number * BATCH + BATCH - 1])
            new.execute("COMMIT")
        took = time.monotonic() - begun, time.process_time() - worked
        for name in tables:
            count = f"SELECT count(*) FROM {name}"
            if old.execute(count).fetchone() != new.execute(count).fetchone():
                raise SystemExit(f"the floor lacks rows of {name}")
        return took


def _rows(
    connection: sqlite3.Connection, name: str
) -> tuple[int, dict[int, list[tuple[object, ...]]]]:
    """Return a table's width, and its rows by the batch they belong to."""
    rows = connection.execute(f"SELECT * FROM {name}")
    columns = [column[0] for column in rows.description]
    place = next((columns.index(c) for c in PAPER if c in columns and _hangs(name, c)), None)
    parts: dict[int, list[tuple[object, ...]]] = {}
    for row in rows:
        parts.setdefault(0 if place is None else row[place] // BATCH, []).append(row)
    return len(columns), parts


def _hangs(name: str, column: str) -> bool:
    return column == "paper_id" or name == "papers"


def floor_cost(source: Path, target: Path) -> Cost:
    """Measure the floor in a process of its own."""
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", "--floor", str(source), str(target)],
        capture_output=True,
        text=True,
        check=True,
    )
    wall, cpu = map(float, told.stdout.split())
    return Cost(wall, cpu, float("nan"))


def line(name: str, found: Cost, number: int | None, against: str = "") -> None:
    """Print one line of the table."""
    rate = f"{number / found.wall:>10,.0f}" if number else f"{'':>10}"
    cells = [
        "" if value != value else f"{value:,.{digits}f}"
        for value, digits in ((found.cpu, 2), (found.peak_mb, 0))
    ]
    print(
        f"{name:<44} {found.wall:>8.2f} {cells[0]:>8} {rate} {cells[1]:>8}  {against}", flush=True
    )


def best(words: list[str], times: int = 5) -> Cost:
    """Return the quickest of several runs."""
    return min((cost(words) for _ in range(times)), key=lambda found: found.cpu)


def start_up() -> None:
    """Print how long commands take before they begin to work."""
    python = best([sys.executable, "-c", "pass"])
    line("python, nothing done", python, None)
    for words in (["--help"], ["extract", "--help"], ["load", "--help"]):
        found = best([*CATALOG, *words])
        line(f"catalog {' '.join(words)}", found, None, f"{found.cpu / python.cpu:.1f} x python")


def run(number: int, given: Path | None, folder: Path) -> None:
    """Measure everything and print the table."""
    corpus, texts = folder / "corpus.jsonl", folder / "texts.jsonl"
    _keep_bytecode(folder, given)
    _recombine(number, given, corpus)
    with corpus.open() as rows, texts.open("w") as lines:
        for row in map(json.loads, rows):
            lines.write(json.dumps({"id": row["id"], "abstract": row["abstract"]}) + "\n")
    size = corpus.stat().st_size / 1e6
    print(f"{number:,} papers, {size:,.0f} MB, {os.cpu_count()} cores, SQLite", end=" ")
    print(sqlite3.sqlite_version)
    print(f"{'':<44} {'wall s':>8} {'cpu s':>8} {'papers/s':>10} {'peak MB':>8}")

    def load(name: str, *options: str) -> tuple[Cost, Cost]:
        file = folder / f"{name}.db"
        loaded = cost([*CATALOG, "--db", str(file), "load", str(corpus), *options])
        return loaded, floor_cost(file, folder / f"{name}-floor.db")

    plain, plain_floor = load("plain", "--no-extract")
    line("floor of the rows without extraction", plain_floor, number)
    line("catalog load --no-extract", plain, number, f"{plain.cpu / plain_floor.cpu:.2f} x floor")
    whole, whole_floor = load("whole")
    line("floor of the rows with extraction", whole_floor, number)
    line("catalog load", whole, number, f"{whole.cpu / whole_floor.cpu:.2f} x floor")
    alone, _ = load("alone", "--jobs", "1")
    line(
        "catalog load --jobs 1",
        alone,
        number,
        f"{alone.wall / whole.wall:.2f} x all cores, by the clock",
    )
    _yardstick(corpus, folder / "utils.db", number, plain)
    for jobs in ("1", str(os.cpu_count())):
        found = cost([*CATALOG, "extract", "--jsonl", "--jobs", jobs], stdin=texts)
        line(f"catalog extract --jsonl --jobs {jobs}", found, number)
    _recombine(number // 4, given, corpus)
    small = cost([*CATALOG, "--db", str(folder / "small.db"), "load", str(corpus), "--no-extract"])
    growth = plain.peak_mb / small.peak_mb
    line(
        "a quarter of it, --no-extract", small, number // 4, f"all of it: {growth:.2f} x its memory"
    )
    start_up()


def _keep_bytecode(folder: Path, given: Path | None) -> None:
    """Let Python write bytecode for all processes from here on, and write that of a load."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    first = folder / "first.jsonl"
    _recombine(10, given, first)
    cost([*CATALOG, "--db", str(folder / "first.db"), "load", str(first), "--jobs", "1"])


def _recombine(number: int, given: Path | None, corpus: Path) -> None:
    """Write a corpus, in another process: what is large here counts as its children's memory."""
    words = [sys.executable, "-m", "benchmarks.corpus", str(number), str(corpus)]
    subprocess.run([*words, *(["--from", str(given)] if given else [])], check=True)


def _yardstick(corpus: Path, target: Path, number: int, plain: Cost) -> None:
    if importlib.util.find_spec("sqlite_utils") is None:
        print("sqlite-utils is not installed: pip install --group bench")
        return
    found = cost(
        [*UTILS, "insert", str(target), "papers", str(corpus), "--nl", "--pk", "id"]
    ) + cost([*UTILS, "enable-fts", str(target), "papers", "title", "abstract"])
    line(
        "sqlite-utils insert, enable-fts", found, number, f"load: {plain.cpu / found.cpu:.2f} x it"
    )


def main() -> None:
    """Read the arguments, and measure in a temporary folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("papers", type=int, nargs="?", default=20_000)
    parser.add_argument("--from", dest="given", type=Path)
    parser.add_argument("--floor", nargs=2, type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.floor:
        print(*floor(*asked.floor))
        return
    with tempfile.TemporaryDirectory(prefix="catalog-load-") as folder:
        run(asked.papers, asked.given, Path(folder))


if __name__ == "__main__":
    main()
