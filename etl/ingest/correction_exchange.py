"""Export corrections, and import those of other people without overwriting anybody's word."""

import datetime as dt
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, update

from catalog.domain.correction_rules import (
    PAPER_KINDS,
    RESULT_KINDS,
    ResultDecision,
    read,
    same_content,
    written,
)
from catalog.domain.errors import CatalogError
from catalog.domain.records import ResultRecord
from catalog.domain.schemes import ANCHORS
from catalog.models import table
from catalog.models.corrections import KINDS
from catalog.reads.corrections_made import CorrectionRow, corrections
from catalog.reads.drivers import run
from etl.ingest.corrections import Signature, apply_again, keep, require_sound
from etl.ingest.paper_writer import Writer


class Exchanged(Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One correction as a line of JSON."""

    kind: str
    target: str
    value: str | ResultRecord | None = None
    machine: str | ResultRecord | None = None
    label: str = ""
    why: str | None = None
    by: str
    at: dt.datetime


class Conflict(Struct, frozen=True):
    """Two people's different decisions on one thing."""

    theirs: Exchanged
    ours: CorrectionRow

    @property
    def is_retracted(self) -> bool:
        """Whether ours is the same decision, which was retracted here."""
        return self.ours.retracted_at is not None


class Imported(Struct, kw_only=True):
    """The outcome of an import."""

    added: list[int] = []
    """Numbers of the corrections that came."""
    known: int = 0
    """Corrections that say what is in force already."""
    replaced: list[int] = []
    """Corrections of this catalog that gave way, and are retracted."""
    conflicts: list[Conflict] = []
    """Those that were left out, because this catalog says otherwise."""


def exported(connection: Connection) -> Iterator[Exchanged]:
    """Yield the corrections in force, the first made first."""
    for row in run(connection, corrections()):
        yield Exchanged(
            kind=row.kind,
            target=row.target,
            value=_value(row.kind, row.value),
            machine=_value(row.kind, row.machine_value),
            label=row.label,
            why=row.why,
            by=row.made_by,
            at=row.made_at,
        )


def _value(kind: str, kept: str | None) -> str | ResultRecord | None:
    return read(kept) if kind in RESULT_KINDS else kept


def read_exchanged(printed: bytes) -> list[Exchanged]:
    """Read corrections, one JSON object a line.

    Raises:
        CatalogError: a line is none; it is named.

    """
    found = []
    decode = msgspec.json.Decoder(Exchanged).decode
    for number, line in enumerate(printed.splitlines(), start=1):
        if line.strip():
            try:
                found.append(_checked(decode(line)))
            except (ValueError, msgspec.MsgspecError, CatalogError) as error:
                why = error.why if isinstance(error, CatalogError) else str(error)
                raise CatalogError(
                    f"cannot read the corrections: line {number} is none",
                    why=why,
                    hint="give a file that was written with: catalog corrections export > FILE",
                ) from error
    return found


def _checked(one: Exchanged) -> Exchanged:
    """Check a correction that somebody else wrote.

    Raises:
        ValueError: it cannot be.
        CatalogError: no row can hold its number.

    """
    one.at = one.at.astimezone(dt.UTC) if one.at.tzinfo else _no_zone(one.at)
    scheme, _, value = one.target.partition(":")
    is_paper = scheme in ANCHORS and bool(value)
    if scheme in {"title", "abstract"} and not value.lstrip("-").isdecimal():
        is_paper = False
    texts = (one.target, one.label, one.by, one.why or "")
    if any("\0" in text for text in (*texts, one.value if isinstance(one.value, str) else "")):
        _refuse("it contains a NUL character")
    if one.kind not in KINDS:
        _refuse(f"{one.kind!r} is no kind of correction")
    if one.kind in RESULT_KINDS:
        _check_number(one, is_paper)
    elif one.kind in PAPER_KINDS:
        _check_paper(one, is_paper)
    elif not isinstance(one.value, str) or not one.value:
        _refuse(f"{one.kind} has no second name")
    return one


def _check_number(one: Exchanged, is_paper: bool) -> None:
    value, machine = one.value, one.machine
    if not is_paper or isinstance(value, str) or isinstance(machine, str):
        _refuse("it names no paper, or no number")
    elif one.kind == "reject":
        if machine is None:
            _refuse("it rejects no number")
        one.value = None
    elif value is None:
        _refuse("it has no number")
    for number in (one.value, one.machine):
        if isinstance(number, ResultRecord):
            require_sound(number)


def _check_paper(one: Exchanged, is_paper: bool) -> None:
    if not is_paper or isinstance(one.value, ResultRecord):
        _refuse("it names no paper, or has no value")
    if one.kind == "day":
        dt.date.fromisoformat(str(one.value))
    if one.kind == "title" and not (isinstance(one.value, str) and one.value.strip()):
        _refuse("the title is empty")


def _no_zone(at: dt.datetime) -> dt.datetime:
    msg = f"{at.isoformat()} has no time zone"
    raise ValueError(msg)


def _refuse(why: str) -> None:
    raise ValueError(why)


def take_in(
    writer: Writer, given: Iterable[Exchanged], now: dt.datetime, *, theirs: bool = False
) -> Imported:
    """Import corrections; where this catalog says otherwise, ours stays unless `theirs`."""
    outcome = Imported()
    known = run(writer.connection, corrections(retracted=True))
    for one in given:
        held = [row for row in known if _is_same_subject(writer, one, row)]
        said = _opinion(one, held)
        if said is None:
            outcome.added.append(_insert(writer.connection, one))
        elif isinstance(said, Conflict):
            if theirs:
                if not said.is_retracted:
                    _retract(writer.connection, [said.ours.id], now)
                    outcome.replaced.append(said.ours.id)
                outcome.added.append(_insert(writer.connection, one))
            else:
                outcome.conflicts.append(said)
        else:
            outcome.known += 1
    if outcome.added or outcome.replaced:
        apply_again(writer, *outcome.added, *outcome.replaced)
    return outcome


def _opinion(one: Exchanged, held: list[CorrectionRow]) -> Conflict | CorrectionRow | None:
    """Return the decision of this catalog that says the same, or otherwise; None if none does."""
    ours = [row for row in held if row.retracted_at is None]
    if ours:
        last = ours[-1]
        return last if _agrees(one, last) else Conflict(one, last)
    again = [row for row in held if _is_copy(one, row)]
    return Conflict(one, again[-1]) if again else None


def _is_copy(one: Exchanged, row: CorrectionRow) -> bool:
    return (one.kind, one.by, one.at) == (row.kind, row.made_by, row.made_at)


def _agrees(one: Exchanged, row: CorrectionRow) -> bool:
    theirs = one.value
    if one.kind in RESULT_KINDS:
        ours = read(row.value)
        if ours is None or not isinstance(theirs, ResultRecord):
            return ours is None and theirs is None
        return same_content(ours, theirs)
    return one.kind == row.kind and theirs == row.value


def _is_same_subject(writer: Writer, one: Exchanged, row: CorrectionRow) -> bool:
    """Return true if two decisions are about one thing."""
    for kinds in (RESULT_KINDS, PAPER_KINDS):
        if (one.kind in kinds) != (row.kind in kinds):
            return False
    if one.kind not in RESULT_KINDS and one.kind not in PAPER_KINDS:
        return {one.target, one.value} == {row.target, row.value}
    if not _is_same_paper(writer, one.target, row.target):
        return False
    return one.kind == row.kind if one.kind in PAPER_KINDS else _is_same_place(one, row)


def _is_same_paper(writer: Writer, target: str, other: str) -> bool:
    if target == other:
        return True
    return bool(writer.resolver.papers_of(target) & writer.resolver.papers_of(other))


def _is_same_place(one: Exchanged, row: CorrectionRow) -> bool:
    theirs = one.machine if isinstance(one.machine, ResultRecord) else one.value
    ours = ResultDecision(kind="edit", value=read(row.value), machine=read(row.machine_value)).seen
    if not isinstance(theirs, ResultRecord) or theirs.text != ours.text:
        return False
    if theirs.start is None or ours.start is None:
        return (theirs.metric, theirs.dataset, theirs.model) == (
            *(ours.metric, ours.dataset, ours.model),
        )
    return theirs.start == ours.start


def _insert(connection: Connection, one: Exchanged) -> int:
    return keep(
        connection,
        kind=one.kind,
        target=one.target,
        value=_kept(one.value),
        machine_value=_kept(one.machine),
        label=one.label,
        signature=Signature(made_by=one.by, now=one.at, why=one.why),
    )


def _kept(value: str | ResultRecord | None) -> str | None:
    return written(value) if isinstance(value, ResultRecord) else value


def _retract(connection: Connection, numbers: Iterable[int], now: dt.datetime) -> None:
    target = table("corrections")
    connection.execute(
        update(target).where(target.c.id.in_(list(numbers))).values(retracted_at=now)
    )
