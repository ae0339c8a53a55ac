"""The page of what rises over 7 or 30 days: papers, datasets, repositories."""

import datetime as dt

from catalog.reads.digested import sentences_of
from catalog.reads.trending import trending as read_trending
from catalog.site.routes import Page, Site

SPANS = (7, 30)


async def trending(site: Site) -> Page:
    """Show what rose over some days up to the newest digest."""
    asked = site.argument("days")
    days = int(asked) if asked in map(str, SPANS) else SPANS[0]
    today = dt.datetime.now(dt.UTC).date()
    found = await site.ask(read_trending(days, number=site.page_number(), today=today))
    sentences = await site.ask(sentences_of(found.papers.papers))
    return Page("catalog_trending.html", found, extra={"spans": SPANS, "sentences": sentences})
