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
    ResultDecision,
    ResultKind,
    Subject,
    offset_of,
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
from etl.ingest.decisions import read_decisions
from etl.ingest.limits import bounded
from etl.ingest.lookup_tables import DATASETS, Names
from etl.ingest.name_rules import NameRules, own_row, plain_row
from etl.ingest.paper_writer import Writer
from etl.ingest.sql_helpers import chunks

FIELDS = (
    "text", "value", "value_max", "error", "unit", "metric_text", "dataset_text", "kind", "role",
    "sign", "model", "baseline", "sentence", "rule", "confidence", "row_confidence",
)  # fmt: skip
"""Fields of a number that its row has under the same name."""


class Signature(Struct, frozen=True, kw_only=True):
    """The signature of a decision: who made it, when, and why."""

    made_by: str
    now: dt.datetime
    why: str | None = None


class StoredResult(Struct, frozen=True, kw_only=True):
    """A number of a paper as it stands in the catalog."""

    id: int
    paper_id: int
    origin: str
    state: str
    result: ResultRecord


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
        label=f"{described(shown)} | {_label(writer.connection, paper_id)}",
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
        machine_value=_machine_value(writer.connection, kind, paper_id),
        label=_label(writer.connection, paper_id),
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


def held_by(connection: Connection, paper_id: int, *, of_number: bool) -> Anchor:
    """Return the name that a decision on a paper is held by: the best that it has.

    A number of a paper without identifier is held by the abstract, where that is long enough.

    Raises:
        CatalogError: it has none by which it could be found again.

    """
    held = anchors_held(connection, paper_id)
    order = (*ANCHORS[:-2], "abstract", "title") if of_number else ANCHORS
    best = min(held, key=lambda anchor: (order.index(anchor.partition(":")[0]), anchor), default="")
    if not best:
        raise CatalogError(
            "cannot correct the paper",
            why="it has no identifier, and its title and abstract are too short to match",
            hint="load a document that gives it an identifier",
        )
    return best


def anchors_held(connection: Connection, paper_id: int) -> list[Anchor]:
    """List the names that decisions on a paper may be held by."""
    names, sources = table("identifiers"), table("paper_sources")
    named = connection.execute(
        select(names.c.scheme, names.c.value).where(names.c.paper_id == paper_id)
    )
    held = [f"{row.scheme}:{row.value}" for row in named]
    columns = (sources.c.title_hash, sources.c.abstract_hash, sources.c.is_named)
    for row in connection.execute(select(*columns).where(sources.c.paper_id == paper_id)):
        if not row.is_named and row.title_hash is not None:
            held.append(f"title:{row.title_hash}")
        if row.abstract_hash is not None:
            held.append(f"abstract:{row.abstract_hash}")
    return sorted(set(held))


def results_of(connection: Connection, paper_id: int) -> list[StoredResult]:
    """List the numbers of a paper as they stand in the catalog, rejected ones among them."""
    results, metrics, datasets, tasks = map(table, ("results", "metrics", "datasets", "tasks"))
    query = (
        select(
            results,
            metrics.c.name.label("metric"),
            datasets.c.name.label("dataset"),
            tasks.c.name.label("task"),
        )
        .outerjoin(metrics, metrics.c.id == results.c.metric_id)
        .outerjoin(datasets, datasets.c.id == results.c.dataset_id)
        .outerjoin(tasks, tasks.c.id == results.c.task_id)
        .where(results.c.paper_id == paper_id)
        .order_by(results.c.span_start.is_(None), results.c.span_start, results.c.id)
    )
    return [_stored(row) for row in connection.execute(query).mappings()]


def _stored(row: Any) -> StoredResult:
    names = {name: row[name] for name in ("metric", "dataset", "task")}
    if row["metric_inferred"]:
        names["metric"] = None
    result = ResultRecord(
        **{name: row[name] for name in FIELDS},
        **names,
        start=row["span_start"],
        end=row["span_end"],
    )
    return StoredResult(
        id=row["id"],
        paper_id=row["paper_id"],
        origin=row["origin"],
        state=row["state"],
        result=result,
    )


def machine_of(connection: Connection, stored: StoredResult) -> ResultRecord | None:
    """Return what the machine read for a stored number; None where a person added it."""
    if stored.state == "machine":
        return stored.result
    papers = table("papers")
    abstract = connection.scalar(select(papers.c.abstract).where(papers.c.id == stored.paper_id))
    made = read_decisions(connection).of(anchors_held(connection, stored.paper_id)).results
    return next((one.machine for one in made if _is_about(one, stored.result, abstract)), None)


def _is_about(made: ResultDecision, result: ResultRecord, abstract: str | None) -> bool:
    if result.start is None:
        return made.seen.start is None and result in (made.value, made.machine)
    start = offset_of(abstract, made.seen)
    end = result.end or result.start + len(result.text)
    return start is not None and start < end and result.start < start + len(made.seen.text)


def described(result: ResultRecord | None) -> str:
    """Describe a number in a few words.

    >>> described(ResultRecord(text="82.2%", metric="top-1 accuracy", dataset="ImageNet-1K"))
    '82.2% top-1 accuracy on ImageNet-1K'
    """
    if result is None:
        return ""
    on = f" on {result.dataset}" if result.dataset else ""
    return one_line(f"{result.text} {result.metric or '(no metric)'}{on}", 200)


def _label(connection: Connection, paper_id: int) -> str:
    papers = table("papers")
    query = select(papers.c.label).where(papers.c.id == paper_id)
    return one_line(str(connection.execute(query).scalar_one()), 200)


def _machine_value(connection: Connection, kind: PaperKind, paper_id: int) -> str | None:
    """Return a paper's title, day or repository as the machine has it."""
    corrections = table("corrections")
    held = anchors_held(connection, paper_id)
    first = (
        select(corrections.c.machine_value)
        .where(corrections.c.kind == kind, corrections.c.target.in_(held))
        .where(corrections.c.retracted_at.is_(None))
        .order_by(corrections.c.made_at, corrections.c.id)
        .limit(1)
    )
    if (known := connection.execute(first).first()) is not None:
        return None if known[0] is None else str(known[0])
    if kind == "repository":
        return _repository_of(connection, paper_id)
    papers = table("papers")
    column = papers.c.title if kind == "title" else papers.c.published_on
    value = connection.scalar(select(column).where(papers.c.id == paper_id))
    return None if value is None else str(value)


def _repository_of(connection: Connection, paper_id: int) -> str | None:
    from catalog.reads.code import code_of
    from catalog.reads.drivers import run

    found = run(connection, code_of([paper_id])).get(paper_id)
    return found.url if found else None


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
