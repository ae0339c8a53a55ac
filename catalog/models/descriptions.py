"""Descriptions of tables and views for people: comments of the models, and a line for each view."""

from functools import cache

from catalog.models import Base

VIEWS = {
    "v_papers": "One paper a row, with its repository, stars and counts: for SQL.",
    "v_results": "One number a row, with the names of paper, metric, dataset and repository.",
    "v_marks": "One paper a row that the owner marked: star, read, tags, note.",
    "v_digest": "One paper in one digest a row, with upvotes, numbers and code.",
}


@cache
def notes() -> dict[str, str]:
    """Give the description of every table and view by its name."""
    tables = {table.name: table.comment for table in Base.metadata.sorted_tables if table.comment}
    return tables | VIEWS
