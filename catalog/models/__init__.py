"""Every model, imported here so that one import fills ``Base.metadata``."""

from sqlalchemy import Table

from catalog.models.base import Base
from catalog.models.corrections import Correction
from catalog.models.digests import Digest, DigestEntry
from catalog.models.owner import Mark, MarkName, MarkTag
from catalog.models.papers import DisputedIdentifier, Identifier, Paper
from catalog.models.people import (
    Author,
    Authorship,
    Category,
    Keyword,
    PaperCategory,
    PaperKeyword,
    PaperTask,
    Task,
)
from catalog.models.provenance import Document, PaperSource, Problem, Run
from catalog.models.readings import Disagreement, Reading
from catalog.models.repositories import Framework, Link, Repository
from catalog.models.results import Dataset, DatasetAlias, Metric, MetricAlias, Result
from catalog.models.schedule import (
    Delivery,
    Received,
    RepositoryCheck,
    RepositoryStars,
    ScheduledSource,
    Watermark,
)

__all__ = [
    "Author",
    "Authorship",
    "Base",
    "Category",
    "Correction",
    "Dataset",
    "DatasetAlias",
    "Delivery",
    "Digest",
    "DigestEntry",
    "Disagreement",
    "DisputedIdentifier",
    "Document",
    "Framework",
    "Identifier",
    "Keyword",
    "Link",
    "Mark",
    "MarkName",
    "MarkTag",
    "Metric",
    "MetricAlias",
    "Paper",
    "PaperCategory",
    "PaperKeyword",
    "PaperSource",
    "PaperTask",
    "Problem",
    "Reading",
    "Received",
    "Repository",
    "RepositoryCheck",
    "RepositoryStars",
    "Result",
    "Run",
    "ScheduledSource",
    "Task",
    "Watermark",
    "table",
]


def table(name: str) -> Table:
    """Return a table of the schema by its name."""
    return Base.metadata.tables[name]
