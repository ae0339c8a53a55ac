"""Every table, imported here so that one import fills `METADATA`."""

from sqlalchemy import Table

from catalog.models import (
    corrections,
    digests,
    owner,
    papers,
    people,
    provenance,
    readings,
    repositories,
    results,
    schedule,
)
from catalog.models.base import METADATA

__all__ = [
    "METADATA",
    "corrections",
    "digests",
    "owner",
    "papers",
    "people",
    "provenance",
    "readings",
    "repositories",
    "results",
    "schedule",
    "table",
]


def table(name: str) -> Table:
    """Return a table of the schema by its name."""
    return METADATA.tables[name]
