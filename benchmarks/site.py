"""Measure how fast the site answers on a million papers, beside plain Datasette.

    python -m benchmarks.site                        everything: builds the corpus if there is none
    python -m benchmarks.site --only pages           the pages, first time and again
    python -m benchmarks.site --only walk            a thousand steps along links
    python -m benchmarks.site --only load            the pages again while a load with one job runs
    python -m benchmarks.site --only plain           plain Datasette

The corpus is kept at --file; `--papers` says how large a new one is. Each server is a process of
its own, asked by one client over one connection, once it has counted ahead what it counts after its
start. "First time" are pages that nobody has asked for, "again" the same ones; the pages of one
kind differ from each other. The load adds papers to a copy of the corpus, which is removed again.
Every answer that is no page, or in which a facet timed out, is counted as wrong.
"""

import argparse
import datetime as dt
import http.client
import os
import random
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urljoin, urlsplit

from benchmarks import corpus
from catalog.database.schema_upgrade import upgrade

EACH = 20
"""Pages of each kind."""

TIMED_OUT = re.compile("took too long|facets timed out|Many rows")

LOADED = 200_000
"""Papers of the load that runs meanwhile: more than it gets through until the end."""

Pages: TypeAlias = dict[str, tuple[list[str], bool]]

OURS = ["-c", "from etl.cli import main; main(prog_name='catalog')"]


@dataclass
class Server:
    """A running server and the connection to it."""

    port: int
    process: subprocess.Popen[bytes]
    connection: http.client.HTTPConnection = field(init=False)
    last: float = 0.0
    """When it was asked last."""

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def get(self, path: str) -> tuple[float, int, str]:
        """Request an address, following redirects; return seconds, status and text."""
        if time.monotonic() - self.last > 3:  # the server closes a connection that rests for five
            self.connection.close()
        self.last = time.monotonic()
        started = time.perf_counter()
        for _ in range(5):
            self.connection.request("GET", path)
            answer = self.connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            if answer.status not in {301, 302}:
                break
            path = urljoin(path, answer.headers["Location"])
        self.last = time.monotonic()
        return time.perf_counter() - started, answer.status, text


