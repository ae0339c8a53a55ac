"""Judge numbers that the catalog shows: accept, reject, edit or add them."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import structs
from sqlalchemy import Connection, select

from catalog.domain.correction_rules import EDITABLE, changed, places_of
from catalog.domain.errors import CatalogError
from catalog.domain.records import ResultRecord
from catalog.domain.safe_text import one_line
from catalog.models import table
from etl.extract import lexicon
from etl.extract.numbers import find_quantities
from etl.extract.sentences import spans
from etl.ingest.correction_subjects import StoredResult, described, machine_of, results_of
from etl.ingest.corrections import Signature, decide_on_result
from etl.ingest.paper_writer import Writer

SHOWN_BEFORE = "+-\N{MINUS SIGN}~<>\N{ALMOST EQUAL TO} "
"""What pages and people may put before a number, and its text does not hold."""

CHOICES = {"kind": ("absolute", "delta", "ratio"), "role": ("own", "other"), "sign": ("+", "-")}
"""Fields of a number that take one of a few values."""


def accept(writer: Writer, stored: StoredResult, signature: Signature) -> int:
    """Say that a number is right as the catalog shows it; return the decision's number."""
    machine = machine_of(writer.connection, stored)
    return decide_on_result(writer, "accept", stored.paper_id, machine, stored.result, signature)


def reject(writer: Writer, stored: StoredResult, signature: Signature) -> int:
    """Say that a number is no result, or wrong; return the decision's number."""
    machine = machine_of(writer.connection, stored) or stored.result
    return decide_on_result(writer, "reject", stored.paper_id, machine, None, signature)


def edit(
    writer: Writer, stored: StoredResult, fields: Mapping[str, Any], signature: Signature
) -> int:
    """Change fields of a number; return the decision's number.

    Raises:
        CatalogError: a field has a value that it cannot have.

    """
    machine = machine_of(writer.connection, stored)
    value = changed(stored.result, checked(fields))
    return decide_on_result(writer, "edit", stored.paper_id, machine, value, signature)


def add(
    writer: Writer,
    paper_id: int,
    text: str,
    at: int | None,
    fields: Mapping[str, Any],
    signature: Signature,
) -> int:
    """Add a number that the reader missed; return the decision's number.

    Raises:
        CatalogError: its text does not stand in the abstract, or a field cannot be.

    """
    papers = table("papers")
    abstract = writer.connection.scalar(select(papers.c.abstract).where(papers.c.id == paper_id))
    start = _place(abstract or "", text, at)
    _require_new(writer.connection, paper_id, start, text)
    value = changed(printed_at(abstract or "", start, text), checked(fields))
    if value.value is None:
        raise CatalogError(
            f"cannot add {one_line(text, 60)!r}",
            why="it does not begin with a number that can be read",
            hint="give its value, as in: --value 82.2",
        )
    return decide_on_result(writer, "add", paper_id, None, value, signature)


def checked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields as a number holds them: names in their canonical form, empty ones as None.

    Raises:
        CatalogError: a field has a value that it cannot have, or is none that can be changed.

    """
    found = {name: value if value != "" else None for name, value in fields.items()}
    for name, value in found.items():
        if name not in EDITABLE:
            raise _refused(name, value, f"only these can be changed: {', '.join(EDITABLE)}")
        choices = CHOICES.get(name, ())
        if choices and value not in choices and not (name == "sign" and value is None):
            raise _refused(name, value, f"it is one of: {', '.join(choices)}")
    for what in ("metric", "dataset"):
        if found.get(what):
            found[what] = canonical(what, str(found[what]))
    return _typed(found)


def _typed(fields: dict[str, Any]) -> dict[str, Any]:
    """Convert fields to their types.

    Raises:
        CatalogError: one is of another type.

    """
    types = msgspec.structs.fields(ResultRecord)
    for field in types:
        if field.name in fields:
            try:
                fields[field.name] = msgspec.convert(fields[field.name], field.type, strict=False)
            except msgspec.ValidationError as error:
                raise _refused(field.name, fields[field.name], str(error)) from error
    return fields


def _refused(name: str, value: object, why: str) -> CatalogError:
    return CatalogError(
        f"cannot set {one_line(name, 40)} to {one_line(str(value), 60)!r}",
        why=why,
        hint="see: catalog corrections edit --help",
    )


def canonical(what: str, name: str) -> str:
    """Return the lexicon's spelling of a metric's or dataset's name; other names as they are."""
    known = lexicon.metric(name) if what == "metric" else lexicon.dataset(name)
    return known.name if known else " ".join(name.split())


