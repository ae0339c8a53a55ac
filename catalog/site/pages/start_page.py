"""The start page: search, newest papers with their claims, what moves and rises, counts."""

import datetime as dt
from collections.abc import Sequence

from msgspec import Struct, structs

from catalog.domain.formatting import address
from catalog.reads.digested import sentences_of
from catalog.reads.overview import MONTH, Choice, Month, Overview, beside, overview
from catalog.site.charts import Bar, months_chart
from catalog.site.routes import Page, Site
from catalog.site.sparkline import sparkline

WEEK = 7
RECENT = dt.timedelta(days=3)
"""Age up to which the newest digest counts as of this week: there are none at weekends."""


class Switch(Struct):
    """A choice on the page, as a link."""

    name: str
    address: str
    is_on: bool


async def start(site: Site) -> Page:
    """Show the newest papers, and what moves and rises."""
    choice = _choice(site)
    found = await site.ask(overview(choice))
    rising = await site.database.kept_reads.ask("beside", beside)
    return Page(
        "catalog_start.html",
        {**structs.asdict(found), **structs.asdict(rising)},
        extra={
            "chart": _chart(found.months),
            "sentences": await site.ask(sentences_of(found.papers.papers)),
            "spans": _spans(found, dt.datetime.now(dt.UTC).date()),
            "narrowings": _narrowings(choice),
            "next_page": of_choice(structs.replace(choice, number=choice.number + 1)),
            "previous_page": of_choice(structs.replace(choice, number=choice.number - 1)),
            "sparkline": sparkline,
        },
    )


def _choice(site: Site) -> Choice:
    """Read the choice in the address; what is none of ours is left out."""
    days = site.argument("days")
    return Choice(
        days=int(days) if days in {str(WEEK), str(MONTH)} else 1,
        with_code=bool(site.argument("code")),
        with_numbers=bool(site.argument("numbers")),
        number=site.page_number(),
    )


def of_choice(choice: Choice) -> str:
    """Write the query string of a choice.

    >>> of_choice(Choice(days=7, with_code=True)), of_choice(Choice())
    ('?days=7&code=1', '?')
    """
    return address(
        "",
        days=choice.days if choice.days > 1 else None,
        code=choice.with_code,
        numbers=choice.with_numbers,
        page=choice.number if choice.number > 1 else None,
    )


def _spans(found: Overview, today: dt.date) -> list[Switch]:
    """Offer the newest day, week and month, called by their distance from today."""
    last = found.last
    is_recent = last is not None and today - last <= RECENT
    names = {
        1: "Today" if last == today else "Latest day",
        WEEK: "This week" if is_recent else "7 days",
        MONTH: "This month" if is_recent else "30 days",
    }
    return [
        Switch(
            name,
            of_choice(structs.replace(found.choice, days=days, number=1)),
            found.choice.days == days,
        )
        for days, name in names.items()
    ]


def _narrowings(choice: Choice) -> list[Switch]:
    """Offer papers with code and papers with numbers, each on or off."""
    code = structs.replace(choice, with_code=not choice.with_code, number=1)
    numbers = structs.replace(choice, with_numbers=not choice.with_numbers, number=1)
    return [
        Switch("with code", of_choice(code), choice.with_code),
        Switch("with numbers", of_choice(numbers), choice.with_numbers),
    ]


def _chart(months: Sequence[Month]) -> str:
    bars = [Bar(one.month, one.papers, one.with_code) for one in months]
    return months_chart(bars) if bars else ""
