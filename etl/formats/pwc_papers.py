"""Parse Papers with Code's papers-with-abstracts: papers with their tasks."""

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from msgspec import Struct

from catalog.domain.identifiers import arxiv_id
from catalog.domain.records import Identifier, PaperRecord
from etl.formats.contract import Format, Head, Piece, Reading
from etl.formats.toolkit.decoding import folded, kept, title
from etl.formats.toolkit.json_items import Doubts, ItemConverter, Outcome
from etl.formats.toolkit.json_stream import json_items, json_shape
from etl.formats.toolkit.printed_days import iso_day
from etl.formats.toolkit.printed_names import from_address, version_in

IGNORED = {
    "short_abstract": "a cut of the abstract", "url_pdf": "the same paper as url_abs",
    "nips_id": "a number that leads nowhere now",
    "conference": "a key of the site's own", "conference_url_abs": "the proceedings' page",
    "conference_url_pdf": "the proceedings' file", "reproduces_paper": "of the site's challenges",
    "methods": "what a paper uses, described by the site's members",
}  # fmt: skip


class Paper(Struct):
    """One paper of the dump."""

    paper_url: str
    title: str | None = None
    abstract: str | None = None
    arxiv_id: str | None = None
    openreview_id: str | None = None
    url_abs: str | None = None
    authors: Sequence[str] | None = ()
    tasks: Sequence[str] | None = ()
    date: str | None = None
    proceeding: str | None = None


def recognises(head: Head) -> bool:
    """Return true if the first object has the dump's fields."""
    shape = json_shape(head)
    return shape is not None and {"paper_url", "title", "abstract"} <= shape.keys


def parse(stream: BinaryIO, reading: Reading) -> Iterator[Piece]:
    """Yield a record for each paper.

    https://github.com/paperswithcode/paperswithcode-data, kept at
    https://huggingface.co/datasets/pwc-archive/papers-with-abstracts

    Raises:
        FormatError: it is no JSON array or lines, or breaks before its first record.

    """
    yield from ITEMS.read_new(json_items(stream, longest=reading.longest), reading)


def outcomes(paper: Paper, where: str) -> Iterator[Outcome]:
    """Yield the record of one paper, identified by its page if it has no other identifier."""
    doubts = Doubts(where)
    names = [
        doubts.value("arxiv_id", _arxiv, paper.arxiv_id),
        doubts.value("url_abs", from_address, paper.url_abs),
        doubts.value("openreview_id", _openreview, paper.openreview_id),
        doubts.value("paper_url", from_address, paper.paper_url),
    ]
    record = PaperRecord(
        title=title(paper.title),
        abstract=kept(paper.abstract),
        identifiers=tuple(dict.fromkeys(filter(None, names))),
        published_on=doubts.value("date", iso_day, paper.date),
        authors=tuple(filter(None, map(title, paper.authors or ()))),
        version=version_in(paper.url_abs) if paper.url_abs else None,
        venue=_proceeding(paper.proceeding),
        tasks=tuple(dict.fromkeys(filter(None, map(title, paper.tasks or ())))),
    )
    if not (record.title or record.abstract or record.identifiers):
        msg = "it has neither title nor abstract nor identifier"
        raise ValueError(msg)
    yield record
    yield from doubts


def _proceeding(text: str | None) -> str | None:
    """Return the conference of a paper, without the month behind its year.

    >>> _proceeding("NeurIPS 2018 12"), _proceeding("ACL 2022"), _proceeding(None)
    ('NeurIPS 2018', 'ACL 2022', None)
    """
    return title(re.sub(r"(\d{4}) \d{1,2}$", r"\1", folded(text or "")))


def _arxiv(text: str) -> Identifier:
    return Identifier(scheme="arxiv", value=arxiv_id(text))


def _openreview(text: str) -> Identifier:
    return Identifier(scheme="openreview", value=text.strip())


ITEMS = ItemConverter(Paper, outcomes, IGNORED)

FORMAT = Format(
    name="pwc-papers",
    title="Papers with Code: papers with abstracts",
    homepage="https://huggingface.co/datasets/pwc-archive/papers-with-abstracts",
    licence="CC-BY-SA-4.0",
    rank=20,
    recognises=recognises,
    parse=parse,
)
