"""The pages of the digest: a ranked day, week, month or year, and the calendar."""

import calendar
import datetime as dt

from msgspec import Struct

from catalog.domain.formatting import path, plural, weekday
from catalog.domain.periods import EXAMPLES, Period, around, named, parse_period
from catalog.publish import digest_text
from catalog.publish.atom import CONTENT_TYPE, Entry, atom
from catalog.reads.digest import (
    DigestDay,
    DigestSource,
    Issue,
    Neighbours,
    issue_of,
    neighbours,
    newest_day,
    sources,
)
from catalog.reads.digest import (
    days as read_days,
)
from catalog.reads.digested import Wanted, in_digests, sentences_of
from catalog.site.calendars import Month, month_grid, months
from catalog.site.routes import Elsewhere, MissingError, Page, Site

FED_DAYS = 15
MOST = 500
"""Papers of one answer to a program."""

MARKDOWN = "text/markdown; charset=utf-8"


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


async def period(site: Site, when: str) -> Page | Elsewhere:
    """Show the digest of a day, week, month or year; "latest" redirects to the latest day."""
    if when == "latest":
        latest = await site.ask(newest_day())
        return Elsewhere(path("digest", str(latest)) if latest else "/digest")
    asked = _period(when)
    if asked.name != when:
        return Elsewhere(path("digest", asked.name), is_same_page=True)
    if site.request.path.endswith((".json", ".atom", ".md")):
        return await _issue(site, asked)
    return await _page(site, asked)


async def _issue(site: Site, asked: Period) -> Page:
    """Return the papers of a period for programs, by pages that hold any day and most weeks."""
    number = site.page_number()
    found = await site.ask(in_digests(Wanted(asked), number=number, size=MOST))
    issue = issue_of(asked, found.papers, before=(number - 1) * MOST, total=found.total)
    formats = {
        "atom": (CONTENT_TYPE, lambda: _issue_feed(site, issue, asked, number)),
        "md": (MARKDOWN, lambda: digest_text.markdown(issue)),
    }
    return Page("", issue, formats, status=200 if issue.items or number > 1 else 404)


async def _page(site: Site, asked: Period) -> Page:
    """Show one page of the papers of a period."""
    wanted = Wanted(asked, bool(site.argument("code")), bool(site.argument("numbers")))
    found = await site.ask(in_digests(wanted, number=site.page_number()))
    beside = await site.ask(neighbours(asked.first, asked.last))
    extra = {
        "asked": asked,
        "wanted": wanted,
        "sentences": await site.ask(sentences_of(found.papers)),
        "month": await _month(site, asked),
        "longer": _longer(asked),
        "most": MOST,
        **_steps(asked, beside),
    }
    is_there = bool(found.papers) or wanted.is_narrowed or found.number > 1
    return Page("catalog_period.html", found, extra=extra, status=200 if is_there else 404)


def _steps(asked: Period, beside: Neighbours) -> dict[str, Period | None]:
    """Return the periods before and after that have a digest."""
    return {
        "previous": asked.containing(beside.previous) if beside.previous else None,
        "next": asked.containing(beside.next) if beside.next else None,
    }


def _longer(asked: Period) -> list[Period]:
    """List the week and the month that a day is in."""
    if not asked.is_day:
        return []
    found = [around(word, asked.first) for word in ("week", "month")]
    return [one for one in found if one is not None]


async def _month(site: Site, asked: Period) -> Month | None:
    """Lay out the month that a day, week or month begins in; None for a year."""
    if (asked.last - asked.first).days > 31:
        return None
    first = asked.first.replace(day=1)
    until = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    counts = {str(one.day): one.papers for one in await site.ask(read_days(first, until))}
    return month_grid(named("month", first), counts)


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


def _issue_feed(site: Site, issue: Issue, asked: Period, number: int) -> str:
    """Write the feed of a period with the pages of this site as its addresses."""
    for item in issue.items:
        item.address = site.absolute(path("paper", item.key))
    here = site.absolute(path("digest", f"{asked.name}.atom"))
    return digest_text.feed(
        issue,
        address=here if number == 1 else f"{here}?page={number}",
        further=f"{here}?page={number + 1}" if issue.more else "",
    )


def _period(when: str) -> Period:
    """Parse a period in an address.

    Raises:
        MissingError: it is none.

    """
    try:
        found = parse_period(when, dt.datetime.now(dt.UTC).date())
    except ValueError:
        found = None
    if found is None:
        raise MissingError(f"“{when[:80]}” is no day, week, month or year: write it as {EXAMPLES}.")
    return found
