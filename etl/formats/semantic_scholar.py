"""Parse Semantic Scholar's bulk data: lines of its data sets `papers` and `abstracts`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

from msgspec import Struct

from etl.formats.contract import Format, Head, Piece, Reading
from etl.formats.toolkit import references
from etl.formats.toolkit.decoding import title
from etl.formats.toolkit.json_items import ItemConverter, Outcome
from etl.formats.toolkit.json_stream import json_shape, line_items
from etl.formats.toolkit.references import Reference

IGNORED = {
    "corpusid": "Semantic Scholar's own", "url": "its page of the paper",
    "updated": "of the record",
    "publicationvenueid": "its own", "s2fieldsofstudy": "guessed by it",
    "publicationtypes": "all types are papers here",
    **dict.fromkeys(
        ("referencecount", "citationcount", "influentialcitationcount"), "counted, and changing"
    ),
    "isopenaccess": "of access, not of the paper",
    "OpenAccess.license": "of the full text", "OpenAccess.status": "of access",
    "Author.authorId": "its own, and guessed", "Journal.pages": "where in a volume it stands",
    "Journal.volume": "likewise",
}  # fmt: skip


class Author(Struct):
    """An author as Semantic Scholar names them."""

    name: str | None = None


class Journal(Struct):
    """The journal of a paper."""

    name: str | None = None


class OpenAccess(Struct):
    """The access to an abstract's paper, with its external ids."""

    externalids: Mapping[str, str | int | None] | None = None
    url: str | None = None


class Line(Struct):
    """One paper, or one abstract."""

    externalids: Mapping[str, str | int | None] | None = None
    title: str | None = None
    abstract: str | None = None
    authors: Sequence[Author] | None = ()
    venue: str | None = None
    journal: Journal | None = None
    year: int | None = None
    publicationdate: str | None = None
    openaccessinfo: OpenAccess | None = None


def recognises(head: Head) -> bool:
    """Return true if the first line has a corpus id, and external ids or an abstract."""
    shape = json_shape(head)
    return (
        shape is not None
        and not shape.is_array
        and "corpusid" in shape.keys
        and bool(shape.keys & {"externalids", "openaccessinfo"})
    )


def parse(stream: BinaryIO, reading: Reading) -> Iterator[Piece]:
    """Yield a record for each line, and a problem for each that is broken.

    https://api.semanticscholar.org/api-docs/datasets. What only its own number identifies is known
    by its title, or by its abstract.

    Raises:
        FormatError: its compressed bytes break before the first record.

    """
    yield from ITEMS.read_new(line_items(stream, longest=reading.longest), reading)


def _outcomes(line: Line, where: str) -> Iterator[Outcome]:
    there = line.openaccessinfo
    external = {**((there.externalids if there else None) or {}), **(line.externalids or {})}
    names = {name.casefold(): str(value) for name, value in external.items() if value}
    yield from references.outcomes(
        Reference(
            title=line.title,
            abstract=line.abstract,
            authors=tuple(filter(None, (title(one.name) for one in line.authors or ()))),
            named=tuple((f"externalids.{name}", names.get(name)) for name in ("arxiv", "doi")),
            venue=title(line.venue) or (title(line.journal.name) if line.journal else None),
            year=str(line.year or ""),
            date=line.publicationdate,
        ),
        where,
    )


ITEMS = ItemConverter(Line, _outcomes, IGNORED)

FORMAT = Format(
    name="semantic-scholar",
    title="Semantic Scholar bulk data",
    homepage="https://api.semanticscholar.org/api-docs/datasets",
    licence="ODC-BY-1.0; abstracts of their publishers",
    rank=20,
    recognises=recognises,
    parse=parse,
)