@contextmanager
def served(arguments: list[str], port: int) -> Iterator[tuple[Server, float]]:
    """Run a server; yields it, and the seconds from its start to its first answer."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], stderr=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL)  # fmt: skip
    try:
        server = Server(port, process)
        while True:
            try:
                server.get("/")
                break
            except OSError:
                server.connection.close()
                if process.poll() is not None:
                    sys.exit(f"the server ended: {arguments}")
                time.sleep(0.02)
        yield server, time.perf_counter() - started
    finally:
        process.terminate()
        process.wait()


def kinds(file: Path, chance: random.Random) -> Pages:
    """Map kinds of pages to addresses, and whether plain Datasette has them too."""
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:

        def some(sql: str, count: int = EACH) -> list[tuple[str, ...]]:
            return [tuple(map(str, row)) for row in connection.execute(f"{sql} LIMIT {count}")]

        top = connection.execute("SELECT max(id) FROM papers").fetchone()[0]
        ids = ", ".join(str(chance.randrange(1, top)) for _ in range(EACH))
        papers = some(f"SELECT id, key FROM papers WHERE id IN ({ids})")
        days = some("SELECT day FROM digests ORDER BY random()")
        boards = some("SELECT d.slug, m.slug FROM datasets d, metrics m "
                      "WHERE d.id < 20 AND m.id < 12 "
                      "ORDER BY random()")  # fmt: skip
        datasets = some("SELECT slug, id FROM datasets ORDER BY random()")
        metrics = some("SELECT slug, id FROM metrics ORDER BY random()")
        repositories = some(f"SELECT key FROM repositories WHERE id IN ({ids})")
        months = some("SELECT DISTINCT month FROM papers ORDER BY 1 DESC")
    words = [f"w{chance.randrange(60_000):x}ord" for _ in range(EACH)]
    common = ["model", "data", "learning", "results", "network", "w1ord", "w2ord", "w9ord"]
    papers_page, results_page = "/catalog/papers", "/catalog/results"
    return {
        "start": (["/"] * EACH, False),
        "digest day": ([f"/digest/{day}" for (day,) in days], False),
        "digest week": ([f"/digest/{_week(day)}" for (day,) in days], False),
        "digest month": ([f"/digest/{day[:7]}" for (day,) in days], False),
        "trending": (["/trending", "/trending?days=30", "/trending?days=30&page=2"], False),
        "suggestions": ([f"/suggest.json?q={word[:5]}" for word in words], False),
        "calendar": (["/digest"] * 5, False),
        "paper": ([f"/paper/{key}" for _, key in papers], False),
        "leaderboard": ([f"/leaderboard/{d}/{m}" for d, m in boards], False),
        "leaderboard, with code": ([f"/leaderboard/{d}/{m}?code=yes" for d, m in boards], False),
        "leaderboard, against size": (
            [f"/leaderboard/{d}/{m}?against=size" for d, m in boards], False),
        "all leaderboards": (["/leaderboard"] * 5, False),
        "search of leaderboards": ([f"/leaderboard?q=dataset+{n}" for n in range(1, EACH)], False),
        "all tasks": (["/tasks"] * 5, False),
        "task": ([f"/task/task-{n}" for n in range(1, EACH)], False),
        "model": ([f"/model/Model%20{n}" for n in range(1, 2 * EACH, 2)], False),
        "dataset": ([f"/dataset/{slug}" for slug, _ in datasets], False),
        "metric": ([f"/metric/{slug}" for slug, _ in metrics], False),
        "repository": ([f"/repository/{key}" for (key,) in repositories], False),
        "search, rare word": ([f"/search?q={word}" for word in words], False),
        "search, frequent word": ([f"/search?q={word}" for word in common], False),
        "search, word and code:yes": ([f"/search?q={word}+code:yes" for word in words], False),
        "search, two frequent words": ([f"/search?q=model+{word}" for word in common[1:]], False),
        "search, as a feed": ([f"/search.atom?q={word}" for word in common], False),
        "numbers, of a metric": (
            [f"/numbers?q=%22metric+{n}%22%3E50" for n in range(1, EACH)], False),
        "numbers, of papers with a word": ([f"/numbers?q={word}" for word in words], False),
        "author": ([f"/author/Author%20{n}" for n in range(1, EACH)], False),
        "search, filters only": (
            [f"/search?q=dataset:dataset-{n}+after:2020" for n in range(1, EACH)], False),
        "papers": ([papers_page] * EACH, True),
        "papers of a year": ([f"{papers_page}?year={year}" for year in range(2010, 2026)], True),
        "papers of a month": ([f"{papers_page}?month={month}" for (month,) in months], True),
        "papers with code": ([f"{papers_page}?has_code=1", f"{papers_page}?has_code=0"] * 3, True),
        "papers of a class": (
            [f"{papers_page}?_category=cs.{n:02}" for n in range(1, EACH)], False),
        "papers by dataset": ([f"{papers_page}?_facet_through=dataset"] * 5, False),
        "papers of a dataset": (
            [f"{papers_page}?_dataset=dataset-{n}" for n in range(1, EACH)], False),
        "papers, search box": ([f"{papers_page}?_search={word}" for word in words], True),
        "papers, next page": (
            [f"{papers_page}?_sort_desc=first_seen_on&_next=20{y}-03-01%2C1"
             for y in range(10, 25)], True),
        "results": ([results_page] * EACH, True),
        "results of a metric": ([f"{results_page}?metric_id={n}" for _, n in metrics], True),
        "results of a dataset": ([f"{results_page}?dataset_id={n}" for _, n in datasets], True),
        "results of a kind": ([f"{results_page}?kind={k}" for k in ("delta", "ratio")] * 3, True),
        "repositories": (["/catalog/repositories"] * EACH, True),
        "repositories, a language": (
            [f"/catalog/repositories?language={name}" for name in ("Rust", "Julia")], True),
        "row of a result": ([f"{results_page}/{n}" for n in range(1, EACH)], True),
        "tables and SQL": (["/catalog"] * 5, True),
        "JSON, 100 papers": ([f"{papers_page}.json?_size=100&_shape=array"] * EACH, True),
    }  # fmt: skip


def _week(day: str) -> str:
    """Return the ISO week of a day, as addresses have it."""
    return dt.date.fromisoformat(day).strftime("%G-W%V")


def measure(server: Server, pages: Pages) -> dict[str, str]:
    """Measure median, 95th percentile and slowest answer of each kind, in milliseconds."""
    found = {}
    for kind, (paths, _) in pages.items():
        taken, wrong = [], 0
        for path in paths:
            seconds, status, text = server.get(path)
            taken.append(seconds * 1000)
            wrong += is_wrong(status, text)
        taken.sort()
        p95 = taken[min(int(len(taken) * 0.95), len(taken) - 1)]
        found[kind] = f"{statistics.median(taken):7.0f} {p95:7.0f} {taken[-1]:7.0f}" + (
            f"  {wrong} wrong" if wrong else ""
        )
    return found


def is_wrong(status: int, text: str) -> bool:
    """Return true if an answer is no page, or one on which something timed out."""
    return status != 200 or bool(TIMED_OUT.search(text))


def walk(server: Server, steps: int, chance: random.Random) -> str:
    """Follow links at random, and sum up what happened."""
    here, taken, wrong = "/", [], []
    for _ in range(steps):
        seconds, status, text = server.get(here)
        taken.append((seconds * 1000, here))
        if is_wrong(status, text):
            wrong.append(f"{status} {here}")
        links = [unescape(link) for link in re.findall(r'<a [^>]*href="([^"#]+)', text)]
        links = [urljoin(here, link) for link in links]
        links = [link for link in links if may_follow(link)]
        here = chance.choice(links) if links and status == 200 and len(here) < 500 else "/"
        here = here.removeprefix(f"http://127.0.0.1:{server.port}")
    taken.sort()
    times = [one for one, _ in taken]
    slowest = "\n".join(f"    {one:6.0f} ms  {path[:110]}" for one, path in taken[-5:])
    return (
        f"{steps} steps along links: median {statistics.median(times):.0f} ms, 95th percentile "
        f"{times[int(steps * 0.95)]:.0f} ms, slowest {times[-1]:.0f} ms, {len(wrong)} wrong\n"
        f"{slowest}" + "".join(f"\n    wrong: {one[:120]}" for one in wrong[:10])
    )


def may_follow(link: str) -> bool:
    """Return true if a link stays on the site and is a page."""
    parts = urlsplit(link)
    inside = parts.scheme in {"", "http"} and parts.hostname in {None, "127.0.0.1"}
    return inside and not re.search(r"\.(csv|json|bib|atom|md)\b", link) and "_stream" not in link


def show(title: str, columns: dict[str, dict[str, str]]) -> None:
    """Print a table, one kind of page a row."""
    print(f"\n{title}\n{'':28}" + "".join(f"{name:^40}" for name in columns))
    print(f"{'':28}" + f"{' median     p95 slowest, ms':40}" * len(columns))
    for kind in next(iter(columns.values())):
        print(f"{kind:28}" + "".join(f"{column[kind]:40}" for column in columns.values()))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--file", type=Path, default=Path(tempfile.gettempdir(), "site-speed/catalog.db")
    )
    parser.add_argument("--papers", type=int, default=1_000_000)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", choices=["pages", "walk", "load", "plain"], action="append")
    parser.add_argument("--from", dest="abstracts", type=Path, help="JSONL of texts to load")
    options = parser.parse_args()
    parts = options.only or ["pages", "walk", "load", "plain"]
    if not options.file.exists():
        options.file.parent.mkdir(parents=True, exist_ok=True)
        build = ["-m", "benchmarks.site_corpus", str(options.file), "--papers", str(options.papers)]
        subprocess.run([sys.executable, *build], check=True)
    upgrade(f"sqlite:///{options.file}")  # one that was kept may be of an older revision
    pages = kinds(options.file, random.Random(options.seed))
    if {"pages", "walk"} & set(parts):
        with ours(options.file) as server:
            if "pages" in parts:
                columns = {name: measure(server, pages) for name in ("first time", "again")}
                show("This site", columns)
            if "walk" in parts:
                print(walk(server, options.steps, random.Random(options.seed)), flush=True)
    if "load" in parts:
        while_loading(options.file, pages, options.abstracts)
    if "plain" in parts:
        beside(options.file, pages)


@contextmanager
def ours(file: Path) -> Iterator[Server]:
    """Serve a catalog; yields the server when it rests."""
    with served([*OURS, "--db", str(file), "serve", "--port", "8471"], 8471) as (server, first):
        rested = resting(server.process)
        print(f"first answer {first:.2f} s after the start, counted ahead after {rested:.0f} s; "
              f"load average {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
        yield server


def resting(process: subprocess.Popen[bytes]) -> float:
    """Wait until a process uses no processor time for a while; gives the seconds until then."""
    started = last_busy = time.perf_counter()
    used = processor_time(process.pid)
    while time.perf_counter() - last_busy < 4:
        time.sleep(0.5)
        now = processor_time(process.pid)
        if now - used > 0.02:
            last_busy = time.perf_counter()
        used = now
    return last_busy - started


def processor_time(pid: int) -> float:
    """Return the seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def while_loading(file: Path, pages: Pages, abstracts: Path | None) -> None:
    """Measure the pages of a copy, then again while a load with one job adds papers to it."""
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        copy, papers = Path(folder, "catalog.db"), Path(folder, "papers.jsonl")
        shutil.copyfile(file, copy)
        corpus.write(papers, corpus.papers(LOADED, corpus.abstracts(abstracts)))
        load = [sys.executable, *OURS, "--db", str(copy), "load", str(papers), "--jobs", "1"]
        with ours(copy) as server:
            measure(server, pages)
            used = processor_time(server.process.pid)
            alone = measure(server, pages)
            cost = [processor_time(server.process.pid) - used]
            before = rows(copy)
            with busy(load) as still:
                time.sleep(15)  # past its beginning
                measure(server, pages)
                used = processor_time(server.process.pid)
                meanwhile = measure(server, pages)
                cost.append(processor_time(server.process.pid) - used)
                ended = not still()
            columns = {"without": alone, "while it loads": meanwhile}
            show(f"While a load added {rows(copy) - before:,} papers", columns)
            print(f"Processor time of the server: {cost[0]:.1f} s without, {cost[1]:.1f} s "
                  f"meanwhile; load average {os.getloadavg()[0]:.1f}")  # fmt: skip
            print("The load had ended before." if ended else "The load was still running.")


def rows(file: Path) -> int:
    """Count the papers of a catalog."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        count: int = connection.execute("SELECT count(*) FROM papers").fetchone()[0]
    return count


def beside(file: Path, pages: Pages) -> None:
    """Measure plain Datasette on the pages that it has as well."""
    with tempfile.TemporaryDirectory() as folder:
        linked = Path(folder) / "catalog.db"
        linked.symlink_to(file.resolve())
        plain = ["-m", "datasette", str(linked), "--port", "8472"]
        with served(plain, 8472) as (server, first):
            print(f"\nplain Datasette: first answer {first:.2f} s after the start")
            both = {kind: paged for kind, paged in pages.items() if paged[1]}
            show("Plain Datasette", {"plain": measure(server, both)})


@contextmanager
def busy(command: list[str]) -> Iterator[Callable[[], bool]]:
    """Run a command meanwhile; yields what tells whether it still runs."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield lambda: process.poll() is None
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
