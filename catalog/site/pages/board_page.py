"""The pages of leaderboards: the list, and each one."""

import math

from catalog.domain.claims import FLOOR, verdict
from catalog.domain.formatting import path
from catalog.reads.boards import Board, Filters
from catalog.reads.boards import board as read_board
from catalog.reads.boards import boards as read_boards
from catalog.reads.moved import moved_lately
from catalog.site.charts import Point, best_over_time
from catalog.site.routes import MissingError, Page, Site

FILTERS = ("origin", "confidence", "code", "year", "max_parameters")


async def boards(site: Site) -> Page:
    """List the largest leaderboards, of all datasets or one, by all metrics or one."""
    wanted = {name: site.argument(name) for name in ("dataset", "metric")}
    found = await site.ask(read_boards(wanted["dataset"], wanted["metric"]))
    movement = await site.ask(moved_lately())
    return Page("catalog_boards.html", {"boards": found, "wanted": wanted, "movement": movement})


async def board(site: Site, dataset: str, metric: str) -> Page:
    """Rank the papers on a dataset by a metric."""
    wanted = {name: site.argument(name) for name in FILTERS}
    found = await site.ask(read_board(dataset, metric, filters_of(wanted, site.argument("unit"))))
    if found is None:
        raise MissingError(f"The catalog has no leaderboard {dataset} / {metric}.")
    chart = best_over_time(_points(found), found.unit)
    extra = {"chart": chart, "wanted": wanted, "floor": FLOOR, "verdict": verdict}
    return Page("catalog_board.html", found, extra=extra)


def filters_of(wanted: dict[str, str], unit: str = "") -> Filters:
    """Read the fields of the form; invalid numbers are ignored.

    >>> filters_of({"confidence": "90", "code": "yes", "year": "x"})
    Filters(origin='', confidence=0.9, code=True, year=None, max_parameters=None, unit='')
    """
    confidence, year = _number(wanted, "confidence"), wanted.get("year", "")
    return Filters(
        origin=wanted.get("origin", ""),
        confidence=None if confidence is None else confidence / 100,
        code=bool(wanted.get("code")),
        year=int(year) if year.isascii() and year.isdigit() and len(year) <= 4 else None,
        max_parameters=_number(wanted, "max_parameters"),
        unit=unit,
    )


def _number(wanted: dict[str, str], name: str) -> float | None:
    try:
        found = float(wanted.get(name, ""))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _points(found: Board) -> list[Point]:
    return [
        Point(str(one.day), one.compared, one.label, path("paper", one.key), one.led)
        for one in found.ranking
        if one.day and one.compared is not None
    ]
