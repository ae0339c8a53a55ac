"""Load documents, one after the other; one that fails does not stop the others."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field
from sqlalchemy import Connection

from catalog.domain.records import PaperRecord, Problem
from etl.extract.reader import ChosenReader
from etl.formats import FormatError, Reading
from etl.formats.contract import LONGEST, Piece
from etl.formats.toolkit.compression import LIMITS, Limits
from etl.ingest.document_plan import (
    DocumentFacts,
    Plan,
    forget_document,
    note_copy,
    plan_document,
)
from etl.ingest.document_writer import write_document
from etl.ingest.inputs import Input, Opened
from etl.ingest.known_items import KnownItems, known_items, parser_version
from etl.ingest.limits import bounded
from etl.ingest.moved_documents import follow
from etl.ingest.paper_writer import Counts, Writer
from etl.ingest.problem_kinds import ProblemKind, count_in
from etl.ingest.run import Run
from etl.ingest.shrunken_document import shrinkage

TOLD = 100
"""Problems of one document that are kept for the report; all of them are in the catalog."""

ALIKE = 3
"""Problems of one kind that are kept for the report even beyond those."""

FIRST_ZONE = dt.timezone(dt.timedelta(hours=14))
"""The time zone in which each day begins first."""

TICK = 500
"""Pieces after which progress is told."""


Tick = Callable[[str, int, float], None]
"""Told now and then: a document's name, its pieces so far, the share of its bytes read."""


class Options(Struct, frozen=True, kw_only=True):
    """Options of a load."""

    year: int | None = None
    day: dt.date | None = None
    jobs: int | None = None
    """Processes that extract; None for one a core."""
    again: bool = False
    """Whether documents that have not changed are read all the same."""
    accept: bool = False
    """Whether a file may replace one that held much more."""
    longest: int = LONGEST
    """Bytes in one line or item."""
    unpacked: Limits = LIMITS
    """How much may come out of a compressed document."""
    extract: bool = True
    """Whether abstracts are read; else `catalog reextract` does that later."""
    reader: ChosenReader | None = None
    """What reads them; None for the built-in reader."""
    executor: str | None = None
    """Address of a Dask cluster that reads them, instead of processes here."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """What columns of tables hold, as --map gave it: "title" -> the column's name."""


class Outcome(Struct, kw_only=True):
    """The outcome of loading one document."""

    name: str
    format: str
    action: str
    """load, resume, replace, copy, skip or failed."""
    counts: Counts
    copy_of: str | None = None
    moved_from: str | None = None
    """Its old name, where it has moved since it was loaded."""
    day: dt.date | None = None
    day_basis: str | None = None
    problems: list[Problem]
    """The first of them."""
    kinds: dict[str, ProblemKind] = field(default_factory=dict)
    """All of them by their kind."""
    unread: Counter[str] = field(default_factory=Counter)
    """Fields of the input that are neither read nor known to be ignored, with their number."""
    why: str | None = None
    hint: str | None = None


def load_inputs(
    run: Run,
    inputs: Iterable[Input],
    options: Options,
    *,
    clock: Callable[[], dt.datetime],
    tick: Tick | None = None,
) -> Iterator[Outcome]:
    """Load documents one after the other; one that fails does not stop the others."""
    whys: list[str | None] = []
    reading = run.writer(
        jobs=options.jobs,
        extract=options.extract,
        executor=options.executor,
        reader=options.reader,
    )
    with reading as (writer, transaction):
        for item in inputs:
            now = item.received_at or clock()
            outcome = _load(run, writer, transaction, item, options, now, tick)
            run.total.add(outcome.counts)
            whys.append(None if outcome.counts.records else outcome.why)
            yield outcome
    if whys and all(whys):
        run.failed = whys[0]


def _load(
    run: Run,
    writer: Writer,
    transaction: Callable[[], Any],
    item: Input,
    options: Options,
    now: dt.datetime,
    tick: Tick | None,
) -> Outcome:
    facts = DocumentFacts(
        name=item.name,
        format=item.format.name,
        rank=item.format.rank,
        sha256=item.sha256,
        bytes=item.bytes,
        read_at=now,
        parser_version=parser_version(item.format),
    )
    year = options.year if item.format.takes_year else None
    day = options.day if item.format.takes_day else None
    with transaction():
        moved_from = follow(writer.connection, facts.name, facts.sha256)
        plan = plan_document(writer.connection, facts, year=year, day=day, again=options.again)
    outcome = Outcome(
        name=item.name,
        format=facts.format,
        action=plan.action,
        counts=Counts(),
        copy_of=plan.copy_of,
        moved_from=moved_from,
        problems=[],
    )
    try:
        if plan.action == "skip":
            outcome.counts.skipped = 1
        elif plan.action == "copy":
            _note_copy(writer, facts, plan, transaction)
            outcome.counts = writer.take_counts()
            outcome.counts.skipped += 1
        else:
            known = _known(writer.connection, transaction, facts, plan, options)
            reading = Reading(
                name=item.name,
                read_on=latest_day(now),
                year=year,
                day=day,
                kept_day=plan.kept_day,
                kept_basis=plan.kept_basis,
                observed_at=plan.observed_at or now,
                longest=options.longest,
                columns=options.columns,
                unread=outcome.unread,
                known=known if facts.parser_version else None,
            )
            if not options.accept and item.received_at is None:
                _require_as_much(writer.connection, transaction, item, reading, options.unpacked)
            with item.open(options.unpacked) as opened:
                pieces = _watched(
                    _of_one_version(item.format.parse(opened.content, reading), opened), outcome
                )
                if tick is not None:
                    pieces = _ticking(pieces, lambda done: tick(item.name, done, opened.share()))
                write_document(
                    writer,
                    facts,
                    plan,
                    pieces,
                    known=known,
                    run_id=run.run_id,
                    transaction=transaction,
                )
            for found in _unread(writer):
                count_in(outcome.kinds, found)
                outcome.problems.append(found)
            outcome.counts = writer.take_counts()
    except (FormatError, OSError) as error:
        outcome.action, outcome.why, outcome.hint = "failed", *_reason(error)
        outcome.counts = writer.take_counts()
        outcome.counts.problems = max(outcome.counts.problems, 1)
    return outcome


