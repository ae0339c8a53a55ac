"""Read where the catalog's content comes from, what was loaded last, and what is unusable."""

import datetime as dt

from msgspec import Struct

from catalog.domain.claims import EVEN
from catalog.reads.asking import Read, first, rows, value


class FormatRead(Struct):
    """A format, with the documents that were read in it."""

    format: str
    documents: int
    read_at: dt.datetime
    """When the last of them was read, UTC."""


class Run(Struct):
    """A run that loaded something."""

    command: str
    started_at: dt.datetime
    finished_at: dt.datetime | None
    state: str
    documents: int
    papers_added: int
    papers_changed: int
    results_added: int
    links_added: int
    problems: int


class Provenance(Struct):
    """The documents that were read, by format, and the doubtful results."""

    sources: list[FormatRead]
    problems: int
    """Pieces of input that could not be used and are not settled."""
    low: int
    """Numbers that are more likely wrong than right."""
    last_run: Run | None


FORMATS = """
SELECT format, count(*) AS documents, max(read_at) AS read_at
  FROM documents WHERE state <> 'copy' GROUP BY format ORDER BY format
"""
PROBLEMS = "SELECT count(*) FROM problems WHERE closed_run_id IS NULL"
LOW = f"SELECT count(*) FROM results WHERE confidence < {EVEN}"

LAST_RUN = """
SELECT command, started_at, finished_at, state, documents, papers_added, papers_changed,
       results_added, links_added, problems
  FROM runs WHERE state IN ('done', 'problems') AND documents > 0 ORDER BY started_at DESC LIMIT 1
"""
"""The last run that loaded something; one that extracted again brings nothing new."""


def provenance() -> Read[Provenance]:
    """Read the documents by format, and count problems and doubtful results."""
    return Provenance(
        sources=(yield from rows(FORMATS, FormatRead)),
        problems=(yield from value(PROBLEMS, int)) or 0,
        low=(yield from value(LOW, int)) or 0,
        last_run=(yield from first(LAST_RUN, Run)),
    )
