"""Classes mapped to the catalog's tables, for tests that write rows as `Paper(title="...")`."""

from typing import Any

from sqlalchemy.orm import DeclarativeBase

from catalog.models import METADATA, table


class Base(DeclarativeBase):
    """What the classes have in common."""

    metadata = METADATA


def mapped(table_name: str) -> Any:
    """Make the class of a table's rows."""
    return type(table_name, (Base,), {"__table__": table(table_name)})


Author = mapped("authors")
Authorship = mapped("authorships")
Category = mapped("categories")
Dataset = mapped("datasets")
DatasetAlias = mapped("dataset_aliases")
Digest = mapped("digests")
DigestEntry = mapped("digest_entries")
Document = mapped("documents")
Identifier = mapped("identifiers")
Link = mapped("links")
Mark = mapped("marks")
MarkName = mapped("mark_names")
MarkTag = mapped("mark_tags")
Metric = mapped("metrics")
Paper = mapped("papers")
PaperCategory = mapped("paper_categories")
PaperSource = mapped("paper_sources")
PaperTask = mapped("paper_tasks")
Repository = mapped("repositories")
RepositoryStars = mapped("repository_stars")
Result = mapped("results")
Run = mapped("runs")
Task = mapped("tasks")
