"""Parse OpenAlex works: lines, as in the snapshot's parts, arrays, and pages of the API."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO

import msgspec
from msgspec import Raw, Struct

from catalog.domain.identifiers import from_doi
from catalog.domain.records import Identifier, PaperRecord
from etl.formats.contract import HEAD_SIZE, Format, Head, Piece, Reading
from etl.formats.toolkit.decoding import kept, title
from etl.formats.toolkit.json_items import Doubts, ItemConverter, Outcome
from etl.formats.toolkit.json_stream import (
    Item,
    array_items,
    begins_with,
    json_items,
    json_shape,
    value_items,
)
from etl.formats.toolkit.printed_days import iso_day
from etl.formats.toolkit.printed_names import from_address
from etl.formats.toolkit.replayed_stream import peeked
from etl.formats.toolkit.unread_fields import tally

_COUNTS = "counted or derived by OpenAlex, and changing"
_OTHER = "of institutions, money or access, not of the paper"
IGNORED = {
    "ids": "repeats id and doi", "publication_year": "repeats publication_date",
    "primary_location": "the first of locations", "best_oa_location": "one of locations",
    "indexed_in": "tells arXiv, not which paper there", "type": "all types are papers here",
    "Authorship.author_position": "the order tells it", "Author.id": "OpenAlex's own, and guessed",
    "Author.orcid": "of a person, not of the paper",
    **dict.fromkeys((
        "Authorship.institutions", "Authorship.affiliations", "Authorship.countries",
        "Authorship.is_corresponding", "Authorship.raw_affiliation_string",
        "Authorship.raw_affiliation_strings", "Authorship.raw_orcid", "Location.is_oa",
        "Location.source", "Location.license", "Location.license_id", "Location.version",
        "Location.is_accepted", "Location.is_published", "Location.id", "Location.provenance",
        "Location.raw_source_name", "Location.raw_type",
    ), _OTHER),
    "language": "guessed by OpenAlex", "updated_date": "of the record", "created_date": "likewise",
    **dict.fromkeys((
        "cited_by_count", "cited_by_api_url", "citation_normalized_percentile", "counts_by_year",
        "cited_by_percentile_year", "fwci", "referenced_works", "referenced_works_count",
        "related_works", "primary_topic", "topics", "keywords", "concepts", "mesh", "versions",
        "sustainable_development_goals", "locations_count", "authors_count",
        "is_paratext", "is_xpac", "type_crossref", "biblio", "relevance_score", "ngrams_url",
        "concepts_count", "topics_count", "abstract_inverted_index_v3",
    ), _COUNTS),
    **dict.fromkeys((
        "open_access", "apc_list", "apc_paid", "grants", "funders", "awards", "datasets",
        "countries_distinct_count", "institutions_distinct_count", "institution_assertions",
        "corresponding_author_ids", "corresponding_institution_ids", "has_fulltext",
        "fulltext_origin", "fulltext", "has_content", "content_url", "content_urls", "institutions",
    ), _OTHER),
}  # fmt: skip


class Author(Struct):
    """An author as OpenAlex names them."""

    display_name: str | None = None


class Authorship(Struct):
    """An author of a work, in order."""

    author: Author | None = None
    raw_author_name: str | None = None
    """The name as printed; absent in older parts."""


class Location(Struct):
    """An address where a work can be read."""

    landing_page_url: str | None = None
    pdf_url: str | None = None


class Work(Struct):
    """One work."""

    id: str
    doi: str | None = None
    title: str | None = None
    display_name: str | None = None
    publication_date: str | None = None
    authorships: Sequence[Authorship] | None = ()
    locations: Sequence[Location] | None = ()
    is_retracted: bool | None = None
    abstract_inverted_index: Mapping[str, Sequence[int]] | str | None = None
    """Words with their places; as a text of JSON in tables that have no type for it."""
    abstract: str | None = None
    """The text itself, in copies where somebody has rebuilt it."""


class Page(Struct):
    """A page of an answer of the API; `meta` and `group_by` count what was asked for."""

    results: Sequence[Raw]
    meta: Raw = Raw()
    group_by: Raw = Raw()


def recognises(head: Head) -> bool:
    """Return true if it begins with a work, whose id is an address of OpenAlex, or with a page."""
    shape = json_shape(head)
    if shape is None or b"openalex.org/W" not in head.data:
        return False
    is_work = "id" in shape.keys and bool(
        shape.keys & {"abstract_inverted_index", "authorships", "publication_date"}
    )
    return is_work or {"meta", "results"} <= shape.keys


def parse(stream: BinaryIO, reading: Reading) -> Iterator[Piece]:
    """Yield a record for each work; abstracts are rebuilt from their index of words.

    https://developers.openalex.org/api-reference/works. The arXiv identifier stands in no field of
    its own: it is read from the DOI or from where the work can be read.

    Raises:
        FormatError: it breaks before the first record.

    """
    begun, stream = peeked(stream, HEAD_SIZE)
    shape = json_shape(Head(name="", data=begun))
    if shape and "results" in shape.keys and "id" not in shape.keys:
        read = array_items if begins_with(begun, b"[") else value_items
        items = _works(read(stream, longest=reading.longest), reading.unread)
    else:
        items = json_items(stream, longest=reading.longest)
    yield from ITEMS.read_new(items, reading)


def _works(pages: Iterable[Item], unread: Counter[str]) -> Iterator[Item]:
    """Yield the works on pages."""
    for number, item in enumerate(pages, start=1):
        where = f"page {number}"
        try:
            tally(_fields(item.raw).keys() - set(Page.__struct_fields__), unread)
            held = _page(item.raw).results
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            yield Item(where, item.raw[:EXCERPT], f"it is no page of works: {error}")
            continue
        for place, work in enumerate(held, start=1):
            yield Item(f"{where}, item {place}", bytes(work))


def outcomes(work: Work, where: str) -> Iterator[Outcome]:
    """Yield the record of one work."""
    doubts = Doubts(where)
    authors = (
        title(held.raw_author_name) or title(held.author.display_name if held.author else None)
        for held in work.authorships or ()
    )
    yield PaperRecord(
        title=title(work.title) or title(work.display_name),
        abstract=_abstract(work, doubts),
        identifiers=tuple(dict.fromkeys(_identifiers(work, doubts))),
        published_on=doubts.value("publication_date", iso_day, work.publication_date),
        authors=tuple(filter(None, authors)),
        withdrawn="retracted, says OpenAlex" if work.is_retracted else None,
    )
    yield from doubts


def _abstract(work: Work, doubts: Doubts) -> str | None:
    index = work.abstract_inverted_index
    if isinstance(index, str):
        index = doubts.value("abstract_inverted_index", _index, index)
    return kept(rebuilt(index)) if index else kept(work.abstract)


def _index(text: str) -> Mapping[str, Sequence[int]]:
    """Decode an index of words.

    Raises:
        ValueError: it is none.

    """
    try:
        return msgspec.json.decode(text, type=dict[str, list[int]])
    except (msgspec.MsgspecError, RecursionError) as error:
        msg = f"it is no index of words: {error}"
        raise ValueError(msg) from error


def _identifiers(work: Work, doubts: Doubts) -> Iterator[Identifier]:
    number = work.id.rpartition("/")[2].upper()
    if not (number[:1] == "W" and number[1:].isdecimal() and number.isascii()):
        msg = f"{work.id[:100]!r} is no work of OpenAlex: expected e.g. https://openalex.org/W1"
        raise ValueError(msg)
    if found := doubts.value("doi", from_doi, work.doi):
        yield found
    for location in work.locations or ():
        for address in (location.landing_page_url, location.pdf_url):
            named = doubts.value("locations", from_address, address)
            if named and named.scheme == "arxiv":
                yield named
    yield Identifier(scheme="openalex", value=number)


def rebuilt(index: Mapping[str, Sequence[int]]) -> str:
    """Rebuild the text from its index of words.

    >>> rebuilt({"of": [1, 4], "State": [0], "the": [2], "art": [3], "OA": [5]})
    'State of the art of OA'
    """
    placed = sorted((place, word) for word, places in index.items() for place in places)
    return " ".join(word for _place, word in placed)


EXCERPT = 4_000
"""Bytes of a broken page that are kept."""
_page = msgspec.json.Decoder(Page).decode
_fields = msgspec.json.Decoder(dict[str, Raw]).decode

ITEMS = ItemConverter(Work, outcomes, IGNORED)

FORMAT = Format(
    name="openalex",
    title="OpenAlex works",
    homepage="https://docs.openalex.org/download-all-data/openalex-snapshot",
    licence="CC0-1.0",
    rank=20,
    recognises=recognises,
    parse=parse,
)
