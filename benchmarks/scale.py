"""Measure how fast catalogs fill and how large they get, on SQLite, PostgreSQL and Dask.

    python -m benchmarks.scale corpus /tmp/papers.jsonl --papers 100000
    python -m benchmarks.scale load /tmp/papers.jsonl sqlite:////tmp/a.db postgresql+psycopg://...
    python -m benchmarks.scale load /tmp/papers.jsonl sqlite:////tmp/b.db --workers 1 2
    python -m benchmarks.scale grow sqlite:////tmp/c.db --papers 1000000 --step 100000
    python -m benchmarks.scale copy postgresql+psycopg://... sqlite:////tmp/d.db

What is printed are rows of a Markdown table. `grow` goes on from the papers that are there, so that
the same command, given again, continues where it was cut off. A server's processor seconds are
told where CATALOG_TEST_POSTGRES_HOME says where it lives, as after `eval "$(.ci/postgres start)"`.

Papers are invented, in arXiv's snapshot format; the same seed gives the same bytes. An abstract has
some 170 words, which follow Zipf's law; every other one states two numbers, one in five an address.
Each load is a process of its own, so that its memory is its own too.
"""

import argparse
import datetime as dt
import itertools
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text

from catalog.database.database_address import sqlite_file
from catalog.database.engine import opened
from catalog.database.schema_revision import current_revision
from etl.ingest.pool import extract_portion
from etl.plugins import choose_reader

SYLLABLES = [f"{consonant}{vowel}" for consonant in "bdfklmn" for vowel in "aeio"]
WORDS = 60_000
NAMES = 300_000
CLASSES = ("cs.CV", "cs.CL", "cs.LG", "cs.AI", "stat.ML", "eess.IV")
DATASETS = ("ImageNet", "COCO", "CIFAR-10", "GLUE", "SQuAD", "ADE20K", "GSM8K", "MMLU")
METRICS = ("accuracy", "mAP", "F1", "mIoU", "BLEU", "top-1 accuracy")


def word(number: int) -> str:
    """Return a word for each number, short ones first."""
    parts = []
    while True:
        number, place = divmod(number, len(SYLLABLES))
        parts.append(SYLLABLES[place])
        if not number:
            return "".join(parts)


class Corpus:
    """Invented papers by number."""

    def __init__(self, seed: int = 1) -> None:
        self.random = random.Random(seed)
        self.words = [word(i + 50) for i in range(WORDS)]
        self.weights = list(itertools.accumulate(1 / (i + 10) for i in range(WORDS)))

    def sentence(self, length: int) -> str:
        """Make a sentence of words by Zipf's law."""
        chosen = self.random.choices(self.words, cum_weights=self.weights, k=length)
        return " ".join(chosen).capitalize() + "."

    def abstract(self) -> str:
        """Make seven sentences, perhaps with results and an address."""
        parts = [self.sentence(self.random.randint(14, 30)) for _ in range(7)]
        if self.random.random() < 0.5:
            value = self.random.randint(200, 990) / 10
            parts.insert(
                5,
                f"It reaches {value}% {self.random.choice(METRICS)} on "
                f"{self.random.choice(DATASETS)}, {self.random.randint(1, 90) / 10} points above "
                "the previous best.",
            )
        if self.random.random() < 0.2:
            owner, name = self.random.choices(self.words, k=2)
            parts.append(f"Code is available at https://github.com/{owner}/{name}.")
        return " ".join(parts)

    def author(self) -> str:
        """Return one of many names, some of them on many papers."""
        number = int(NAMES * self.random.random() ** 3)
        return f"{word(number % 500).capitalize()} {word(number).capitalize()}"

    def papers(self, first: int, count: int) -> Iterator[dict[str, object]]:
        """Yield papers as in the snapshot."""
        for number in range(first, first + count):
            month, place = divmod(number, 50_000)
            day = dt.date(2015 + month // 12, month % 12 + 1, place % 28 + 1)
            yield {
                "id": f"{day:%y%m}.{place:05d}",
                "authors": ", ".join(self.author() for _ in range(self.random.randint(1, 7))),
                "title": self.sentence(self.random.randint(6, 12)),
                "categories": " ".join(self.random.sample(CLASSES, self.random.randint(1, 2))),
                "abstract": self.abstract(),
                "versions": [{"version": "v1", "created": f"{day:%a, %d %b %Y} 19:18:42 GMT"}],
                "update_date": str(day),
            }


def write_corpus(file: Path, first: int, count: int) -> None:
    """Write one paper per line."""
    with file.open("w") as stream:
        for paper in Corpus(seed=first + 1).papers(first, count):
            stream.write(json.dumps(paper) + "\n")


def size_of(url: str) -> int:
    """Return the bytes on the disk."""
    file = sqlite_file(url)
    if file is not None:
        return file.stat().st_size
    with opened(url, read_only=True) as engine, engine.connect() as connection:
        return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)


