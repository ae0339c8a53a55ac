"""Make, change and remove marks."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select, text, update

from catalog.database.bulk_insert import next_id
from catalog.domain.errors import CatalogError
from catalog.domain.identifiers import parse
from catalog.domain.schemes import ANCHORS
from catalog.marks.assign import assign_marks
from catalog.models import table

LONGEST_NOTE = 50_000

Name = tuple[str, str]
"""Scheme and value."""


class Change(Struct, frozen=True, kw_only=True):
    """The changes to a paper's mark; None leaves a field as it is."""

    star: bool | None = None
    read: bool | None = None
    tags: tuple[str, ...] = ()
    """Tags to add."""
    untags: tuple[str, ...] = ()
    """Tags to remove."""
    note: str | None = None
    """Replaces the note; "" deletes it."""
    star_at: dt.datetime | None = None
    """When the paper got its star; None means now."""
    read_at: dt.datetime | None = None

    def __bool__(self) -> bool:
        """Return true if anything is to change."""
        said = (self.star, self.read, self.note)
        return bool(self.tags or self.untags) or any(field is not None for field in said)

    @property
    def adds(self) -> bool:
        """Whether the change adds something, and so needs a mark."""
        return bool(self.star or self.read or self.tags or self.note)


class MarkTarget(Struct, frozen=True):
    """The paper to mark with the marks that it has, or marks that wait for their paper."""

    paper_id: int | None
    mark_ids: tuple[int, ...]


def note_of(typed: str, longest: int | None = LONGEST_NOTE) -> str:
    """Normalise a note: line ends, and no white space around it.

    Notes of several marks that became one may be longer than what is typed.

    Raises:
        ValueError: it is empty, too long, or not text.

    """
    note = typed.replace("\r\n", "\n").strip()
    if not note:
        msg = "the note is empty"
        raise ValueError(msg)
    if longest is not None and len(note) > longest:
        msg = f"the note has {len(note):,} characters; at most {longest:,} are allowed"
        raise ValueError(msg)
    if "\0" in note or any("\ud800" <= letter <= "\udfff" for letter in note):
        msg = "the note is not text: it contains bytes that are not UTF-8, or NUL characters"
        raise ValueError(msg)
    return note


def target_of(connection: Connection, paper_id: int) -> MarkTarget:
    """Return a paper with its marks."""
    marks = table("marks")
    query = select(marks.c.id).where(marks.c.paper_id == paper_id)
    return MarkTarget(
        paper_id, tuple(connection.scalars(query.order_by(marks.c.made_at, marks.c.id)))
    )


def waiting_target(connection: Connection, name: str) -> MarkTarget | None:
    """Find the marks of a paper that is not in the catalog, by any of its identifiers."""
    marks, held = table("marks"), table("mark_names")
    try:
        printed = parse(name)
    except ValueError:
        printed = None
    same = held.c.value == name.strip()
    if printed:
        same = (held.c.scheme == printed.scheme) & (held.c.value == printed.value)
    query = (
        select(marks.c.id)
        .distinct()
        .join(held, held.c.mark_id == marks.c.id)
        .where(marks.c.paper_id.is_(None), same)
        .where(held.c.scheme.not_in(("title", "abstract")))
    )
    found = tuple(sorted(connection.scalars(query)))
    return MarkTarget(None, found) if found else None


def change(connection: Connection, target: MarkTarget, wanted: Change, now: dt.datetime) -> None:
    """Change what is on a paper.

    Additions go to the mark with the paper's best name; removals apply to all marks of the paper.

    Raises:
        CatalogError: the paper has no name by which it could be found again.

    """
    if not wanted:
        return
    ids = list(target.mark_ids)
    if target.paper_id is not None and wanted.adds:
        ids = _ready(connection, target.paper_id, ids, now)
    if ids:
        _write(connection, ids, wanted, now)


