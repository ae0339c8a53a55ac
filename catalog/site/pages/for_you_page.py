"""The page of what is recommended: papers like the starred ones."""

from catalog.reads.digested import sentences_of
from catalog.reads.for_you import for_you as read_for_you
from catalog.site.routes import Page, Site


async def for_you(site: Site) -> Page:
    """Show papers like those that the owner starred, and say which of them."""
    found = await site.ask(read_for_you())
    papers = [one.paper for one in found.papers]
    return Page(
        "catalog_for_you.html",
        found,
        extra={
            "items": papers,
            "because": {one.paper.id: one.because for one in found.papers},
            "sentences": await site.ask(sentences_of(papers)),
        },
    )
