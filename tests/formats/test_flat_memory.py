"""Tests that documents of any length are read in the memory of a record."""

import datetime as dt
import io
import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from etl.formats import Reading
from etl.plugins import formats

WORDS = "We reach 91.2 accuracy on ImageNet. " * 30
SIZES = (100, 700)
"""Records of a short and of a long document."""
SLACK = 400_000
"""Bytes by which the peak may differ: buffers, and the counters of what is unread."""

RECORDS: dict[str, Callable[[int], str]] = {
    "bibtex": lambda i: (
        f"@article{{k{i},\n  title = {{Quills {i} of Ink}},\n  author = {{Doe, J. and Roe, K.}},\n"
        f"  abstract = {{{WORDS}}},\n  doi = {{10.1000/q.{i}}}\n}}\n"
    ),
    "ris": lambda i: f"TY  - JOUR\nTI  - Quills {i}\nAU  - Doe, J.\nAB  - {WORDS}\nER  - \n",
    "csv": lambda i: f'Quills {i},"{WORDS}",10.1000/q.{i}\n',
    "semantic-scholar": lambda i: (
        json.dumps({"corpusid": i, "externalids": {"DOI": f"10.1000/q.{i}"}, "abstract": WORDS})
        + "\n"
    ),
    "daily-arxiv": lambda i: (
        json.dumps(
            {"id": f"2405.{i:05}", "title": "Quills", "summary": WORDS, "categories": [], "abs": ""}
        )
        + "\n"
    ),
    "awesome-list": lambda i: f"- [Quills {i} of Ink](https://arxiv.org/abs/2405.{i:05}) {WORDS}\n",
    "csl-json": lambda i: (
        json.dumps({"type": "article", "title": f"Quills {i}", "abstract": WORDS}) + ",\n"
    ),
    "openalex": lambda i: (
        json.dumps({"id": f"https://openalex.org/W{i + 1}", "title": "Quills", "abstract": WORDS})
        + "\n"
    ),
}
AROUND = {
    "csv": ("title,abstract,doi\n", ""),
    "awesome-list": ("# Quills\n", ""),
    "csl-json": ("[", "{}]"),
}


class Made(io.RawIOBase):
    """A stream that makes its records while it is read."""

    def __init__(self, record: Callable[[int], str], count: int, begin: str, end: str) -> None:
        super().__init__()
        self._parts = iter([begin.encode(), *range(count), end.encode()])
        self._record = record
        self._held = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while len(self._held) < len(buffer) and (part := next(self._parts, None)) is not None:
            self._held += part if isinstance(part, bytes) else self._record(part).encode()
        size = min(len(buffer), len(self._held))
        buffer[:size], self._held = self._held[:size], self._held[size:]
        return size


def peak(name: str, count: int) -> tuple[int, int]:
    """The most memory that reading took, and how many records it gave."""
    begin, end = AROUND.get(name, ("", ""))
    stream = io.BufferedReader(Made(RECORDS[name], count, begin, end))
    reading = Reading(name="-", read_on=dt.date(2026, 11, 20))
    tracemalloc.start()
    try:
        found = sum(1 for _ in formats()[name].parse(stream, reading))
        return tracemalloc.get_traced_memory()[1], found
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", RECORDS)
def test_memory_does_not_grow_with_the_document(name: str) -> None:
    peak(name, 10)  # what is made once
    (short, few), (long, many) = (peak(name, count) for count in SIZES)
    assert many - few == SIZES[1] - SIZES[0]
    assert long - short < SLACK, f"{short:,} bytes for {few} records, {long:,} for {many}"
