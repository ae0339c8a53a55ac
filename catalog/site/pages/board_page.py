"""The pages of leaderboards: the list, and each one."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from functools import partial

from msgspec import Struct, structs

from catalog.domain.claims import FLOOR, verdict
from catalog.domain.formatting import address, path
from catalog.domain.ranking import front
from catalog.reads.asking import Read
from catalog.reads.board_cards import BoardCard, cards_of
from catalog.reads.board_context import Variant, changes, gains, latencies, surroundings
from catalog.reads.board_search import search_boards
from catalog.reads.boards import Board, BoardSummary, Entry, Filters
from catalog.reads.boards import board as read_board
from catalog.reads.moved import Movement, moved_lately, moved_since
from catalog.reads.subject_boards import lead_board
from catalog.reads.tasks import listed_boards, measured_tasks
from catalog.site.board_chart import COLUMN, Dot, against_cost, is_drawable, over_time
from catalog.site.board_files import as_atom, as_csv
from catalog.site.routes import Elsewhere, MissingError, Page, Site

FILTERS = ("origin", "confidence", "code", "year", "max_parameters", "variant", "since", "against")

SHOWN = ("since", "against")
"""Those of them that choose no numbers; only JSON tells what has changed since."""

COSTS = {"": "over time", "size": "against size", "latency": "against latency"}
"""Argument `against` -> what the chart shows."""

MOVED_SHOWN = 20
LATELY = 8
"""Boards with a new best value that are shown: since a day that is given, and lately."""

BEST_SHOWN = 14
"""Leaderboards of the list whose best values are shown."""

FEWEST_DOTS = 3
"""Numbers of known size or latency from which on a chart is offered."""


class Leading(Struct):
    """The leaderboards of a dataset, of a metric or of all, with what moved among them."""

    boards: list[BoardSummary]
    best: list[BoardCard]
    """The first of them, with their best values."""
    movement: Movement


async def boards(site: Site) -> Page:
    """Lead to leaderboards: by task, by what moved, by best values, or by words of a search."""
    wanted = {name: site.argument(name) for name in ("q", "dataset", "metric")}
    names = wanted["dataset"], wanted["metric"]
    since = _day(site.argument("since"))
    leading = await _leading_on(site, names)
    sought = await site.ask(search_boards(wanted["q"])) if wanted["q"] else None
    best = sought.boards if sought else leading.best
    shown = {(one.dataset_slug, one.metric_slug) for one in best}
    further = [one for one in leading.boards if (one.dataset_slug, one.metric_slug) not in shown]
    is_narrowed = any(wanted.values())
    told = {
        "boards": leading.boards,
        "wanted": wanted,
        "movement": await site.ask(moved_since(since, MOVED_SHOWN, *names))
        if since
        else leading.movement,
        "tasks": [] if is_narrowed else await site.ask(measured_tasks()),
        "best": best,
        "found_tasks": sought.tasks if sought else [],
    }
    extra = {"is_narrowed": is_narrowed, "since": since, "further": [] if sought else further}
    return Page("catalog_boards.html", told, extra=extra)


async def _leading_on(site: Site, names: tuple[str, str]) -> Leading:
    """Find what leads; of all leaderboards it takes dozens of queries, and is kept."""
    read = partial(_leading, names)
    if any(names):
        return await site.ask(read())
    return await site.database.kept_reads.ask("leaderboards", read)  # type: ignore[no-any-return]


def _leading(names: tuple[str, str]) -> Read[Leading]:
    found = yield from listed_boards(*names)
    best = yield from cards_of(found[:BEST_SHOWN])
    return Leading(found, best, (yield from moved_lately(LATELY, *names)))


async def all_boards(_: Site) -> Elsewhere:
    """Lead from the plural to the list."""
    return Elsewhere("/leaderboard")


async def board(site: Site, dataset: str, metric: str) -> Page:
    """Rank the papers on a dataset by a metric."""
    wanted = {name: site.argument(name) for name in FILTERS}
    found = await site.ask(read_board(dataset, metric, filters_of(wanted, site.argument("unit"))))
    if found is None:
        raise MissingError(f"The catalog has no leaderboard {dataset} / {metric}.")
    around = await site.ask(surroundings(found.dataset, found.metric))
    if chosen := _chosen(around.variants, wanted["variant"]):
        filters = structs.replace(found.filters, spellings=tuple(chosen.spellings))
        found = await site.ask(read_board(dataset, metric, filters)) or found
    since = _day(wanted["since"])
    here = path("leaderboard", dataset, metric)
    told = {
        **structs.asdict(found),
        "gains": gains(found.ranking),
        "surroundings": around,
        "changes": changes(found, since) if since else None,
    }
    files = {
        "csv": ("text/csv; charset=utf-8", lambda: as_csv(found)),
        "atom": (
            "application/atom+xml; charset=utf-8",
            lambda: as_atom(site, found, _file(site, here, "atom")),
        ),
    }
    extra = partial(_shown, site, found, wanted, here)
    return Page("catalog_board.html", told, files, extra=extra)


async def _shown(
    site: Site, found: Board, wanted: Mapping[str, str], here: str
) -> dict[str, object]:
    """Give the template of a board its chart, its form and its links."""
    chart = await chart_of(site, found, wanted["against"])
    return {
        "chart": chart.drawing,
        "against": chart.shown,
        "charts": chart.names,
        "costs": COSTS,
        "wanted": wanted,
        "floor": FLOOR,
        "verdict": verdict,
        "here": here,
        "link": lambda **changed: address(here, **{**_arguments(site), **changed}),
        "file": partial(_file, site, here),
    }


def filters_of(wanted: Mapping[str, str], unit: str = "") -> Filters:
    """Read the fields of the form; invalid numbers are ignored.

    >>> found = filters_of({"confidence": "90", "code": "yes", "year": "x"})
    >>> found.confidence, found.code, found.year
    (0.9, True, None)
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


