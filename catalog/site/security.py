"""What keeps the server safe: limits on every connection, headers on every answer."""

import re
import secrets
import sqlite3
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from catalog.database.safe_functions import make_linear
from catalog.site.datasette_internals.bounded_answers import BoundedRows

Message: TypeAlias = MutableMapping[str, Any]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Message, Any, Send], Awaitable[None]]

MAX_VALUE_BYTES = 5_000_000
"""Largest string, blob or row: a time limit does not stop `hex(zeroblob(150000000))`."""

MAX_ANSWER_BYTES = 64_000_000
"""Text in all rows of one query; a thousand of the largest values would take gigabytes."""

HEAP_BYTES = 512 * 1024 * 1024
"""SQLite's memory in the whole process; a query that wants more fails, the server stays."""

PRIVATE = frozenset({"deliveries"})
"""Tables that the site never reads, not even in free SQL: mail addresses are nobody's business."""

INSPECTING = frozenset({"sqlite_stmt", "bytecode", "tables_used", "dbstat", "sqlite_dbpage"})
"""Tables that SQLite makes up; the first shows the queries of other readers, the last raw pages."""

NONCE = "catalog_nonce"
"""Key in the request's scope of the nonce that its inline scripts and styles carry."""

ALWAYS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
}
BASE_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
NEXT_PAGE = re.compile(rb"(^|&)_next=")
HASHED = re.compile(rb"^[0-9a-f]{8,}$")


def limit(connection: sqlite3.Connection) -> None:
    """Bound what one query can make of memory, and what it can see."""
    connection.set_authorizer(_may)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
    make_linear(connection, longest=MAX_VALUE_BYTES)
    connection.row_factory = BoundedRows(sqlite3.Row, MAX_ANSWER_BYTES)
    connection.execute(f"PRAGMA hard_heap_limit = {HEAP_BYTES}").close()


def _may(action: int, table: str | None, *rest: str | None) -> int:
    """Read private columns as null; SQLite asks when a statement is prepared, not for each row."""
    if action == sqlite3.SQLITE_FUNCTION and rest[0] == "fts3_tokenizer":
        return sqlite3.SQLITE_DENY  # it shows an address in memory
    if action == sqlite3.SQLITE_READ and table in INSPECTING:
        return sqlite3.SQLITE_DENY
    is_private = action == sqlite3.SQLITE_READ and table in PRIVATE
    return sqlite3.SQLITE_IGNORE if is_private else sqlite3.SQLITE_OK


def policy(path: str, nonce: str) -> str:
    """Content security policy of the page at `path`.

    Scripts run only where they carry the nonce. Datasette's own pages for debugging (`/-/...`)
    have inline scripts without one, and its tables inline styles; no page loads from elsewhere.
    """
    if path.startswith("/-/"):
        return f"{BASE_POLICY}; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'"
    if path.startswith("/catalog"):
        return f"{BASE_POLICY}; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'"
    return f"{BASE_POLICY}; script-src 'self' 'nonce-{nonce}'; style-src 'self'"


def secured(app: App) -> App:
    """Wrap an ASGI application so that every answer carries the security headers."""

    async def guarded(scope: Message, receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _headers(message, scope, nonce)}
            await send(message)

        await app({**without_late_facets(scope), NONCE: nonce}, receive, send_with_headers)

    return guarded


def without_late_facets(scope: Message) -> Message:
    """Ask for no facets on the later pages of a table.

    Datasette 0.65 counts them among the rows that are left, which is slow, and misleads.
    """
    query = scope.get("query_string", b"")
    if NEXT_PAGE.search(query) and b"_nofacet" not in query:
        return {**scope, "query_string": query + b"&_nofacet=1"}
    return scope


def _headers(message: Message, scope: Message, nonce: str) -> list[tuple[bytes, bytes]]:
    kept = [(name.lower(), value) for name, value in message.get("headers", [])]
    added = dict(ALWAYS)
    added[b"content-security-policy"] = policy(scope["path"], nonce).encode()
    if scope["path"].startswith("/-/static") and HASHED.match(scope.get("query_string", b"")):
        added[b"cache-control"] = b"public, max-age=31536000, immutable"
    return [*((name, value) for name, value in kept if name not in added), *added.items()]
