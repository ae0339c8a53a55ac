"""How fresh each scheduled source is: for people, and for whatever watches over them."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from catalog.domain.formatting import plural
from catalog.models import ScheduledSource, Watermark

NEVER = 'run "catalog sync" once, and look at what it says'
STALE = "look whether the scheduler still calls it: catalog sync --print-schedule cron"


def freshness(connection: Connection, now: dt.datetime) -> list[dict[str, Any]]:
    """Every source that the configuration has, with its last success, and what to do if it is old.

    `through` is the last day up to which all of its parts are in the catalog.
    """
    query = (
        select(
            ScheduledSource.name,
            ScheduledSource.kind,
            ScheduledSource.stale_after,
            ScheduledSource.tried_at,
            ScheduledSource.succeeded_at,
            ScheduledSource.failures,
            ScheduledSource.error,
            ScheduledSource.mend,
            ScheduledSource.resume_at,
            func.min(Watermark.through).label("through"),
        )
        .outerjoin(Watermark, Watermark.source_id == ScheduledSource.id)
        .where(ScheduledSource.is_configured)
        .group_by(*(column for column in ScheduledSource.__table__.c))
        .order_by(ScheduledSource.name)
    )
    rows = connection.execute(query).mappings()
    return [judged({str(name): row[name] for name in row}, now) for row in rows]


def judged(row: Mapping[str, Any], now: dt.datetime) -> dict[str, Any]:
    """A source with whether it is stale, and what to do about it.

    A success that lies ahead was noted before the clock was set back; it counts as fresh.

    >>> row = {"succeeded_at": None, "stale_after": 36, "mend": None}
    >>> judged(row, dt.datetime(2025, 3, 11, tzinfo=dt.UTC))["stale"]
    True
    """
    last: dt.datetime | None = row["succeeded_at"]
    stale = last is None or now - last > dt.timedelta(hours=row["stale_after"])
    mend = row["mend"] or (NEVER if last is None else STALE if stale else None)
    return {**row, "stale": stale, "mend": mend}


def sentence(source: Mapping[str, Any], now: dt.datetime) -> str:
    """One line about a source; what went wrong and what to do on lines below it."""
    if source["succeeded_at"] is None:
        last = "never succeeded"
    else:
        last = f"last success {ago(now - source['succeeded_at'])} ago"
    state = "stale" if source["stale"] else "fresh"
    whole = f", whole through {source['through']}" if source["through"] else ""
    lines = [f"{source['name']}: {state}, {last}{whole}"]
    if source["error"]:
        times = "" if source["failures"] < 2 else f" ({source['failures']} times in a row)"
        lines.append(f"  failed{times}: {source['error']}")
    if source["mend"] and (source["error"] or source["stale"]):
        lines.append(f"  mend: {source['mend']}")
    return "\n".join(lines)


def ago(span: dt.timedelta) -> str:
    """A span in the unit that people would use.

    >>> ago(dt.timedelta(minutes=5)), ago(dt.timedelta(hours=30)), ago(dt.timedelta(days=9))
    ('5 minutes', '30 hours', '9 days')
    """
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 120:
        return plural(minutes, "minute")
    return f"{minutes // 60} hours" if minutes < 48 * 60 else plural(minutes // 1440, "day")
