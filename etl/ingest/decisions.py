"""Read people's decisions on identity for `catalog.domain.identity`."""

from sqlalchemy import Connection, select

from catalog.domain.identity import NONE_DECIDED, Decisions
from catalog.models import table


def read_decisions(connection: Connection) -> Decisions:
    """Read every decision in force."""
    target = table("corrections")
    rows = connection.execute(
        select(target.c.kind, target.c.target, target.c.value)
        .where(target.c.retracted_at.is_(None))
        .order_by(target.c.id)
    ).all()
    if not rows:
        return NONE_DECIDED
    return Decisions(
        merged=tuple((row.target, row.value) for row in rows if row.kind == "merge"),
        apart=tuple((row.target, row.value) for row in rows if row.kind == "split"),
    )
