"""The pages of tasks: the list, and each one."""

from catalog.reads.board_cards import newest_records
from catalog.reads.listings import listed
from catalog.reads.subject_boards import lead_board
from catalog.reads.tasks import task as read_task
from catalog.site.board_chart import COLUMN
from catalog.site.pages.board_page import time_chart
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
    main = await site.ask(lead_board(found.boards))
    extra = {
        "main": main,
        "chart": time_chart(main.ranking, main.unit, COLUMN) if main else "",
        "newest": newest_records(found.boards),
    }
    return Page("catalog_task.html", found, extra=extra)
