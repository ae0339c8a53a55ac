"""Parse daily-arXiv JSON lines: a day's papers of arXiv, as crawlers of its lists keep them."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from msgspec import Struct

from catalog.domain.identifiers import arxiv_id
from catalog.domain.records import Identifier, PaperRecord
from etl.formats.contract import Format, Head, Piece, Reading
from etl.formats.toolkit.arxiv_remarks import venue_of, withdrawn_by
from etl.formats.toolkit.author_names import split_authors
from etl.formats.toolkit.decoding import kept, title
from etl.formats.toolkit.json_items import Doubts, ItemConverter, Outcome
from etl.formats.toolkit.json_stream import json_shape, line_items
from etl.formats.toolkit.printed_days import iso_day
from etl.formats.toolkit.printed_names import arxiv_classes, version_in
from etl.formats.toolkit.stated_links import link, links_in

IGNORED = {
    "pdf": "the same paper as id", "pdf_url": "the same", "abs": "the same",
    "AI": "a machine's words",
    "tldr": "a machine's words", "summary_zh": "a machine's words", "title_zh": "a machine's words",
    "abstract_zh": "a machine's words", "score": "a reader's", "tags": "a reader's",
    "primary_category": "the first of categories",
}  # fmt: skip


class Line(Struct):
    """One paper of a day's list."""

    id: str
    title: str
    summary: str | None = None
    abstract: str | None = None
    categories: Sequence[str] | str | None = ()
    authors: Sequence[str] | str | None = ()
    comment: str | None = None
    published: str | None = None
    updated: str | None = None
    code_url: str | None = None
    code: str | None = None


def recognises(head: Head) -> bool:
    """Return true if the first line is a paper with its addresses at arXiv and its classes."""
    shape = json_shape(head)
    return (
        shape is not None
        and not shape.is_array
        and {"id", "title", "categories"} <= shape.keys
        and bool(shape.keys & {"summary", "abstract"})
        and bool(shape.keys & {"abs", "pdf", "pdf_url"})
        and "versions" not in shape.keys
    )


def parse(stream: BinaryIO, reading: Reading) -> Iterator[Piece]:
    """Yield a record for each line, and a problem for each that is broken.

    https://github.com/dw-dengwei/daily-arXiv-ai-enhanced. What a language model wrote beside an
    abstract is not read.

    Raises:
        FormatError: its compressed bytes break before the first record.

    """
    yield from ITEMS.read_new(line_items(stream, longest=reading.longest), reading)


def _outcomes(line: Line, where: str) -> Iterator[Outcome]:
    doubts = Doubts(where)
    code = (line.code_url or line.code, "code")
    stated = doubts.value(code[1], lambda text: link(text, code[1]), code[0])
    yield PaperRecord(
        title=title(line.title),
        abstract=kept(line.summary) or kept(line.abstract),
        identifiers=(Identifier(scheme="arxiv", value=arxiv_id(line.id)),),
        published_on=doubts.value("published", iso_day, line.published),
        updated_on=doubts.value("updated", iso_day, line.updated),
        authors=_names(line.authors),
        categories=arxiv_classes(_classes(line.categories)),
        links=(*((stated,) if stated else ()), *links_in(line.comment, "comment")),
        version=version_in(line.id),
        comment=kept(line.comment),
        venue=venue_of(line.comment),
        withdrawn=withdrawn_by(line.comment),
    )
    yield from doubts


def _names(held: Sequence[str] | str | None) -> tuple[str, ...]:
    if isinstance(held, str):
        return split_authors(held)
    return tuple(filter(None, map(title, held or ())))


def _classes(held: Sequence[str] | str | None) -> Sequence[str]:
    return held.replace(",", " ").split() if isinstance(held, str) else (held or ())


ITEMS = ItemConverter(Line, _outcomes, IGNORED)

FORMAT = Format(
    name="daily-arxiv",
    title="Daily arXiv lists as JSON lines",
    homepage="https://github.com/dw-dengwei/daily-arXiv-ai-enhanced",
    licence="CC0-1.0 for metadata",
    rank=30,
    recognises=recognises,
    parse=parse,
)
