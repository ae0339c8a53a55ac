"""Run the configured sources one after the other; one that fails does not stop the others."""

import datetime as dt
import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from catalog.database.database_failure import cannot_open
from catalog.database.locks import locked
from catalog.domain.errors import CatalogError, LockedError
from etl.extract.reader import ChosenReader, ReaderSettings
from etl.fetch import Fetcher, FetchError, Limits, World
from etl.ingest import readings
from etl.ingest.run import Run, prepared
from etl.plugins import sync_sources
from etl.sync import repository_facts, response_archive, watermarks
from etl.sync.config import Config, Http, Store
from etl.sync.settings import SourceSettings
from etl.sync.source_run import SourceReport, SourceRun, Window, log

LONGEST_REST = dt.timedelta(hours=25)
"""A pause further ahead than this was recorded while the clock was wrong."""


class SyncRequest(Struct, frozen=True, kw_only=True):
    """A request to sync: the catalog, the configuration, sources and days."""

    url: str
    config: Config
    names: Sequence[str] = ()
    """Sources; none for all that are enabled."""
    window: Window | None = None
    offline: bool = False
    """Load archived answers instead of asking publishers."""
    wait: float = 600.0
    """Seconds to wait for another command that writes."""
    reader: ChosenReader | None = None
    """What reads abstracts; None for the built-in reader."""
    accept: bool = False
    """Whether answers may take most of what earlier ones supplied out of the catalog."""


def choose_sources(request: SyncRequest) -> dict[str, SourceSettings]:
    """Choose the named sources, else all that are enabled; those that need papers come last.

    Raises:
        CatalogError: a name is not in the configuration.

    """
    sources = request.config.sources
    unknown = [name for name in request.names if name not in sources]
    if unknown:
        raise CatalogError(
            f"cannot find the source {unknown[0]!r}",
            why=f"the configuration has {', '.join(sources) or 'no sources'}",
            hint="name one of these, or add it to the configuration",
        )
    found = {
        name: source
        for name, source in sources.items()
        if (name in request.names if request.names else source.enabled)
    }
    known = sync_sources()
    return dict(sorted(found.items(), key=lambda item: known[item[1].kind].goes_last))


def run_sources(request: SyncRequest, fetcher: Fetcher, world: World) -> Iterator[SourceReport]:
    """Run the sources one after the other, and yield a report on each.

    Raises:
        CatalogError: the catalog cannot be written, or a name is unknown.

    """
    sources = choose_sources(request)
    with prepared(request.url, "sync", wait=request.wait) as engine:
        try:
            for name, config in sources.items():
                yield _run_source(request, engine, fetcher, world, name, config)
            with engine.begin() as connection:
                if not request.names:
                    watermarks.note_configured(connection, list(sources))
                repository_facts.apply(connection)
                response_archive.prune(
                    connection, **archive_bounds(request.config.store, world.now())
                )
                readings.prune(connection, max_bytes=readings_bound(request.config))
        except DBAPIError as error:
            raise cannot_open(engine.url, error) from error


def limits_of(config: Http) -> Limits:
    """Convert the configuration of requests to limits."""
    return Limits(
        attempts=config.attempts,
        read=config.timeout,
        longest_wait=config.longest_wait,
        size=config.max_megabytes * 1_000_000,
    )


def archive_bounds(config: Store, now: dt.datetime) -> dict[str, Any]:
    """Convert the configuration of the archive to arguments of `response_archive.prune`."""
    return {
        "before": now - dt.timedelta(days=config.keep_days),
        "max_bytes": config.max_megabytes * 1_000_000,
    }


def readings_bound(config: Config) -> int:
    """Return how many bytes of kept answers of language models stay."""
    return (config.reader or ReaderSettings()).keep_megabytes * 1_000_000


