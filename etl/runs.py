"""A run: the lock that it holds, the row that tells of it, and the documents that it loads."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from msgspec import Struct, structs
from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import DBAPIError

from catalog.database import (
    cannot_open,
    current_revision,
    opened,
    require_current,
    require_file,
    sqlite_file,
    upgrade,
)
from catalog.errors import CatalogError
from catalog.locks import locked
from etl.extract import VERSION
from etl.extracting import Extractor, Unread, extractor
from etl.inputs import Input
from etl.load import (
    Counts,
    DocumentFacts,
    Plan,
    Writer,
    forget_document,
    note_copy,
    plan_document,
    write_document,
)
from etl.load.documents import BATCH
from etl.load.sql import table
from etl.records import PaperRecord, Problem
from etl.sources import SOURCES, FormatError, Reading

SIDES = ("wal", "shm", "journal")
"""Endings of the files that SQLite keeps beside a database."""

DONE_IN_PART = 3
"""Exit code of a run that was broken off after some documents were loaded."""

RANKS = {source.name: source.rank for source in SOURCES.values()}


class Options(Struct, frozen=True, kw_only=True):
    """How documents are to be read."""

    year: int | None = None
    day: dt.date | None = None
    jobs: int | None = None
    """Processes that extract; None for one a core."""
    extract: bool = True
    """Whether abstracts are read; else `catalog reextract` does that later."""


class Outcome(Struct, kw_only=True):
    """What became of one document."""

    name: str
    format: str
    action: str
    """load, resume, replace, copy, skip or failed."""
    counts: Counts
    copy_of: str | None = None
    day: dt.date | None = None
    day_basis: str | None = None
    problems: list[Problem]
    why: str | None = None
    mend: str | None = None


class Run:
    """A run that is under way: its engine, its row in `runs`, its clock."""

    def __init__(self, engine: Engine, command: str, now: dt.datetime, *, dry: bool) -> None:
        self.engine = engine
        self.now = now
        self.dry = dry
        """Whether nothing is to be kept."""
        self.total = Counts()
        self.failed: str | None = None
        """Why nothing could be loaded, where that is so."""
        self.run_id: int | None = None
        if not dry:
            self.run_id = self._begin(command)

    def _begin(self, command: str) -> int:
        runs = table("runs")
        counts = dict.fromkeys(Counts.__struct_fields__, 0)
        with self.engine.begin() as connection:
            if self.engine.dialect.name == "sqlite":
                self._end_dead_runs(connection, command)
            connection.execute(
                insert(runs).values(
                    command=command,
                    version=version("paper-catalog"),
                    started_at=self.now,
                    state="running",
                    **counts,
                )
            )
            newest = select(runs.c.id).order_by(runs.c.id.desc()).limit(1)
            return int(connection.execute(newest).scalar_one())

    def _end_dead_runs(self, connection: Connection, command: str) -> None:
        """Mark runs that were killed: this one holds the lock that they held."""
        runs = table("runs")
        is_sync = runs.c.command.startswith("sync ")
        alike = runs.c.command == command if command.startswith("sync ") else ~is_sync
        connection.execute(
            update(runs)
            .where(runs.c.state == "running", alike)
            .values(state="interrupted", message="ended without a word, as by kill -9")
        )

    def end(self, state: str, now: dt.datetime, message: str | None = None) -> None:
        """Write down how it ended."""
        if self.run_id is None:
            return
        runs = table("runs")
        with self.engine.begin() as connection:
            connection.execute(
                update(runs)
                .where(runs.c.id == self.run_id)
                .values(state=state, finished_at=now, message=message, **structs.asdict(self.total))
            )

    @contextmanager
    def writer(
        self, *, jobs: int | None = None, extract: bool = True
    ) -> Iterator[tuple[Writer, Callable[[], Any]]]:
        """A writer on a connection of its own, and what opens a transaction on it.

        In a dry run there is one transaction around everything, which is undone. Without `extract`
        papers are written as not read yet.
        """
        reader: AbstractContextManager[Extractor | Unread] = (
            extractor(jobs) if extract else nullcontext(Unread())
        )
        with self.engine.connect() as connection, reader as read:
            writer = Writer(
                connection, extract=read, version=VERSION if extract else None, ranks=RANKS
            )
            if self.dry:
                outer = connection.begin()
                try:
                    yield writer, nullcontext
                finally:
                    outer.rollback()
            else:
                yield writer, connection.begin


@contextmanager
def running(
    url: str,
    command: str,
    *,
    clock: Callable[[], dt.datetime],
    dry: bool = False,
    create: bool = True,
    wait: float = 60,
) -> Iterator[Run]:
    """Hold the catalog's lock for a command that writes, and log it as a run.

    A missing catalog is created if `create` says so; a dry run never leaves a file behind.

    Raises:
        LockedError: another command holds the lock for longer than `wait` seconds.
        CatalogError: the database is missing, of another revision, or cannot be written.

    """
    require_file(url)
    file = sqlite_file(url)
    if dry and file is not None and not file.exists():
        with (
            _temporary(url) as scratch,
            _running(scratch, command, clock, dry=True, wait=wait) as run,
        ):
            yield run
        return
    if not create and file is not None and not file.exists():
        raise CatalogError(
            f"cannot write to {file}",
            why="there is no such file",
            mend='name the catalog with --db, or load something into a new one with "catalog load"',
        )
    with (
        locked(url, command, wait=wait),
        _running(url, command, clock, dry=dry, wait=wait) as run,
    ):
        yield run


@contextmanager
def _temporary(url: str) -> Iterator[str]:
    import tempfile

    with tempfile.TemporaryDirectory(prefix="catalog-") as folder:
        yield f"sqlite:///{folder}/dry-run.db"


@contextmanager
def _running(
    url: str, command: str, clock: Callable[[], dt.datetime], *, dry: bool, wait: float
) -> Iterator[Run]:
    with _writable(url, wait=wait) as engine:
        run: Run | None = None
        try:
            run = Run(engine, command, clock(), dry=dry)
            try:
                yield run
            except BaseException as error:
                state = "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"
                with suppress(DBAPIError):  # what broke the run off may hinder this as well
                    run.end(state, clock(), str(error) or type(error).__name__)
                raise
            if run.failed:
                run.end("failed", clock(), run.failed)
            else:
                run.end("problems" if run.total.problems else "done", clock())
        except DBAPIError as error:
            raise _told(cannot_open(engine.url, error), run) from error


def _told(error: CatalogError, run: Run | None) -> CatalogError:
    """Say of what broke a run off how much of it stays."""
    if run is not None and run.total.documents and not run.dry:
        error.why += f"; {run.total.documents:,} documents were loaded before, and stay"
        error.exit_code = DONE_IN_PART
    return error


@contextmanager
def prepared(url: str, command: str, *, wait: float) -> Iterator[Engine]:
    """A catalog that can be written, created if there is none; its lock is not held.

    For commands that wait for others most of the time: they take the lock to load what came.

    Raises:
        LockedError: it is to be created, and another command holds the lock.
        CatalogError: the database is of another revision, or cannot be written.

    """
    file = sqlite_file(url)
    if file is not None and not file.exists() and file.parent.is_dir():
        with locked(url, command, wait=wait), _writable(url, wait=wait, keep=True):
            pass
    with _writable(url, wait=wait) as engine:
        yield engine


@contextmanager
def _writable(url: str, *, wait: float, keep: bool = False) -> Iterator[Engine]:
    """Engine on a catalog of our revision, which is created where there is none.

    One that was created goes again if nothing came into it, unless `keep` says so.
    """
    file = sqlite_file(url)
    fresh = file is not None and not file.exists()
    is_empty = False
    try:
        with opened(url, busy_timeout=int(wait * 1000)) as engine:
            try:
                if fresh or (current_revision(engine) is None and _has_no_tables(engine)):
                    upgrade(url)
                require_current(engine, doing="write to")
                yield engine
            finally:
                is_empty = fresh and _has_no_documents(engine)
    finally:
        if file is not None and is_empty and not keep:
            for leftover in (file, *(file.with_name(f"{file.name}-{end}") for end in SIDES)):
                leftover.unlink(missing_ok=True)


def _has_no_documents(engine: Engine) -> bool:
    """Whether nothing was loaded; also where a disk was too full even for the tables."""
    try:
        with engine.connect() as connection:
            return connection.scalar(select(table("documents").c.id).limit(1)) is None
    except DBAPIError:
        return True


def _has_no_tables(engine: Engine) -> bool:
    from sqlalchemy import inspect

    with engine.connect() as connection:
        return not inspect(connection).get_table_names()


def load_inputs(
    run: Run,
    inputs: Iterable[Input],
    options: Options,
    *,
    clock: Callable[[], dt.datetime],
) -> Iterator[Outcome]:
    """Load documents one after the other; one that fails leaves the others alone."""
    whys: list[str | None] = []
    with run.writer(jobs=options.jobs, extract=options.extract) as (writer, transaction):
        for item in inputs:
            now = item.received_at or clock()
            outcome = _load(run, writer, transaction, item, options, now)
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
) -> Outcome:
    facts = DocumentFacts(
        name=item.name,
        format=item.source.name,
        rank=item.source.rank,
        sha256=item.sha256,
        bytes=item.bytes,
        read_at=now,
    )
    with transaction():
        plan = plan_document(writer.connection, facts, year=options.year, day=options.day)
    outcome = Outcome(
        name=item.name,
        format=facts.format,
        action=plan.action,
        counts=Counts(),
        copy_of=plan.copy_of,
        problems=[],
    )
    try:
        if plan.action == "skip":
            outcome.counts.skipped = 1
        elif plan.action == "copy":
            _note_copy(writer, facts, plan, transaction)
            outcome.counts = _taken(writer)
            outcome.counts.skipped += 1
        else:
            reading = Reading(
                name=item.name,
                read_on=now.astimezone().date(),
                year=options.year,
                day=options.day,
                kept_day=plan.kept_day,
                kept_basis=plan.kept_basis,
                observed_at=now,
            )
            with item.open() as stream:
                pieces = _watched(item.source.parse(stream, reading), outcome)
                write_document(
                    writer, facts, plan, pieces, run_id=run.run_id, transaction=transaction
                )
            outcome.counts = _taken(writer)
    except (FormatError, OSError) as error:
        outcome.action, outcome.why, outcome.mend = "failed", *_reason(error)
        outcome.counts = _taken(writer)
        outcome.counts.problems = max(outcome.counts.problems, 1)
    return outcome


def _reason(error: FormatError | OSError) -> tuple[str, str]:
    if isinstance(error, OSError):
        return error.strerror or str(error), "check the file and its permissions"
    return error.why, error.mend


def _taken(writer: Writer) -> Counts:
    done, writer.counts = writer.counts, Counts()
    return done


def _note_copy(
    writer: Writer, facts: DocumentFacts, plan: Plan, transaction: Callable[[], Any]
) -> None:
    if plan.document_id is not None:
        forget_document(writer, plan.document_id, transaction=transaction)
    with transaction():
        note_copy(writer.connection, facts, plan)
        writer.tidy()


def _watched(
    items: Iterator[PaperRecord | Problem], outcome: Outcome
) -> Iterator[PaperRecord | Problem]:
    """Pass pieces on; keep problems and the digest's day for the report.

    Raises:
        FormatError: the parser says so, or stumbled over what nobody thought of: one document must
            not keep the others out.

    """
    for item in _guarded(items):
        if isinstance(item, Problem):
            outcome.problems.append(item)
        elif item.digest and outcome.day is None:
            outcome.day, outcome.day_basis = item.digest.day, item.digest.basis
        yield item


def _guarded(items: Iterator[PaperRecord | Problem]) -> Iterator[PaperRecord | Problem]:
    try:
        yield from items
    except (FormatError, OSError):
        raise
    except (ValueError, ArithmeticError, LookupError, TypeError, RecursionError) as error:
        raise FormatError(
            f"{type(error).__name__}: {error}",
            mend="please report this, with the document: its parser has not foreseen it",
        ) from error


def find_document(connection: Connection, name: str) -> tuple[int, str]:
    """Key and name of the document that a user means: its path, address, or an end of it.

    Raises:
        CatalogError: none or several fit.

    """
    document = table("documents")
    exact = [name, str(Path(name).resolve())]
    rows = connection.execute(
        select(document.c.id, document.c.name).where(document.c.name.in_(exact))
    ).all() or [
        row
        for row in connection.execute(select(document.c.id, document.c.name))
        if row.name.endswith(f"/{name}") or row.name.removeprefix("sha256:").startswith(name)
    ]
    if len(rows) == 1:
        return rows[0].id, rows[0].name
    if rows:
        listed = ", ".join(sorted(row.name for row in rows)[:5])
        raise CatalogError(
            f"cannot tell which document {name} is",
            why=f"{len(rows)} fit: {listed}",
            mend="give more of its path",
        )
    raise CatalogError(
        f"there is no document {name} in the catalog",
        why="nothing of this name was loaded",
        mend='list the documents with: catalog query "SELECT name FROM documents"',
    )


def forget(run: Run, name: str) -> tuple[str, str | None, Counts]:
    """Take a document out; its full name, the copy that keeps its content or None, the counts."""
    with run.writer() as (writer, transaction):
        with transaction():
            document_id, full_name = find_document(writer.connection, name)
        heir = forget_document(writer, document_id, transaction=transaction)
        with transaction():
            writer.tidy()
        counts = _taken(writer)
    run.total.add(counts)
    return full_name, heir, counts


def reextract(run: Run, *, everything: bool, jobs: int | None) -> Iterator[int]:
    """Extract again where another version did, or everywhere; yields the papers done so far.

    Each batch is a transaction, so a run that was cut off goes on where it was.
    """
    papers = table("papers")
    query = select(papers.c.id).where(papers.c.abstract.is_not(None)).order_by(papers.c.id)
    if not everything:
        query = query.where(papers.c.extractor_version.is_distinct_from(VERSION))
    done = last = 0
    with run.writer(jobs=jobs) as (writer, transaction):
        while True:
            with transaction():
                batch = writer.connection.scalars(query.where(papers.c.id > last).limit(BATCH))
                ids = list(batch)
                if ids:
                    writer.recompute(ids)
                    writer.tidy()
            if not ids:
                return
            last = ids[-1]
            done += len(ids)
            run.total.add(_taken(writer))
            yield done
