"""Write papers as the catalog's own JSON lines, which load back to an equal catalog."""

from collections.abc import Iterator
from typing import BinaryIO, cast

import msgspec
from msgspec import structs

from catalog.domain.records import (
    DayBasis,
    DigestMention,
    Identifier,
    Kind,
    LinkKind,
    LinkRecord,
    PaperRecord,
    ResultRecord,
    Role,
    Sign,
)
from catalog.exports.contract import Papers
from catalog.reads.numbers import Number
from catalog.reads.paper import DigestDay, Link, Paper, PaperIdentifier

STATED = "papers-with-code"
"""Origin of results that a source states beside the abstract; those in it are read again."""


def write_catalog_lines(papers: Papers, stream: BinaryIO) -> int:
    """Write the records of papers, one JSON object a line; return the number of papers.

    Loaded into an empty catalog they give the same papers, numbers, links and digest entries.
    People's corrections and marks are not in them, nor which document supplied what.
    """
    encoder, count = msgspec.json.Encoder(), 0
    for count, paper in enumerate(papers, start=1):  # noqa: B007 - how many there were
        stream.write(b"".join(encoder.encode(one) + b"\n" for one in records_of(paper)))
    return count


def records_of(paper: Paper) -> Iterator[PaperRecord]:
    """Yield the records from which a paper is computed again: mostly one.

    A record has one digest entry and one version, so a paper with several has several records.
    """
    mentions = list(map(_mention, paper.digests))
    whole = _record(paper, mentions[0] if mentions else None)
    bare = PaperRecord(title=whole.title, abstract=whole.abstract, identifiers=whole.identifiers)
    yield whole
    for mention in mentions[1:]:
        yield structs.replace(bare, digest=mention)
    if paper.version and whole.version != paper.version:
        yield structs.replace(bare, abstract=None, version=paper.version)


def _record(paper: Paper, mention: DigestMention | None) -> PaperRecord:
    names = [_identifier(name) for name in (*paper.identifiers, *paper.disputed)]
    return PaperRecord(
        title=paper.title,
        abstract=paper.abstract,
        identifiers=tuple(names),
        published_on=paper.published_on,
        updated_on=paper.updated_on,
        authors=tuple(paper.authors),
        categories=tuple(paper.categories),
        tasks=tuple(task.name for task in paper.tasks),
        digest=mention,
        links=tuple(_link(link) for link in paper.links if _is_stated(link)),
        results=tuple(_result(one) for one in paper.results if one.origin == STATED),
        version=paper.abstract_version if paper.abstract else paper.version,
        comment=paper.comment,
        venue=paper.venue,
        organization=paper.organization,
        keywords=tuple(paper.keywords),
        withdrawn=paper.withdrawn_reason if paper.withdrawn else None,
    )


def _identifier(name: PaperIdentifier) -> Identifier:
    return msgspec.convert({"scheme": name.scheme, "value": name.value}, Identifier)


def _mention(day: DigestDay) -> DigestMention:
    return DigestMention(
        source=day.source,
        day=day.day,
        basis=cast("DayBasis", day.day_basis),
        rank=day.rank,
        upvotes=day.upvotes,
        comments=day.comments,
        observed_at=day.observed_at,
    )


def _is_stated(link: Link) -> bool:
    """Tell whether a source states the address, or something about one in the abstract."""
    told = (link.is_official, link.framework, link.stated_stars)
    return link.found_in != "abstract" or any(one is not None for one in told)


def _link(link: Link) -> LinkRecord:
    return LinkRecord(
        url=link.url,
        kind=cast("LinkKind", link.kind),
        repo=link.repository,
        found_in="source" if link.found_in == "abstract" else link.found_in,
        is_official=link.is_official,
        framework=link.framework,
        stars=link.stated_stars,
    )


def _result(number: Number) -> ResultRecord:
    return ResultRecord(
        text=number.text,
        value=number.value,
        value_max=number.value_max,
        error=number.error,
        unit=number.unit,
        metric=None if number.metric_inferred else number.metric,
        metric_text=number.metric_text,
        dataset=number.dataset,
        dataset_text=number.dataset_text,
        task=number.task,
        kind=cast("Kind", number.kind),
        role=cast("Role", number.role),
        sign=cast("Sign | None", number.sign),
        model=number.model,
        baseline=number.baseline,
        sentence=number.sentence,
        rule=number.rule,
        confidence=number.confidence,
        row_confidence=number.row_confidence,
    )
