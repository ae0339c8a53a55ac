"""Descriptions of tables and views for people: comments of the models, and a line for each view."""

from functools import cache

from catalog.models import Base

VIEWS = {
    "v_papers": "One row per paper, with its repository, stars and counts.",
    "v_results": "One row per number, with the names of its paper, metric, dataset and repository.",
    "v_digest": "One row per paper and digest, with rank, upvotes, counts and repository.",
    "v_marks": "One row per paper that you marked: star, read, tags, note.",
    "v_same_title": "One row per pair of papers that have the same title and were kept apart; join "
    "them with `catalog merge` if they are one paper.",
    "v_shared_identifiers": "One row per identifier that two papers claim; it names one of them, "
    "or neither.",
}


@cache
def notes() -> dict[str, str]:
    """Give the description of every table and view by its name."""
    tables = {table.name: table.comment for table in Base.metadata.sorted_tables if table.comment}
    return tables | VIEWS
