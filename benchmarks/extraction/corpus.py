"""Read the annotated abstracts: the answer key in its two parts, and extra labels."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
LABELS = Path(__file__).parent / "labels"
HELD_OUT = Path(__file__).parent / "held_out"
ASIDE = "labels-2026"
"""The part of the held-out sets that is the set of 2026 put aside."""
SECOND = (Path(__file__).parent / "second", HELD_OUT / "second")
UNTOUCHED_SHARE = 0.28
TWINS = {"004-063": "000-038"}
"""The same abstract under two ids: never in two folds."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One annotated abstract."""

    id: str
    title: str | None
    abstract: str
    metrics: list[dict[str, Any]]
    links: list[dict[str, Any]]
    part: str
    """"tuned", "untouched", or the name of an extra set."""


@dataclass(frozen=True, slots=True)
class SecondRead:
    """One annotated abstract, and what a second reader found in it."""

    first: Paper
    metrics: list[dict[str, Any]]


def position(paper_id: str, salt: str) -> float:
    """Return a fixed pseudo-random number between 0 and 1."""
    name = f"{salt}:{TWINS.get(paper_id, paper_id)}"
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 1000 / 1000


def fold(paper_id: str, folds: int, salt: str = "fold") -> int:
    """Return the fold of a paper, the same for every run."""
    return int(position(paper_id, salt) * folds)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def read_tex() -> list[Paper]:
    """Read the annotated arXiv abstracts with TeX, which were seen while rules were written."""
    known = {row["id"]: row for row in _lines(SHARED / "gold" / "abstracts-tex-dev.jsonl")}
    rows = _lines(SHARED / "gold" / "gold-tex-dev.jsonl")
    return [_paper(row, known[row["id"]], "tex") for row in rows]


def read_key() -> list[Paper]:
    """Read the answer key, with each paper marked "tuned" or "untouched"."""
    texts = {row["id"]: row for row in _lines(SHARED / "gold" / "abstracts.jsonl")}
    papers = []
    for row in _lines(SHARED / "gold" / "gold.jsonl"):
        part = "untouched" if position(row["id"], "split") < UNTOUCHED_SHARE else "tuned"
        papers.append(_paper(row, texts[row["id"]], part))
    return papers


def _paper(row: dict[str, Any], text: dict[str, Any], part: str) -> Paper:
    return Paper(
        row["id"], text.get("title"), text["abstract"], row["metrics"], row.get("links", []), part
    )


def is_careful(paper: Paper) -> bool:
    """Return true if a paper's labels have sign, model and baseline."""
    return paper.part.startswith("read-") or paper.part == "tex"


def bulk(folder: str = "abstracts") -> list[dict[str, Any]]:
    """Read thousands of abstracts without annotation."""
    return [row for path in (SHARED / "data" / folder).glob("*.jsonl.gz") for row in _lines(path)]


def texts() -> dict[str, dict[str, Any]]:
    """Read title and abstract of every paper that may be annotated, by its id."""
    folders = ("abstracts", "abstracts-2026", "abstracts-arxiv")
    return {row["id"]: row for folder in folders for row in bulk(folder)}


def read_held_out() -> list[Paper]:
    """Read the sets that are never trained on and whose errors nobody reads."""
    return _labelled(HELD_OUT)


def read_extra() -> list[Paper]:
    """Read the extra labels, with their abstracts from the bulk."""
    return _labelled(LABELS)


def read_second() -> list[SecondRead]:
    """Read the second readings, each with the first one of the same abstract."""
    first = {p.id: p for p in (*read_extra(), *read_held_out())}
    return [
        SecondRead(first[row["id"]], row["metrics"])
        for folder in SECOND
        for path in sorted(folder.glob("*.jsonl"))
        for row in _lines(path)
        if row["id"] in first
    ]


def _labelled(folder: Path) -> list[Paper]:
    files = sorted(folder.glob("*.jsonl"))
    known = texts() if files else {}
    return [
        _paper(row, known[row["id"]], path.stem)
        for path in files
        for row in _lines(path)
        if row["id"] in known
    ]
