"""The page that says what this is, what the words mean, and how fresh it is."""

from typing import Any

from datasette.utils.asgi import Response

from catalog.site.routes import Page, Site

ROBOTS = """User-agent: *
Disallow: /catalog
Disallow: /search
Disallow: /compare
Disallow: /marks
"""
"""Facets and searches lead to endless addresses; papers, digests and leaderboards may be read."""

SOURCES = """
SELECT format, count(*) AS documents, max(read_at) AS read_at
  FROM documents WHERE state <> 'copy' GROUP BY format ORDER BY format
"""


async def robots() -> Any:
    """Tell crawlers where not to go."""
    return Response.text(ROBOTS)


async def about(site: Site) -> Page:
    """Tell about the catalog and its sources."""
    return Page(
        "catalog_about.html",
        {
            "sources": await site.rows(SOURCES),
            "problems": await site.value(
                "SELECT count(*) FROM problems WHERE closed_run_id IS NULL"
            ),
            "low": await site.value("SELECT count(*) FROM results WHERE confidence < 0.5"),
        },
    )
