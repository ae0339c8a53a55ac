"""Find what corrections are about: names of a paper, its numbers, and what the machine had."""

from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, select

from catalog.domain.correction_rules import PaperKind, ResultDecision, offset_of
from catalog.domain.errors import CatalogError
from catalog.domain.identity import Anchor
from catalog.domain.records import ResultRecord
from catalog.domain.safe_text import one_line
from catalog.domain.schemes import ANCHORS
from catalog.models import table
from etl.ingest.decisions import read_decisions

FIELDS = (
    "text", "value", "value_max", "error", "unit", "metric_text", "dataset_text", "kind", "role",
    "sign", "model", "baseline", "sentence", "rule", "confidence", "row_confidence",
)  # fmt: skip
"""Fields of a number that its row has under the same name."""


class StoredResult(Struct, frozen=True, kw_only=True):
    """A number of a paper as it stands in the catalog."""

    id: int
    paper_id: int
    origin: str
    state: str
    result: ResultRecord


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


def label_of(connection: Connection, paper_id: int) -> str:
    """Return a paper's label on one line."""
    papers = table("papers")
    query = select(papers.c.label).where(papers.c.id == paper_id)
    return one_line(str(connection.execute(query).scalar_one()), 200)


def machine_value_of(connection: Connection, kind: PaperKind, paper_id: int) -> str | None:
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
