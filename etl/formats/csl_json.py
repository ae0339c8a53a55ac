"""Parse CSL-JSON: references as Zotero and pandoc exchange them."""

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from msgspec import Struct, field

from catalog.domain.late_patterns import late_pattern
from etl.formats.contract import Format, Head, Piece, Reading
from etl.formats.toolkit import references
from etl.formats.toolkit.json_items import ItemConverter, Outcome
from etl.formats.toolkit.json_stream import json_items, json_shape
from etl.formats.toolkit.references import Reference, arxiv_in, words_in

_VOLUME = "where in a volume it stands"
_OTHER = "of the program or its user"
IGNORED = {
    **dict.fromkeys((
        "page", "page-first", "issue", "edition", "ISSN", "ISBN", "publisher-place", "event",
        "event-title", "event-place", "event-date", "collection-title", "collection-number",
        "number-of-pages", "number-of-volumes", "chapter-number", "container-title-short",
        "journalAbbreviation", "title-short", "shortTitle", "editor", "collection-editor",
        "container-author", "translator", "director", "status", "section", "medium", "genre",
        "original-date", "submitted", "dimensions", "scale", "version", "jurisdiction",
    ), _VOLUME),
    **dict.fromkeys((
        "id", "type", "language", "accessed", "source", "archive_location", "archive-place",
        "call-number", "citation-key", "citation-label", "citation-number", "categories", "custom",
        "PMID", "PMCID", "annote", "contributor", "license", "reference-count", "system_id",
        "references", "relation", "score", "is-referenced-by-count", "indexed", "created",
    ), _OTHER),
    "Name.isInstitution": "told by its form", "Name.parse-names": _OTHER,
    "Date.season": "no day", "Date.circa": "no day",
    "Name.comma-suffix": "how it is printed", "Name.static-ordering": "how it is printed",
}  # fmt: skip
_TYPES = (
    rb"article|article-journal|article-magazine|article-newspaper|bill|book|broadcast|chapter|dataset|"
    rb"document|entry|entry-dictionary|entry-encyclopedia|figure|graphic|interview|legislation|"
    rb"manuscript|map|motion_picture|pamphlet|paper-conference|patent|periodical|personal_communication|"
    rb"post|post-weblog|report|review|review-book|software|song|speech|standard|thesis|treaty|webpage"
)
_TYPE = late_pattern(rb'"type"\s*:\s*"(?:' + _TYPES + rb')"')


class Name(Struct, rename="kebab"):
    """A person, or a team as `literal`."""

    family: str | None = None
    given: str | None = None
    literal: str | None = None
    suffix: str | None = None
    dropping_particle: str | None = None
    non_dropping_particle: str | None = None

    @property
    def printed(self) -> str:
        """The name as it is printed, given name first."""
        parts = (
            self.given,
            self.dropping_particle,
            self.non_dropping_particle,
            self.family,
            self.suffix,
        )
        return self.literal or " ".join(filter(None, parts))


class Date(Struct, rename="kebab"):
    """A date in parts, or as text."""

    date_parts: Sequence[Sequence[int | str | None]] = ()
    raw: str | None = None
    literal: str | None = None

    @property
    def printed(self) -> str:
        """The date as far as it is known: a day, a month or a year."""
        parts = [str(part) for part in (self.date_parts or [[]])[0] if part]
        padded = "-".join(part.zfill(2) for part in parts)
        return padded or self.raw or self.literal or ""


class Item(Struct, rename="kebab"):
    """One reference."""

    title: str | None = None
    abstract: str | None = None
    author: Sequence[Name] | None = ()
    doi: str | None = field(default=None, name="DOI")
    url: str | None = field(default=None, name="URL")
    note: str | None = None
    issued: Date | None = None
    container_title: str | Sequence[str] | None = None
    publisher: str | None = None
    number: str | int | None = None
    volume: str | int | None = None
    archive: str | None = None
    keyword: str | None = None


def recognises(head: Head) -> bool:
    """Return true if the first object has a type of CSL and a title."""
    shape = json_shape(head)
    if shape is None or not {"type", "title"} <= shape.keys:
        return False
    return bool(shape.keys & {"issued", "container-title", "author", "DOI", "URL"}) and bool(
        _TYPE.search(head.data)
    )


def parse(stream: BinaryIO, reading: Reading) -> Iterator[Piece]:
    """Yield a record for each reference of an array, or of lines.

    https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html

    Raises:
        FormatError: it is no JSON array or lines, or breaks before its first record.

    """
    yield from ITEMS.read_new(json_items(stream, longest=reading.longest), reading)


def _outcomes(held: Item, where: str) -> Iterator[Outcome]:
    container = held.container_title
    venue = container if isinstance(container, str) else next(iter(container or ()), None)
    number, volume = str(held.number or ""), str(held.volume or "")
    date = held.issued.printed if held.issued else None
    yield from references.outcomes(
        Reference(
            title=held.title,
            abstract=held.abstract,
            authors=tuple(name.printed for name in held.author or ()),
            named=(("DOI", held.doi),),
            addresses=(("URL", held.url),),
            remarks=(
                ("note", held.note),
                ("number", number if "arxiv" in number.lower() or arxiv_in(number) else None),
                ("volume", volume if volume.lower().startswith("abs/") else None),
                ("publisher", _arxiv(held.publisher)),
                ("archive", _arxiv(held.archive)),
            ),
            venue=venue or held.publisher,
            year=date,
            date=date,
            keywords=words_in([held.keyword]),
        ),
        where,
    )


def _arxiv(text: str | None) -> str | None:
    return text if text and re.match(r"arxiv:", text, re.IGNORECASE) else None


ITEMS = ItemConverter(Item, _outcomes, IGNORED)

FORMAT = Format(
    name="csl-json",
    title="CSL-JSON references",
    homepage="https://docs.citationstyles.org/",
    licence="that of the sources it was made from",
    rank=40,
    recognises=recognises,
    parse=parse,
)
