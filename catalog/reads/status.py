"""Read the state of a catalog: counts, runs, problems, unfinished documents."""

import datetime as dt

from msgspec import Struct

from catalog.domain.formatting import utc
from catalog.domain.merge import RULES
from catalog.reads.asking import Read, rows, value
from catalog.reads.freshness import SourceFreshness, freshness

COUNTED = (
    *("papers", "results", "digests", "digest_entries", "links", "repositories", "metrics"),
    *("datasets", "documents"),
)
"""Tables whose rows are counted."""

RUNS = """
SELECT id, command, state, started_at, finished_at, documents, skipped, records, papers_added,
       papers_changed, papers_removed, problems, message
  FROM runs ORDER BY id DESC LIMIT 10
"""

PROBLEMS = """
SELECT d.name AS document, b.location, b.why, b.raw
  FROM problems b JOIN documents d ON d.id = b.document_id
 WHERE b.closed_run_id IS NULL ORDER BY b.id
"""

UNFINISHED = """
SELECT name, state, records_done FROM documents
 WHERE state IN ('loading', 'replacing') ORDER BY name
"""

UNREAD = "SELECT count(*) FROM papers WHERE abstract IS NOT NULL AND extractor_version IS NULL"

ROWS = "SELECT count(*) FROM papers WHERE is_row"
"""Rows of tables that name no paper, which count as results alone."""

OUTDATED = "SELECT count(*) FROM papers WHERE merge_rules IS NULL OR merge_rules <> :rules"

LATEST = "SELECT max(day) FROM digests"


class RunSummary(Struct, kw_only=True):
    """One run of a command that writes."""

    id: int
    command: str
    state: str
    started_at: dt.datetime
    finished_at: dt.datetime | None
    documents: int
    skipped: int
    records: int
    papers_added: int
    papers_changed: int
    papers_removed: int
    problems: int
    message: str | None

    def __post_init__(self) -> None:
        """Give the instants their time zone."""
        self.started_at = utc(self.started_at)
        self.finished_at = utc(self.finished_at) if self.finished_at else None


class OpenProblem(Struct):
    """A record that could not be used."""

    document: str
    location: str
    why: str
    raw: str


class Unfinished(Struct):
    """A document that was not loaded completely."""

    name: str
    state: str
    records_done: int


class Status(Struct, kw_only=True):
    """The state of a catalog."""

    counts: dict[str, int]
    """Table -> number of rows."""
    latest_digest: dt.date | None
    unread: int
    """Abstracts that no extractor has read."""
    outdated: int
    """Papers that were computed from their records by other rules than those of this version."""
    runs: list[RunSummary]
    """The last ten, the newest first."""
    unfinished: list[Unfinished]
    problems: list[OpenProblem]
    sources: list[SourceFreshness]
    ok: bool
    """No document is unfinished, the last run did not fail, and no source is stale."""


def status(now: dt.datetime) -> Read[Status]:
    """Read the state of the catalog at an instant."""
    counts = {}
    for table in COUNTED:
        counts[table] = (yield from value(f"SELECT count(*) FROM {table}", int)) or 0
    counts["papers"] -= (yield from value(ROWS, int)) or 0
    runs = yield from rows(RUNS, RunSummary)
    unfinished = yield from rows(UNFINISHED, Unfinished)
    sources = yield from freshness(now)
    has_failed = bool(runs) and runs[0].state == "failed"
    return Status(
        counts=counts,
        latest_digest=(yield from value(LATEST, dt.date)),
        unread=(yield from value(UNREAD, int)) or 0,
        outdated=(yield from value(OUTDATED, int, rules=RULES)) or 0,
        runs=runs,
        unfinished=unfinished,
        problems=(yield from rows(PROBLEMS, OpenProblem)),
        sources=sources,
        ok=not unfinished and not has_failed and not any(source.stale for source in sources),
    )
