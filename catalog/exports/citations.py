"""Write lists of references: BibTeX, RIS, CSL-JSON."""

from collections.abc import Callable
from typing import BinaryIO

import msgspec

from catalog.exports.contract import Papers
from catalog.publish.bibtex import bibtex
from catalog.publish.csl_json import csl_json
from catalog.publish.ris import ris
from catalog.reads.paper import Paper


def write_bibtex(papers: Papers, stream: BinaryIO) -> int:
    """Write papers as entries of BibTeX with a line between; return their number."""
    return _write(papers, stream, bibtex)


def write_ris(papers: Papers, stream: BinaryIO) -> int:
    """Write papers as records of RIS with a line between; return their number."""
    return _write(papers, stream, ris)


def _write(papers: Papers, stream: BinaryIO, entry: Callable[[Paper], str]) -> int:
    count = 0
    for count, paper in enumerate(papers.named(), start=1):
        stream.write(("\n" if count > 1 else "").encode() + entry(paper).encode())
    return count


def write_csl_json(papers: Papers, stream: BinaryIO) -> int:
    """Write papers as an array of CSL-JSON, an item a line; return their number."""
    count = 0
    for count, paper in enumerate(papers.named(), start=1):
        stream.write((b",\n" if count > 1 else b"[\n") + msgspec.json.encode(csl_json(paper)))
    stream.write(b"\n]\n" if count else b"[]\n")
    return count
