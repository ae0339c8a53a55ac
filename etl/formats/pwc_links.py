"""Parse Papers with Code's links-between-papers-and-code: repositories of papers."""

from collections.abc import Iterator
from typing import BinaryIO

from msgspec import Struct

from catalog.domain.identifiers import arxiv_id
from catalog.domain.records import Identifier, PaperRecord
from etl.formats.contract import Format, Head, Piece, Reading
from etl.formats.toolkit.decoding import title
from etl.formats.toolkit.json_items import Doubts, ItemConverter, Outcome
from etl.formats.toolkit.json_stream import json_items, json_shape
from etl.formats.toolkit.printed_names import from_address
from etl.formats.toolkit.stated_links import link

IGNORED = {
    "paper_url_pdf": "the same paper as paper_url_abs",
    "mentioned_in_paper": "the abstract's own links are read from it",
    "mentioned_in_github": "a guess of the site's from the repository's page",
}
NO_FRAMEWORK = {"none", ""}


class Row(Struct):
    """One repository of one paper."""

    paper_url: str
    repo_url: str
    paper_title: str | None = None
    paper_arxiv_id: str | None = None
    paper_url_abs: str | None = None
    is_official: bool | None = None
    framework: str | None = None


def recognises(head: Head) -> bool:
    """Return true if the first object has the dump's fields."""
    shape = json_shape(head)
    return shape is not None and {"paper_url", "repo_url"} <= shape.keys


def parse(stream: BinaryIO, reading: Reading) -> Iterator[Piece]:
    """Yield a record with one link for each row.

    https://github.com/paperswithcode/paperswithcode-data, kept at
    https://huggingface.co/datasets/pwc-archive/links-between-paper-and-code

    Raises:
        FormatError: it is no JSON array or lines, or breaks before its first record.

    """
    yield from ITEMS.read_new(json_items(stream, longest=reading.longest), reading)


def outcomes(row: Row, where: str) -> Iterator[Outcome]:
    """Yield the record of one row; a row without a valid address says nothing."""
    doubts = Doubts(where)
    names = [
        doubts.value("paper_arxiv_id", _arxiv, row.paper_arxiv_id),
        doubts.value("paper_url_abs", from_address, row.paper_url_abs),
        doubts.value("paper_url", from_address, row.paper_url),
    ]
    framework = (row.framework or "").strip().lower()
    record = PaperRecord(
        title=title(row.paper_title),
        identifiers=tuple(dict.fromkeys(filter(None, names))),
        links=(
            link(
                row.repo_url,
                "repo_url",
                is_official=row.is_official,
                framework=None if framework in NO_FRAMEWORK else framework,
            ),
        ),
    )
    if not (record.title or record.identifiers):
        msg = "it names no paper: neither title nor identifier"
        raise ValueError(msg)
    yield record
    yield from doubts


def _arxiv(text: str) -> Identifier:
    return Identifier(scheme="arxiv", value=arxiv_id(text))


ITEMS = ItemConverter(Row, outcomes, IGNORED)

FORMAT = Format(
    name="pwc-links",
    title="Papers with Code: links between papers and code",
    homepage="https://huggingface.co/datasets/pwc-archive/links-between-paper-and-code",
    licence="CC-BY-SA-4.0",
    rank=20,
    recognises=recognises,
    parse=parse,
)
