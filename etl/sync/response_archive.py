"""The response archive: answers of publishers, stored as bytes before they are parsed."""

import datetime as dt
import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from sqlalchemy import Connection, delete, func, insert, select, update

from catalog.models import table
from etl.ingest.inputs import Input
from etl.plugins import formats


class Receipt(Struct, frozen=True, kw_only=True):
    """An answer as it was received, with its purpose."""

    source: str
    address: str
    body: bytes
    received_at: dt.datetime
    document: str | None = None
    """Its name in the catalog; None where it is no document."""
    format: str | None = None
    day: dt.date | None = None


class Kept(Struct, frozen=True, kw_only=True):
    """An archived answer."""

    id: int
    document: str
    format: str
    sha256: str
    received_at: dt.datetime


def keep(connection: Connection, receipt: Receipt) -> int:
    """Archive an answer and return its key; the same answer twice in a row is kept once.

    Of what is no document of the catalog only the latest answer is kept.
    """
    received = table("received")
    sha256 = hashlib.sha256(receipt.body).hexdigest()
    same_question = (
        received.c.document == receipt.document
        if receipt.document
        else (received.c.address == receipt.address) & received.c.document.is_(None)
    )
    latest = connection.execute(
        select(received.c.id, received.c.sha256)
        .where(same_question)
        .order_by(received.c.id.desc())
        .limit(1)
    ).first()
    if latest and latest.sha256 == sha256:
        connection.execute(
            update(received)
            .where(received.c.id == latest.id)
            .values(confirmed_at=receipt.received_at)
        )
        return int(latest.id)
    if receipt.document is None:
        connection.execute(delete(received).where(same_question))
    connection.execute(
        insert(received).values(
            source=receipt.source,
            address=receipt.address,
            document=receipt.document,
            format=receipt.format,
            day=receipt.day,
            sha256=sha256,
            size=len(receipt.body),
            body=zlib.compress(receipt.body, 9),
            received_at=receipt.received_at,
            confirmed_at=receipt.received_at,
            state="new",
        )
    )
    newest = select(func.max(received.c.id)).where(same_question)
    return int(connection.execute(newest).scalar_one())


def set_state(connection: Connection, ids: list[int], state: str) -> None:
    """Set the state of answers: used or refused."""
    received = table("received")
    connection.execute(update(received).where(received.c.id.in_(ids)).values(state=state))


def kept(connection: Connection, key: int) -> Kept:
    """Return an archived answer without its bytes."""
    received = table("received")
    row = connection.execute(
        select(
            received.c.id,
            received.c.document,
            received.c.format,
            received.c.sha256,
            received.c.received_at,
        ).where(received.c.id == key)
    ).one()
    return Kept(**row._mapping)


def latest_of(
    connection: Connection,
    *,
    source: str | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
) -> Iterator[int]:
    """Yield the keys of used documents, the latest version of each, oldest first."""
    received = table("received")
    newest = (
        select(func.max(received.c.id).label("id"))
        .where(received.c.document.is_not(None), received.c.state == "used")
        .group_by(received.c.document)
    )
    if source:
        newest = newest.where(received.c.source == source)
    if first:
        newest = newest.where(received.c.day >= first)
    if last:
        newest = newest.where(received.c.day <= last)
    yield from connection.scalars(newest.order_by("id"))


class Dated(Struct, frozen=True):
    """The bytes of an answer, with the day that it is of."""

    day: dt.date
    body: bytes


def used_before(connection: Connection, address: str, day: dt.date) -> Dated | None:
    """Return the latest answer from an address that was used for a day before this one."""
    received = table("received")
    row = connection.execute(
        select(received.c.id, received.c.day)
        .where(received.c.address == address, received.c.state == "used", received.c.day < day)
        .order_by(received.c.day.desc(), received.c.id.desc())
        .limit(1)
    ).first()
    return Dated(row.day, body(connection, row.id)) if row else None


def body(connection: Connection, key: int) -> bytes:
    """Return the bytes of an answer as they were received."""
    received = table("received")
    packed = connection.execute(select(received.c.body).where(received.c.id == key)).scalar_one()
    return zlib.decompress(packed)


def as_input(connection: Connection, key: int, folder: Path) -> Input:
    """Write an answer to a file in `folder`, as a document to load."""
    found = kept(connection, key)
    data = body(connection, key)
    path = folder / f"received-{key}"
    path.write_bytes(data)
    return Input(
        path=path,
        name=found.document,
        format=formats()[found.format],
        sha256=found.sha256,
        bytes=len(data),
        received_at=found.received_at,
    )


class Pruned(Struct, kw_only=True):
    """The counts and bytes that a pruning removed, and those left."""

    answers: int = 0
    bytes: int = 0
    left: int = 0
    bytes_left: int = 0


def prune(
    connection: Connection, *, before: dt.datetime, max_bytes: int, dry: bool = False
) -> Pruned:
    """Delete superseded answers older than `before`, and beyond `max_bytes` also the oldest.

    Within the bound the latest answer to each question stays, however old; a refused one only
    where there was no other.
    """
    received = table("received")
    size = func.length(received.c.body)
    rows = connection.execute(
        select(
            received.c.id,
            size.label("size"),
            received.c.confirmed_at,
            func.coalesce(received.c.document, received.c.address).label("question"),
        ).order_by(received.c.state != "refused", received.c.id)
    ).all()
    latest = {row.question: row.id for row in rows}
    going = {row.id for row in rows if row.confirmed_at < before and latest[row.question] != row.id}
    total = sum(row.size for row in rows if row.id not in going)
    # Beyond the bound versions that were superseded go first, then the oldest of all.
    staying = [row for row in rows if row.id not in going]
    for row in sorted(staying, key=lambda row: (latest[row.question] == row.id, row.confirmed_at)):
        if total <= max_bytes:
            break
        going.add(row.id)
        total -= row.size
    if not dry:
        for key in sorted(going):
            connection.execute(delete(received).where(received.c.id == key))
    return Pruned(
        answers=len(going),
        bytes=sum(row.size for row in rows if row.id in going),
        left=len(rows) - len(going),
        bytes_left=total,
    )
