"""Recognise answers that hold much less than those that they would replace, or something else."""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from sqlalchemy import Connection, func, select

from catalog.domain.formatting import plural
from catalog.domain.keys import match_hashes
from catalog.domain.records import PaperRecord
from catalog.models import table
from etl.formats import FormatError, Reading
from etl.formats.toolkit.compression import LIMITS
from etl.ingest.inputs import Input
from etl.ingest.shrunken_document import LEAST, enough, much_less


class Held(Struct, frozen=True):
    """The names and hashes by which the records of documents are known."""

    records: int
    names: frozenset[tuple[str, str]]
    hashes: frozenset[int]

    def has(self, record: PaperRecord) -> bool:
        """Return true if one of the records is of the same paper."""
        found = match_hashes(record)
        return (
            found.title_hash in self.hashes
            or found.abstract_hash in self.hashes
            or any((name.scheme, name.value) in self.names for name in record.identifiers)
        )


def shrinks(connection: Connection, inputs: Sequence[Input], names: Sequence[str]) -> str | None:
    """Return in words how much less is in these documents than in those `names` now; else None.

    A day's list of papers that are all of another day is less as well, however long it is.
    """
    documents = table("documents")
    counted = select(func.sum(documents.c.records_done)).where(
        documents.c.name.in_(names), documents.c.state != "copy"
    )
    before = int(connection.scalar(counted) or 0)
    if not before:
        return None
    held = _held(connection, names)
    now = kept = 0
    try:
        for item in inputs:
            for record in _records(item):
                now += 1
                kept += held.has(record)
    except (FormatError, OSError):
        return None  # as loading will say
    return much_less(before, now) or _of_others(held.records, kept)


def _of_others(before: int, kept: int) -> str | None:
    """Say in words that most records are of other papers than before; None if they are not."""
    if before < LEAST or kept >= enough(before):
        return None
    return f"it held {plural(before, 'record')} before, of which {kept or 'none'} are in it now"


def _held(connection: Connection, names: Sequence[str]) -> Held:
    """Read by what the records of documents are known."""
    documents, sources = table("documents"), table("paper_sources")
    stated = table("identifiers")
    of_these = (
        select(sources.c.paper_id, sources.c.title_hash, sources.c.abstract_hash)
        .join(documents, documents.c.id == sources.c.document_id)
        .where(documents.c.name.in_(names))
    )
    rows = connection.execute(of_these).all()
    papers = of_these.with_only_columns(sources.c.paper_id)
    found = connection.execute(
        select(stated.c.scheme, stated.c.value).where(stated.c.paper_id.in_(papers))
    )
    hashes = {one for row in rows for one in (row.title_hash, row.abstract_hash)}
    return Held(len(rows), frozenset((row[0], row[1]) for row in found), frozenset(hashes - {None}))


def _records(item: Input) -> Iterator[PaperRecord]:
    """Yield the records in a document.

    Raises:
        FormatError: it cannot be read, or nobody knows when it came.

    """
    if item.received_at is None:
        raise FormatError("nobody knows when it came", hint="fetch it again")
    reading = Reading(name=item.name, read_on=item.received_at.date())
    with item.open(LIMITS) as opened:
        for piece in item.format.parse(opened.content, reading):
            if isinstance(piece, PaperRecord):
                yield piece