def _write(connection: Connection, ids: list[int], wanted: Change, now: dt.datetime) -> None:
    """Apply a change to these marks; additions go to the first."""
    marks, tags = table("marks"), table("mark_tags")
    rows = {row.id: row for row in connection.execute(select(marks).where(marks.c.id.in_(ids)))}
    values: dict[int, dict[str, Any]] = {one: {} for one in ids}
    for column, says, at in (
        ("starred_at", wanted.star, wanted.star_at),
        ("read_at", wanted.read, wanted.read_at),
    ):
        having = [one for one in ids if getattr(rows[one], column)]
        if says and not having:
            values[ids[0]][column] = at or now
        elif says is False:
            for one in having:
                values[one][column] = None
    if wanted.note is not None:
        for one, note in zip(ids, [wanted.note or None, *[None] * (len(ids) - 1)], strict=True):
            if rows[one].note != note:
                values[one]["note"] = note
    held = connection.execute(select(tags).where(tags.c.mark_id.in_(ids))).all()
    gone = [row for row in held if row.tag in wanted.untags]
    for row in gone:
        connection.execute(delete(tags).where(tags.c.mark_id == row.mark_id, tags.c.tag == row.tag))
        values[row.mark_id]["changed_at"] = now
    there = {row.tag for row in held}
    new = [
        {"mark_id": ids[0], "tag": tag} for tag in dict.fromkeys(wanted.tags) if tag not in there
    ]
    if new:
        connection.execute(insert(tags), new)
        values[ids[0]]["changed_at"] = now
    for one, changed in values.items():
        if changed:
            connection.execute(
                update(marks).where(marks.c.id == one).values(**changed | {"changed_at": now})
            )


def _ready(connection: Connection, paper_id: int, ids: list[int], now: dt.datetime) -> list[int]:
    """Return the marks of a paper, that with its best name first; make one if there is none."""
    names = names_of(connection, paper_id)
    if not names:
        raise CatalogError(
            "cannot mark the paper",
            why="it has no identifier, and its title and abstract are too short to match",
            hint="load a document that gives it an identifier",
        )
    if not ids:
        label = connection.execute(
            text("SELECT label FROM papers WHERE id = :id"), {"id": paper_id}
        ).scalar_one()
        return [insert_mark(connection, str(label), names, now)]
    held = {one: held_names(connection, one) for one in ids}
    ids.sort(key=lambda one: min((names.index(n) for n in held[one] if n in names), default=99))
    keep_names(connection, ids[0], {*held[ids[0]], *names})
    return ids


def names_of(connection: Connection, paper_id: int) -> list[Name]:
    """List a paper's names, the best first: identifiers, else title and abstract."""
    names = connection.execute(
        text("SELECT scheme, value FROM identifiers WHERE paper_id = :id"), {"id": paper_id}
    )
    found: set[Name] = {(row.scheme, row.value) for row in names}
    hashes = connection.execute(
        text(
            "SELECT DISTINCT title_hash, abstract_hash FROM paper_sources "
            "WHERE paper_id = :id AND NOT is_named"
        ),
        {"id": paper_id},
    )
    for row in hashes:
        for scheme, hash_ in (("title", row.title_hash), ("abstract", row.abstract_hash)):
            if hash_ is not None:
                found.add((scheme, str(hash_)))
    return in_order(found)


def in_order(names: Iterable[Name]) -> list[Name]:
    """Sort names, the best first."""
    return sorted(names, key=lambda name: (ANCHORS.index(name[0]), name[1]))


def insert_mark(
    connection: Connection,
    label: str,
    names: Sequence[Name],
    now: dt.datetime,
    *,
    made_at: dt.datetime | None = None,
) -> int:
    """Make an empty mark, assign it to the paper that has its names, and return its id."""
    marks = table("marks")
    one = next_id(connection, marks)
    connection.execute(
        insert(marks).values(id=one, label=label, made_at=made_at or now, changed_at=now)
    )
    keep_names(connection, one, names)
    assign_marks(connection, one)
    return one


def held_names(connection: Connection, mark_id: int) -> list[Name]:
    """List the names of a mark, the best first."""
    held = table("mark_names")
    query = select(held.c.scheme, held.c.value).where(held.c.mark_id == mark_id)
    return [(row.scheme, row.value) for row in connection.execute(query.order_by(held.c.rank))]


def keep_names(connection: Connection, mark_id: int, names: Iterable[Name]) -> None:
    """Replace the names of a mark."""
    held, wanted = table("mark_names"), in_order(names)
    if held_names(connection, mark_id) == wanted:
        return
    connection.execute(delete(held).where(held.c.mark_id == mark_id))
    connection.execute(
        insert(held),
        [
            {"mark_id": mark_id, "scheme": scheme, "value": value, "rank": number}
            for number, (scheme, value) in enumerate(wanted)
        ],
    )