def _place(abstract: str, text: str, at: int | None) -> int:
    """Find where a printed number stands in an abstract.

    Raises:
        CatalogError: it does not stand there, or more than once and no place was given.

    """
    places = places_of(abstract, text) if text else []
    if at is not None and at in places:
        return at
    if len(places) == 1 and at is None:
        return places[0]
    listed = ", ".join(map(str, places[:10]))
    raise CatalogError(
        f"cannot add {one_line(text, 60)!r}",
        why=f"it stands in the abstract at {listed}" if places else "the abstract has no such text",
        hint=f"choose one with: --at {places[0]}" if places else "give it as the abstract has it",
    )


def _require_new(connection: Connection, paper_id: int, start: int, text: str) -> None:
    """Refuse to add a number where one was read.

    Raises:
        CatalogError: a number stands there.

    """
    for one in results_of(connection, paper_id):
        first, last = one.result.start, one.result.end
        if first is not None and last is not None and first < start + len(text) and start < last:
            hint = "accept, reject or edit that one"
            if one.state == "rejected":
                hint = "retract the decision that rejected it; see: catalog corrections list"
            raise CatalogError(
                f"cannot add {one_line(text, 60)!r}",
                why=f"a number was read there: {described(one.result)} ({one.state})",
                hint=hint,
            )


def printed_at(abstract: str, start: int, text: str) -> ResultRecord:
    """Read a number as printed, with its sentence; without a value where it is none."""
    end = start + len(text)
    whole = next((a, b) for a, b in [*spans(abstract), (0, len(abstract))] if a <= start < b)
    read = next(iter(find_quantities(text, 0, len(text))), None)
    found = ResultRecord(
        text=text, start=start, end=end, sentence=abstract[whole[0] : whole[1]].strip()
    )
    if read is None:
        return found
    return structs.replace(found, value=read.value, value_max=read.value_max, unit=read.unit)


def find_result(
    connection: Connection, paper_id: int, text: str, at: int | None = None
) -> StoredResult:
    """Find the number of a paper that a user names by its text, or by # and its id.

    Raises:
        CatalogError: none fits, or several do.

    """
    held = results_of(connection, paper_id)
    wanted = text.strip()
    found = [one for one in held if wanted in (one.result.text, f"#{one.id}")]
    if not found:  # typed as pages show it: "+6.2%"
        found = [one for one in held if one.result.text == wanted.lstrip(SHOWN_BEFORE)]
    if at is not None:
        found = [one for one in found if one.result.start == at]
    if len(found) == 1:
        return found[0]
    raise CatalogError(
        f"cannot tell which number {one_line(wanted, 60)!r} is"
        if found
        else f"the paper has no number {one_line(wanted, 60)!r}",
        why=f"its numbers are: {_listed(found or held)}" if held else "none was read in it",
        hint="give # and the number's id, as in '#12'"
        if held
        else "add it with: catalog corrections add PAPER NUMBER",
    )


def _listed(found: Sequence[StoredResult]) -> str:
    shown = [f"#{one.id} {described(one.result)}" for one in found[:12]]
    return "; ".join(shown) + ("; ..." if len(found) > 12 else "")


def stored_result(connection: Connection, result_id: int) -> StoredResult:
    """Return a number by its id.

    Raises:
        CatalogError: there is none.

    """
    results = table("results")
    paper = connection.scalar(select(results.c.paper_id).where(results.c.id == result_id))
    held = results_of(connection, paper) if paper is not None else []
    for one in held:
        if one.id == result_id:
            return one
    raise CatalogError(
        f"there is no number #{result_id}",
        why="it was deleted since it was shown, as when its paper changed",
        hint="look at the paper again",
    )
