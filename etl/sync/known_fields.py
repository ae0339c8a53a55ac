"""Recognise fields that a publisher's earlier answers had as well, of which a run told then."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, select

from catalog.models import table
from etl.formats import FormatError, Reading
from etl.formats.toolkit.compression import LIMITS
from etl.sync import response_archive

LOOKED_AT = 3
"""Earlier answers that are read again, where a later one has fields that were not read."""


def unread_before(
    connection: Connection, source: str, before: dt.datetime, folder: Path
) -> set[str]:
    """List the fields that were not read of a source's last answers before an instant."""
    found: Counter[str] = Counter()
    for key in _last(connection, source, before):
        item = response_archive.as_input(connection, key, folder)
        reading = Reading(name=item.name, read_on=before.date(), unread=found)
        try:
            with item.open(LIMITS) as opened:
                for _ in item.format.parse(opened.content, reading):
                    pass
        except (FormatError, OSError):
            continue
        finally:
            item.path.unlink()
    return set(found)


def _last(connection: Connection, source: str, before: dt.datetime) -> Iterator[int]:
    """Yield the keys of the last documents that were used."""
    received = table("received")
    yield from connection.scalars(
        select(received.c.id)
        .where(
            received.c.source == source,
            received.c.state == "used",
            received.c.document.is_not(None),
            received.c.received_at < before,
        )
        .order_by(received.c.id.desc())
        .limit(LOOKED_AT)
    ).all()
