"""Parse arXiv's daily announcements as RSS or Atom, in today's form and that before 2024."""

import html
import re
from collections.abc import Iterator
from typing import BinaryIO

from catalog.domain.identifiers import arxiv_id
from catalog.domain.late_patterns import late_pattern
from catalog.domain.records import Identifier, PaperRecord
from etl.formats.contract import Format, Head, Reading
from etl.formats.toolkit.author_names import split_authors
from etl.formats.toolkit.decoding import folded, kept, title
from etl.formats.toolkit.json_items import Doubts, Outcome
from etl.formats.toolkit.printed_names import arxiv_classes, from_dois, version_in
from etl.formats.toolkit.unread_fields import elements_of
from etl.formats.toolkit.xml_stream import Node, elements, read_nodes, xml_root

KNOWN = elements_of(
    {"title", "link", "description", "summary", "guid", "id", "category", "creator", "DOI"}
    | {"category@term"}
    # Not read: the day of the announcement is the day of no version; licence and citation.
    | {"pubDate", "published", "updated", "date", "announce_type", "rights", "journal_reference"}
    # The same address again, and forms of these elements in one feed or the other.
    | {"@about", "link@href", "link@rel", "link@type", "guid@isPermaLink", "title@type"}
    | {"summary@type", "description@parseType", "category@scheme", "category@label"}
)
"""Paths of attributes and elements that are read, or left for the reasons beside them."""
# arXiv:2203.01250v3 Announce Type: replace-cross
# Abstract: ...
_LEAD = late_pattern(r"\s*arXiv:\S+\s+Announce Type:\s*\S+\s*(?:Abstract:\s*)?", re.IGNORECASE)
# A Title. (arXiv:2305.14076v1 [math.ST] UPDATED)
_TAIL = late_pattern(r"\.? ?\(arXiv:(\S+) \[([^\]\s]+)\][^()]*\)\s*$")
_ARXIVS = late_pattern(r"updates on arxiv\.org|(?:rss|export)\.arxiv\.org|arxiv\.org/rss", re.I)
"""What stands in the head of arXiv's own feeds; others only link to its papers."""
_TAG = late_pattern(r"</?[A-Za-z][^<>]*>")


def recognises(head: Head) -> bool:
    """Return true if it begins like one of arXiv's feeds of announcements."""
    root, text = xml_root(head), head.text
    if root in {"rss", "RDF"}:
        return _ARXIVS.search(text) is not None
    return root == "feed" and "announce_type" in text


def parse(stream: BinaryIO, reading: Reading) -> Iterator[Outcome]:
    """Yield a record for each item; a weekend's feed has none and yields nothing.

    https://info.arxiv.org/help/rss_specifications.html

    Raises:
        FormatError: it is not well-formed, or breaks before its first record.

    """
    nodes = elements(stream, {"item", "entry"}, longest=reading.longest)
    yield from read_nodes(nodes, _outcomes, known=KNOWN, unread=reading.unread)


def _outcomes(item: Node, where: str) -> Iterator[Outcome]:
    doubts = Doubts(where)
    printed = folded(item.need("title"))
    tail = _TAIL.search(printed)
    number = item.find("guid") or item.find("id") or item.find("link") or ""
    if tail:
        number, printed = tail[1], printed[: tail.start()]
    names = [Identifier(scheme="arxiv", value=arxiv_id(number))]
    names += doubts.value("DOI", lambda text: list(from_dois(text)), item.find("DOI")) or []
    classes = [node.attributes.get("term") or node.text.strip() for node in item.all("category")]
    described = item.find("description") or item.find("summary") or ""
    yield PaperRecord(
        title=title(printed),
        abstract=kept(_plain(_LEAD.sub("", described, count=1))),
        identifiers=tuple(dict.fromkeys(names)),
        authors=tuple(
            name for node in item.all("creator") for name in split_authors(_plain(node.text))
        ),
        categories=arxiv_classes(classes or ([tail[2]] if tail else [])),
        version=version_in(number),
    )
    yield from doubts


def _plain(text: str) -> str:
    """Remove the HTML that feeds contained before 2024; other angle brackets stay."""
    if re.match(r"\s*<(?:p|a)\b", text):
        return html.unescape(_TAG.sub("", text))
    return text


FORMAT = Format(
    name="arxiv-rss",
    title="arXiv announcements as RSS",
    homepage="https://info.arxiv.org/help/rss.html",
    licence="CC0-1.0 for metadata",
    rank=10,
    recognises=recognises,
    parse=parse,
)
