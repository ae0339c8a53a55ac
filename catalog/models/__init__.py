"""Every model, imported here so that one import fills ``Base.metadata``."""

from catalog.base import Base
from catalog.models.code import Link, Repository
from catalog.models.digests import Digest, DigestEntry
from catalog.models.papers import Identifier, Paper
from catalog.models.provenance import Document, PaperSource, Problem, Run
from catalog.models.results import Dataset, DatasetAlias, Metric, MetricAlias, Result

__all__ = [
    "Base",
    "Dataset",
    "DatasetAlias",
    "Digest",
    "DigestEntry",
    "Document",
    "Identifier",
    "Link",
    "Metric",
    "MetricAlias",
    "Paper",
    "PaperSource",
    "Problem",
    "Repository",
    "Result",
    "Run",
]
