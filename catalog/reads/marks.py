"""What is on a paper, of however many marks: papers that became one have the marks of both."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, text

ROWS = """
SELECT m.paper_id, m.id, m.starred_at, m.read_at, m.note, m.changed_at, t.tag
  FROM marks m LEFT JOIN mark_tags t ON t.mark_id = m.id
"""
"""Marks, each as often as it has tags; a condition on m may follow, then `IN_ORDER`."""

IN_ORDER = "ORDER BY m.made_at, m.id, t.tag"

BETWEEN_NOTES = "\n\n"


def united(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Of one paper's `ROWS` what is on it; None where nothing is.

    It is starred, or read, if one of its marks says so; tags and notes are those of all.
    """
    found = list(rows)
    by_mark = {row["id"]: row for row in found}
    starred = [row["starred_at"] for row in found if row["starred_at"]]
    read = [row["read_at"] for row in found if row["read_at"]]
    tags = sorted({row["tag"] for row in found if row["tag"]})
    notes = [row["note"] for row in by_mark.values() if row["note"]]
    if not (starred or read or tags or notes):
        return None
    return {
        "starred": bool(starred),
        "read": bool(read),
        "tags": tags,
        "note": BETWEEN_NOTES.join(notes) or None,
        "starred_at": min(starred, default=None),
        "read_at": min(read, default=None),
        "changed_at": max(row["changed_at"] for row in found),
    }


def by_paper(rows: Iterable[Mapping[str, Any]]) -> dict[int, dict[str, Any]]:
    """Of `ROWS` what is on each paper, by the paper's id."""
    groups: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["paper_id"], []).append(row)
    marks = {paper: united(found) for paper, found in groups.items()}
    return {paper: mark for paper, mark in marks.items() if mark}


def mark_on(connection: Connection, paper_id: int) -> dict[str, Any] | None:
    """What is on a paper; None where nothing is."""
    sql = f"{ROWS} WHERE m.paper_id = :paper {IN_ORDER}"
    return united(
        dict(row) for row in connection.execute(text(sql), {"paper": paper_id}).mappings()
    )


def sentence(mark: Mapping[str, Any] | None) -> str:
    """What is on a paper, in words for one line, without the note.

    >>> sentence({"starred": True, "read": False, "tags": ["nlp", "to-reproduce"]})
    'starred, #nlp #to-reproduce'
    """
    if mark is None:
        return "no mark"
    parts = [name for name in ("starred", "read") if mark[name]]
    parts += [" ".join(f"#{tag}" for tag in mark["tags"])] if mark["tags"] else []
    return ", ".join(parts) or "a note"
