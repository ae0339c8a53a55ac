"""Run a command that writes: hold the catalog's lock, log the run, create the catalog."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from importlib.metadata import version
from typing import Any

from msgspec import structs
from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import DBAPIError

from catalog.database.database_address import require_file, sqlite_file
from catalog.database.database_failure import cannot_open
from catalog.database.engine import opened
from catalog.database.locks import locked
from catalog.database.schema_revision import (
    current_revision,
    holds_tables,
    is_unfinished,
    require_current,
)
from catalog.database.schema_upgrade import upgrade
from catalog.domain.errors import CatalogError
from catalog.domain.exit_codes import ExitCode
from catalog.domain.formatting import plural
from catalog.garbage_collection import rare_collections
from catalog.models import table
from etl.configured_reader import reader_of_kept_answers
from etl.extract.reader import ChosenReader
from etl.ingest.paper_writer import Counts, Writer
from etl.ingest.pool import Extractor, Unread, extractor
from etl.ingest.readings import KeptReadings
from etl.plugins import formats

SIDES = ("wal", "shm", "journal")
"""Endings of the files that SQLite keeps beside a database."""


class Run:
    """A run in progress: its engine, its row in `runs`, its counts."""

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
        """Mark runs that were killed, whose lock this run now holds."""
        runs = table("runs")
        is_sync = runs.c.command.startswith("sync ")
        alike = runs.c.command == command if command.startswith("sync ") else ~is_sync
        connection.execute(
            update(runs)
            .where(runs.c.state == "running", alike)
            .values(state="interrupted", message="ended without a word, as by kill -9")
        )

    def end(self, state: str, now: dt.datetime, message: str | None = None) -> None:
        """Store how the run ended."""
        if self.run_id is None:
            return
        runs = table("runs")
        with self.engine.begin() as connection:
            connection.execute(
                update(runs)
                .where(runs.c.id == self.run_id)
                .values(state=state, finished_at=now, message=message, **structs.asdict(self.total))
            )

    def break_off(self, error: BaseException, now: dt.datetime) -> None:
        """Store which error ended the run."""
        if isinstance(error, KeyboardInterrupt):
            self.end("interrupted", now, str(error) or None)
        else:
            self.end("failed", now, str(error) or type(error).__name__)

    @contextmanager
    def writer(
        self,
        *,
        jobs: int | None = None,
        extract: bool = True,
        executor: str | None = None,
        reader: ChosenReader | None = None,
    ) -> Iterator[tuple[Writer, Callable[[], Any]]]:
        """Open a writer on its own connection, with a function that begins a transaction.

        In a dry run there is one transaction around everything, which is undone. Without `extract`
        papers are written as not read yet.
        """
        chosen = reader or reader_of_kept_answers(self.engine.url.render_as_string())
        if chosen.inquiry is not None:
            chosen = chosen.keeping(KeptReadings(self.engine), offline=self.dry)
        reading: AbstractContextManager[Extractor | Unread] = (
            extractor(jobs, executor, chosen) if extract else nullcontext(Unread())
        )
        with self.engine.connect() as connection, reading as read, rare_collections():
            writer = Writer(
                connection,
                extract=read,
                version=chosen.version if extract else None,
                ranks={known.name: known.rank for known in formats().values()},
                run_id=self.run_id,
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
    if dry and _is_nowhere(url):
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
            hint='name the catalog with --db, or load something into a new one with "catalog load"',
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
                with suppress(DBAPIError):  # what broke the run off may hinder this as well
                    run.break_off(error, clock())
                raise
            if run.failed:
                run.end("failed", clock(), run.failed)
            else:
                run.end("problems" if run.total.problems else "done", clock())
        except DBAPIError as error:
            raise _told(cannot_open(engine.url, error), run) from error


def _told(error: CatalogError, run: Run | None) -> CatalogError:
    """Add to the error of a failed run how many documents were loaded before it."""
    if run is not None and run.total.documents and not run.dry:
        one, several = "was loaded before, and stays", "were loaded before, and stay"
        error.why += f"; {plural(run.total.documents, f'document {one}', f'documents {several}')}"
        error.exit_code = ExitCode.DONE_WITH_PROBLEMS
    return error


@contextmanager
def prepared(url: str, command: str, *, wait: float) -> Iterator[Engine]:
    """Open a catalog for writing, creating it if needed, without holding its lock.

    For commands that wait for others most of the time: they take the lock to load what came.

    Raises:
        LockedError: it is to be created, and another command holds the lock.
        CatalogError: the database is of another revision, or cannot be written.

    """
    file = sqlite_file(url)
    if _is_nowhere(url) and (file is None or file.parent.is_dir()):
        with locked(url, command, wait=wait), _writable(url, wait=wait, keep=True):
            pass
    with _writable(url, wait=wait) as engine:
        yield engine


def _is_nowhere(url: str) -> bool:
    """Return true if the catalog does not exist, or a command was killed while it created it."""
    file = sqlite_file(url)
    if file is not None and not file.exists():
        return True
    with opened(url, read_only=True) as engine:
        return _is_to_be_created(engine)


def _is_to_be_created(engine: Engine) -> bool:
    """Return true if a database holds nothing, or a catalog whose creation was broken off."""
    if current_revision(engine) is None:
        return not holds_tables(engine)
    return is_unfinished(engine)


@contextmanager
def _writable(url: str, *, wait: float, keep: bool = False) -> Iterator[Engine]:
    """Open an engine on a catalog of our revision, creating the catalog if needed.

    One that was created goes again if nothing came into it, unless `keep` says so.
    """
    file = sqlite_file(url)
    fresh = file is not None and not file.exists()
    if file is not None and not fresh:
        _require_ours(url)
    is_empty = False
    try:
        with opened(url, busy_timeout=int(wait * 1000)) as engine:
            try:
                if fresh or _is_to_be_created(engine):
                    upgrade(url)
                require_current(engine, doing="write to")
                yield engine
            finally:
                is_empty = fresh and _has_no_documents(engine)
    finally:
        if file is not None and is_empty and not keep:
            for leftover in (file, *(file.with_name(f"{file.name}-{end}") for end in SIDES)):
                leftover.unlink(missing_ok=True)


def _require_ours(url: str) -> None:
    """Refuse other programs' files by a read-only look, since opening to write changes them."""
    with opened(url, read_only=True) as engine:
        try:
            if current_revision(engine) is None and holds_tables(engine):
                require_current(engine, doing="write to")
        except DBAPIError as error:
            raise cannot_open(engine.url, error) from error


def _has_no_documents(engine: Engine) -> bool:
    """Return true if nothing was loaded or paid for, or the disk was too full for the tables."""
    kept = (table("documents"), table("readings"))
    try:
        with engine.connect() as connection:
            return all(connection.scalar(select(one.c.id).limit(1)) is None for one in kept)
    except DBAPIError:
        return True
