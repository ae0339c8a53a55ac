"""Read how fresh each scheduled source is, for people and monitoring."""

import datetime as dt

from msgspec import Struct

from catalog.domain.formatting import plural, utc
from catalog.domain.safe_text import printable
from catalog.reads.asking import Read, rows

NEVER = 'run "catalog sync", and read its messages'
STALE = "check whether the scheduler still runs it; see: catalog sync --print-schedule cron"

SOURCES = """
SELECT s.name, s.kind, s.stale_after, s.tried_at, s.succeeded_at, s.failures, s.error,
       s.hint, s.resume_at,
       (SELECT min(w.through) FROM watermarks w WHERE w.source_id = s.id) AS through
  FROM scheduled_sources s WHERE s.is_configured ORDER BY s.name
"""


class SourceFreshness(Struct, kw_only=True):
    """A scheduled source, how its last runs ended, and a hint if it is stale."""

    name: str
    kind: str
    stale_after: float
    """Hours without success from which on it is stale."""
    tried_at: dt.datetime | None = None
    succeeded_at: dt.datetime | None = None
    failures: int = 0
    """Failed runs in a row."""
    error: str | None = None
    hint: str | None = None
    resume_at: dt.datetime | None = None
    through: dt.date | None = None
    """The last day up to which all of its parts are in the catalog."""
    stale: bool = False

    def __post_init__(self) -> None:
        """Give the instants their time zone."""
        self.tried_at = utc(self.tried_at) if self.tried_at else None
        self.succeeded_at = utc(self.succeeded_at) if self.succeeded_at else None
        self.resume_at = utc(self.resume_at) if self.resume_at else None


def freshness(now: dt.datetime) -> Read[list[SourceFreshness]]:
    """Read every source in the configuration."""
    found = yield from rows(SOURCES, SourceFreshness)
    return [judged(source, now) for source in found]


def judged(source: SourceFreshness, now: dt.datetime) -> SourceFreshness:
    """Judge whether a source is stale, with a hint.

    A success that lies ahead was noted before the clock was set back; it counts as fresh.

    >>> source = SourceFreshness(name="hf-daily", kind="hf-daily", stale_after=36)
    >>> judged(source, dt.datetime(2025, 3, 11, tzinfo=dt.UTC)).stale
    True
    """
    last = source.succeeded_at
    source.stale = last is None or now - last > dt.timedelta(hours=source.stale_after)
    source.hint = source.hint or (NEVER if last is None else STALE if source.stale else None)
    return source


def sentence(source: SourceFreshness, now: dt.datetime) -> str:
    """Write a line about a source, with its error and hint on further lines."""
    if source.succeeded_at is None:
        last = "never succeeded"
    else:
        last = f"last success {ago(now - source.succeeded_at)} ago"
    state = "stale" if source.stale else "fresh"
    whole = f", complete through {source.through}" if source.through else ""
    lines = [printable(f"{source.name}: {state}, {last}{whole}")]
    if source.error:
        times = "" if source.failures < 2 else f" ({source.failures} times in a row)"
        lines.append(printable(f"  failed{times}: {source.error}"))
    if source.hint and (source.error or source.stale):
        lines.append(f"  hint: {source.hint}")
    return "\n".join(lines)


def ago(span: dt.timedelta) -> str:
    """Format a duration in its usual unit.

    >>> ago(dt.timedelta(minutes=5)), ago(dt.timedelta(hours=30)), ago(dt.timedelta(days=9))
    ('5 minutes', '30 hours', '9 days')
    """
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 120:
        return plural(minutes, "minute")
    return f"{minutes // 60} hours" if minutes < 48 * 60 else plural(minutes // 1440, "day")
