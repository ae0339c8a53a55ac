"""One paper: abstract with its numbers marked, results, links, digest days, sources."""

from catalog.publish.bibtex import bibtex
from catalog.reads.paper import Paper
from catalog.reads.paper import paper as read_paper
from catalog.site.routes import Elsewhere, MissingError, Page, Site


async def paper(site: Site, key: str) -> Page | Elsewhere:
    """Show a paper under its public key; its other identifiers lead there."""
    paper_id = await site.value("SELECT id FROM papers WHERE key = :key", key=key)
    if paper_id is None:
        other = await site.value(
            "SELECT p.key FROM identifiers i JOIN papers p ON p.id = i.paper_id "
            "WHERE i.value = lower(:key) OR i.value = :key LIMIT 1",
            key=key,
        )
        if other is None:
            raise MissingError(f"The catalog has no paper {key}.")
        return Elsewhere(f"/paper/{other}")
    found = await by_id(site, paper_id)
    return Page(
        "catalog_paper.html",
        found,
        {"bib": ("application/x-bibtex; charset=utf-8", lambda: bibtex(found))},
        extra={"paper": found},
    )


async def by_id(site: Site, paper_id: int) -> Paper:
    """Give what the page shows, for Datasette's own row page too."""
    found = await site.ask(read_paper(paper_id))
    if found is None:  # pragma: no cover - its row has just been read
        raise MissingError(f"The catalog has no paper with id {paper_id}.")
    return found
