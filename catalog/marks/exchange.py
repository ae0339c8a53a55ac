"""Export marks, and import them into another catalog."""

import datetime as dt
import re
from collections.abc import Iterable

import msgspec
from msgspec import Struct, structs
from sqlalchemy import Connection, delete, select, text

from catalog.domain.errors import CatalogError
from catalog.domain.schemes import ANCHORS
from catalog.domain.tags import tag_of
from catalog.marks.edit import (
    Change,
    MarkTarget,
    Name,
    change,
    held_names,
    in_order,
    insert_mark,
    names_of,
    note_of,
    target_of,
)
from catalog.models import table
from catalog.reads.asking import rows
from catalog.reads.drivers import run
from catalog.reads.marks import BETWEEN_NOTES, COLUMNS, IN_ORDER, MarkRow, united

PAPERS = "SELECT id, key, label FROM papers WHERE id IN (SELECT paper_id FROM marks)"
NAMES = "SELECT mark_id, scheme, value FROM mark_names ORDER BY mark_id, rank"
LABELS = "SELECT id, label FROM marks"
HASHES = range(-(2**63), 2**63)


class Listed(Struct, kw_only=True):
    """The marks of one paper, as `catalog marks --json` writes and reads them."""

    key: str | None = None
    """Key of the paper; null if it is not in the catalog."""
    title: str
    starred: bool = False
    read: bool = False
    tags: list[str] = []
    note: str | None = None
    starred_at: dt.datetime | None = None
    read_at: dt.datetime | None = None
    changed_at: dt.datetime | None = None
    names: list[str]
    """Names that find the paper in another catalog, the best first, e.g. arxiv:2503.12345."""


def listed(connection: Connection) -> list[Listed]:
    """List the marks of each paper, the last changed first, even of papers not in the catalog."""
    papers = {row.id: row for row in connection.execute(text(PAPERS))}
    labels = {row.id: row.label for row in connection.execute(text(LABELS))}
    names: dict[int, list[Name]] = {}
    for row in connection.execute(text(NAMES)):
        names.setdefault(row.mark_id, []).append((row.scheme, row.value))
    groups: dict[tuple[int, int], list[MarkRow]] = {}
    for found in run(connection, rows(f"SELECT {COLUMNS} {IN_ORDER}", MarkRow)):
        group = (found.paper_id, 0) if found.paper_id else (0, found.id)
        groups.setdefault(group, []).append(found)
    marks = []
    for (paper_id, _), of_paper in groups.items():
        paper, ids = papers.get(paper_id), {row.id for row in of_paper}
        held = {name for one in ids for name in names.get(one, [])}
        title = paper.label if paper else labels[min(ids)]
        one = _one(of_paper, paper.key if paper else None, title, held)
        if one.changed_at:
            marks.append(one)
    return sorted(marks, key=lambda one: (one.changed_at or _long_ago(), one.title), reverse=True)


def listed_at(connection: Connection, target: MarkTarget) -> Listed:
    """Return the marks of one paper, even if there are none."""
    if target.paper_id is not None:
        known = text("SELECT key, label FROM papers WHERE id = :id")
        paper = connection.execute(known, {"id": target.paper_id}).one()
        key, title = paper.key, paper.label
        names = set(names_of(connection, target.paper_id))
    else:
        known = text("SELECT label FROM marks WHERE id = :id")
        key, names = None, set()
        title = connection.execute(known, {"id": target.mark_ids[0]}).scalar_one()
    for one in target.mark_ids:
        names |= set(held_names(connection, one))
    sql = f"SELECT {COLUMNS} WHERE m.id IN :ids {IN_ORDER}"
    found = run(connection, rows(sql, MarkRow, ids=list(target.mark_ids)))
    return _one(found, key, title, names)


def _one(found: Iterable[MarkRow], key: str | None, title: str, names: Iterable[Name]) -> Listed:
    """Combine a paper's marks; `changed_at` is null if there are none."""
    printed = [f"{scheme}:{value}" for scheme, value in in_order(names)]
    return Listed(**structs.asdict(united(found)), key=key, title=title, names=printed)


def _long_ago() -> dt.datetime:
    """Return an instant before all others."""
    return dt.datetime.min.replace(tzinfo=dt.UTC)


