"""Make a corpus of any size in the form of arXiv's snapshot from real abstracts.

    python -m benchmarks.corpus 100000 corpus.jsonl [--from ABSTRACTS.jsonl.gz]

Every paper is new: half of one abstract's sentences and half of another's, a title of words from
titles, four of 30,000 names, two classes, an identifier; addresses are made to differ. Numbers,
names of metrics and datasets, and the length of texts are as frequent as in the real ones.
"""

import argparse
import gzip
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

GIVEN = Path(__file__).resolve().parents[2] / "shared/data/abstracts"
CLASSES = ("cs.CL", "cs.CV", "cs.LG", "cs.AI", "stat.ML", "cs.RO", "eess.AS", "cs.IR")
PER_MONTH = 9_000
"""Papers with one month in their identifiers; arXiv has up to 25,000."""


def abstracts(file: Path | None) -> list[dict[str, str]]:
    """Read objects with title and abstract from a JSONL file, gzipped or not."""
    file = file or next(iter(sorted(GIVEN.glob("*.jsonl.gz"))), None)
    if file is None:
        raise SystemExit(f"no abstracts at {GIVEN}: give some with --from FILE.jsonl")
    data = file.read_bytes()
    text = (gzip.decompress(data) if file.suffix == ".gz" else data).decode()
    return [json.loads(line) for line in text.splitlines()]


def papers(number: int, given: list[dict[str, str]], seed: int = 1) -> Iterator[dict[str, object]]:
    """Yield papers in the form of arXiv's snapshot, the same ones for the same seed."""
    chance = random.Random(seed)
    texts = [re.split(r"(?<=[.!?])\s+", row["abstract"]) for row in given]
    words = [word for row in given for word in row["title"].split()]
    names = [
        f"{first} {last}" for first in "ABCDEFGHIJ" for last in map("Name{}".format, range(3000))
    ]
    for place in range(number):
        one, other = chance.choice(texts), chance.choice(texts)
        abstract = " ".join(one[: len(one) // 2] + other[len(other) // 2 :])
        month = place // PER_MONTH
        yield {
            "id": f"{15 + month // 12:02d}{1 + month % 12:02d}.{place % PER_MONTH + 1:05d}",
            "submitter": "A Name",
            "authors": ", ".join(chance.sample(names, 4)),
            "title": " ".join(chance.sample(words, 8)),
            "comments": None,
            "journal-ref": None,
            "doi": None,
            "report-no": None,
            "categories": " ".join(chance.sample(CLASSES, 2)),
            "license": None,
            "abstract": f"  {_own_addresses(abstract, place)}\n",
            "versions": [{"version": "v1", "created": "Mon, 2 Apr 2018 19:18:42 GMT"}],
            "update_date": "2018-04-03",
            "authors_parsed": [],
        }


def _own_addresses(abstract: str, place: int) -> str:
    """Replace the repositories in an abstract, each of which serves three papers."""
    return re.sub(
        r"github\.com/([\w.-]+)/([\w-]+)",
        lambda found: f"github.com/{found[1]}/{found[2]}{place // 3}",
        abstract,
    )


def changed(row: dict[str, object]) -> dict[str, object]:
    """Change the abstract of a paper, as in a new version."""
    return {**row, "abstract": f"  Revised. {str(row['abstract']).strip()}\n"}


def write(file: Path, rows: Iterator[dict[str, object]]) -> None:
    """Write one object per line."""
    with file.open("w", encoding="utf-8") as lines:
        for row in rows:
            lines.write(json.dumps(row) + "\n")


def main() -> None:
    """Write a corpus to a file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("number", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--from", dest="given", type=Path)
    arguments = parser.parse_args()
    write(arguments.file, papers(arguments.number, abstracts(arguments.given)))


if __name__ == "__main__":
    main()
