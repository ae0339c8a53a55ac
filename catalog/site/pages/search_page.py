"""The pages of search results, papers or numbers, also as JSON and Atom."""

from typing import Any

from catalog.domain.formatting import address, path
from catalog.publish.atom import CONTENT_TYPE
from catalog.reads.digest import items_of
from catalog.reads.number_conditions import NumberOrder
from catalog.reads.search import Order, search
from catalog.reads.search_filters import FILTERS
from catalog.reads.search_with_facets import numbers_page, papers_page
from catalog.site.feeds import FED, papers_feed
from catalog.site.pages.suggest_page import offers
from catalog.site.routes import Elsewhere, Page, Site

SORTS: dict[Order, str] = {
    "best": "best match",
    "newest": "newest",
    "upvotes": "upvotes",
    "stars": "stars",
}
NUMBER_SORTS: dict[NumberOrder, str] = {
    "value": "value",
    "newest": "newest",
    "upvotes": "upvotes",
    "stars": "stars",
}


async def find(site: Site) -> Page | Elsewhere:
    """Search papers by words, filters and identifiers; an identifier leads to its paper."""
    typed, asked = site.argument("q"), site.argument("sort")
    if site.request.url_vars.get("format") == "atom":
        return await _feed(site, typed)
    usual: Order = "best"
    order = next((one for one in SORTS if one == asked), usual)
    found = await site.ask(papers_page(typed, number=site.page_number(), order=order))
    if found.is_identifier and not site.request.url_vars.get("format"):
        return Elsewhere(path("paper", found.papers[0].key))
    is_first = found.number == 1 and not found.filters
    matching = await offers(site, typed, papers=False) if is_first else []
    return Page("catalog_search.html", found, extra={**_extra(SORTS, asked), "matching": matching})


async def find_numbers(site: Site) -> Page:
    """Search the numbers that papers report of their own."""
    typed, asked = site.argument("q"), site.argument("sort")
    usual: NumberOrder = "best"
    order = next((one for one in NUMBER_SORTS if one == asked), usual)
    unsure = site.argument("unsure") == "yes"
    found = await site.ask(
        numbers_page(typed, number=site.page_number(), order=order, unsure=unsure)
    )
    return Page("catalog_numbers.html", found, extra=_extra(NUMBER_SORTS, asked, unsure=unsure))


async def _feed(site: Site, typed: str) -> Page:
    """Give the newest papers of a search as a feed, whose address has nothing but the search."""
    found = await site.ask(search(typed, size=FED, order="newest"))
    papers = await site.ask(items_of([one.id for one in found.papers]))
    title = f"Papers: {typed}" if typed else "Papers"
    written = papers_feed(site, address("/search.atom", q=typed), title, papers)
    return Page("catalog_search.html", found, {"atom": (CONTENT_TYPE, lambda: written)})


def _extra(sorts: dict[Any, str], asked: str, *, unsure: bool = False) -> dict[str, Any]:
    """Give a template the orders, the one that was asked for, and the filters there are."""
    return {
        "sorts": sorts,
        "asked": asked if asked in sorts else "",
        "unsure": unsure,
        "known_filters": FILTERS,
    }


def facet_words(name: str, value: str) -> str:
    """Write a value of a count for people.

    >>> facet_words("code", "no"), facet_words("results", "yes"), facet_words("year", "2025")
    ('without code', 'with numbers', '2025')
    """
    if name not in {"code", "results"}:
        return value
    thing = "numbers" if name == "results" else "code"
    return f"with {thing}" if value == "yes" else f"without {thing}"
