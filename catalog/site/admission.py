"""Admit requests: only the site's own host names, a few custom queries and exports at once.

A page of another site can make a browser ask this one under a name of its own (DNS rebinding); so a
site that only this machine reaches answers to this machine's names alone. And queries that people
write may take seconds each, and tables as files minutes: a few run at a time, some wait, and the
rest is told to come back, so that pages are still answered.
"""

import asyncio
import ipaddress
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from markupsafe import Markup

from catalog.site.security import App, Message, Send, path_of
from catalog.site.slow_clients import Ended, Unread, patient

RUNNING = 2
"""Queries of people that run at once; Datasette has a thread more, for pages."""

WAITING = 20
"""Queries of people that wait for their turn."""

EXPORTS = 2
"""Whole tables that are written as files at once; nobody waits for so long."""

UNREAD = 256_000_000
"""Bytes of queries' answers that clients have still to read; one answer has up to 64 MB of text."""

RETRY_AFTER = 5
"""Seconds after which whoever was turned away may come back."""

BUSY = (
    "The site is busy with other queries. Try again in a few seconds.\n"
    f"At most {RUNNING} queries run at once, and {WAITING} wait; "
    f"of whole tables as files {EXPORTS} are written at once.\n"
)

BUSY_PAGE = Markup(
    '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Busy · Paper Catalog</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    "<body><main><h1>The site is busy</h1><p>{words}</p>"
    '<form method="get">{fields}<p><button>Try again</button></p></form></main></body></html>'
)
"""A page that needs nothing from the server but itself."""


def admitted(app: App, allowed_hosts: Callable[[], frozenset[str]]) -> App:
    """Wrap an ASGI application so that it accepts its own host names and limits custom queries.

    `allowed_hosts` gives further names, as a proxy passes them on; they count without the port.
    """
    queries, exports, unread = QueryQueue(RUNNING, WAITING), QueryQueue(EXPORTS, 0), Unread(UNREAD)

    async def guarded(scope: Message, receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        with suppress(Ended):
            await answered(scope, receive, patient(send))

    async def answered(scope: Message, receive: Any, send: Send) -> None:
        host = host_of(scope)
        if not answers_to(host, scope.get("server"), allowed_hosts()):
            await _say(send, 421, _unknown(host))
        elif is_export(scope):
            await _in_turn(app, exports)(scope, receive, send)
        elif is_query(scope):
            await _in_turn(app, queries, unread)(scope, receive, send)
        else:
            await app(scope, receive, send)

    return guarded


@dataclass
class QueryQueue:
    """A queue that limits how many requests of a kind run and wait."""

    running: int
    waiting: int
    inside: int = 0

    def __post_init__(self) -> None:
        self.turns = asyncio.Semaphore(self.running)

    @property
    def is_full(self) -> bool:
        """Whether one more query would be too many."""
        return self.inside >= self.running + self.waiting

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Callable[[], None]]:
        """Wait for a turn; what is yielded lets the next query run, at the latest at the end."""
        self.inside += 1
        try:
            await self.turns.acquire()
        except BaseException:
            self.inside -= 1
            raise
        is_left = False

        def leave() -> None:
            nonlocal is_left
            if not is_left:
                is_left = True
                self.inside -= 1
                self.turns.release()

        try:
            yield leave
        finally:
            leave()


def _in_turn(app: App, queue: QueryQueue, unread: Unread | None = None) -> App:
    """Wrap an application so that a request waits for its turn, or is told to come back.

    With `unread` the turn ends as the answer begins: the query has run, and a client may read
    slowly. How much of such answers lies in memory is limited instead.
    """

    async def admitted_in_turn(scope: Message, receive: Any, send: Send) -> None:
        async def turn_away() -> None:
            kind, body = busy(scope)
            await _say(send, 503, body, [(b"retry-after", str(RETRY_AFTER).encode())], kind)

        if queue.is_full:
            await turn_away()
            return
        async with queue.turn() as leave:
            sending = send if unread is None else unread.counted(send, leave, turn_away)
            await app(scope, receive, sending)

    return admitted_in_turn


def busy(scope: Message) -> tuple[bytes, str]:
    """Tell a program or a browser to come back; the page keeps what somebody typed."""
    accepted = next((value for name, value in scope["headers"] if name.lower() == b"accept"), b"")
    typed = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    if b"text/html" not in accepted:
        return b"text/plain; charset=utf-8", BUSY
    fields = Markup().join(
        Markup('<p><label>{} <textarea name="{}" rows="6" cols="90">{}</textarea></label></p>')
        .format(name, name, value)
        for name, value in typed
    )  # fmt: skip
    return b"text/html; charset=utf-8", BUSY_PAGE.format(words=BUSY, fields=fields)


def is_query(scope: Message) -> bool:
    """Return true if a request runs SQL, or conditions, that somebody wrote.

    >>> is_query({"path": "/catalog", "query_string": b"s%71l=select+1"})
    True
    >>> is_query({"path": "/catalog/papers", "query_string": b"_sort=id"})
    False
    """
    return path_of(scope).startswith("/catalog") and bool(_names(scope) & {"sql", "_where"})


def is_export(scope: Message) -> bool:
    """Return true if a request is for a whole table as a file.

    >>> is_export({"path": "/catalog/papers.csv", "query_string": b"_sort=id&_stream=on"})
    True
    """
    return path_of(scope).startswith("/catalog/") and "_stream" in _names(scope)


def _names(scope: Message) -> set[str]:
    """Read the names of a request's arguments as Datasette reads them."""
    typed = scope.get("query_string", b"").decode("latin-1")
    return {name for name, _ in parse_qsl(typed, keep_blank_values=True)}


def host_of(scope: Message) -> str:
    """Return the host name of a request, in lower case and without the port; "" for none."""
    given = next((value for name, value in scope["headers"] if name.lower() == b"host"), b"")
    try:
        return (urlsplit(f"//{given.decode('latin-1')}").hostname or "").lower()
    except ValueError:
        return ""


def answers_to(host: str, server: tuple[str, int | None] | None, allowed: frozenset[str]) -> bool:
    """Return true if the site that listens on `server` accepts the name `host`.

    >>> answers_to("localhost", ("127.0.0.1", 8001), frozenset())
    True
    >>> answers_to("evil.example", ("127.0.0.1", 8001), frozenset())
    False
    >>> answers_to("papers.example", ("127.0.0.1", 8001), frozenset({"papers.example"}))
    True
    >>> answers_to("papers.example", ("192.0.2.7", 8001), frozenset())
    True
    """
    if server is None or not is_loopback(server[0]):
        return True
    return is_loopback(host) or host in allowed


def is_loopback(host: str) -> bool:
    """Return true if a name or address is this machine's own.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _unknown(host: str) -> str:
    shown = host.encode("ascii", "replace").decode()[:100]
    return (
        f"This site does not accept the host name {shown!r}: it serves this machine only.\n"
        f"Behind a proxy that forwards the name, start it with: "
        f"catalog serve --allowed-host {shown or 'NAME'}\n"
    )


async def _say(
    send: Send,
    status: int,
    text: str,
    headers: list[tuple[bytes, bytes]] | None = None,
    kind: bytes = b"text/plain; charset=utf-8",
) -> None:
    body = text.encode()
    told = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        *(headers or []),
    ]
    await send({"type": "http.response.start", "status": status, "headers": told})
    await send({"type": "http.response.body", "body": body})
