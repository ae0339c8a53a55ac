"""Read the owner's marks; papers that became one have the marks of both."""

import datetime as dt
from collections.abc import Iterable, Sequence

from msgspec import Struct

from catalog.domain.formatting import utc
from catalog.reads.asking import Read, rows

COLUMNS = """m.paper_id, m.id, m.starred_at, m.read_at, m.note, m.changed_at, t.tag
  FROM marks m LEFT JOIN mark_tags t ON t.mark_id = m.id"""

IN_ORDER = "ORDER BY m.made_at, m.id, t.tag"

ROWS_OF_PAPERS = f"SELECT {COLUMNS} WHERE m.paper_id IN :papers {IN_ORDER}"

BETWEEN_NOTES = "\n\n"


class MarkRow(Struct, kw_only=True):
    """A mark with one of its tags, or none."""

    paper_id: int | None
    id: int
    starred_at: dt.datetime | None
    read_at: dt.datetime | None
    note: str | None
    changed_at: dt.datetime
    tag: str | None

    def __post_init__(self) -> None:
        """Give the instants their time zone."""
        self.starred_at = utc(self.starred_at) if self.starred_at else None
        self.read_at = utc(self.read_at) if self.read_at else None
        self.changed_at = utc(self.changed_at)


class Mark(Struct, kw_only=True):
    """The combined marks of one paper."""

    starred: bool = False
    read: bool = False
    tags: list[str] = []
    note: str | None = None
    starred_at: dt.datetime | None = None
    read_at: dt.datetime | None = None
    changed_at: dt.datetime | None = None

    def __bool__(self) -> bool:
        """Return true if the mark has anything on it."""
        return bool(self.starred or self.read or self.tags or self.note)


def united(found: Iterable[MarkRow]) -> Mark:
    """Combine the marks of one paper.

    It is starred, or read, if one of its marks says so; tags and notes are those of all.
    """
    found = list(found)
    starred = [row.starred_at for row in found if row.starred_at]
    read = [row.read_at for row in found if row.read_at]
    notes = {row.id: row.note for row in found if row.note}
    mark = Mark(
        starred=bool(starred),
        read=bool(read),
        tags=sorted({row.tag for row in found if row.tag}),
        note=BETWEEN_NOTES.join(notes.values()) or None,
        starred_at=min(starred, default=None),
        read_at=min(read, default=None),
    )
    if mark:
        mark.changed_at = max(row.changed_at for row in found)
    return mark


def by_paper(found: Iterable[MarkRow]) -> dict[int | None, Mark]:
    """Combine marks by paper; those of papers that are not in the catalog under None."""
    groups: dict[int | None, list[MarkRow]] = {}
    for row in found:
        groups.setdefault(row.paper_id, []).append(row)
    marks = {paper: united(of_paper) for paper, of_paper in groups.items()}
    return {paper: mark for paper, mark in marks.items() if mark}


def marks_of(papers: Sequence[int]) -> Read[dict[int, Mark]]:
    """Read the marks of papers; those without a mark are left out."""
    found = by_paper((yield from rows(ROWS_OF_PAPERS, MarkRow, papers=papers)))
    return {paper: mark for paper, mark in found.items() if paper is not None}


def sentence(mark: Mark | None) -> str:
    """Describe a mark in one line, without the note.

    >>> sentence(Mark(starred=True, tags=["nlp", "to-reproduce"]))
    'starred, #nlp #to-reproduce'
    """
    if not mark:
        return "no mark"
    parts = [name for name in ("starred", "read") if getattr(mark, name)]
    parts += [" ".join(f"#{tag}" for tag in mark.tags)] if mark.tags else []
    return ", ".join(parts) or "a note"
