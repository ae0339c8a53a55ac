"""Parse and write the catalog's own JSON lines: one record of a paper per line."""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec
from msgspec import structs

from catalog.domain.identifiers import normalised
from catalog.domain.records import DigestMention, LinkRecord, PaperRecord
from etl.formats.contract import Format, Head, Piece, Reading
from etl.formats.toolkit.decoding import kept, title
from etl.formats.toolkit.json_items import Doubts, ItemConverter, Outcome
from etl.formats.toolkit.json_stream import json_shape, line_items
from etl.formats.toolkit.printed_days import plausible
from etl.formats.toolkit.stated_links import link

FIELDS = frozenset(PaperRecord.__struct_fields__)
LARGEST = 2**63 - 1
"""What SQLite's integers hold."""

_encode = msgspec.json.Encoder().encode


def line_of(record: PaperRecord) -> bytes:
    """Write a record as a line, from which `parse` yields it again."""
    return _encode(record) + b"\n"


def recognises(head: Head) -> bool:
    """Return true if the first line has fields of a record only, and one that names a paper."""
    shape = json_shape(head)
    return (
        shape is not None
        and not shape.is_array
        and shape.keys <= FIELDS
        and bool(shape.keys & {"title", "abstract", "identifiers", "results"})
    )


def parse(stream: BinaryIO, reading: Reading) -> Iterator[Piece]:
    """Yield the record of each line, and a problem for each that is broken.

    The fields are those of `catalog.domain.records.PaperRecord`; a title with an abstract will do.

    Raises:
        FormatError: its compressed bytes break before the first record.

    """
    yield from ITEMS.read_new(line_items(stream, longest=reading.longest), reading)


def _outcomes(record: PaperRecord, where: str) -> Iterator[Outcome]:
    found = structs.replace(
        record,
        title=title(record.title),
        abstract=kept(record.abstract),
        identifiers=tuple(map(normalised, record.identifiers)),
        authors=tuple(filter(None, map(title, record.authors))),
    )
    if not (found.title or found.abstract or found.identifiers or found.results):
        msg = "it tells no paper: expected a title, an abstract, an identifier or results"
        raise ValueError(msg)
    for day in (record.published_on, record.updated_on):
        if day:
            plausible(day)
    doubts = Doubts(where)
    if record.digest:
        found = structs.replace(found, digest=_checked_mention(record.digest, doubts))
    for held in record.links:
        _check_link(held)
    for result in record.results:
        _check_numbers(result.start, result.end)
    yield found
    yield from doubts


def _checked_mention(mention: DigestMention, doubts: Doubts) -> DigestMention:
    """Return the mention without counts that no database holds."""
    plausible(mention.day)
    counts = {
        name: doubts.value(f"digest.{name}", _count, str(getattr(mention, name)))
        for name in ("rank", "upvotes", "comments")
        if getattr(mention, name) is not None
    }
    if mention.observed_at and mention.observed_at.tzinfo is None:
        msg = "observed_at has no time zone: expected e.g. 2025-03-11T08:00:00Z"
        raise ValueError(msg)
    return structs.replace(mention, **counts)


def _count(text: str) -> int:
    _check_numbers(int(text))
    return int(text)


def _check_link(held: LinkRecord) -> None:
    link(held.url, held.found_in)
    _check_numbers(held.start, held.end, held.stars)


def _check_numbers(*numbers: int | None) -> None:
    for number in numbers:
        if number is not None and not 0 <= number <= LARGEST:
            msg = f"{str(number)[:50]} is out of range: expected 0 to {LARGEST}"
            raise ValueError(msg)


ITEMS = ItemConverter(PaperRecord, _outcomes, {})

FORMAT = Format(
    name="catalog-jsonl",
    title="The catalog's own JSON lines",
    homepage="https://jsonlines.org/",
    licence="that of the sources it was made from",
    rank=20,
    recognises=recognises,
    parse=parse,
)
