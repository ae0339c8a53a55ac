"""Digest days: one day, ranked, and the calendar of all."""

import datetime as dt
from itertools import groupby
from typing import Any

from catalog.domain.formatting import path, plural, weekday
from catalog.publish.atom import CONTENT_TYPE, Entry, atom
from catalog.publish.digest_markdown import entries, markdown
from catalog.site.calendars import month_grid, months
from catalog.site.pages.paper_cards import COLUMNS, decorate
from catalog.site.routes import Elsewhere, MissingError, Page, Site

PAPERS = f"""
SELECT {COLUMNS}, g.source, e.rank, e.upvotes, e.comments, e.day_basis
  FROM digests g JOIN digest_entries e ON e.digest_id = g.id JOIN papers p ON p.id = e.paper_id
 WHERE g.day = :day
 ORDER BY g.source, e.upvotes IS NULL, e.upvotes DESC, e.rank IS NULL, e.rank, p.id
"""

NEIGHBOURS = """
SELECT (SELECT max(day) FROM digests WHERE day < :day) AS previous,
       (SELECT min(day) FROM digests WHERE day > :day) AS next
"""

DAYS = """
SELECT g.day, count(DISTINCT e.paper_id) AS papers
  FROM digests g LEFT JOIN digest_entries e ON e.digest_id = g.id
 WHERE g.day BETWEEN :first AND :last GROUP BY g.day ORDER BY g.day
"""

FED_DAYS = 15


async def days(site: Site) -> Page:
    """Show the calendar of all digest days."""
    found = await site.rows(DAYS, first="0000-00-00", last="9999-99-99")
    sources = await site.rows(
        "SELECT source, count(*) AS days, min(day) AS first, max(day) AS last "
        "FROM digests GROUP BY source ORDER BY source"
    )
    data = {"days": found, "sources": sources}
    papers = {row["day"]: row["papers"] for row in found}
    return Page(
        "catalog_days.html",
        data,
        {"atom": (CONTENT_TYPE, lambda: _feed(site, found))},
        extra={"months": months(papers)},
    )


async def day(site: Site, when: str) -> Page | Elsewhere:
    """Show one day's digests; "latest" leads to the latest."""
    if when == "latest":
        latest = await site.value("SELECT max(day) FROM digests")
        return Elsewhere(path("digest", latest) if latest else "/digest")
    if not _is_day(when):
        raise MissingError(f"“{when}” is no day: write it as 2025-03-12.")
    rows = await site.rows(PAPERS, day=when)
    if not rows:
        return await _empty(site, when)
    await decorate(site, rows)
    for row in rows:
        row["path"] = path("paper", row["key"])
    data = {
        "day": when,
        **(await site.row(NEIGHBOURS, day=when) or {}),
        "sources": [
            {"source": source, "papers": list(papers)}
            for source, papers in groupby(rows, key=lambda row: row["source"])
        ],
    }
    page = Page("catalog_day.html", data)
    page.formats = {
        "atom": (CONTENT_TYPE, lambda: _day_feed(site, data)),
        "md": ("text/markdown; charset=utf-8", lambda: markdown(data, site.absolute)),
    }
    return await _with_calendar(site, page)


async def _empty(site: Site, when: str) -> Page:
    """Show a day without a digest: where the nearest ones are."""
    around = await site.row(NEIGHBOURS, day=when) or {}
    page = Page("catalog_day.html", {"day": when, **around, "sources": []}, status=404)
    return await _with_calendar(site, page)


async def _with_calendar(site: Site, page: Page) -> Page:
    when = page.data["day"]
    found = await site.rows(DAYS, first=f"{when[:7]}-01", last=f"{when[:7]}-31")
    papers = {row["day"]: row["papers"] for row in found}
    page.extra = {"month": month_grid(when[:7], papers), "weekday": weekday(when)}
    return page


def _feed(site: Site, found: list[dict[str, Any]]) -> str:
    items = [
        Entry(
            site.absolute(path("digest", row["day"])),
            f"{weekday(row['day'])}: {plural(row['papers'], 'paper')}",
            row["day"],
        )
        for row in found[::-1][:FED_DAYS]
    ]
    return atom(site.absolute("/digest.atom"), "Paper digests, day by day", items)


def _day_feed(site: Site, data: dict[str, Any]) -> str:
    address = site.absolute(path("digest", f"{data['day']}.atom"))
    return atom(address, f"Papers of {weekday(data['day'])}", entries(data, site.absolute))


def _is_day(value: str) -> bool:
    try:
        return dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
