"""Leaderboards for a language model."""

import datetime as dt

from msgspec import structs
from sqlalchemy import Connection

from catalog.mcp.answers import Board, Changed, Entry, Leaderboard, Moved
from catalog.reads import boards as reads
from catalog.reads.board_context import changes
from catalog.reads.digest import address_of
from catalog.reads.drivers import run
from catalog.reads.moved import moved_since
from catalog.reads.named_boards import board_named, fitting_boards
from catalog.reads.tasks import listed_boards

NAMED = 20
"""Boards that are listed to choose from."""


def boards(connection: Connection, dataset: str, metric: str) -> list[Board]:
    """List leaderboards by names or aliases, or of a task; an empty name matches all."""
    found = run(connection, listed_boards(dataset, metric))
    return [Board(**structs.asdict(one)) for one in found[:NAMED]]


def moved(connection: Connection, since: dt.date, dataset: str, metric: str) -> list[Moved]:
    """Find the leaderboards with a new best value since a day, by names as those of the list."""
    return [
        Moved(
            dataset=one.dataset,
            metric=one.metric,
            unit=one.unit,
            best_before=one.before.value,
            best=one.best.value,
            paper=one.best.key,
            title=one.best.label,
            model=one.best.model,
            day=str(one.best.day),
        )
        for one in run(connection, moved_since(since, NAMED, dataset, metric)).boards
    ]


def leaderboard(
    connection: Connection,
    dataset: str,
    metric: str,
    filters: reads.Filters,
    *,
    most: int,
    site: str | None,
    since: dt.date | None = None,
) -> Leaderboard:
    """Rank the results of a dataset by a metric.

    Raises:
        CatalogError: nothing was measured so, or not in that unit; names what there is.

    """
    board = run(connection, board_named(dataset, metric, filters))
    fitting = run(connection, fitting_boards(dataset, metric))
    return Leaderboard(
        dataset=board.dataset.name,
        metric=board.metric.name,
        unit=board.unit,
        units=board.units,
        higher_is_better=board.metric.higher_is_better,
        ranking=[_entry(one, site) for one in board.ranking[:most]],
        in_all=board.in_all,
        hidden=board.hidden,
        is_thin=board.is_thin,
        truncated=board.in_all > most or board.is_cut,
        relative=[_entry(one, site) for one in board.relative[:most]],
        boards=[Board(**structs.asdict(one)) for one in fitting[1:NAMED]],
        changed=_changed(board, since, site) if since else None,
    )


def _changed(board: reads.Board, since: dt.date, site: str | None) -> Changed:
    found = changes(board, since)
    return Changed(
        since=str(since),
        top=found.top,
        best_before=found.best_before.compared if found.best_before else None,
        entered=[_entry(one, site) for one in found.entered],
        left=[_entry(one, site) for one in found.left],
    )


def _entry(one: reads.Entry, site: str | None) -> Entry:
    told = {
        "paper": one.key,
        "title": one.label,
        "first_seen_on": str(one.day) if one.day else None,
        "address": address_of(one.key, one.arxiv_id, site),
        "code": one.repository,
    }
    return Entry(**{**structs.asdict(one), **told})
