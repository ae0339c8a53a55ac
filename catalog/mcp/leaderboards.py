"""Leaderboards for a language model."""

from msgspec import structs
from sqlalchemy import Connection

from catalog.mcp.answers import Board, Entry, Leaderboard
from catalog.reads import boards as reads
from catalog.reads.digest import address_of
from catalog.reads.drivers import run

NAMED = 20
"""Boards that are listed to choose from."""


def boards(connection: Connection, dataset: str, metric: str) -> list[Board]:
    """List leaderboards by names or aliases, the largest first; an empty name matches all."""
    found = run(connection, reads.boards(dataset, metric))
    return [Board(**structs.asdict(one)) for one in found[:NAMED]]


def leaderboard(
    connection: Connection,
    dataset: str,
    metric: str,
    filters: reads.Filters,
    *,
    most: int,
    site: str | None,
) -> Leaderboard:
    """Rank the results of a dataset by a metric.

    Raises:
        CatalogError: nothing was measured so, or not in that unit; names what there is.

    """
    board = run(connection, reads.board_named(dataset, metric, filters))
    fitting = run(connection, reads.boards(dataset, metric))
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
