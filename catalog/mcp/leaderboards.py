"""Leaderboards as the site computes them, without a site."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

from catalog.domain.errors import CatalogError
from catalog.mcp.answers import Board, Entry, Leaderboard
from catalog.reads.digest import page
from catalog.reads.named_queries import BUSIEST_BOARDS

NAMED = 20
"""Boards that are listed to choose from."""

ADDRESSES = "SELECT key, arxiv_id FROM papers WHERE key IN (SELECT value FROM json_each(:keys))"


class Asked:
    """Stands in for the site's request: where a page function takes rows and arguments from."""

    def __init__(self, connection: Connection, arguments: Mapping[str, str]) -> None:
        self.connection = connection
        self.arguments = arguments

    async def rows(self, sql: str, **params: Any) -> list[dict[str, Any]]:
        """Run a query and give its rows."""
        return [dict(row) for row in self.connection.execute(text(sql), params).mappings()]

    async def row(self, sql: str, **params: Any) -> dict[str, Any] | None:
        """Run a query and give its first row; None without one."""
        return next(iter(await self.rows(sql, **params)), None)

    def argument(self, name: str, default: str = "") -> str:
        """Value of an argument."""
        return self.arguments.get(name) or default


def boards(connection: Connection, dataset: str, metric: str) -> list[Board]:
    """List the boards that fit names or aliases, the fullest first; an empty name fits all."""
    return [Board(**row) for row in _boards(connection, dataset, metric)[:NAMED]]


def leaderboard(
    connection: Connection,
    dataset: str,
    metric: str,
    arguments: Mapping[str, str],
    *,
    most: int,
    site: str | None,
) -> Leaderboard:
    """Rank the results of a dataset by a metric.

    Raises:
        CatalogError: nothing was measured so, or not in that unit; names what there is.

    """
    from catalog.site.pages.board_page import board
    from catalog.site.routes import MissingError

    fitting = _boards(connection, dataset, metric)
    slugs = (
        (fitting[0]["dataset_slug"], fitting[0]["metric_slug"])
        if fitting
        else (dataset.lower(), metric.lower())
    )
    asked: Any = Asked(connection, arguments)
    try:
        shown = asyncio.run(board(asked, *slugs))
    except MissingError as error:
        raise _no_board(connection, dataset, metric) from error
    data = shown.data
    unit = arguments.get("unit", "")
    if unit and unit != data["unit"]:
        raise CatalogError(
            f"cannot rank {data['dataset']['name']} / {data['metric']['name']} in {unit!r}",
            why="no result of this board, as it is filtered, has this unit",
            mend=f"leave unit empty, or take one of: {', '.join(filter(None, data['units']))}",
        )
    rows = [*data["ranking"][:most], *data["relative"][:most]]
    keys = json.dumps([row["key"] for row in rows])
    arxiv = {row.key: row.arxiv_id for row in connection.execute(text(ADDRESSES), {"keys": keys})}

    def entry(row: dict[str, Any]) -> Entry:
        address = page(row["key"], arxiv[row["key"]], site)
        told = {"paper": row["key"], "title": row["label"], "first_seen_on": row["day"]}
        return Entry(**{**row, **told, "address": address, "code": row.get("repository")})

    return Leaderboard(
        dataset=data["dataset"]["name"],
        metric=data["metric"]["name"],
        unit=data["unit"],
        units=data["units"],
        higher_is_better=data["metric"]["higher_is_better"],
        ranking=[entry(row) for row in data["ranking"][:most]],
        in_all=data["in_all"],
        truncated=data["in_all"] > most or data["is_cut"],
        relative=[entry(row) for row in data["relative"][:most]],
        boards=[Board(**row) for row in fitting[1:NAMED]],
    )


def _boards(connection: Connection, dataset: str, metric: str) -> list[dict[str, Any]]:
    wanted = {"dataset": dataset, "metric": metric}
    found = connection.execute(text(BUSIEST_BOARDS.sql), wanted).mappings()
    return [{str(name): row[name] for name in row} for row in found]


def _no_board(connection: Connection, dataset: str, metric: str) -> CatalogError:
    """Say which boards there are instead."""
    beside = boards(connection, dataset, "") or boards(connection, "", metric)
    others = "; ".join(f"{one.dataset} / {one.metric}" for one in beside[:8])
    return CatalogError(
        f"there is no leaderboard {dataset} / {metric}",
        why="no paper states a number of its own for this metric on this dataset",
        mend=f"take another pair, as one of: {others}" if others else "search for papers instead",
    )