class Chart(Struct):
    """The chart of a board that is shown, and the names of all that it has."""

    names: list[str]
    shown: str = ""
    drawing: str = ""


async def chart_of(site: Site, found: Board, wanted: str) -> Chart:
    """Draw a board over time, or against what is known of enough models."""
    if found.is_thin:
        return Chart([])
    sizes = {one.id: one.parameters for one in found.ranking if one.parameters}
    dots = {
        "": _at_days(found.ranking, found.unit),
        "size": _at_costs(found, sizes),
        "latency": _at_costs(found, await site.ask(latencies(found))),
    }
    names = [name for name, of in dots.items() if is_drawable(of, by_cost=bool(name))]
    if not names:
        return Chart([])
    shown = wanted if wanted in names else names[0]
    if shown:
        return Chart(names, shown, against_cost(dots[shown], found.unit, shown))
    return Chart(names, shown, over_time(dots[shown], found.unit))


async def led_by(site: Site, boards: Sequence[BoardCard]) -> dict[str, object]:
    """Give a template the board of most papers of several, and its chart over time."""
    main = await site.ask(lead_board(boards))
    chart = over_time(_at_days(main.ranking, main.unit), main.unit, COLUMN) if main else ""
    return {"main": main, "chart": chart}


def _at_days(ranking: Sequence[Entry], unit: str) -> list[Dot]:
    return [
        _dot(one, unit, one.day.toordinal(), leads=one.led)
        for one in ranking
        if one.day and one.compared is not None
    ]


def _at_costs(found: Board, costs: Mapping[int, float | None]) -> list[Dot]:
    """Make dots of numbers by what they cost, where that is known of enough; else none."""
    known = [
        (one, cost, one.compared)
        for one in found.ranking
        if (cost := costs.get(one.id)) and cost > 0 and one.compared is not None
    ]
    if len({cost for _, cost, _ in known}) < FEWEST_DOTS:
        return []
    points = [(cost, value) for _, cost, value in known]
    leading = set(front(points, higher_is_better=found.metric.higher_is_better))
    return [
        _dot(one, found.unit, cost, leads=place in leading)
        for place, (one, cost, _) in enumerate(known)
    ]


def _dot(one: Entry, unit: str, x: float, *, leads: bool) -> Dot:
    value = one.compared or 0.0
    told = [f"{value:.6g}{'' if unit == '%' else ' '}{unit}".rstrip(), one.model, one.label]
    return Dot(
        x=x,
        value=value,
        name=one.model or one.label,
        title=", ".join(filter(None, [*told, str(one.day or "")])),
        href=f"{path('paper', one.key)}#r{one.id}",
        leads=leads,
    )


def _chosen(variants: Sequence[Variant], key: str) -> Variant | None:
    return next((one for one in variants if key and one.key == key), None)


def _arguments(site: Site) -> dict[str, str]:
    return {name: site.argument(name) for name in (*FILTERS, "unit") if site.argument(name)}


def _file(site: Site, here: str, ending: str) -> str:
    """Give the address of a board in another format, with what chooses numbers on its page."""
    asked = _arguments(site)
    kept = {name: one for name, one in asked.items() if name not in SHOWN or ending == "json"}
    return address(f"{here}.{ending}", **kept)


def _day(written: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        return None


def _number(wanted: Mapping[str, str], name: str) -> float | None:
    try:
        found = float(wanted.get(name, ""))
    except ValueError:
        return None
    return found if math.isfinite(found) else None
