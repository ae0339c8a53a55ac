"""Store decisions of people on which records are one paper, retract them, and apply both."""

import datetime as dt
from typing import Literal

from sqlalchemy import insert, select, update

from catalog.domain.errors import CatalogError
from catalog.domain.identity import Anchor
from catalog.domain.schemes import ANCHORS
from catalog.models import table
from etl.ingest.affected_records import Resolver
from etl.ingest.paper_writer import Writer


def anchors_of(resolver: Resolver, paper_id: int) -> list[Anchor]:
    """List the anchors of a paper, the best first: arXiv, DOI, others, title, abstract."""
    held = {a for row in resolver.rows_of({paper_id}) for a in row.trace.anchors()}
    return sorted(held, key=lambda anchor: (ANCHORS.index(anchor.partition(":")[0]), anchor))


def decide(
    writer: Writer,
    kind: Literal["merge", "split"],
    one: Anchor,
    other: Anchor,
    *,
    label: str,
    why: str | None,
    made_by: str,
    now: dt.datetime,
) -> int:
    """Store a decision and recompute the papers that it concerns; return its number."""
    target = table("corrections")
    made = insert(target).values(
        kind=kind,
        target=one,
        value=other,
        machine_value="two papers" if kind == "merge" else "one paper",
        label=label,
        why=why,
        made_by=made_by,
        made_at=now,
    )
    number: int = writer.connection.execute(made.returning(target.c.id)).scalar_one()
    writer.apply([], [], (one, other))
    writer.tidy()
    return number


def retract(writer: Writer, number: int, now: dt.datetime) -> None:
    """Delete a decision and recompute the papers that it concerned.

    Raises:
        CatalogError: there is no such decision, or it was taken back before.

    """
    target = table("corrections")
    row = writer.connection.execute(select(target).where(target.c.id == number)).first()
    if row is None or row.retracted_at is not None:
        raise CatalogError(
            f"cannot retract correction {number}",
            why="it was retracted before" if row else "there is none of this number",
            hint="list them with: catalog corrections list",
        )
    writer.connection.execute(update(target).where(target.c.id == number).values(retracted_at=now))
    writer.apply([], [], (row.target, row.value))
    writer.tidy()