def server_seconds() -> float:
    """Return the processor seconds of the tests' PostgreSQL; 0 if there is none."""
    home = os.environ.get("CATALOG_TEST_POSTGRES_HOME")
    if not home:
        return 0.0
    first = (Path(home) / "data" / "postmaster.pid").read_text().split()[0]
    ticks = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if file.parent.name == first:  # with what its children used that are gone
            ticks += sum(map(int, fields[11:15]))
        elif fields[1] == first:
            ticks += sum(map(int, fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def timed(url: str, *words: str) -> tuple[dict[str, Any], dict[str, float]]:
    """Run a command in a process of its own; return its output and cost.

    Peak memory is that of its largest process, in MB; seconds of processors are those of all.
    """
    command = [str(Path(sys.executable).with_name("catalog")), "--db", url, *words, "--json"]
    before, started = server_seconds(), time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return json.loads(output), {
        "seconds": seconds,
        "peak_mb": usage.ru_maxrss / 1024,
        "cpu": usage.ru_utime + usage.ru_stime,
        "server": server_seconds() - before,
    }


def timed_load(url: str, file: Path, *options: str) -> dict[str, float]:
    """Load a file in a process of its own."""
    told, figures = timed(url, "load", str(file), *options)
    added = told["papers_added"]
    rate = added / figures["seconds"]
    return {**figures, "papers": added, "rate": rate, "size_mb": size_of(url) / 1e6}


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """Start a Dask cluster of processes on this machine; yield its scheduler's address."""
    import distributed

    connect: Any = distributed.Client  # without types
    begin: Any = distributed.LocalCluster
    with begin(n_workers=workers, threads_per_worker=1, dashboard_address=None) as local:
        with connect(
            local, set_as_default=False
        ) as client:  # it has read its lexicon, as one in use
            read = choose_reader()
            texts = [("We reach 91.5% accuracy on ImageNet.", None)]
            client.run(extract_portion, read.name, read.version, texts)
        yield local.scheduler_address


def tell(what: str, figures: dict[str, float]) -> None:
    """Print one row of a table."""
    print(
        f"| {what} | {figures['papers']:,.0f} | {figures['seconds']:,.0f} s "
        f"| {figures['rate']:,.0f} /s | {figures['cpu']:,.0f} s | {figures['server']:,.0f} s "
        f"| {figures['peak_mb']:,.0f} MB "
        f"| {figures['size_mb']:,.0f} MB |",
        flush=True,
    )


HEAD = (
    "| what | papers | time | rate | processor | server's | peak memory | size |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
)


def load(options: argparse.Namespace) -> None:
    """Load one file into each database, or into one by clusters of several sizes."""
    print(HEAD)
    for url in options.urls:
        name = url.split(":")[0].split("+")[0]
        if not options.workers:
            tell(
                f"{name} {' '.join(options.option)}", timed_load(url, options.file, *options.option)
            )
        for workers in options.workers:
            with cluster(workers) as address:
                figures = timed_load(f"{url}.{workers}", options.file, "--executor", address)
                tell(f"{name}, {workers} workers", figures)


def grow(options: argparse.Namespace) -> None:
    """Fill one catalog in steps, from where it is, and tell the rate of each."""
    print(HEAD)
    there = papers_in(options.url)
    with tempfile.TemporaryDirectory() as folder:
        for first in range(there - there % options.step, options.papers, options.step):
            file = Path(folder) / "papers.jsonl"
            write_corpus(file, first, options.step)
            # The same name, should this step be done in two goes.
            named = ("--name", f"papers-from-{first}")
            tell(f"from {first:,}", timed_load(options.url, file, *named, *options.option))


def papers_in(url: str) -> int:
    """Count the papers of a catalog; 0 if there is none."""
    file = sqlite_file(url)
    if file is not None and not file.exists():
        return 0
    with opened(url, read_only=True) as engine:
        if current_revision(engine) is None:
            return 0
        with engine.connect() as connection:
            return int(connection.scalar(text("SELECT count(*) FROM papers")) or 0)


def copy(options: argparse.Namespace) -> None:
    """Copy a catalog, and once more when there is nothing to copy."""
    print(HEAD)
    for what in ("a first copy", "a refresh without a difference"):
        _, figures = timed(options.source, "copy", options.source, options.target)
        papers = papers_in(options.target)
        rate = papers / figures["seconds"]
        size = size_of(options.target) / 1e6
        tell(what, {**figures, "papers": papers, "rate": rate, "size_mb": size})


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    making = commands.add_parser("corpus")
    making.add_argument("file", type=Path)
    making.add_argument("--papers", type=int, default=100_000)
    making.set_defaults(run=lambda options: write_corpus(options.file, 0, options.papers))
    loading = commands.add_parser("load")
    loading.add_argument("file", type=Path)
    loading.add_argument("urls", nargs="+")
    loading.add_argument("--workers", type=int, nargs="*", default=[])
    loading.add_argument("--option", action="append", default=[])
    loading.set_defaults(run=load)
    growing = commands.add_parser("grow")
    growing.add_argument("url")
    growing.add_argument("--papers", type=int, default=1_000_000)
    growing.add_argument("--step", type=int, default=100_000)
    growing.add_argument("--option", action="append", default=[])
    growing.set_defaults(run=grow)
    copying = commands.add_parser("copy")
    copying.add_argument("source")
    copying.add_argument("target")
    copying.set_defaults(run=copy)
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    options.run(options)


if __name__ == "__main__":
    main()
