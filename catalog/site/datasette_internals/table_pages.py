"""Arrange Datasette's table pages: first columns, headings, order of facets."""

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

LEAN: dict[str, tuple[str, ...]] = {
    "papers": ("label", "first_seen_on", "arxiv_id", "has_code", "has_results"),
    "results": (
        "value", "metric_id", "dataset_id", "model", "paper_id", "sentence", "confidence",
    ),
    "repositories": ("full_name", "stars", "language", "licence", "state", "checked_at"),
    "documents": ("name", "format", "read_at", "records_done", "state"),
    "runs": (
        "command", "started_at", "state", "documents", "papers_added", "results_added",
        "links_added", "problems",
    ),
    "links": ("url", "paper_id", "repository_id", "kind", "found_in"),
    "datasets": ("name", "slug"),
    "metrics": ("name", "family", "higher_is_better", "slug"),
}  # fmt: skip
"""Columns that a table shows at first; "all columns" shows the rest, JSON and CSV have all."""

NUMERIC = {
    "value", "value_max", "stars", "upvotes", "comments", "rank", "papers", "results", "times",
    "parameters", "growth", "papers_since", "papers_before", "records_done", "documents",
    "papers_added", "papers_changed", "papers_removed", "results_added", "links_added",
    "entries_added", "problems", "in_abstract", "in_tables", "difference", "bytes",
}  # fmt: skip

NAMES = {
    "label": "Title", "first_seen_on": "First seen", "arxiv_id": "arXiv", "has_code": "Code",
    "has_results": "Numbers", "metric_id": "Metric", "dataset_id": "Dataset", "paper_id": "Paper",
    "full_name": "Repository", "licence": "Licence", "checked_at": "Checked",
    "repository_id": "Repository", "digest_id": "Digest", "document_id": "Document",
    "higher_is_better": "Higher is better", "sentence": "Evidence",
}  # fmt: skip

FACET_VALUES = {
    ("has_code", 1): "with code",
    ("has_code", 0): "without code",
    ("has_results", 1): "with numbers",
    ("has_results", 0): "without numbers",
    ("higher_is_better", 1): "higher is better",
    ("higher_is_better", 0): "lower is better",
}


LONG = 90
"""Characters from which on a text needs a wide column, or its row grows high."""


def is_long(cell: Any) -> bool:
    """Return true if a cell holds a long text.

    >>> is_long("short"), is_long("x" * 100)
    (False, True)
    """
    return len(Markup(cell).striptags()) > LONG  # noqa: S704 - only counted


def sorts_of_papers(table: str, arguments: Mapping[str, Any], *, is_large: bool) -> list[Any]:
    """Name what all papers can be sorted by in their view, which knows more than the table.

    >>> sorts_of_papers("papers", {}, is_large=True)
    [('stars', 'stars')]
    """
    if table != "papers" or any(not name.startswith("_facet") for name in arguments):
        return []
    sorts = [("stars", "stars"), ("upvotes", "upvotes"), ("numbers", "results")]
    return sorts[:1] if is_large else sorts


def is_lean(table: str, arguments: Mapping[str, Any]) -> bool:
    """Return true if a table shows its first columns only."""
    return table in LEAN and not any(name in arguments for name in ("_col", "_nocol", "_all"))


def shown(table: str, arguments: Mapping[str, Any], columns: Iterable[Any]) -> list[str]:
    """List the columns to show, in order; the key with the link to the row comes last."""
    names = [column["name"] for column in columns]
    if not is_lean(table, arguments):
        return names
    lean = [name for name in LEAN[table] if name in names]
    return lean if table in {"papers", "repositories"} else [*lean, names[0]]


def heading(name: str, among: Iterable[str] = ()) -> str:
    """Return a column's name for people, or as it is if two would be equal.

    >>> heading("metric_id"), heading("found_in"), heading("Link")
    ('Metric', 'Found in', 'Link')
    >>> heading("metric_id", ["metric", "metric_id"])
    'Metric id'
    """
    words = name.replace("_", " ")
    plain = words[:1].upper() + words[1:]
    known = NAMES.get(name, plain)
    return plain if any(other != name and heading(other) == known for other in among) else known


def in_order(facets: Iterable[Mapping[str, Any]], configured: Iterable[Any]) -> list[Any]:
    """Sort facets in the order of the configuration; added ones come last."""
    order = {
        name if isinstance(name, str) else next(iter(name.values())): place
        for place, name in enumerate(configured)
    }
    return sorted(facets, key=lambda facet: order.get(facet["name"], len(order)))


def facet_value(facet: str, value: Any, label: Any) -> Any:
    """Format one value of a facet for people."""
    return FACET_VALUES.get((facet, value)) or label
