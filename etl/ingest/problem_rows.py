"""Keep problems of abstracts that no reader could read, until they are read."""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, exists, select, update

from catalog.domain.records import Problem
from catalog.models import table
from etl.ingest.sql_helpers import insert_rows

UNREAD = "the abstract could not be read: "
"""What the reason of such a problem begins with."""


SECOND = "the second reader was of no use: "
"""What the reason begins with where the built-in reading stands instead."""


class UnreadAbstract(Struct, frozen=True):
    """An abstract that a reader stumbled over, in the document that supplied it."""

    document_id: int
    problem: Problem


def keep_unread(
    connection: Connection, run_id: int | None, unread: Iterable[UnreadAbstract]
) -> None:
    """Insert the problems that are not open yet."""
    target = table("problems")
    for found in unread:
        problem = found.problem
        known = select(target.c.id).where(
            target.c.document_id == found.document_id,
            target.c.closed_run_id.is_(None),
            target.c.why == problem.why,
            target.c.raw == problem.raw,
        )
        if connection.scalar(known.limit(1)) is None:
            row = {"why": problem.why, "raw": problem.raw, "location": problem.where}
            ids = {"document_id": found.document_id, "run_id": run_id}
            insert_rows(connection, "problems", [{**ids, **row}])


def has_unread(connection: Connection, document_id: int) -> bool:
    """Return true if the abstract of a paper of this document is not read yet."""
    source = table("paper_sources")
    found = select(source.c.id).where(
        source.c.document_id == document_id, _waits(source.c.paper_id)
    )
    return connection.scalar(found.limit(1)) is not None


def close_read(connection: Connection, run_id: int | None) -> None:
    """Close these problems in all documents whose abstracts are read by now."""
    if run_id is None:
        return
    target = table("problems")
    is_open = (target.c.closed_run_id.is_(None), target.c.why.startswith(UNREAD))
    for document_id in connection.scalars(
        select(target.c.document_id).where(*is_open).distinct()
    ).all():
        if not has_unread(connection, document_id):
            connection.execute(
                update(target)
                .where(*is_open, target.c.document_id == document_id)
                .values(closed_run_id=run_id)
            )


def has_second_problems(connection: Connection) -> bool:
    """Return true if problems of a second reader are open."""
    target = table("problems")
    found = select(target.c.id).where(
        target.c.closed_run_id.is_(None), target.c.why.startswith(SECOND)
    )
    return connection.scalar(found.limit(1)) is not None


def close_second(
    connection: Connection, run_id: int | None, documents: Iterable[int], raw: str
) -> None:
    """Close the problems that a second reader had with one abstract, now that it is read."""
    target = table("problems")
    connection.execute(
        update(target)
        .where(
            target.c.document_id.in_(sorted(documents)),
            target.c.closed_run_id.is_(None),
            target.c.why.startswith(SECOND),
            target.c.raw == raw,
        )
        .values(closed_run_id=run_id)
    )


def _waits(paper_id: Any) -> Any:
    papers = table("papers")
    return exists().where(
        papers.c.id == paper_id,
        papers.c.abstract.is_not(None),
        papers.c.extractor_version.is_(None),
    )
