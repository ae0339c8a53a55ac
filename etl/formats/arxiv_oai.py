"""Parse arXiv's OAI-PMH answers in the format arXivRaw, which dates every version."""

from collections.abc import Iterator
from typing import BinaryIO

from catalog.domain.identifiers import arxiv_id
from catalog.domain.records import Identifier, PaperRecord
from etl.formats.contract import Format, FormatError, Head, Reading
from etl.formats.toolkit.arxiv_remarks import venue_of, versions_of, withdrawn_by
from etl.formats.toolkit.author_names import split_authors
from etl.formats.toolkit.decoding import kept, title
from etl.formats.toolkit.json_items import Doubts, Outcome, log
from etl.formats.toolkit.printed_days import iso_day, rfc822_day
from etl.formats.toolkit.printed_names import arxiv_classes, from_dois
from etl.formats.toolkit.stated_links import links_in
from etl.formats.toolkit.unread_fields import elements_of
from etl.formats.toolkit.xml_stream import Node, elements, read_nodes, xml_root

_RAW = ("id", "title", "abstract", "authors", "categories", "comments", "doi", "version/date")
_UNREAD = (
    # Who sent it in; printed citation and number; licence of the full text; classes see `parse`.
    *("submitter", "journal-ref", "report-no", "license", "msc-class", "acm-class", "proxy"),
    *("version", "version@version", "version/size", "version/source_type"),
    # Added by XML to any element.
    "@schemaLocation",
)
KNOWN = elements_of(
    {"@code", "header", "header@status", "header/identifier", "metadata", "metadata/arXivRaw"}
    # Of the record as the server keeps it, not of the paper.
    | {"header/datestamp", "header/setSpec", "about", "about/*"}
    | {f"metadata/arXivRaw{'' if name[0] == '@' else '/'}{name}" for name in (*_RAW, *_UNREAD)}
)
"""Paths of attributes and elements that are read, or left for the reasons beside them."""
NO_RECORDS = "noRecordsMatch"
"""What OAI-PMH answers where a day has no records: no error to us."""


def recognises(head: Head) -> bool:
    """Return true if it begins like an answer of an OAI-PMH server of arXiv."""
    return xml_root(head) == "OAI-PMH" and "arxiv" in head.text.lower()


def parse(stream: BinaryIO, reading: Reading) -> Iterator[Outcome]:
    """Yield a record for each `<record>`; one that is deleted says so of its paper.

    https://info.arxiv.org/help/oa/ and http://www.openarchives.org/OAI/openarchivesprotocol.html.
    MSC and ACM classes are not read: arXiv's template writes the one into the other's element.

    Raises:
        FormatError: the server answered with an error, the records are in another format, or it
            breaks before its first record.

    """
    nodes = elements(stream, {"record", "error"}, longest=reading.longest)
    yield from read_nodes(nodes, _outcomes, known=KNOWN, unread=reading.unread)


def _outcomes(node: Node, where: str) -> Iterator[Outcome]:
    if node.name == "error":
        code = node.attributes.get("code", "")
        if code == NO_RECORDS:
            log.info("%s: no records match what was asked for", FORMAT.name)
            return
        raise FormatError(
            f"the server answered with an error: {code} {node.text.strip()}".rstrip(),
            hint="correct the question and ask again; resumption tokens expire within a day",
        )
    header, metadata = node.first("header"), node.first("metadata")
    if header and header.attributes.get("status") == "deleted":
        yield _deleted(header)
        return
    raw = metadata.first("arXivRaw") if metadata else None
    if raw is None:
        held = metadata.nodes[0].name if metadata and metadata.nodes else "nothing"
        msg = f"its metadata is {held}: ask with metadataPrefix=arXivRaw"
        raise ValueError(msg)
    yield from _paper(raw, where)


def _paper(raw: Node, where: str) -> Iterator[Outcome]:
    doubts = Doubts(where)
    names = [Identifier(scheme="arxiv", value=arxiv_id(raw.need("id")))]
    names += doubts.value("doi", lambda text: list(from_dois(text)), raw.find("doi")) or []
    versions = versions_of(
        (node.attributes.get("version"), node.find("date"), node.find("source_type"))
        for node in raw.all("version")
    )
    first, last = (versions[0], versions[-1]) if versions else (None, None)
    comment = kept(raw.find("comments"))
    yield PaperRecord(
        title=title(raw.find("title")),
        abstract=kept(raw.find("abstract")),
        identifiers=tuple(dict.fromkeys(names)),
        published_on=doubts.value(
            "version", rfc822_day, first.day if first and first.number == 1 else None
        ),
        updated_on=doubts.value("version", rfc822_day, last.day if last else None),
        authors=split_authors(raw.find("authors") or ""),
        categories=arxiv_classes((raw.find("categories") or "").split()),
        links=tuple(links_in(comment, "comments")),
        version=last.number if last else None,
        comment=comment,
        venue=venue_of(comment),
        withdrawn=withdrawn_by(comment, last.source_type if last else None),
    )
    yield from doubts


def _deleted(header: Node) -> PaperRecord:
    """Return the record of a paper that arXiv deleted: its name, and the day."""
    day = Doubts("").value("datestamp", iso_day, header.find("datestamp"))
    on = f" on {day}" if day else ""
    return PaperRecord(
        identifiers=(Identifier(scheme="arxiv", value=arxiv_id(header.need("identifier"))),),
        withdrawn=f"deleted by arXiv{on}",
        withdrawn_on=day,
    )


FORMAT = Format(
    name="arxiv-oai",
    title="arXiv OAI-PMH, arXivRaw",
    homepage="https://info.arxiv.org/help/oa/",
    licence="CC0-1.0 for metadata",
    rank=10,
    recognises=recognises,
    parse=parse,
)
