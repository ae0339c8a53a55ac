"""All sources of a configuration, each in its own right: one that fails leaves the others alone."""

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

from catalog.database.engine import cannot_open
from catalog.database.locks import locked
from catalog.domain.errors import CatalogError, LockedError
from etl.fetch import Fetcher, FetchError, Limits, World
from etl.ingest.run import Run, prepared
from etl.plugins import sync_sources
from etl.sync import repository_facts, response_archive, watermarks
from etl.sync.config import Config, Http, Store
from etl.sync.settings import SourceSettings
from etl.sync.source_run import Course, Told, Window, log

LONGEST_REST = dt.timedelta(hours=25)
"""A publisher's wish that lies further ahead was noted by a clock that was wrong."""


class Order(Struct, frozen=True, kw_only=True):
    """What is to be run."""

    url: str
    config: Config
    names: Sequence[str] = ()
    """Sources; none for all that are enabled."""
    window: Window | None = None
    offline: bool = False
    """Load what is in the store instead of asking anyone."""
    wait: float = 600.0
    """Seconds to wait for another command that writes."""


def chosen(order: Order) -> dict[str, SourceSettings]:
    """The sources to run: those named, else all that are enabled, those that wait for papers last.

    Raises:
        CatalogError: a name is not in the configuration.

    """
    sources = order.config.sources
    unknown = [name for name in order.names if name not in sources]
    if unknown:
        raise CatalogError(
            f"there is no source {unknown[0]!r}",
            why=f"the configuration has {', '.join(sources) or 'none'}",
            hint="name one of them, or write it into the configuration",
        )
    found = {
        name: source
        for name, source in sources.items()
        if (name in order.names if order.names else source.enabled)
    }
    known = sync_sources()
    return dict(sorted(found.items(), key=lambda item: known[item[1].kind].goes_last))


def run_sources(order: Order, fetcher: Fetcher, world: World) -> Iterator[Told]:
    """Run the sources one after the other, and tell what became of each.

    Raises:
        CatalogError: the catalog cannot be written, or a name is unknown.

    """
    sources = chosen(order)
    with prepared(order.url, "sync", wait=order.wait) as engine:
        try:
            for name, config in sources.items():
                yield _one(order, engine, fetcher, world, name, config)
            with engine.begin() as connection:
                if not order.names:
                    watermarks.note_configured(connection, list(sources))
                repository_facts.apply(connection)
                response_archive.prune(connection, **bounds(order.config.store, world.now()))
        except DBAPIError as error:
            raise cannot_open(engine.url, error) from error


def limits_of(config: Http) -> Limits:
    """How much patience the configuration has."""
    return Limits(
        attempts=config.attempts,
        read=config.timeout,
        longest_wait=config.longest_wait,
        size=config.max_megabytes * 1_000_000,
    )


def bounds(config: Store, now: dt.datetime) -> dict[str, Any]:
    """The bounds of the store, as `store.prune` takes them."""
    return {
        "before": now - dt.timedelta(days=config.keep_days),
        "max_bytes": config.max_megabytes * 1_000_000,
    }


def _one(
    order: Order, engine: Engine, fetcher: Fetcher, world: World, name: str, config: SourceSettings
) -> Told:
    """Run one source; what goes wrong with it is told and noted, not raised."""
    try:
        with locked(order.url, f"sync {name}", wait=0, part=name):
            return _alone(order, engine, fetcher, world, name, config)
    except LockedError as error:
        log.warning("%s: %s", name, error.why)
        return Told(name=name, skipped=error.why, locked=True)


def _alone(
    order: Order, engine: Engine, fetcher: Fetcher, world: World, name: str, config: SourceSettings
) -> Told:
    with engine.begin() as connection:
        key = watermarks.note_try(connection, name, config, world.now())
        rest = watermarks.resume_at(connection, key)
    if rest and world.now() < rest < world.now() + LONGEST_REST and not order.offline:
        why = f"the publisher asked not to be asked before {rest:%Y-%m-%d %H:%M} UTC"
        log.info("%s: %s", name, why)
        return Told(name=name, skipped=why)
    before = fetcher.requests
    with under_way(order, engine, fetcher, world, name=name, key=key) as course:
        if order.offline:
            _from_store(course)
        else:
            _fetched(course, config)
        course.told.requests = fetcher.requests - before
        return course.told


@contextmanager
def under_way(
    order: Order, engine: Engine, fetcher: Fetcher, world: World, *, name: str, key: int = 0
) -> Iterator[Course]:
    """A source's run with its row in `runs`, which is closed however it ends.

    A `key` of 0 stands for what is no scheduled source.
    """
    run = Run(engine, f"sync {name}", world.now(), dry=False)
    try:
        with tempfile.TemporaryDirectory(prefix="catalog-") as spool:
            course = Course(
                name=name,
                key=key,
                url=order.url,
                engine=engine,
                run=run,
                fetcher=fetcher,
                world=world,
                spool=Path(spool),
                wait=order.wait,
                window=order.window,
            )
            yield course
    except BaseException as error:
        run.break_off(error, world.now())
        raise
    told = course.told
    ended = "failed" if told.error else "problems" if told.problems else "done"
    run.end(ended, world.now(), told.error)


def _fetched(course: Course, config: SourceSettings) -> None:
    """Fetch and load; note how it went."""
    try:
        until = sync_sources()[config.kind].sync(course, config)
    except CatalogError as error:
        _fail(course, f"{error.what}: {error.why}", error.hint, error)
    except (OSError, ValueError, ArithmeticError, LookupError, TypeError) as error:
        # A publisher sent what nobody thought of: that must not stop the other sources.
        log.debug("%s failed", course.name, exc_info=True)
        _fail(course, f"{type(error).__name__}: {error}", "please report this", error)
    else:
        with course.engine.begin() as connection:
            watermarks.note_success(connection, course.key, course.world.now(), until)


def _fail(course: Course, why: str, hint: str, error: Exception) -> None:
    told = course.told
    told.error, told.hint = why, hint
    log.log(logging.ERROR, "%s: %s\n  hint: %s", course.name, why, hint)
    later = error.resume_at if isinstance(error, FetchError) else None
    with course.engine.begin() as connection:
        watermarks.note_failure(connection, course.key, why=why, hint=hint, resume_at=later)


def _from_store(course: Course) -> None:
    """Load again what a source received, the latest answer of each document."""
    window = course.window
    with course.engine.begin() as connection:
        keys = list(
            response_archive.latest_of(
                connection,
                source=course.name,
                first=window.first if window else None,
                last=window.last if window else None,
            )
        )
    for key in keys:
        try:
            course.load([key])
        except CatalogError as error:
            course.told.error, course.told.hint = f"{error.what}: {error.why}", error.hint
            log.error("%s: %s", course.name, course.told.error)
