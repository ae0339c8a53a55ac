"""Recognise documents that hold much less than what they would replace."""

from itertools import islice

from msgspec import structs
from sqlalchemy import Connection, select

from catalog.domain.formatting import plural
from catalog.domain.records import PaperRecord
from catalog.models import table
from etl.formats import Reading
from etl.formats.toolkit.compression import Limits
from etl.ingest.inputs import Input

LEAST = 10
"""Records from which on less than half of them is suspicious; none at all always is."""

MANY = 20_000
"""Records from which on they are only counted where the document has lost half of its bytes."""


def shrinkage(connection: Connection, item: Input, reading: Reading, limits: Limits) -> str | None:
    """Return in words how much less a document holds than the one it would replace; else None."""
    document = table("documents")
    held = connection.execute(
        select(document.c.records_done, document.c.bytes, document.c.sha256).where(
            document.c.name == item.name, document.c.state == "complete"
        )
    ).first()
    if held is None or held.sha256 == item.sha256:
        return None
    before = int(held.records_done)
    if before > MANY and 2 * item.bytes >= held.bytes:
        return None
    now = _count(item, reading, limits, most=enough(before))
    return None if now is None else much_less(before, now)


def enough(before: int) -> int:
    """Return how many records are not much less; there is no need to count more.

    >>> enough(0), enough(3), enough(41)
    (0, 1, 21)
    """
    return min(before, 1) if before < LEAST else (before + 1) // 2


def much_less(before: int, now: int) -> str | None:
    """Say in words that a document holds suspiciously few records; None if it does not.

    >>> much_less(40, 0), much_less(40, 20), much_less(3, 1)
    ('it held 40 records before and none now', None, None)
    """
    if now >= enough(before):
        return None
    return f"it held {plural(before, 'record')} before and {now or 'none'} now"


def _count(item: Input, reading: Reading, limits: Limits, *, most: int) -> int | None:
    """Count up to `most` records in a document; None where it cannot be read, as loading says."""
    apart = structs.replace(reading, unread=type(reading.unread)(), known=None)
    try:
        with item.open(limits) as opened:
            pieces = item.format.parse(opened.content, apart)
            return sum(1 for _ in islice(filter(_is_record, pieces), most))
    except Exception:  # also a parser that stumbles: loading meets it again, and tells of it
        return None


def _is_record(piece: object) -> bool:
    return isinstance(piece, PaperRecord)
