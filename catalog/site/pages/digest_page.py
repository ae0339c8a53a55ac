"""The pages of the digest: one ranked day, and the calendar."""

import calendar
import datetime as dt

from msgspec import Struct

from catalog.domain.formatting import path, plural, weekday
from catalog.publish import digest_text
from catalog.publish.atom import CONTENT_TYPE, Entry, atom
from catalog.reads.digest import (
    DigestDay,
    DigestSource,
    Issue,
    neighbours,
    newest_day,
    of_day,
    sources,
)
from catalog.reads.digest import (
    days as read_days,
)
from catalog.site.calendars import month_grid, months
from catalog.site.routes import Elsewhere, MissingError, Page, Site

FED_DAYS = 15


class Days(Struct):
    """All days with a digest."""

    days: list[DigestDay]
    sources: list[DigestSource]


async def days(site: Site) -> Page:
    """Show the calendar of all digest days."""
    found = Days(await site.ask(read_days()), await site.ask(sources()))
    return Page(
        "catalog_days.html",
        found,
        {"atom": (CONTENT_TYPE, lambda: _feed(site, found.days))},
        extra={"months": months({str(one.day): one.papers for one in found.days})},
    )


async def day(site: Site, when: str) -> Page | Elsewhere:
    """Show one day's digest; "latest" redirects to the latest."""
    if when == "latest":
        latest = await site.ask(newest_day())
        return Elsewhere(path("digest", str(latest)) if latest else "/digest")
    asked = _day(when)
    issue = await site.ask(of_day(asked))
    around = await site.ask(neighbours(asked))
    month = asked.replace(day=1)
    until = asked.replace(day=calendar.monthrange(asked.year, asked.month)[1])
    counts = {str(one.day): one.papers for one in await site.ask(read_days(month, until))}
    return Page(
        "catalog_day.html",
        issue,
        {
            "atom": (CONTENT_TYPE, lambda: _day_feed(site, issue)),
            "md": ("text/markdown; charset=utf-8", lambda: digest_text.markdown(issue)),
        },
        extra={
            "previous": around.previous,
            "next": around.next,
            "month": month_grid(when[:7], counts),
            "weekday": weekday(asked),
        },
        status=200 if issue.items else 404,
    )


def _feed(site: Site, found: list[DigestDay]) -> str:
    items = [
        Entry(
            site.absolute(path("digest", str(one.day))),
            f"{weekday(one.day)}: {plural(one.papers, 'paper')}",
            str(one.day),
        )
        for one in found[::-1][:FED_DAYS]
    ]
    return atom(site.absolute("/digest.atom"), "Paper digests, day by day", items)


def _day_feed(site: Site, issue: Issue) -> str:
    """Write the day's feed with the pages of this site as its addresses."""
    for item in issue.items:
        item.address = site.absolute(path("paper", item.key))
    return digest_text.feed(issue, address=site.absolute(path("digest", f"{issue.day}.atom")))


def _day(when: str) -> dt.date:
    """Parse a day in an address.

    Raises:
        MissingError: it is none.

    """
    try:
        found = dt.date.fromisoformat(when)
    except ValueError:
        found = None
    if found is None or found.isoformat() != when:
        raise MissingError(f"“{when}” is no day: write it as 2025-03-12.")
    return found
