"""The pages of tasks: the list, and each one."""

from collections.abc import Sequence
from functools import partial

from catalog.reads.board_cards import BoardCard, newest_records
from catalog.reads.listings import listed
from catalog.reads.tasks import task as read_task
from catalog.site.pages.board_page import led_by
from catalog.site.routes import MissingError, Page, Site

MOST = 300
"""Tasks in the list."""


async def tasks(site: Site) -> Page:
    """List tasks, all or those whose name holds some words."""
    wanted = site.argument("q")
    found = await site.ask(listed("tasks", wanted, MOST))
    return Page("catalog_tasks.html", {"tasks": found, "wanted": wanted, "most": MOST})


async def task(site: Site, name: str) -> Page:
    """Show a task: its leaderboards with their best values, newest records, and papers."""
    found = await site.ask(read_task(name))
    if found is None:
        raise MissingError(f"The catalog has no task {name}.", search=name)
    return Page("catalog_task.html", found, extra=partial(_led, site, found.boards))


async def _led(site: Site, boards: Sequence[BoardCard]) -> dict[str, object]:
    """Give the template the newest records, and the chart of the first board."""
    return {"newest": newest_records(boards), **await led_by(site, boards)}
