"""Parse OpenAlex works: one JSON object per line, as in the snapshot's parts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

from msgspec import Struct

from catalog.domain.identifiers import from_doi
from catalog.domain.records import Identifier, PaperRecord
from etl.formats.contract import Format, Head, Reading
from etl.formats.toolkit.decoding import kept, title
from etl.formats.toolkit.json_items import Doubts, ItemConverter, Outcome
from etl.formats.toolkit.json_stream import json_shape, line_items
from etl.formats.toolkit.printed_days import iso_day
from etl.formats.toolkit.printed_names import from_address

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
    abstract_inverted_index: Mapping[str, Sequence[int]] | None = None


def recognises(head: Head) -> bool:
    """Return true if the first line is a work, whose id is an address of OpenAlex."""
    shape = json_shape(head)
    return (
        shape is not None
        and not shape.is_array
        and "id" in shape.keys
        and b"openalex.org/W" in head.data
        and bool(shape.keys & {"abstract_inverted_index", "authorships", "publication_date"})
    )


def parse(stream: BinaryIO, reading: Reading) -> Iterator[Outcome]:
    """Yield a record for each work; abstracts are rebuilt from their index of words.

    https://docs.openalex.org/api-entities/works/work-object. The arXiv identifier stands in no
    field of its own: it is read from the DOI or from where the work can be read.

    Raises:
        FormatError: its compressed bytes break before the first record.

    """
    yield from ITEMS.read(line_items(stream, longest=reading.longest), reading.unread)


def outcomes(work: Work, where: str) -> Iterator[Outcome]:
    """Yield the record of one work."""
    doubts = Doubts(where)
    authors = (
        title(held.raw_author_name) or title(held.author.display_name if held.author else None)
        for held in work.authorships or ()
    )
    yield PaperRecord(
        title=title(work.title) or title(work.display_name),
        abstract=kept(rebuilt(work.abstract_inverted_index or {})),
        identifiers=tuple(dict.fromkeys(_identifiers(work, doubts))),
        published_on=doubts.value("publication_date", iso_day, work.publication_date),
        authors=tuple(filter(None, authors)),
        withdrawn="retracted, says OpenAlex" if work.is_retracted else None,
    )
    yield from doubts


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
