"""Compare readers with what people decided, and write it as an answer key."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import select

from catalog.domain.claims import DECIDED
from catalog.domain.correction_rules import (
    ABSTRACT,
    RESULT_KINDS,
    TABLES,
    Decided,
    decided,
)
from catalog.domain.records import ResultRecord
from catalog.models import table
from catalog.reads.corrections_made import corrections
from catalog.reads.drivers import run
from etl.extract.json_output import plain_number
from etl.ingest.correction_subjects import anchors_held, results_of
from etl.ingest.decisions import read_decisions
from etl.ingest.paper_writer import Writer

BINS = (0.0, 0.5, 0.8, 0.9, 0.95)
"""Where bins of confidence begin."""

READING = ("value", "value_max", "unit", "metric", "kind")
"""Fields that `confidence` is about."""

ROW = (*READING, "dataset", "role")
"""Fields that `row_confidence` is about."""

LABEL_FIELDS = (
    "text", "start", "value", "value_max", "unit", "metric", "dataset", "kind", "role", "model",
    "baseline", "sign",
)  # fmt: skip
"""Fields of a number in the answer key."""


class Bin(Struct, kw_only=True):
    """The numbers that a reader gave a confidence in one range, and how many were right."""

    measure: str
    """confidence: of value, unit, metric, kind; row_confidence: of dataset and role as well."""
    least: float
    most: float
    judged: int = 0
    right: int = 0

    @property
    def share(self) -> float | None:
        """Share of those that were right; None where none was judged."""
        return self.right / self.judged if self.judged else None


class Evaluation(Struct, kw_only=True):
    """The quality of a reader on the numbers that people judged."""

    papers: int = 0
    judged: int = 0
    """Numbers that it read and people judged."""
    right: int = 0
    """Those whose value, unit, metric and kind are right."""
    right_rows: int = 0
    """Those whose dataset and role are right as well."""
    missed: int = 0
    """Numbers that people vouch for and the reader does not find."""
    bins: list[Bin]


def judged_papers(writer: Writer) -> list[int]:
    """List the papers with a decision on a number, by their keys."""
    papers: set[int] = set()
    for row in run(writer.connection, corrections()):
        if row.kind in RESULT_KINDS:
            papers |= writer.resolver.papers_of(row.target)
    target = table("papers")
    query = select(target.c.id).where(target.c.id.in_(papers)).order_by(target.c.key)
    return list(writer.connection.scalars(query))


def evaluate(writer: Writer) -> Evaluation:
    """Read the abstracts of judged papers anew, and compare with what people decided."""
    bins = [
        Bin(measure=measure, least=least, most=most)
        for measure in ("confidence", "row_confidence")
        for least, most in zip(BINS, (*BINS[1:], 1.0), strict=True)
    ]
    found = Evaluation(bins=bins)
    for numbers in _judged(writer):
        found.papers += bool(numbers)
        for one in numbers:
            _count(found, one)
    return found


def _judged(writer: Writer) -> Iterator[list[Decided]]:
    """Yield the numbers of each paper that people judged, as today's reader reads them."""
    papers, known = table("papers"), read_decisions(writer.connection)
    for paper_id in judged_papers(writer):
        query = select(papers.c.abstract, papers.c.title).where(papers.c.id == paper_id)
        abstract, title = writer.connection.execute(query).one()
        decisions = known.of(anchors_held(writer.connection, paper_id)).results
        if abstract:
            writer.extract.ask([(abstract, title)])
            read = writer.extract([(abstract, title)])[0].results
            machine = [(ABSTRACT, result) for result in read]
            found = decided(abstract, machine, decisions)
            yield [one for one in found if one.state != "machine"]


def _count(found: Evaluation, one: Decided) -> None:
    """Count one number that people judged."""
    machine = one.machine
    if machine is None:
        found.missed += one.state != "rejected"
        return
    kept = one.state != "rejected"
    right = {
        "confidence": kept and agrees(machine, one.result, READING),
        "row_confidence": kept and agrees(machine, one.result, ROW),
    }
    found.judged += 1
    found.right += right["confidence"]
    found.right_rows += right["row_confidence"]
    for bin_ in found.bins:
        given = getattr(machine, bin_.measure)
        last = bin_.most == 1.0
        if given is not None and bin_.least <= given and (given < bin_.most or last):
            bin_.judged += 1
            bin_.right += right[bin_.measure]


def agrees(one: ResultRecord, other: ResultRecord, fields: Sequence[str]) -> bool:
    """Return true if two readings agree in these fields; case in names does not count."""
    return all(_folded(getattr(one, name)) == _folded(getattr(other, name)) for name in fields)


def _folded(value: Any) -> Any:
    return " ".join(value.casefold().split()) if isinstance(value, str) else value


class Labelled(Struct, kw_only=True):
    """A paper's numbers and links as a line of an answer key, with its abstract."""

    id: str
    title: str | None
    abstract: str
    metrics: list[dict[str, Any]]
    links: list[dict[str, Any]]
    is_whole: bool
    """Whether every number of the paper was judged."""


def labels(writer: Writer) -> Iterator[Labelled]:
    """Yield the papers with judged numbers as an answer key has them."""
    papers = table("papers")
    for paper_id in judged_papers(writer):
        query = select(papers.c.key, papers.c.title, papers.c.abstract)
        paper = writer.connection.execute(query.where(papers.c.id == paper_id)).one()
        held = [one for one in results_of(writer.connection, paper_id) if one.origin != TABLES]
        if paper.abstract:
            yield Labelled(
                id=paper.key,
                title=paper.title,
                abstract=paper.abstract,
                metrics=[_label(one.result) for one in held if one.state in DECIDED],
                links=list(_links(writer, paper_id)),
                is_whole=all(one.state != "machine" for one in held),
            )


def _label(result: ResultRecord) -> dict[str, Any]:
    return {name: plain_number(getattr(result, name)) for name in LABEL_FIELDS}


def _links(writer: Writer, paper_id: int) -> Iterable[dict[str, Any]]:
    links, repositories = table("links"), table("repositories")
    query = (
        select(links.c.text, links.c.url, links.c.kind, repositories.c.full_name)
        .outerjoin(repositories, repositories.c.id == links.c.repository_id)
        .where(links.c.paper_id == paper_id, links.c.span_start.is_not(None))
        .order_by(links.c.span_start)
    )
    for row in writer.connection.execute(query):
        yield {"text": row.text, "url": row.url, "kind": row.kind, "repo": row.full_name}
