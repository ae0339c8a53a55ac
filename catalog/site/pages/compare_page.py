"""The page that compares up to five papers side by side."""

from catalog.reads.compare import MOST
from catalog.reads.compare import compare as read_compare
from catalog.site.routes import MissingError, Page, Site


async def compare(site: Site) -> Page:
    """Show the papers in the address, with a row for each metric and dataset."""
    asked = site.request.args.getlist("paper")
    keys = list(dict.fromkeys(key.strip() for key in asked if key.strip()))[:MOST]
    found = await site.ask(read_compare(keys))
    if found.missing:
        raise MissingError(f"The catalog has no paper {', '.join(found.missing)}.")
    return Page("catalog_compare.html", found, extra={"most": MOST})
