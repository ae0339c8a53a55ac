"""The page of the owner's marks: reading list, stars, notes, tags."""

from catalog.reads.reading_list import reading_list
from catalog.site.routes import Page, Site

NAMES = {
    "to-read": "To read",
    "starred": "Starred",
    "read": "Read",
    "notes": "Notes",
    "all": "All",
}


async def marks(site: Site) -> Page:
    """Show marked papers, the last changed first: the reading list, or another part."""
    asked, tag = site.argument("show"), site.argument("tag")
    found = await site.ask(reading_list(asked, tag, site.page_number()))
    return Page("catalog_marks.html", found, extra={"names": NAMES})
