"""Keep the corrections that were made in a copy of a catalog when the copy is refreshed."""

from typing import Any

from sqlalchemy import Connection, insert, select, text

from catalog.database.bulk_insert import next_id
from catalog.models import table

Corrections = list[dict[str, Any]]

NAMED = "UPDATE papers SET merge_rules = NULL WHERE id IN (SELECT paper_id FROM identifiers WHERE scheme = :scheme AND value = :value)"  # noqa: E501
HASHED = "UPDATE papers SET merge_rules = NULL WHERE id IN (SELECT paper_id FROM paper_sources WHERE {scheme}_hash = :value)"  # noqa: E501


def own_corrections(original: Connection, copy: Connection) -> Corrections:
    """Find the corrections in force in a copy that the original has never had."""
    target = table("corrections")
    known = {_subject(row) for row in original.execute(select(target)).mappings()}
    query = select(target).where(target.c.retracted_at.is_(None)).order_by(target.c.id)
    rows = copy.execute(query).mappings()
    return [dict(row) for row in rows if _subject(row) not in known]


def _subject(row: Any) -> tuple[Any, ...]:
    return (row["kind"], row["target"], row["value"], row["made_by"], row["made_at"])


def keep_own(connection: Connection, own: Corrections) -> list[int]:
    """Insert these corrections beside the original's; return their new numbers.

    Their papers come from the original, which does not know of them: they are marked to be computed
    again, so that `catalog reextract` does so if nobody else does.
    """
    target = table("corrections")
    numbers = []
    for row in own:
        number = next_id(connection, target)
        connection.execute(insert(target).values(row | {"id": number}))
        numbers.append(number)
        for name in (row["target"], row["value"] or ""):
            _mark_old(connection, name)
    return numbers


def _mark_old(connection: Connection, name: str) -> None:
    """Mark the papers of a name as computed by older rules."""
    scheme, _, value = name.partition(":")
    if scheme in {"title", "abstract"} and value.lstrip("-").isdecimal():
        connection.execute(text(HASHED.format(scheme=scheme)), {"value": int(value)})
    else:
        connection.execute(text(NAMED), {"scheme": scheme, "value": value})
