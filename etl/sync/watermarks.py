"""Store how far each source has come, and how its last run ended."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import Connection, insert, select, update

from catalog.models import table
from etl.sync.settings import SourceSettings


def note_try(connection: Connection, name: str, config: SourceSettings, now: dt.datetime) -> int:
    """Record that a source is run now; return its key."""
    sources = table("scheduled_sources")
    values = {
        "kind": config.kind,
        "is_configured": True,
        "stale_after": config.stale_after_hours,
        "tried_at": now,
    }
    key = select(sources.c.id).where(sources.c.name == name)
    if connection.scalar(key) is None:
        connection.execute(insert(sources).values(name=name, failures=0, **values))
    else:
        connection.execute(update(sources).where(sources.c.name == name).values(**values))
    return int(connection.execute(key).scalar_one())


def note_success(
    connection: Connection, key: int, now: dt.datetime, resume_at: dt.datetime | None = None
) -> None:
    """Record that a source's run succeeded."""
    sources = table("scheduled_sources")
    connection.execute(
        update(sources)
        .where(sources.c.id == key)
        .values(
            succeeded_at=now,
            failures=0,
            error=None,
            hint=None,
            resume_at=resume_at,
        )
    )


def note_failure(
    connection: Connection, key: int, *, why: str, hint: str, resume_at: dt.datetime | None
) -> None:
    """Record that a source's run failed."""
    sources = table("scheduled_sources")
    connection.execute(
        update(sources)
        .where(sources.c.id == key)
        .values(failures=sources.c.failures + 1, error=why, hint=hint, resume_at=resume_at)
    )


def note_configured(connection: Connection, names: Collection[str]) -> None:
    """Record which sources are configured; others are no longer expected to run."""
    sources = table("scheduled_sources")
    connection.execute(
        update(sources).where(sources.c.name.not_in(list(names))).values(is_configured=False)
    )


def resume_at(connection: Connection, key: int) -> dt.datetime | None:
    """Return the end of the pause that the publisher asked for."""
    sources = table("scheduled_sources")
    found: dt.datetime | None = connection.scalar(
        select(sources.c.resume_at).where(sources.c.id == key)
    )
    return found


def watermark(connection: Connection, key: int, part: str) -> dt.date | None:
    """Return the last day up to which all of a part's data is in the catalog."""
    marks = table("watermarks")
    found: dt.date | None = connection.scalar(
        select(marks.c.through).where(marks.c.source_id == key, marks.c.part == part)
    )
    return found


def move_watermark(
    connection: Connection, key: int, part: str, through: dt.date, now: dt.datetime
) -> None:
    """Advance a watermark; it never moves back."""
    marks = table("watermarks")
    before = watermark(connection, key, part)
    if before is None:
        connection.execute(
            insert(marks).values(source_id=key, part=part, through=through, moved_at=now)
        )
    elif through > before:
        connection.execute(
            update(marks)
            .where(marks.c.source_id == key, marks.c.part == part)
            .values(through=through, moved_at=now)
        )
