"""Leaderboards, told to a language model."""

from msgspec import structs
from sqlalchemy import Connection

from catalog.domain.errors import CatalogError
from catalog.mcp.answers import Board, Entry, Leaderboard
from catalog.reads import boards as reads
from catalog.reads.digest import address_of
from catalog.reads.drivers import run

NAMED = 20
"""Boards that are listed to choose from."""


def boards(connection: Connection, dataset: str, metric: str) -> list[Board]:
    """List the boards that fit names or aliases, the fullest first; an empty name fits all."""
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
    fitting = run(connection, reads.boards(dataset, metric))
    slugs = (
        (fitting[0].dataset_slug, fitting[0].metric_slug)
        if fitting
        else (dataset.lower(), metric.lower())
    )
    board = run(connection, reads.board(*slugs, filters))
    if board is None:
        raise _no_board(connection, dataset, metric)
    if filters.unit and filters.unit != board.unit:
        raise CatalogError(
            f"cannot rank {board.dataset.name} / {board.metric.name} in {filters.unit!r}",
            why="no result of this board, as it is filtered, has this unit",
            mend=f"leave unit empty, or take one of: {', '.join(filter(None, board.units))}",
        )
    return Leaderboard(
        dataset=board.dataset.name,
        metric=board.metric.name,
        unit=board.unit,
        units=board.units,
        higher_is_better=board.metric.higher_is_better,
        ranking=[_entry(one, site) for one in board.ranking[:most]],
        in_all=board.in_all,
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


def _no_board(connection: Connection, dataset: str, metric: str) -> CatalogError:
    """Say which boards there are instead."""
    beside = boards(connection, dataset, "") or boards(connection, "", metric)
    others = "; ".join(f"{one.dataset} / {one.metric}" for one in beside[:8])
    return CatalogError(
        f"there is no leaderboard {dataset} / {metric}",
        why="no paper states a number of its own for this metric on this dataset",
        mend=f"take another pair, as one of: {others}" if others else "search for papers instead",
    )
