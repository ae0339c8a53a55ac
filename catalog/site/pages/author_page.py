"""The page of an author, also as JSON and Atom."""

from catalog.domain.formatting import path
from catalog.publish.atom import CONTENT_TYPE
from catalog.reads.author_papers import author_papers, newest_of_author
from catalog.reads.digest import items_of
from catalog.site.feeds import FED, papers_feed
from catalog.site.routes import MissingError, Page, Site


async def author(site: Site, name: str) -> Page:
    """Show the papers of an author, the newest first, with coauthors and datasets."""
    found = await site.ask(author_papers(name, number=site.page_number()))
    if found is None:
        raise MissingError(f"No paper in the catalog is by {name[:200]}.", search=name[:200])

    async def feed() -> str:
        newest = await site.ask(newest_of_author(name, size=FED))
        papers = await site.ask(items_of(newest))
        return papers_feed(site, path("author", f"{name}.atom"), found.name, papers)

    return Page("catalog_author.html", found, {"atom": (CONTENT_TYPE, feed)})
