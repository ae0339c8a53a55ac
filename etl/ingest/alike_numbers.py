"""Find numbers that were read in the same way as a judged one, and decide on them alike."""

from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, func, select

from catalog.domain.correction_rules import ABSTRACT, Subject, read, spelt
from catalog.domain.errors import CatalogError
from catalog.domain.formatting import plural
from catalog.domain.records import ResultRecord
from catalog.domain.safe_text import one_line
from catalog.models import table
from etl.ingest import judging
from etl.ingest.corrections import Signature
from etl.ingest.paper_writer import Writer

MOST = 1_000
"""Numbers that one decision is offered for."""


class Alike(Struct, frozen=True, kw_only=True):
    """The other numbers whose printed name was read as the same metric or dataset."""

    kind: str
    """reject or edit."""
    subject: Subject
    printed: str
    read_as: str
    is_now: str | None
    """What a person made of the name; None where the number is rejected."""
    results: tuple[int, ...]
    """Ids of the numbers, which nobody has judged."""

    @property
    def offer(self) -> str:
        """The question whether to decide on them too."""
        others = plural(len(self.results), "other number that reads", "other numbers that read")
        about = f"{others} {one_line(self.printed, 60)} as {one_line(self.read_as, 60)}"
        if self.kind == "reject":
            return f"Also reject {about}"
        return f"Also change {about} to {one_line(self.is_now or 'none', 60)}"


def alike(connection: Connection, number: int) -> Alike | None:
    """Find the numbers that correction `number` may be meant for too; None where there is none."""
    corrections = table("corrections")
    row = connection.execute(select(corrections).where(corrections.c.id == number)).first()
    if row is None or row.retracted_at is not None or row.kind not in {"reject", "edit"}:
        return None
    machine, value = read(row.machine_value), read(row.value)
    subject = _subject(machine, value) if machine else None
    if machine is None or subject is None:
        return None
    name, printed = _named(machine, subject)
    if name is None or printed is None:
        return None
    found = _others(connection, subject, name, printed)
    is_now = _named(value, subject)[0] if value else None
    return (
        Alike(
            kind=row.kind, subject=subject, printed=printed, read_as=name, is_now=is_now,
            results=found,
        )
        if found
        else None
    )  # fmt: skip


def _named(result: ResultRecord, subject: Subject) -> tuple[str | None, str | None]:
    if subject == "metric":
        return result.metric, result.metric_text or result.metric
    return result.dataset, result.dataset_text or result.dataset


def _subject(machine: ResultRecord, value: ResultRecord | None) -> Subject | None:
    """Return which name a decision is about: the one that changed, or was read as another."""
    subjects: tuple[Subject, Subject] = ("metric", "dataset")
    for subject in subjects:
        name, printed = _named(machine, subject)
        if value is not None:
            if _named(value, subject)[0] != name:
                return subject
        elif name and printed and spelt(name) != spelt(printed):
            return subject
    return None


def _others(connection: Connection, subject: Subject, name: str, printed: str) -> tuple[int, ...]:
    results, names = table("results"), table(f"{subject}s")
    query = (
        select(results.c.id)
        .join(names, names.c.id == results.c[f"{subject}_id"])
        .where(names.c.name == name, results.c.state == "machine", results.c.origin == ABSTRACT)
        .where(func.lower(results.c[f"{subject}_text"]) == printed.lower())
        .order_by(results.c.id)
        .limit(MOST)
    )
    return tuple(connection.scalars(query))


def decide_alike(writer: Writer, number: int, signature: Signature) -> list[int]:
    """Decide on the numbers that are alike as correction `number` does; return the decisions.

    Raises:
        CatalogError: no number is alike.

    """
    found = alike(writer.connection, number)
    if found is None:
        raise CatalogError(
            f"cannot decide as correction {number} does",
            why="no other number that nobody has judged was read in the same way",
            hint="see: catalog corrections list",
        )
    made = []
    fields: dict[str, Any] = {found.subject: found.is_now}
    for result_id in found.results:
        stored = judging.stored_result(writer.connection, result_id)
        if stored.state != "machine":  # decided with one before: they share an abstract
            continue
        if found.kind == "reject":
            made.append(judging.reject(writer, stored, signature))
        else:
            made.append(judging.edit(writer, stored, fields, signature))
    return made
