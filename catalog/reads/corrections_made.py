"""Read people's corrections."""

import datetime as dt

from msgspec import Struct

from catalog.domain.correction_rules import EDITABLE, RESULT_KINDS, read
from catalog.domain.formatting import utc
from catalog.domain.records import ResultRecord
from catalog.domain.safe_text import one_line
from catalog.reads.asking import Read, rows

COLUMNS = "id, kind, target, value, machine_value, label, why, made_by, made_at, retracted_at"
IN_FORCE = f"SELECT {COLUMNS} FROM corrections WHERE retracted_at IS NULL ORDER BY made_at, id"
EVER = f"SELECT {COLUMNS} FROM corrections ORDER BY made_at, id"


class CorrectionRow(Struct, kw_only=True):
    """One decision of a person; see the table `corrections`."""

    id: int
    kind: str
    target: str
    value: str | None
    machine_value: str | None
    label: str
    why: str | None
    made_by: str
    made_at: dt.datetime
    retracted_at: dt.datetime | None

    def __post_init__(self) -> None:
        """Give the instants their time zone."""
        self.made_at = utc(self.made_at)
        self.retracted_at = utc(self.retracted_at) if self.retracted_at else None


def corrections(*, retracted: bool = False) -> Read[list[CorrectionRow]]:
    """Read the corrections in force, or all that were ever made, the first made first."""
    return (yield from rows(EVER if retracted else IN_FORCE, CorrectionRow))


def shown(one: CorrectionRow) -> tuple[object, ...]:
    """Return a correction as a line for people: what was, what is, why, by whom and when."""
    was, now = one.machine_value or "", one.value or "none"
    if one.kind in RESULT_KINDS:
        was, now = _differences(one)
    kind = f"{one.kind} (retracted)" if one.retracted_at else one.kind
    return (one.id, kind, one.label, was, now, one.why, one.made_by, one.made_at.date())


def _differences(one: CorrectionRow) -> tuple[str, str]:
    """Say in which fields a person's number differs from the machine's."""
    before, after = read(one.machine_value), read(one.value)
    if after is None or before is None:
        return "", "not a result" if after is None else ""
    names = [name for name in EDITABLE if getattr(before, name) != getattr(after, name)]
    return _fields(before, names), _fields(after, names)


def _fields(of: ResultRecord, names: list[str]) -> str:
    values = ((name, getattr(of, name)) for name in names)
    return ", ".join(f"{name} {'none' if value is None else value}" for name, value in values)


def told(kind: str, value: str | None) -> str:
    """Say in a few words what a person decided."""
    if kind not in RESULT_KINDS:
        return one_line(value or "none", 160)
    number = read(value)
    return "not a result" if number is None else _fields(number, ["text", *_stated(number)])


def _stated(number: ResultRecord) -> list[str]:
    return [name for name in EDITABLE if getattr(number, name) is not None and name != "value"]
