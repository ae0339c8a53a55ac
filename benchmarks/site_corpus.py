"""Write a synthetic catalog for `benchmarks/site.py` straight into SQLite.

    python -m benchmarks.site_corpus /tmp/corpus.db --papers 1000000

Sizes follow the number of papers: 2 results, 0.4 links, 0.3 repositories, 2 authors and 1.5 classes
a paper; a twentieth of the papers stand in a digest. Words follow Zipf's law, so that some are in
most abstracts and most in few. The same seed gives the same file.
"""

import argparse
import datetime as dt
import itertools
import random
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from catalog.database.schema_upgrade import upgrade

FIRST, LAST = dt.date(2007, 1, 1), dt.date(2026, 3, 31)
LANGUAGES = ["Python"] * 12 + [
    "Jupyter Notebook",
    "C++",
    "C++",
    "Julia",
    "Rust",
    "Cuda",
    None,
    None,
]
LICENCES = ["MIT", "MIT", "Apache-2.0", "Apache-2.0", "BSD-3-Clause", "GPL-3.0", None, None]
STATES = ["alive"] * 8 + ["unknown", "gone"]


def main() -> None:
    """Build the corpus."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--papers", type=int, default=1_000_000)
    options = parser.parse_args()
    if options.file.exists():
        sys.exit(f"{options.file} is there already")
    started = time.perf_counter()
    upgrade(f"sqlite:///{options.file}")
    connection = sqlite3.connect(options.file, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "foreign_keys=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    later = put_off(connection)
    connection.execute("BEGIN")
    for name, columns, rows in Corpus(options.papers).tables():
        marks = ", ".join("?" * len(columns.split()))
        connection.executemany(
            f"INSERT INTO {name} ({', '.join(columns.split())}) VALUES ({marks})", rows
        )
        print(f"{time.perf_counter() - started:6.0f} s  {name}", flush=True)
    connection.execute("COMMIT")
    connection.execute("INSERT INTO papers_fts (papers_fts) VALUES ('rebuild')")
    print(f"{time.perf_counter() - started:6.0f} s  full-text index", flush=True)
    for statement in later:
        connection.execute(statement)
    connection.execute("ANALYZE")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    size = options.file.stat().st_size / 1e9
    print(f"{time.perf_counter() - started:6.0f} s  indexes; {size:.2f} GB")


def put_off(connection: sqlite3.Connection) -> list[str]:
    """Drop indexes and triggers, and return the statements that make them again."""
    found = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') "
        "AND sql IS NOT NULL"
    ).fetchall()
    for kind, name, _ in found:
        connection.execute(f"DROP {kind} {name}")
    return [sql for _, _, sql in found]


class Corpus:
    """Invented rows of every table."""

    def __init__(self, papers: int) -> None:
        self.random = random.Random(20260331)
        self.papers = papers
        self.repositories = max(papers * 3 // 10, 10)
        self.datasets, self.metrics = min(max(papers // 200, 20), 5_000), 400
        self.authors = max(papers // 4, 50)
        self.sentences = self.make_sentences()

    def make_sentences(self) -> list[str]:
        """Make sentences of words that follow Zipf's law."""
        common = ["model", "method", "data", "learning", "results", "network", "training"]
        words = common + [f"w{number:x}ord" for number in range(60_000)]
        weights = list(itertools.accumulate(1 / (rank + 8) for rank in range(len(words))))
        return [
            " ".join(self.random.choices(words, cum_weights=weights, k=18)).capitalize() + "."
            for _ in range(60_000)
        ]

    def tables(self) -> Iterator[tuple[str, str, Iterable[tuple[object, ...]]]]:
        """Yield name, columns and rows of each table."""
        few = self.random.randrange
        yield (
            "datasets",
            "id name slug key",
            (
                (n, f"Dataset {n}", f"dataset-{n}", f"dataset{n}")
                for n in range(1, self.datasets + 1)
            ),
        )
        yield "metrics", "id name slug key family higher_is_better", (
            (n, "parameters" if n == 7 else f"metric {n}", f"metric-{n}", f"metric{n}", "quality",
             n % 4 != 0)
            for n in range(1, self.metrics + 1)
        )  # fmt: skip
        yield "categories", "id code", ((n, f"cs.{n:02}") for n in range(1, 151))
        yield (
            "tasks",
            "id name slug key",
            ((n, f"task {n}", f"task-{n}", f"task{n}") for n in range(1, 1001)),
        )
        yield (
            "authors",
            "id name key",
            ((n, f"Author {n}", f" author {n} ") for n in range(1, self.authors + 1)),
        )
        yield (
            "repositories",
            ("id full_name host owner name key url stars language licence archived state"),
            (self.repository(n) for n in range(1, self.repositories + 1)),
        )
        yield (
            "papers",
            (
                "id key label title abstract arxiv_id published_on first_seen_on year month "
                "has_code has_results title_key"
            ),
            (self.paper(n) for n in range(1, self.papers + 1)),
        )
        yield (
            "authorships",
            "paper_id position author_id",
            ((n, position, few(self.authors) + 1) for n in self.ids() for position in (1, 2)),
        )
        yield (
            "paper_categories",
            "paper_id category_id is_primary",
            (
                (n, category, place == 0)
                for n in self.ids()
                for place, category in enumerate({self.zipf(150) for _ in range(2)})
            ),
        )
        yield (
            "paper_tasks",
            "paper_id task_id",
            ((n, self.zipf(1000)) for n in self.ids() if n % 3 == 0),
        )
        yield "links", "paper_id url kind repository_id found_in is_official", (
            (n, f"https://github.com/o{r}/r{r}", "github", r, "abstract", True)
            for n in self.ids() if n % 5 < 2
            for r in [few(self.repositories) + 1]
        )  # fmt: skip
        yield (
            "results",
            (
                "paper_id metric_id dataset_id task_id value unit kind role model text sentence "
                "span_start span_end rule confidence origin state"
            ),
            (self.result(n, place) for n in self.ids() if n % 2 for place in range(4)),
        )
        yield from self.digests()

    def ids(self) -> range:
        """Return the ids of the papers."""
        return range(1, self.papers + 1)

    def zipf(self, top: int) -> int:
        """Draw a number from 1 to `top`, small ones often."""
        return min(int(top ** self.random.random()), top)

    def day(self, number: int) -> dt.date:
        """Draw a day, later ones more often; papers are numbered roughly by day."""
        share = abs((number / self.papers) ** 0.5 + self.random.gauss(0, 0.01))
        return FIRST + dt.timedelta(days=int((LAST - FIRST).days * min(share, 2 - share)))

    def paper(self, n: int) -> tuple[object, ...]:
        """Make one paper."""
        day = self.day(n)
        sentences = self.random.choices(self.sentences, k=8)
        title = f"{sentences[0][:70].rpartition(' ')[0]} {n}"
        abstract = " ".join(sentences[1:])
        return (
            n, f"{day:%y%m}.{n:07}", title, title, abstract, f"{day:%y%m}.{n:07}", str(day),
            str(day), day.year, f"{day:%Y-%m}", n % 5 < 2, n % 2 == 1, title.lower(),
        )  # fmt: skip

    def repository(self, n: int) -> tuple[object, ...]:
        """Make one repository."""
        choice, stars = self.random.choice, int(self.random.paretovariate(0.7))
        return (
            n, f"o{n % 50000}/r{n}", "github.com", f"o{n % 50000}", f"r{n}",
            f"github.com/o{n % 50000}/r{n}", f"https://github.com/o{n % 50000}/r{n}",
            min(stars, 200_000), choice(LANGUAGES), choice(LICENCES), n % 11 == 0, choice(STATES),
        )  # fmt: skip

    def result(self, paper: int, place: int) -> tuple[object, ...]:
        """Make one result."""
        value = round(self.random.uniform(20, 99), 2)
        kind = self.random.choice(["absolute"] * 6 + ["delta", "ratio"])
        role = "own" if self.random.random() < 0.8 else "other"
        dataset = self.zipf(self.datasets) if self.random.random() < 0.7 else None
        task = 1 + dataset % 1000 if dataset and paper % 5 == 0 else None
        return (
            paper, self.zipf(self.metrics), dataset, task, value,
            self.random.choice(["%", "%", None]), kind, role,
            f"Model {paper % 1000}", f"{value}%", f"We reach {value}% here.",
            place * 20, place * 20 + 6, "synthetic", round(self.random.random(), 2), "abstract",
            "machine",
        )  # fmt: skip

    def digests(self) -> Iterator[tuple[str, str, Iterable[tuple[object, ...]]]]:
        """Make the last thousand days of fifty papers each."""
        days = max(min(1000, self.papers // 100), 2)
        yield (
            "digests",
            "id source day",
            (
                (n, "digest-page", str(LAST - dt.timedelta(days=days - n)))
                for n in range(1, days + 1)
            ),
        )
        yield (
            "digest_entries",
            "digest_id paper_id rank upvotes day_basis",
            (
                (digest, paper, rank, self.random.randrange(200), "printed")
                for digest in range(1, days + 1)
                for rank, paper in enumerate(
                    {self.random.randrange(self.papers) + 1 for _ in range(50)}, start=1
                )
            ),
        )


if __name__ == "__main__":
    main()
