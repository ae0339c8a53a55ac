"""Store decisions of people, retract them, and apply both to the papers that they concern."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select, update

from catalog.domain.correction_rules import (
    NAME_KINDS,
    PAPER_KINDS,
    RESULT_KINDS,
    SUBJECTS,
    PaperKind,
    ResultKind,
    Subject,
    spelt,
    written,
)
from catalog.domain.errors import CatalogError
from catalog.domain.identity import Anchor
from catalog.domain.records import PaperRecord, Problem, ResultRecord
from catalog.domain.safe_text import one_line
from catalog.domain.schemes import ANCHORS
from catalog.models import table
from etl.ingest.affected_records import Resolver
from etl.ingest.correction_subjects import described, held_by, label_of, machine_value_of
from etl.ingest.decisions import read_decisions
from etl.ingest.limits import bounded
from etl.ingest.lookup_tables import DATASETS, Names
from etl.ingest.name_rules import NameRules, own_row, plain_row
from etl.ingest.paper_writer import Writer
from etl.ingest.sql_helpers import chunks


class Signature(Struct, frozen=True, kw_only=True):
    """The signature of a decision: who made it, when, and why."""

    made_by: str
    now: dt.datetime
    why: str | None = None


def anchors_of(resolver: Resolver, paper_id: int) -> list[Anchor]:
    """List the anchors of a paper, the best first: arXiv, DOI, others, title, abstract."""
    held = {a for row in resolver.rows_of({paper_id}) for a in row.trace.anchors()}
    return sorted(held, key=lambda anchor: (ANCHORS.index(anchor.partition(":")[0]), anchor))


def decide(
    writer: Writer,
    kind: Literal["merge", "split"],
    one: Anchor,
    other: Anchor,
    *,
    label: str,
    why: str | None,
    made_by: str,
    now: dt.datetime,
) -> int:
    """Store a decision and recompute the papers that it concerns; return its number."""
    number = keep(
        writer.connection,
        kind=kind,
        target=one,
        value=other,
        machine_value="two papers" if kind == "merge" else "one paper",
        label=label,
        signature=Signature(made_by=made_by, now=now, why=why),
    )
    writer.apply([], [], (one, other))
    writer.tidy()
    return number


def decide_on_result(
    writer: Writer,
    kind: ResultKind,
    paper_id: int,
    machine: ResultRecord | None,
    value: ResultRecord | None,
    signature: Signature,
) -> int:
    """Store a decision on a number and recompute its paper; return the decision's number.

    `machine` is the reading that the decision is about, None for a number that is added.

    Raises:
        CatalogError: no row can hold the value, or nothing holds the paper.

    """
    if value is not None:
        require_sound(value)
    shown = value or machine
    number = keep(
        writer.connection,
        kind=kind,
        target=held_by(writer.connection, paper_id, of_number=True),
        value=written(value),
        machine_value=written(machine),
        label=f"{described(shown)} | {label_of(writer.connection, paper_id)}",
        signature=signature,
    )
    apply_again(writer, number)
    return number


def decide_on_paper(
    writer: Writer, kind: PaperKind, paper_id: int, value: str | None, signature: Signature
) -> int:
    """Store a decision on a paper's title, day or repository, and recompute it.

    Raises:
        CatalogError: nothing holds the paper.

    """
    number = keep(
        writer.connection,
        kind=kind,
        target=held_by(writer.connection, paper_id, of_number=False),
        value=value,
        machine_value=machine_value_of(writer.connection, kind, paper_id),
        label=label_of(writer.connection, paper_id),
        signature=signature,
    )
    apply_again(writer, number)
    return number


def keep(
    connection: Connection,
    *,
    kind: str,
    target: str,
    value: str | None,
    machine_value: str | None,
    label: str,
    signature: Signature,
) -> int:
    """Insert a decision, without applying it; return its number."""
    corrections = table("corrections")
    made = insert(corrections).values(
        kind=kind,
        target=target,
        value=value,
        machine_value=machine_value,
        label=label,
        why=signature.why,
        made_by=signature.made_by,
        made_at=signature.now,
    )
    return int(connection.execute(made.returning(corrections.c.id)).scalar_one())


def retract(writer: Writer, number: int, now: dt.datetime) -> str:
    """Retract a decision and recompute the papers that it concerned; return its kind.

    Raises:
        CatalogError: there is no such decision, or it was taken back before.

    """
    target = table("corrections")
    row = writer.connection.execute(select(target).where(target.c.id == number)).first()
    if row is None or row.retracted_at is not None:
        raise CatalogError(
            f"cannot retract correction {number}",
            why="it was retracted before" if row else "there is none of this number",
            hint="list them with: catalog corrections list",
        )
    writer.connection.execute(update(target).where(target.c.id == number).values(retracted_at=now))
    apply_again(writer, number)
    return str(row.kind)


def decide_on_names(
    writer: Writer,
    kind: Literal["same", "apart"],
    subject: Subject,
    name: str,
    other: str,
    signature: Signature,
) -> int:
    """Store that a name goes under another, or is a thing of its own; recompute their papers.

    Raises:
        CatalogError: that is so already, or a name cannot be.

    """
    rules = read_decisions(writer.connection).names
    joined = rules.row(subject, name)["key"] == rules.row(subject, other)["key"]
    if joined == (kind == "same") or not all(map(spelt, (name, other))):
        raise CatalogError(
            f"cannot say that {one_line(name, 60)!r} and {one_line(other, 60)!r} are "
            f"{'one' if kind == 'same' else 'two'}",
            why="the catalog takes them so already, or a name is empty",
            hint="see: catalog corrections list; catalog datasets",
        )
    require_sound(ResultRecord(text="-", metric=name, dataset=other))
    number = keep(
        writer.connection,
        kind=kind,
        target=f"{subject}:{name}",
        value=f"{subject}:{other}",
        machine_value="two names" if kind == "same" else "one name",
        label=one_line(f"{name} | {other}", 200),
        signature=signature,
    )
    apply_again(writer, number)
    return number


def _apply_to_names(writer: Writer, rows: Iterable[Any]) -> None:
    """Recompute the papers whose numbers are under these names, or were."""
    rows = list(rows)
    writer.decided = read_decisions(writer.connection)
    rules = writer.decided.names
    keys: set[tuple[str, str]] = set()
    for row in rows:
        for target in (row.target, row.value):
            subject, _, name = target.partition(":")
            if subject in SUBJECTS:
                named = (rules.row(subject, name), plain_row(subject, name))
                keys |= {(subject, one["key"]) for one in (*named, own_row(subject, name))}
    papers = {paper for key in keys for paper in _papers_under(writer.connection, *key)}
    for chunk in chunks(sorted(papers)):
        writer.apply([], papers=chunk)
    for subject, key in keys:
        refresh_name(writer.names, subject, key, rules)
    writer.tidy()


def _papers_under(connection: Connection, subject: str, key: str) -> Iterable[int]:
    results, names = table("results"), table(f"{subject}s")
    column = results.c[f"{subject}_id"]
    query = select(results.c.paper_id).join(names, names.c.id == column)
    return connection.scalars(query.where(names.c.key == key).distinct()).all()


def refresh_name(names: Names, subject: str, key: str, rules: NameRules) -> None:
    """Give a stored metric or dataset the name and aliases that decisions say."""
    target, aliases = table(f"{subject}s"), table(f"{subject}_aliases")
    connection, column = names.connection, aliases.c[f"{subject}_id"]
    stored = connection.execute(select(target.c.id, target.c.name).where(target.c.key == key))
    row = stored.first()
    if row is None:
        return
    wanted = rules.stored_row("metric" if subject == "metric" else "dataset", key, row.name)
    connection.execute(delete(aliases).where(column == row.id))
    if wanted["aliases"]:
        values = [{f"{subject}_id": row.id, "alias": alias} for alias in wanted["aliases"]]
        connection.execute(insert(aliases), values)
    if subject == "dataset":
        names.respelt[DATASETS.table].add(row.id)


def apply_again(writer: Writer, *numbers: int) -> None:
    """Recompute the papers that decisions concern, whether these are in force or retracted."""
    target = table("corrections")
    anchors: list[Anchor] = []
    papers: set[int] = set()
    rows = writer.connection.execute(select(target).where(target.c.id.in_(numbers))).all()
    of_names = [row for row in rows if row.kind in NAME_KINDS]
    for row in rows:
        if row.kind in RESULT_KINDS or row.kind in PAPER_KINDS:
            papers |= writer.resolver.papers_of(row.target)
        elif row.kind not in NAME_KINDS:
            anchors += [row.target, row.value]
    if anchors or papers:
        writer.apply([], [], anchors, papers)
    if of_names:
        _apply_to_names(writer, of_names)
    writer.tidy()


def require_sound(value: ResultRecord) -> None:
    """Refuse a number that no row can hold.

    Raises:
        CatalogError: it is one.

    """
    for piece in _checked(value):
        raise CatalogError(
            "cannot store the number", why=piece.why, hint="give a shorter name, or another value"
        )


def _checked(value: ResultRecord) -> Iterable[Problem]:
    pieces = bounded([PaperRecord(title="-", results=(value,))])
    return (piece for piece in pieces if isinstance(piece, Problem))
