"""The page of search results, also as JSON and Atom."""

from catalog.domain.formatting import path
from catalog.publish.atom import CONTENT_TYPE, Entry, atom
from catalog.reads.search import Found, search
from catalog.reads.search_filters import FILTERS
from catalog.site.routes import Elsewhere, Page, Site


async def find(site: Site) -> Page | Elsewhere:
    """Search papers by words, filters and identifiers; an identifier leads to its paper."""
    found = await site.ask(search(site.argument("q"), number=site.page_number()))
    is_page = not site.request.url_vars.get("format")
    if found.is_identifier and is_page:
        return Elsewhere(path("paper", found.papers[0].key))
    return Page(
        "catalog_search.html",
        found,
        {"atom": (CONTENT_TYPE, lambda: _feed(site, found))},
        extra={"known_filters": FILTERS},
    )


def _feed(site: Site, found: Found) -> str:
    address = site.absolute(f"/search.atom?{site.request.query_string}")
    items = [
        Entry(site.absolute(path("paper", one.key)), one.label, str(one.first_seen_on or ""))
        for one in found.papers
    ]
    return atom(address, f"Papers: {found.q}", items)
