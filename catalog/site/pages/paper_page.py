"""The page of one paper: abstract with marked numbers, results, links, digest days."""

from catalog.domain.formatting import path
from catalog.publish.bibtex import bibtex
from catalog.reads.finding import find_identified, find_named
from catalog.reads.paper import Paper
from catalog.reads.paper import paper as read_paper
from catalog.site.routes import Elsewhere, MissingError, Page, Site

BIBTEX = "application/x-bibtex; charset=utf-8"


async def paper(site: Site, key: str) -> Page | Elsewhere:
    """Show a paper under its key; its other names and addresses redirect there."""
    named = await site.ask(find_named(key))
    if named is None:
        return await _under_its_address(site, key)
    if named.key != key:
        return Elsewhere(path("paper", named.key), is_same_page=True)
    found = await by_id(site, named.id)
    return Page(
        "catalog_paper.html",
        found,
        {} if found.is_row else {"bib": (BIBTEX, lambda: bibtex(found))},
        extra={"paper": found},
    )


async def _under_its_address(site: Site, key: str) -> Elsewhere:
    """Redirect to a paper whose address has a query string."""
    asked = f"{key}?{site.request.query_string}"
    named = await site.ask(find_identified(asked)) if site.request.query_string else None
    if named is None:
        raise MissingError(f"The catalog has no paper {key[:200]}.", search=key[:200])
    return Elsewhere(path("paper", named.key))


async def by_id(site: Site, paper_id: int) -> Paper:
    """Return what the page shows, also for Datasette's own row page."""
    found = await site.ask(read_paper(paper_id))
    if found is None:  # pragma: no cover - its row has just been read
        raise MissingError(f"The catalog has no paper with id {paper_id}.")
    return found
