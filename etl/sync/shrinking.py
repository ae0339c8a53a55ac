"""Recognise answers that hold much less than those that they would replace."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from catalog.domain.records import PaperRecord
from catalog.models import table
from etl.formats import FormatError, Reading
from etl.formats.toolkit.compression import LIMITS
from etl.ingest.inputs import Input
from etl.ingest.shrunken_document import much_less


def shrinks(connection: Connection, inputs: Sequence[Input], names: Sequence[str]) -> str | None:
    """Return in words how much less is in these documents than in those `names` now; else None."""
    documents = table("documents")
    held = select(func.sum(documents.c.records_done)).where(
        documents.c.name.in_(names), documents.c.state != "copy"
    )
    before = int(connection.scalar(held) or 0)
    if not before:
        return None
    now = 0
    for item in inputs:
        count = _count(item)
        if count is None:
            return None
        now += count
    return much_less(before, now)


def _count(item: Input) -> int | None:
    """Count the records in a document; None where it cannot be read at all, as loading will say."""
    read_on = item.received_at.date() if item.received_at else None
    if read_on is None:
        return None
    try:
        with item.open(LIMITS) as opened:
            pieces = item.format.parse(opened.content, Reading(name=item.name, read_on=read_on))
            return sum(isinstance(piece, PaperRecord) for piece in pieces)
    except (FormatError, OSError):
        return None
