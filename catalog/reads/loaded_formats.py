"""Read where the catalog's content comes from, and how much could not be used."""

import datetime as dt

from msgspec import Struct

from catalog.reads.asking import Read, rows, value


class FormatRead(Struct):
    """A format, with the documents that were read in it."""

    format: str
    documents: int
    read_at: dt.datetime
    """When the last of them was read, UTC."""


class Provenance(Struct):
    """The documents that were read, by format, and the doubtful results."""

    sources: list[FormatRead]
    problems: int
    """Pieces of input that could not be used and are not settled."""
    low: int
    """Numbers with a confidence below one half."""


FORMATS = """
SELECT format, count(*) AS documents, max(read_at) AS read_at
  FROM documents WHERE state <> 'copy' GROUP BY format ORDER BY format
"""
PROBLEMS = "SELECT count(*) FROM problems WHERE closed_run_id IS NULL"
LOW = "SELECT count(*) FROM results WHERE confidence < 0.5"


def provenance() -> Read[Provenance]:
    """Read the documents by format, and count problems and doubtful results."""
    return Provenance(
        sources=(yield from rows(FORMATS, FormatRead)),
        problems=(yield from value(PROBLEMS, int)) or 0,
        low=(yield from value(LOW, int)) or 0,
    )
