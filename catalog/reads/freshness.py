"""Read how fresh each scheduled source is, for people and monitoring."""

import datetime as dt

from msgspec import Struct

from catalog.domain.formatting import plural, utc
from catalog.domain.safe_text import printable
from catalog.reads.asking import Read, rows

NEVER = 'run "catalog sync", and read its messages'
EMPTY = "look at what the publisher shows: it answers, but nothing came for a week of working days"
STALE = "check whether the scheduler still runs it; see: catalog sync --print-schedule cron"

QUIET_DAYS = 5
"""Working days without anything after which a source that succeeds is stale all the same."""
SATURDAY = 5

SOURCES = """
SELECT s.name, s.kind, s.stale_after, s.tried_at, s.succeeded_at, s.failures, s.error,
       s.hint, s.resume_at,
       (SELECT min(w.through) FROM watermarks w WHERE w.source_id = s.id) AS through,
       came.newest, came.asked_since
  FROM scheduled_sources s
  LEFT JOIN (
    SELECT r.source, min(r.day) AS asked_since,
           max(CASE WHEN coalesce(o.records_done, d.records_done) > 0 THEN r.day END) AS newest
      FROM received r
      LEFT JOIN documents d ON d.name = r.document LEFT JOIN documents o ON o.id = d.copy_of_id
     WHERE r.day IS NOT NULL AND r.state = 'used' GROUP BY r.source
  ) came ON came.source = s.name
 WHERE s.is_configured ORDER BY s.name
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
    newest: dt.date | None = None
    """The last day of which anything came, for sources that go by days."""
    asked_since: dt.date | None = None
    """The first day that it was asked for."""
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
    is_late = last is None or now - last > dt.timedelta(hours=source.stale_after)
    is_quiet = quiet_days(source) >= QUIET_DAYS
    source.stale = is_late or is_quiet
    late = NEVER if last is None else STALE if is_late else None
    source.hint = source.hint or late or (EMPTY if is_quiet else None)
    return source


def quiet_days(source: SourceFreshness) -> int:
    """Count the working days up to the last whole one since anything came.

    >>> source = SourceFreshness(name="hf-daily", kind="hf-daily", stale_after=36)
    >>> source.asked_since = source.newest = dt.date(2025, 3, 7)
    >>> source.through = dt.date(2025, 3, 12)
    >>> quiet_days(source)
    3
    """
    if source.through is None or source.asked_since is None:
        return 0
    last = source.newest or source.asked_since - dt.timedelta(1)
    days = (source.through - dt.timedelta(n) for n in range((source.through - last).days))
    return sum(day.weekday() < SATURDAY for day in days)


def sentence(source: SourceFreshness, now: dt.datetime) -> str:
    """Write a line about a source, with its error and hint on further lines."""
    if source.succeeded_at is None:
        last = "never succeeded"
    else:
        last = f"last success {ago(now - source.succeeded_at)} ago"
    state = "stale" if source.stale else "fresh"
    whole = f", complete through {source.through}" if source.through else ""
    quiet = quiet_days(source)
    empty = f", of which the last {quiet} working days are empty" if quiet >= QUIET_DAYS else ""
    lines = [printable(f"{source.name}: {state}, {last}{whole}{empty}")]
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