def read_marks(printed: bytes) -> list[Listed]:
    """Read marks as `catalog marks --json` writes them: an array, or one object a line.

    Raises:
        CatalogError: it is neither, or one of them cannot be.

    """
    try:
        if printed.lstrip().startswith(b"["):
            found = msgspec.json.decode(printed, type=list[Listed])
        else:
            found = msgspec.json.Decoder(Listed).decode_lines(printed)
        return [_checked(one) for one in found]
    except (ValueError, OverflowError, msgspec.MsgspecError) as error:
        raise CatalogError(
            "cannot read the marks",
            why=str(error),
            hint="give a file that another catalog wrote with: catalog marks --json > FILE",
        ) from error


def _checked(one: Listed) -> Listed:
    one.tags = [tag_of(tag) for tag in one.tags]
    one.note = note_of(one.note, longest=None) if one.note else None
    if "\0" in one.title or any("\0" in name for name in one.names):
        msg = f"the title or a name of {one.title!r} contains a NUL character"
        raise ValueError(msg)
    if not _names(one):
        msg = f"the mark of {one.title!r} has no name by which a paper could be found"
        raise ValueError(msg)
    for instant in (one.starred_at, one.read_at, one.changed_at):
        if instant and instant.tzinfo is None:
            msg = f"{instant.isoformat()} has no time zone"
            raise ValueError(msg)
        if instant:
            instant.astimezone(dt.UTC)  # raises where that is before the year 1
    return one


def _names(one: Listed) -> list[Name]:
    """Return the names of those schemes that this version knows."""
    pairs = {(scheme, value) for scheme, _, value in (name.partition(":") for name in one.names)}
    known = {
        (scheme, value)
        for scheme, value in pairs
        if scheme in ANCHORS and value and (scheme not in {"title", "abstract"} or _is_hash(value))
    }
    return in_order(known)


def _is_hash(value: str) -> bool:
    return bool(re.fullmatch(r"-?[0-9]{1,19}", value)) and int(value) in HASHES


def take_in(connection: Connection, marks: Iterable[Listed], now: dt.datetime) -> tuple[int, int]:
    """Merge these marks with existing ones; return how many, and how many wait for a paper."""
    count = waiting = 0
    for one in marks:
        target = _target_for(connection, one, now)
        count += 1
        waiting += target.paper_id is None
        wanted = Change(
            star=True if one.starred or one.starred_at else None,
            read=True if one.read or one.read_at else None,
            tags=tuple(one.tags),
            note=_with_note(connection, target, one.note),
            star_at=one.starred_at,
            read_at=one.read_at,
        )
        change(connection, target, wanted, now)
    return count, waiting


def _target_for(connection: Connection, one: Listed, now: dt.datetime) -> MarkTarget:
    """Find where this mark belongs: on its paper, else with a mark of the same name."""
    marks, held = table("marks"), table("mark_names")
    names = _names(one)
    new = insert_mark(connection, one.title, names, now)
    paper_id = connection.scalar(select(marks.c.paper_id).where(marks.c.id == new))
    if paper_id is not None:
        there = [i for i in target_of(connection, paper_id).mark_ids if i != new]
    else:
        query = (
            select(marks.c.id)
            .join(held, held.c.mark_id == marks.c.id)
            .where(marks.c.paper_id.is_(None), marks.c.id != new)
            .where(held.c.scheme == names[0][0], held.c.value == names[0][1])
        )
        there = list(connection.scalars(query.order_by(marks.c.id)))
    if not there:
        return MarkTarget(paper_id, (new,))
    connection.execute(delete(held).where(held.c.mark_id == new))
    connection.execute(delete(marks).where(marks.c.id == new))
    return MarkTarget(paper_id, tuple(there))


def _with_note(connection: Connection, target: MarkTarget, note: str | None) -> str | None:
    """Append the note to existing ones; None if it adds nothing."""
    marks = table("marks")
    query = select(marks.c.note).where(marks.c.id.in_(target.mark_ids), marks.c.note.is_not(None))
    held = list(connection.scalars(query.order_by(marks.c.made_at, marks.c.id)))
    if note is None or any(note in one for one in [*held, BETWEEN_NOTES.join(held)]):
        return None
    return BETWEEN_NOTES.join([*held, note])
