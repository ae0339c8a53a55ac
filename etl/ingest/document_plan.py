"""Decide whether a document is new, changed, unchanged or a copy; remove documents."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Literal

import msgspec
from msgspec import Struct
from sqlalchemy import (
    Connection,
    delete,
    insert,
    select,
    update,
)

from catalog.domain.records import PaperRecord
from catalog.models import table
from etl.ingest.moved_documents import are_of_two_days
from etl.ingest.paper_writer import Writer

BATCH = 5_000
"""Records in one transaction: a document up to this size is loaded whole or not at all."""


Transaction = Callable[[], AbstractContextManager[Any]]
"""Opens the transaction of one batch on the writer's connection."""


class DocumentFacts(Struct, frozen=True, kw_only=True):
    """Facts about a document that are known before it is parsed."""

    name: str
    format: str
    rank: int
    sha256: str
    bytes: int
    read_at: dt.datetime
    parser_version: str | None = None
    """None where its items are not to be known again."""


class Plan(Struct, frozen=True, kw_only=True):
    """The decision on how to load a document."""

    action: Literal["load", "resume", "replace", "copy", "skip"]
    document_id: int | None = None
    copy_of: str | None = None
    """Name of the document with the same bytes."""
    kept_day: dt.date | None = None
    kept_basis: Any = None
    observed_at: dt.datetime | None = None
    """When the same bytes were observed first: reading them again is no later observation."""


def plan_document(
    connection: Connection,
    facts: DocumentFacts,
    *,
    year: int | None = None,
    day: dt.date | None = None,
    again: bool = False,
) -> Plan:
    """Decide how to load a document.

    Known by its name: with the same bytes it is skipped, unless it was not loaded to its end, is to
    be read as another format or `again`, or `year` or `day` ask for another digest day; with other
    bytes it replaces what it supplied. Bytes that came under another name are noted, not loaded;
    but two names that state two days are two days of a digest, whatever their bytes.
    """
    document = table("documents")
    known = connection.execute(select(document).where(document.c.name == facts.name)).first()
    twins = connection.execute(
        select(document.c.id, document.c.name)
        .where(
            document.c.sha256 == facts.sha256,
            document.c.state != "copy",
            document.c.name != facts.name,
        )
        .order_by(document.c.name)
    ).all()
    twin = next((one for one in twins if not are_of_two_days(one.name, facts.name)), None)
    if known is None:
        if twin and day is None and year is None:
            return Plan(action="copy", copy_of=twin.name)
        return Plan(action="load")
    kept = {"kept_day": known.digest_day, "kept_basis": known.day_basis}
    if known.sha256 == facts.sha256:
        kept["observed_at"] = _observed_at(connection, known.id)
    same = (
        not again
        and known.sha256 == facts.sha256
        and (
            known.format == facts.format
            and (day is None or known.digest_day in {None, day})
            and (year is None or known.digest_day is None or known.digest_day.year == year)
        )
    )
    if known.state == "copy":
        if same and twin:
            return Plan(action="skip", document_id=known.id, copy_of=twin.name)
        return Plan(action="load", document_id=known.id, **kept)
    if same and known.state == "complete":
        return Plan(action="skip", document_id=known.id)
    if same and known.state == "loading":
        return Plan(action="resume", document_id=known.id, **kept)
    if twin and known.sha256 != facts.sha256 and day is None and year is None:
        return Plan(action="copy", document_id=known.id, copy_of=twin.name)
    return Plan(action="replace", document_id=known.id, **kept)


def _observed_at(connection: Connection, document_id: int) -> dt.datetime | None:
    """Return when a document was observed, as its records say; None if they do not."""
    source = table("paper_sources")
    record = connection.scalar(
        select(source.c.record).where(source.c.document_id == document_id).limit(1)
    )
    digest = msgspec.json.decode(record, type=PaperRecord).digest if record else None
    return digest.observed_at if digest else None


def note_copy(connection: Connection, facts: DocumentFacts, plan: Plan) -> None:
    """Record that a document has the same bytes as another one."""
    document = table("documents")
    original = connection.scalar(select(document.c.id).where(document.c.name == plan.copy_of))
    connection.execute(delete(document).where(document.c.name == facts.name))
    connection.execute(
        insert(document).values(
            **columns_of(facts), records_done=0, state="copy", copy_of_id=original
        )
    )


def forget_document(
    writer: Writer, document_id: int, *, transaction: Transaction, keep_row: bool = False
) -> str | None:
    """Delete what only this document supplied; return the copy that keeps it, or None.

    A copy steps in: its bytes are the same, so it supplies the same. With `keep_row` the document
    stays, empty, for what comes in its place.
    """
    connection, document = writer.connection, table("documents")
    with transaction():
        heir = promote_copy(connection, document_id)
        if heir:
            return heir
        connection.execute(
            update(document)
            .where(document.c.id == document_id, document.c.state != "copy")
            .values(state="replacing")
        )
    source = table("paper_sources")
    while True:
        with transaction():
            ids = list(
                connection.scalars(
                    select(source.c.id)
                    .where(source.c.document_id == document_id)
                    .order_by(source.c.id)
                    .limit(BATCH)
                )
            )
            if ids:
                writer.apply([], ids)
                writer.tidy()  # else a kill after this leaves names that nothing refers to
            else:
                if not keep_row:
                    connection.execute(delete(document).where(document.c.id == document_id))
                return None


def promote_copy(connection: Connection, document_id: int) -> str | None:
    """Let a copy take over all that this document supplied; return the copy's name."""
    document = table("documents")
    copies = connection.execute(
        select(document.c.id, document.c.name)
        .where(document.c.copy_of_id == document_id)
        .order_by(document.c.name)
    ).all()
    if not copies:
        return None
    heir = copies[0]
    connection.execute(delete(document).where(document.c.id == heir.id))
    connection.execute(update(document).where(document.c.id == document_id).values(name=heir.name))
    return str(heir.name)


def columns_of(facts: DocumentFacts) -> dict[str, Any]:
    """Return the columns of a document's row that hold its facts."""
    return {
        "name": facts.name,
        "format": facts.format,
        "sha256": facts.sha256,
        "bytes": facts.bytes,
        "read_at": facts.read_at,
    }
