"""The few names of Datasette that the site uses, with types: Datasette itself has none."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import datasette

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

__all__ = ["DATABASE", "Datasette", "Request", "Row", "hook"]
