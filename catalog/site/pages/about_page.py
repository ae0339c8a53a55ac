"""The page about the catalog: its words, its sources and their freshness."""

from typing import Any

from datasette.utils.asgi import Response

from catalog.reads.loaded_formats import provenance
from catalog.site.routes import Page, Site

ROBOTS = """User-agent: *
Disallow: /catalog
Disallow: /search
Disallow: /numbers
Disallow: /compare
Disallow: /marks
"""
"""Facets and searches lead to endless addresses; papers, digests and leaderboards may be read."""


async def robots() -> Any:
    """Tell crawlers which pages to leave out."""
    return Response.text(ROBOTS)


async def about(site: Site) -> Page:
    """Describe the catalog and its sources."""
    return Page("catalog_about.html", await site.ask(provenance()))
