"""Keep the marks that were made in a copy of a catalog when the copy is refreshed."""

from typing import Any

from sqlalchemy import Connection, delete, insert, select

from catalog.marks.assign import assign_marks
from catalog.models import table

PARTS = ("mark_names", "mark_tags")
"""Tables that hang on a mark."""

Own = dict[str, list[dict[str, Any]]]
"""Table -> rows of marks that only the copy knows, or knows better."""


def own_marks(original: Connection, copy: Connection) -> Own:
    """Find marks of a copy that the original lacks, or that were changed later in the copy."""
    marks = table("marks")
    known = {
        (row.id, row.made_at): row.changed_at
        for row in original.execute(select(marks.c.id, marks.c.made_at, marks.c.changed_at))
    }
    own = []
    for row in copy.execute(select(marks)).mappings():
        changed = known.get((row["id"], row["made_at"]))
        if changed is None or row["changed_at"] > changed:
            own.append(dict(row))
    ids = [row["id"] for row in own]
    found: Own = {"marks": own}
    for name in PARTS if ids else ():
        part = table(name)
        rows = copy.execute(select(part).where(part.c.mark_id.in_(ids))).mappings()
        found[name] = [dict(row) for row in rows]
    return found


def put_back(connection: Connection, own: Own) -> None:
    """Insert these marks beside those of the original, replacing their older versions."""
    marks = table("marks")
    found = connection.execute(select(marks.c.id, marks.c.made_at))
    original = {row.id: row.made_at for row in found}
    taken = set(original)
    for row in own["marks"]:
        old = number = row["id"]
        if original.get(old) == row["made_at"]:
            for name in PARTS:
                part = table(name)
                connection.execute(delete(part).where(part.c.mark_id == old))
            connection.execute(delete(marks).where(marks.c.id == old))
        elif old in taken:  # by another mark, of the original or one of these that gave way
            number = max(taken) + 1
        taken.add(number)
        connection.execute(insert(marks).values(row | {"id": number, "paper_id": None}))
        for name in PARTS:
            rows = [one | {"mark_id": number} for one in own[name] if one["mark_id"] == old]
            if rows:
                connection.execute(insert(table(name)), rows)
    if own["marks"]:
        assign_marks(connection)
