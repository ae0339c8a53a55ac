"""Show errors as pages in the site's layout."""

import logging
import sqlite3
from typing import Any

from datasette import handle_exception as datasette_errors
from datasette.database import QueryInterrupted
from datasette.utils.asgi import Base400, Response
from datasette.views.base import DatasetteError
from markupsafe import Markup

from catalog.site.datasette_internals.plugin_api import DATABASE, Datasette, Request
from catalog.site.routes import MissingError
from catalog.site.security import path_of

log = logging.getLogger(__name__)


NO_MEMORY = (
    "This query needs more memory than the site allows. Ask for fewer columns or shorter values."
)

TOO_LONG = (
    "The site stops a query after some seconds. Narrow it, or run it in a terminal, where it may "
    "take its time: catalog query"
)

NO_QUERY = "There is no query to answer: add ?sql=select ... to the address."


async def error_page(datasette: Datasette, request: Request, exception: Exception) -> Any:
    """Write an error as a page, or as JSON if that was requested."""
    if isinstance(exception, KeyError) and not str(request.args.get("sql", "x")).strip():
        exception = DatasetteError(NO_QUERY, status=400)  # as CSV Datasette looks for columns
    status, message, title = told(exception)
    if str(request.path).endswith(".json"):
        body = {"ok": False, "error": str(message), "status": status, "title": title}
        return Response.json(body, status=status)
    missing = exception.__cause__
    search = missing.search if isinstance(missing, MissingError) else ""
    context = {"status": status, "error": message, "title": title, "search": search}
    context["typed"] = typed_sql(request)
    html = await datasette.render_template("error.html", context, request=request)
    return Response.html(html, status=status)


def typed_sql(request: Request) -> dict[str, str]:
    """Return what somebody typed on a page for SQL: the query and its values; else nothing."""
    typed = str(request.args.get("sql") or "")
    if not typed.strip() or not path_of(request.scope).startswith(f"/{DATABASE}"):
        return {}
    return {name: str(request.args.get(name)) for name in request.args if not name.startswith("_")}


def told(exception: Exception) -> tuple[int, str, str | None]:
    """Return the status, message and title of an exception."""
    if isinstance(exception, Base400):
        return exception.status, str(exception.args[0] if exception.args else ""), None
    if isinstance(exception, QueryInterrupted):
        return 503, "This took longer than the site allows. Narrow the query, or try again.", None
    if isinstance(exception, MemoryError):
        return 400, NO_MEMORY, None
    if isinstance(exception, sqlite3.DataError):
        return 400, str(exception), None
    if isinstance(exception, DatasetteError) and exception.title == "SQL Interrupted":
        return exception.status, TOO_LONG, "This query took too long"
    if isinstance(exception, DatasetteError):
        message = exception.message
        # It takes a column that cannot be sorted by for a fault of the server's.
        asked_wrongly = exception.status == 500 and message.startswith("Cannot ")
        # Datasette marks as HTML only messages that it has escaped itself.
        return (
            400 if asked_wrongly else exception.status,
            Markup(message) if exception.message_is_html else message,  # noqa: S704
            exception.title,
        )
    log.error("a page failed", exc_info=exception)
    return 500, "An unexpected error occurred on the server; its log has the details.", None


def quieten() -> None:
    """Keep Datasette from logging every missing page with all local variables.

    It does so where it finds rich, which we need for other things; real errors are still printed.
    """
    datasette_errors.rich = None
