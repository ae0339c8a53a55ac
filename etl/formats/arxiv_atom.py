"""Parse answers of arXiv's Atom API, as received or wrapped in JSON."""

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

import msgspec
from msgspec import Struct

from catalog.domain.identifiers import arxiv_id
from catalog.domain.records import Identifier, PaperRecord
from etl.formats.contract import Format, FormatError, Head, Reading
from etl.formats.toolkit.arxiv_remarks import venue_of, withdrawn_by
from etl.formats.toolkit.decoding import kept, title
from etl.formats.toolkit.json_items import BROKEN, Doubts, Outcome
from etl.formats.toolkit.json_stream import begins_with, json_shape, whole
from etl.formats.toolkit.printed_days import iso_day
from etl.formats.toolkit.printed_names import arxiv_classes, from_dois, version_in
from etl.formats.toolkit.replayed_stream import peeked
from etl.formats.toolkit.stated_links import links_in
from etl.formats.toolkit.unread_fields import elements_of
from etl.formats.toolkit.xml_stream import Node, elements, read_nodes, xml_root

KNOWN = elements_of(
    {"id", "title", "updated", "published", "summary", "author", "author/name", "comment", "doi"}
    | {"category", "category@term", "primary_category", "primary_category@term"}
    # Not read: links lead to pages made from the id; a printed citation; institutes of few authors;
    # which list of classes a class is of.
    | {"link", "link@href", "link@rel", "link@type", "link@title", "journal_ref"}
    | {"author/affiliation", "category@scheme", "primary_category@scheme"}
)
"""Paths of attributes and elements that are read, or left for the reasons beside them."""


class Wrapped(Struct):
    """An answer as a recorder stored it, with its address and status."""

    url: str
    status_code: int
    body: str


def recognises(head: Head) -> bool:
    """Return true if it begins like a feed of arXiv's API, or like a wrapped one."""
    shape = json_shape(head)
    if shape:
        is_wrapped = {"status_code", "body"} <= shape.keys
        return is_wrapped and not shape.is_array and b"arxiv.org/" in head.data
    text = head.text
    is_arxivs = "arxiv.org/schemas/atom" in text or "arxiv.org/api/" in text
    return xml_root(head) == "feed" and is_arxivs and "announce_type" not in text


def parse(stream: BinaryIO, reading: Reading) -> Iterator[Outcome]:
    """Yield a record for each `<entry>`; an answer without any yields nothing.

    https://info.arxiv.org/help/api/user-manual.html

    Raises:
        FormatError: it is no such answer, arXiv answered with an error, or it breaks before its
            first record.

    """
    begun, stream = peeked(stream, 1 << 12)
    encoding = None
    if begins_with(begun, b"{"):
        stream, encoding = _unwrapped(whole(stream, longest=reading.longest)), "utf-8"
    nodes = elements(stream, {"entry"}, encoding=encoding, longest=reading.longest)
    yield from read_nodes(nodes, _outcomes, known=KNOWN, unread=reading.unread)


def _unwrapped(data: bytes) -> BinaryIO:
    try:
        answer = msgspec.json.decode(data, type=Wrapped)
    except BROKEN as error:
        raise FormatError(
            f"the wrapper around arXiv's answer is broken: {error}",
            hint="check that the file is whole, e.g. fetch it again",
        ) from error
    if "<" not in answer.body:
        raise FormatError(
            f"arXiv answered {answer.status_code} without a feed",
            hint="ask again later, and not more than once in three seconds",
        )
    return BytesIO(answer.body.encode())


def _outcomes(entry: Node, where: str) -> Iterator[Outcome]:
    address = entry.need("id")
    if "/api/errors" in address:
        raise FormatError(
            f"arXiv answered with an error: {kept(entry.find('summary')) or address}",
            hint="correct the question and ask again",
        )
    doubts = Doubts(where)
    names = [Identifier(scheme="arxiv", value=arxiv_id(address))]
    names += doubts.value("doi", lambda text: list(from_dois(text)), entry.find("doi")) or []
    primary = entry.first("primary_category")
    yield PaperRecord(
        title=title(entry.need("title")),
        abstract=kept(entry.find("summary")),
        identifiers=tuple(dict.fromkeys(names)),
        published_on=doubts.value("published", iso_day, entry.find("published")),
        updated_on=doubts.value("updated", iso_day, entry.find("updated")),
        authors=tuple(filter(None, (title(author.find("name")) for author in entry.all("author")))),
        categories=arxiv_classes(
            [node.attributes.get("term", "") for node in entry.all("category")],
            primary.attributes.get("term") if primary else None,
        ),
        links=tuple(links_in(entry.find("comment"), "comment")),
        version=version_in(address),
        comment=kept(entry.find("comment")),
        venue=venue_of(entry.find("comment")) or title(entry.find("journal_ref")),
        withdrawn=withdrawn_by(entry.find("comment")),
    )
    yield from doubts


FORMAT = Format(
    name="arxiv-atom",
    title="arXiv API",
    homepage="https://info.arxiv.org/help/api/",
    licence="CC0-1.0 for metadata",
    rank=10,
    recognises=recognises,
    parse=parse,
)
