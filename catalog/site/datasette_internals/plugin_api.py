"""The parts of Datasette that the site uses, with types and differences of releases.

It runs on 0.65 and on the alphas of 1.0. No other module asks which of them it is.
"""

import inspect
import sqlite3
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Self, TypeAlias, TypeVar

import datasette
import datasette.app
import datasette.database

if TYPE_CHECKING:
    Datasette: TypeAlias = Any
    Request: TypeAlias = Any
    Row: TypeAlias = Any
else:
    from sqlite3 import Row

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

F = TypeVar("F", bound=Callable[..., Any])

hook: Callable[[F], F] = datasette.hookimpl
"""Marks a function as an implementation of the Datasette hook of its name."""

DATABASE = "catalog"
"""Name of the database on the site, whatever the file is called: addresses must last."""

IS_ONE = "config" in inspect.signature(datasette.app.Datasette.__init__).parameters
"""Whether this is Datasette 1.0 or one of its alphas."""

SQL_PAGE = f"/{DATABASE}/-/query" if IS_ONE else f"/{DATABASE}"
"""Page of the SQL box. On 1.0 the other address still leads there."""

TABLE_SCRIPTS = ("datasette-manager.js", "table.js") if IS_ONE else ("table.js",)
"""Datasette's scripts for the menus of columns."""

EDITOR = "_editor.html" if IS_ONE else "_codemirror.html"
"""Template that loads the editor of the SQL box; that of 1.0 has scripts without our nonce."""


class Unchanging(dict[str, Any]):
    """Metadata that nobody changes, so that a copy of them may be themselves.

    Datasette 0.65 copies all of them for every table of which it asks who may see it: 99 times for
    the list of tables.
    """

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self


def new_site(metadata: dict[str, Any], settings: dict[str, Any]) -> Datasette:
    """Make a Datasette without databases.

    The metadata are in the form of 0.65; 1.0 takes the settings of tables from it as well, but
    drops the queries without a word.
    """
    further = {"config": configuration(metadata)} if IS_ONE else {}
    told = Unchanging(metadata)
    return datasette.app.Datasette([], metadata=told, settings=settings, **further)


def configuration(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return what Datasette 1.0 reads from `datasette.json` instead of metadata."""
    return {
        "plugins": metadata.get("plugins", {}),
        "databases": {
            name: {"queries": database["queries"]}
            for name, database in metadata["databases"].items()
        },
    }


async def check_may_view(site: Datasette, actor: Any) -> None:
    """Refuse a user who may not view the catalog.

    Raises:
        Forbidden: they may not; Datasette answers 403.

    """
    await _check(site, actor, "view-database")


async def check_may_query(site: Datasette, actor: Any) -> None:
    """Refuse a user who may not run SQL.

    Raises:
        Forbidden: they may not; Datasette answers 403.

    """
    await _check(site, actor, "execute-sql")


async def _check(site: Datasette, actor: Any, action: str) -> None:
    if IS_ONE:
        from datasette.resources import DatabaseResource

        await site.ensure_permission(
            action=action, resource=DatabaseResource(database=DATABASE), actor=actor
        )
    else:
        await site.ensure_permissions(actor, [(action, DATABASE), "view-instance"])


def keep_time(within: Callable[..., Any]) -> None:
    """Replace the time limit of Datasette, which looks at the clock every 1,000 instructions.

    On texts of megabytes a thousand instructions with calls of functions take many seconds.
    """
    datasette.database.sqlite_timelimit = within


def open_connections(database: Any) -> list[sqlite3.Connection]:
    """Return the connections to a database that its threads opened."""
    return list(database._all_connections if IS_ONE else database._all_file_connections)


def in_common(context: Mapping[str, Any]) -> dict[str, Any]:
    """Map variables of Datasette's templates to our names.

    `count` is None where nobody counted to the end, and then `at_least` says how far it went.
    """
    count = context.get("count" if IS_ONE else "filtered_table_rows_count")
    is_cut = bool(context.get("count_truncated"))
    return {
        "count": None if is_cut else count,
        "at_least": count - 1 if is_cut and count else None,
        "query": context.get("stored_query" if IS_ONE else "canned_query"),
    }


__all__ = [
    "DATABASE",
    "EDITOR",
    "IS_ONE",
    "SQL_PAGE",
    "TABLE_SCRIPTS",
    "Datasette",
    "Request",
    "Row",
    "check_may_query",
    "check_may_view",
    "configuration",
    "hook",
    "in_common",
    "keep_time",
    "new_site",
    "open_connections",
]
