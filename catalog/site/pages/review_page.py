"""The pages of the edit mode: the queue of numbers to judge, and the form for the password."""

import datetime as dt
from contextlib import suppress

from catalog.reads.finding import find_named
from catalog.reads.review_queue import Filters, Order, queue
from catalog.site.edit_mode import EditMode, mode_of
from catalog.site.routes import MissingError, Page, Site

SKIPPED = 500
"""Numbers that one address can skip."""


async def review(site: Site) -> Page:
    """Show the number to judge next, with its sentence, and how many wait."""
    _require_mode(site)
    paper = await site.ask(find_named(site.argument("paper"))) if site.argument("paper") else None
    skipped = [int(one) for one in site.argument("skip").split(",") if one.isdecimal()][:SKIPPED]
    filters = Filters(
        paper_id=paper.id if paper else None,
        dataset=site.argument("dataset"),
        since=_day(site.argument("since")),
    )
    order: Order = "seen" if site.argument("order") == "seen" else "unsure"
    found = await site.ask(queue(order, filters, most=1, skipped=skipped))
    asked = {name: site.argument(name) for name in ("paper", "dataset", "since")}
    extra = {
        "one": found.numbers[0] if found.numbers else None,
        "order": order,
        "asked": {name: given for name, given in asked.items() if given},
        "skipped": skipped,
    }
    return Page("catalog_review.html", found, extra=extra)


async def login(site: Site) -> Page:
    """Show the form for the password."""
    mode = _require_mode(site)
    return Page(
        "catalog_login.html",
        {"wrong": bool(site.argument("wrong")), "needed": mode.password is not None},
    )


def _require_mode(site: Site) -> EditMode:
    """Return the edit mode.

    Raises:
        MissingError: the site only shows.

    """
    mode = mode_of(site.datasette)
    if mode is None:
        raise MissingError("This site only shows. Its owner edits with: catalog serve --edit")
    return mode


def _day(typed: str) -> dt.date | None:
    with suppress(ValueError):
        return dt.date.fromisoformat(typed)
    return None