def _known(
    connection: Connection,
    transaction: Callable[[], Any],
    facts: DocumentFacts,
    plan: Plan,
    options: Options,
) -> KnownItems:
    """Return the items of the document's old version that need not be read again."""
    replaced = plan.document_id if plan.action == "replace" else None
    if replaced is None or options.again or facts.parser_version is None:
        return KnownItems()
    with transaction():
        return known_items(connection, replaced, facts.parser_version)


def _require_as_much(
    connection: Connection,
    transaction: Callable[[], Any],
    item: Input,
    reading: Reading,
    limits: Limits,
) -> None:
    """Refuse a file that was emptied, or holds much less than what it would replace.

    Raises:
        FormatError: it does.

    """
    with transaction():
        less = shrinkage(connection, item, reading, limits)
    if less:
        raise FormatError(
            f"{less}: the old version was kept",
            hint="if the file is right, load it again with --accept",
        )


def latest_day(now: dt.datetime) -> dt.date:
    """Return the day that it is where the day begins first: pages are dated all over the world.

    >>> latest_day(dt.datetime(2025, 3, 11, 18, tzinfo=dt.timezone(dt.timedelta(hours=-7))))
    datetime.date(2025, 3, 12)
    """
    return now.astimezone(FIRST_ZONE).date()


def _reason(error: FormatError | OSError) -> tuple[str, str]:
    if isinstance(error, OSError):
        return error.strerror or str(error), "check the file and its permissions"
    return error.why, error.hint


def _unread(writer: Writer) -> list[Problem]:
    """Take the problems of abstracts on which the reader failed."""
    taken, writer.unread = writer.unread, []
    return [found.problem for found in taken]


def _note_copy(
    writer: Writer, facts: DocumentFacts, plan: Plan, transaction: Callable[[], Any]
) -> None:
    if plan.document_id is not None:
        forget_document(writer, plan.document_id, transaction=transaction)
    with transaction():
        note_copy(writer.connection, facts, plan)


def _watched(items: Iterator[Piece], outcome: Outcome) -> Iterator[Piece]:
    """Pass items on; keep problems and the digest's day for the report.

    Raises:
        FormatError: the parser says so, or stumbled over what nobody thought of: one document must
            not keep the others out.

    """
    for item in bounded(_guarded(items)):
        if isinstance(item, Problem):
            if count_in(outcome.kinds, item) <= ALIKE or len(outcome.problems) < TOLD:
                outcome.problems.append(item)
        elif isinstance(item, PaperRecord) and item.digest and outcome.day is None:
            outcome.day, outcome.day_basis = item.digest.day, item.digest.basis
        yield item


def _of_one_version(items: Iterator[Piece], opened: Opened) -> Iterator[Piece]:
    """Pass items on, and check that the file does not change meanwhile.

    Raises:
        FormatError: the file changed under the parser, whatever that makes of it: the pieces are of
            two versions, and the sha256 of neither.

    """
    try:
        yield from items
    except Exception:
        opened.require_unchanged()
        raise
    opened.require_unchanged()


def _ticking(items: Iterator[Piece], tell: Callable[[int], None]) -> Iterator[Piece]:
    """Pass items on, and report their number now and then."""
    for done, item in enumerate(items, start=1):
        yield item
        if done % TICK == 0:
            tell(done)


def _guarded(items: Iterator[Piece]) -> Iterator[Piece]:
    """Pass items on; report an unforeseen error as the document's last problem.

    Raises:
        FormatError: the parser says so, or stumbled before the first record.

    """
    found = False
    try:
        for item in items:
            found = found or not isinstance(item, Problem)
            yield item
    except (FormatError, OSError):
        raise
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        if not found:
            raise FormatError(
                why, hint="please report this, with the document: its parser has not foreseen it"
            ) from error
        why = f"its parser has not foreseen what follows, please report this ({why})"
        yield Problem(where="end of what could be read", why=why)
