"""Serve any canned query as an Atom feed, at its address with `.atom`."""

from collections.abc import Mapping, Sequence
from typing import Any

from datasette.utils.asgi import Response

from catalog.domain.formatting import path
from catalog.publish.atom import CONTENT_TYPE, Entry, atom
from catalog.reads.named_queries import QUERIES

TITLES = ("title", "paper", "label", "repository", "dataset")
DAYS = ("first_seen_on", "day", "last_day", "published_on", "checked_at")


def renderer() -> dict[str, Any]:
    """Describe the format to Datasette, for canned queries only."""
    return {"extension": "atom", "render": render, "can_render": can_render}


def can_render(query_name: str | None) -> bool:
    """Return true if a page is one of our canned queries."""
    return query_name in QUERIES


def render(
    datasette: Any, request: Any, query_name: str | None, columns: Sequence[str], rows: Any
) -> Any:
    """Write the rows as entries; each links to its paper, its leaderboard, or the query."""
    if not can_render(query_name):
        return Response.text("Atom is available for canned queries only", status=404)
    query = QUERIES[str(query_name)]
    here = datasette.absolute_url(request, datasette.urls.path(request.full_path))
    items = [
        entry(dict(zip(columns, row, strict=True)), here, lambda to: _full(datasette, request, to))
        for row in rows
    ]
    return Response(atom(here, query.title, items), content_type=CONTENT_TYPE)


def entry(row: Mapping[str, Any], here: str, full: Any) -> Entry:
    """Convert one row to an entry."""
    if row.get("paper_key"):
        address = full(path("paper", row["paper_key"]))
    elif row.get("dataset_slug") and row.get("metric_slug"):
        address = full(path("leaderboard", row["dataset_slug"], row["metric_slug"]))
    elif row.get("dataset_slug"):
        address = full(path("dataset", row["dataset_slug"]))
    else:
        address = here
    title = next((str(row[name]) for name in TITLES if row.get(name)), "row")
    updated = next((str(row[name]) for name in DAYS if row.get(name)), "")
    told = [
        f"{name.replace('_', ' ')}: {value}"
        for name, value in row.items()
        if value is not None and not name.endswith(("_key", "_slug"))
    ]
    return Entry(address, title, updated, summary="; ".join(told))


def _full(datasette: Any, request: Any, to: str) -> str:
    return str(datasette.absolute_url(request, datasette.urls.path(to)))
