"""Make the changes that pages of the site ask for: marks, decisions on numbers, undo."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

from catalog.domain.correction_rules import EDITABLE
from catalog.domain.errors import CatalogError
from catalog.domain.formatting import plural
from catalog.domain.tags import tag_of
from catalog.marks.edit import Change, change, note_of, target_of
from catalog.reads.drivers import run
from catalog.reads.finding import find_named
from etl.ingest import judging
from etl.ingest.alike_numbers import alike, decide_alike
from etl.ingest.correction_subjects import described
from etl.ingest.corrections import retract
from etl.ingest.deciding import deciding, looking, signed
from etl.ingest.paper_writer import Writer

Field = str | float | None


class Asked(Struct, kw_only=True, forbid_unknown_fields=True):
    """A change that a page asks for."""

    action: Literal["accept", "reject", "edit", "look", "undo", "alike", "mark"]
    result: int | None = None
    """Id of a number, to accept, reject, edit or look at."""
    fields: dict[str, Field] = {}
    correction: int | None = None
    """Number of the correction to retract, or to decide alike with."""
    corrections: list[int] = []
    """Further corrections to retract with it."""
    paper: str = ""
    """Key of the paper to mark."""
    star: bool | None = None
    read: bool | None = None
    tags: list[str] = []
    untags: list[str] = []
    note: str | None = None
    """Replaces the note; "" deletes it."""


class SiteEditor:
    """Makes changes to one catalog, each in a transaction of its own under the lock."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __call__(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Make the change that a page asks for; return what to tell.

        Raises:
            LockedError: another command holds the lock.
            CatalogError: it cannot be done.

        """
        wanted = _asked(asked)
        if wanted.action == "look":
            with looking(self.url) as writer:
                return _fields(writer, wanted)
        with deciding(self.url, "serve", wait=0) as writer:
            if wanted.action == "mark":
                return _mark(writer, wanted)
            if wanted.action == "undo":
                return _undo(writer, wanted)
            if wanted.action == "alike":
                return _alike(writer, wanted)
            return _judge(writer, wanted)


def _asked(given: Mapping[str, Any]) -> Asked:
    """Check the form of a change.

    Raises:
        CatalogError: it is none.

    """
    try:
        return msgspec.convert(dict(given), Asked)
    except msgspec.ValidationError as error:
        raise CatalogError(
            "cannot make this change", why=str(error), hint="load the page again"
        ) from error


def _judge(writer: Writer, asked: Asked) -> dict[str, Any]:
    stored = judging.stored_result(writer.connection, asked.result or 0)
    shown = described(stored.result)
    if asked.action == "edit":
        number = judging.edit(writer, stored, asked.fields, signed())
        return {"said": f"Changed {shown}.", "undo": [number], **_offer(writer, number)}
    decide = judging.accept if asked.action == "accept" else judging.reject
    verb = "Accepted" if asked.action == "accept" else "Rejected"
    number = decide(writer, stored, signed())
    return {"said": f"{verb} {shown}.", "undo": [number], **_offer(writer, number)}


def _offer(writer: Writer, number: int) -> dict[str, Any]:
    """Return the offer to decide on other numbers alike, if there are any."""
    found = alike(writer.connection, number)
    return {"alike": number, "offer": found.offer} if found else {}


def _alike(writer: Writer, asked: Asked) -> dict[str, Any]:
    made = decide_alike(writer, asked.correction or 0, signed())
    return {"said": f"Decided on {plural(len(made), 'number')} alike.", "undo": made}


def _undo(writer: Writer, asked: Asked) -> dict[str, Any]:
    for number in reversed([asked.correction or 0, *asked.corrections]):
        retract(writer, number, dt.datetime.now(dt.UTC))
    return {"said": "Undone."}


def _fields(writer: Writer, asked: Asked) -> dict[str, Any]:
    stored = judging.stored_result(writer.connection, asked.result or 0)
    fields = {name: getattr(stored.result, name) for name in EDITABLE}
    return {"fields": fields, "text": stored.result.text, "sentence": stored.result.sentence}


def _mark(writer: Writer, asked: Asked) -> dict[str, Any]:
    """Change what is on a paper.

    Raises:
        CatalogError: there is no such paper, or a tag or note cannot be.

    """
    found = run(writer.connection, find_named(asked.paper))
    if found is None:
        raise CatalogError(
            "cannot mark the paper",
            why=f"there is no paper {asked.paper[:100]!r}",
            hint="load the page again",
        )
    target = target_of(writer.connection, found.id)
    change(writer.connection, target, _change(asked), dt.datetime.now(dt.UTC))
    return {"said": _said(asked)}


def _said(asked: Asked) -> str:
    """Say what was changed on a paper."""
    if asked.note is not None:
        return "Note saved." if asked.note.strip() else "Note deleted."
    if asked.tags or asked.untags:
        return "Tag added." if asked.tags else "Tag removed."
    if asked.star is not None:
        return "Starred." if asked.star else "Star removed."
    return "Marked as read." if asked.read else "Marked as unread."


def _change(asked: Asked) -> Change:
    try:
        return Change(
            star=asked.star,
            read=asked.read,
            tags=tuple(map(tag_of, asked.tags)),
            untags=tuple(map(tag_of, asked.untags)),
            note=note_of(asked.note) if asked.note and asked.note.strip() else _deleted(asked.note),
        )
    except ValueError as error:
        raise CatalogError(
            "cannot mark the paper", why=str(error), hint="write it otherwise"
        ) from error


def _deleted(note: str | None) -> str | None:
    """Return "" for a note of nothing, which deletes it; None where none was given."""
    return None if note is None else ""
