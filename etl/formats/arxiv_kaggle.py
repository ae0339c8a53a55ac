"""Parse arXiv's snapshot on Kaggle: `arxiv-metadata-oai-snapshot.json`, an object a line."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from msgspec import Struct

from catalog.domain.identifiers import arxiv_id
from catalog.domain.records import Identifier, PaperRecord
from etl.formats.contract import Format, Head, Piece, Reading
from etl.formats.toolkit.arxiv_remarks import venue_of, versions_of, withdrawn_by
from etl.formats.toolkit.author_names import split_authors
from etl.formats.toolkit.decoding import folded, kept, title
from etl.formats.toolkit.json_items import Doubts, ItemConverter, Outcome
from etl.formats.toolkit.json_stream import json_shape, line_items
from etl.formats.toolkit.printed_days import rfc822_day
from etl.formats.toolkit.printed_names import arxiv_classes, from_dois
from etl.formats.toolkit.stated_links import links_in

IGNORED = {
    "submitter": "who sent it in, often no author",
    "journal-ref": "a printed citation; the DOI says the same",
    "report-no": "a number of the institute's own",
    "license": "of the full text, which is not kept",
    "Version.version": "its number; the order tells it",
    "update_date": "day of the last change to the metadata, not to the paper",
}


class Version(Struct):
    """One version of a paper."""

    created: str
    version: str | None = None


class Snapshot(Struct):
    """One line of the snapshot."""

    id: str
    title: str
    abstract: str
    categories: str
    versions: Sequence[Version]
    authors: str = ""
    authors_parsed: Sequence[Sequence[str]] = ()
    comments: str | None = None
    doi: str | None = None


def recognises(head: Head) -> bool:
    """Return true if the first line is an object with the snapshot's fields."""
    shape = json_shape(head)
    return (
        shape is not None
        and not shape.is_array
        and {"id", "title", "categories", "versions", "update_date"} <= shape.keys
    )


def parse(stream: BinaryIO, reading: Reading) -> Iterator[Piece]:
    """Yield a record for each line, and a problem for each that is broken.

    https://www.kaggle.com/datasets/Cornell-University/arxiv

    Raises:
        FormatError: its compressed bytes break before the first record.

    """
    yield from ITEMS.read_new(line_items(stream, longest=reading.longest), reading)


def _outcomes(line: Snapshot, where: str) -> Iterator[Outcome]:
    doubts = Doubts(where)
    names = [Identifier(scheme="arxiv", value=arxiv_id(line.id))]
    names += doubts.value("doi", lambda text: list(from_dois(text)), line.doi) or []
    versions = versions_of((one.version, one.created, None) for one in line.versions)
    first, last = (versions[0], versions[-1]) if versions else (None, None)
    begun = first.day if first and first.number == 1 else None
    published_on = doubts.value("versions", rfc822_day, begun)
    yield PaperRecord(
        title=title(line.title),
        abstract=kept(line.abstract),
        identifiers=tuple(dict.fromkeys(names)),
        published_on=published_on,
        updated_on=(published_on if first is last else None)
        or doubts.value("versions", rfc822_day, last.day if last else None),
        authors=_authors(line),
        categories=arxiv_classes(line.categories.split()),
        links=tuple(links_in(line.comments, "comments")),
        version=last.number if last else None,
        comment=kept(line.comments),
        venue=venue_of(line.comments),
        withdrawn=withdrawn_by(line.comments),
    )
    yield from doubts


def _authors(line: Snapshot) -> tuple[str, ...]:
    """Put the given name first; the snapshot splits names as last, first, suffix."""
    # ["Balázs", "C.", ""], ["Rodrigues", "Waldyr A.", "Jr"], ["LHCb Collaboration", "", ""]
    if not line.authors_parsed:
        return split_authors(line.authors)
    parsed = (folded(" ".join((*name[1:2], *name[:1], *name[2:3]))) for name in line.authors_parsed)
    return tuple(filter(None, parsed)) or split_authors(line.authors)


ITEMS = ItemConverter(Snapshot, _outcomes, IGNORED)

FORMAT = Format(
    name="arxiv-kaggle",
    title="arXiv snapshot on Kaggle",
    homepage="https://www.kaggle.com/datasets/Cornell-University/arxiv",
    licence="CC0-1.0",
    rank=10,
    recognises=recognises,
    parse=parse,
)