def _run_source(
    request: SyncRequest,
    engine: Engine,
    fetcher: Fetcher,
    world: World,
    name: str,
    config: SourceSettings,
) -> SourceReport:
    """Run one source; its failure is reported and stored, not raised."""
    try:
        with locked(request.url, f"sync {name}", wait=0, part=name):
            return _run_locked(request, engine, fetcher, world, name, config)
    except LockedError as error:
        log.warning("%s: %s", name, error.why)
        return SourceReport(name=name, skipped=error.why, locked=True)


def _run_locked(
    request: SyncRequest,
    engine: Engine,
    fetcher: Fetcher,
    world: World,
    name: str,
    config: SourceSettings,
) -> SourceReport:
    with engine.begin() as connection:
        key = watermarks.note_try(connection, name, config, world.now())
        rest = watermarks.resume_at(connection, key)
    if rest and world.now() < rest < world.now() + LONGEST_REST and not request.offline:
        why = f"the publisher asked for a pause until {rest:%Y-%m-%d %H:%M} UTC"
        log.info("%s: %s", name, why)
        return SourceReport(name=name, skipped=why)
    before = fetcher.requests
    with start_source_run(request, engine, fetcher, world, name=name, key=key) as source_run:
        if request.offline:
            _load_archived(source_run)
        else:
            _fetch_and_load(source_run, config)
        source_run.note_unread()
        source_run.report.requests = fetcher.requests - before
        return source_run.report


@contextmanager
def start_source_run(
    request: SyncRequest, engine: Engine, fetcher: Fetcher, world: World, *, name: str, key: int = 0
) -> Iterator[SourceRun]:
    """Open a source run with its row in `runs`, which is closed however the run ends.

    A `key` of 0 means that it is no scheduled source.
    """
    run = Run(engine, f"sync {name}", world.now(), dry=False)
    try:
        with tempfile.TemporaryDirectory(prefix="catalog-") as spool:
            source_run = SourceRun(
                name=name,
                key=key,
                url=request.url,
                engine=engine,
                run=run,
                fetcher=fetcher,
                world=world,
                spool=Path(spool),
                wait=request.wait,
                window=request.window,
                accept=request.accept,
                reader=request.reader,
            )
            yield source_run
    except BaseException as error:
        run.break_off(error, world.now())
        raise
    report = source_run.report
    ended = "failed" if report.error else "problems" if report.problems else "done"
    run.end(ended, world.now(), report.error)


def _fetch_and_load(source_run: SourceRun, config: SourceSettings) -> None:
    """Fetch and load, and store how the run ended."""
    try:
        until = sync_sources()[config.kind].sync(source_run, config)
    except CatalogError as error:
        _fail(source_run, f"{error.what}: {error.why}", error.hint, error)
    except (DBAPIError, MemoryError):
        raise
    except Exception as error:
        # The publisher sent something unforeseen: that must not stop the other sources.
        log.debug("%s failed", source_run.name, exc_info=True)
        _fail(source_run, f"{type(error).__name__}: {error}", "please report this", error)
    else:
        with source_run.engine.begin() as connection:
            watermarks.note_success(connection, source_run.key, source_run.world.now(), until)


def _fail(source_run: SourceRun, why: str, hint: str, error: Exception) -> None:
    report = source_run.report
    report.error, report.hint = why, hint
    log.log(logging.ERROR, "%s: %s\n  hint: %s", source_run.name, why, hint)
    later = error.resume_at if isinstance(error, FetchError) else None
    with source_run.engine.begin() as connection:
        watermarks.note_failure(connection, source_run.key, why=why, hint=hint, resume_at=later)


def _load_archived(source_run: SourceRun) -> None:
    """Load a source's archived answers again, the latest of each document."""
    window = source_run.window
    with source_run.engine.begin() as connection:
        keys = list(
            response_archive.latest_of(
                connection,
                source=source_run.name,
                first=window.first if window else None,
                last=window.last if window else None,
            )
        )
    for key in keys:
        try:
            source_run.load([key])
        except CatalogError as error:
            source_run.report.error, source_run.report.hint = (
                f"{error.what}: {error.why}",
                error.hint,
            )
            log.error("%s: %s", source_run.name, source_run.report.error)
