"""The mode in which the owner changes the catalog from a browser: checks, sessions, requests.

Every write is a POST to one address, with a token that only our own pages carry, from our own
origin, and where a password is set from a session that began with it. Datasette itself never
writes: what is asked for is done by an editor that opens the catalog under its lock.
"""

import asyncio
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import msgspec

from catalog.domain.errors import CatalogError, LockedError
from catalog.site.passwords import PasswordHash
from catalog.site.security import App, Message, Send, path_of

EDIT, LOGIN = "/-/edit", "/-/login"
COOKIE = "catalog_session"
TOKEN_HEADER = b"x-catalog-token"
LARGEST = 400_000
"""Bytes of a request: a note of 50,000 characters, however it is encoded."""
LARGEST_LOGIN = 4_000
LASTING = 12 * 3600.0
"""Seconds that a session lasts."""
MOST_SESSIONS = 100
LONGEST_DELAY = 16.0
"""Seconds that an answer to a wrong password waits at most."""
RETRY = 2
"""Seconds after which a change that waits for the lock is tried again."""


class Editor(Protocol):
    """Makes one change, or tells why not."""

    def __call__(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Make the change that a page asks for; return what to tell.

        Raises:
            LockedError: another command holds the lock.
            CatalogError: it cannot be done.

        """
        ...


class EditMode:
    """The state of the mode: secret, sessions, failed passwords, the one editor."""

    def __init__(
        self,
        editor: Editor,
        password: PasswordHash | None = None,
        *,
        sleep: Callable[[float], Any] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.editor = editor
        self.password = password
        self.sleep, self.clock = sleep, clock
        self._secret = secrets.token_bytes(32)
        self._sessions: dict[bytes, float] = {}
        """Hash of a session's name -> when it ends."""
        self.changed: Callable[[], None] = lambda: None
        """Called after each change, so that nothing shows what was before."""
        self._failed = 0
        self._turn = asyncio.Lock()
        self._guess = asyncio.Lock()

    def token(self, scope: Message) -> str | None:
        """Return the token for the pages of this request; None if it may not write."""
        session = self._session(scope)
        if session is None:
            return None
        return hmac.new(self._secret, session, hashlib.sha256).hexdigest()

    def _session(self, scope: Message) -> bytes | None:
        """Return the hash of the request's session; without a password all share one."""
        if self.password is None:
            return b"local"
        name = _cookies(scope).get(COOKIE, "")
        held = hashlib.sha256(name.encode()).digest()
        return held if self._sessions.get(held, 0.0) > self.clock() else None

    def _begin_session(self) -> str:
        """Begin a session under a new name, whatever name the browser came with."""
        now = self.clock()
        alive = sorted((end, key) for key, end in self._sessions.items() if end > now)
        self._sessions = {key: end for end, key in alive[-MOST_SESSIONS + 1 :]}
        name = secrets.token_urlsafe(32)
        self._sessions[hashlib.sha256(name.encode()).digest()] = now + LASTING
        return name

    def end_session(self, scope: Message) -> None:
        """End the session of this request."""
        session = self._session(scope)
        if session is not None:
            self._sessions.pop(session, None)

    async def log_in(self, password: str) -> str | None:
        """Check a password, one at a time; return a new session's name, or None if it is wrong.

        Each wrong one makes the next answer wait longer, right or wrong.
        """
        if self.password is None:
            return None
        async with self._guess:
            if self._failed:
                await self.sleep(min(2.0 ** (self._failed - 1), LONGEST_DELAY))
            if await asyncio.to_thread(self.password.fits, password):
                self._failed = 0
                return self._begin_session()
            self._failed += 1
            return None

    async def change(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Make one change after the other, off the thread that answers requests."""
        async with self._turn:
            told = await asyncio.to_thread(self.editor, asked)
        self.changed()
        return told


class RefusedError(Exception):
    """A request that is not admitted, with its status and the reason."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


def mode_of(site: Any) -> EditMode | None:
    """Return the edit mode of a site; None where it only shows."""
    return getattr(site, "catalog_edit_mode", None)


def editing(app: App, mode: EditMode | None) -> App:
    """Wrap an ASGI application so that it takes changes; unwrapped where nobody may edit."""
    if mode is None:
        return app

    async def guarded(scope: Message, receive: Any, send: Send) -> None:
        if scope["type"] != "http" or path_of(scope) not in {EDIT, LOGIN}:
            await app(scope, receive, send)
        elif path_of(scope) == LOGIN and scope["method"] in {"GET", "HEAD"}:
            await app(scope, receive, send)  # the page with the form
        else:
            await _answer(mode, scope, receive, send)

    return guarded


async def _answer(mode: EditMode, scope: Message, receive: Any, send: Send) -> None:
    """Check a request, do what it asks for, and say what came of it."""
    try:
        _require_own_page(scope)
        if path_of(scope) == LOGIN:
            await _log_in(mode, scope, receive, send)
            return
        told = await _changed(mode, scope, receive)
        await _say(send, 200, told)
    except RefusedError as refused:
        allow = [(b"allow", b"POST")] if refused.status == 405 else []
        await _say(send, refused.status, {"why": refused.why}, allow)
    except LockedError as error:
        await _say(send, 423, {"why": error.why, "retry": RETRY})
    except CatalogError as error:
        await _say(send, 409, {"why": f"{error.what}: {error.why}", "hint": error.hint})


def _require_own_page(scope: Message) -> None:
    """Refuse what no page of this site can have sent.

    Forwarded headers count for nothing: anybody may send them.

    Raises:
        RefusedError: the method, or where it comes from, is wrong.

    """
    if scope["method"] != "POST":
        raise RefusedError(405, "changes are sent by POST")
    origin, host = _header(scope, b"origin"), _header(scope, b"host")
    if not host or _host_of_origin(origin) != host.lower():
        raise RefusedError(403, "the request does not come from a page of this site")
    if _header(scope, b"sec-fetch-site") not in {"", "same-origin"}:
        raise RefusedError(403, "the request does not come from a page of this site")


def _host_of_origin(origin: str) -> str | None:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return None
    return parts.netloc.lower() if parts.scheme in {"http", "https"} else None


async def _changed(mode: EditMode, scope: Message, receive: Any) -> dict[str, Any]:
    """Make the change of a request that carries session and token.

    Raises:
        RefusedError: it does not, or it is no JSON.

    """
    token = mode.token(scope)
    if token is None:
        raise RefusedError(401, "log in first")
    if not hmac.compare_digest(token.encode(), _header(scope, TOKEN_HEADER).encode()):
        raise RefusedError(403, "the page is older than this server; load it again")
    if _header(scope, b"content-type").partition(";")[0].strip() != "application/json":
        raise RefusedError(415, "changes are sent as JSON")
    body = await _body(scope, receive, LARGEST)
    try:
        asked = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise RefusedError(400, f"the change is not a JSON object: {error}") from error
    if asked.get("action") == "log out":
        mode.end_session(scope)
        return {"said": "Logged out."}
    return await mode.change(asked)


async def _log_in(mode: EditMode, scope: Message, receive: Any, send: Send) -> None:
    """Begin a session where the password is right."""
    if _header(scope, b"content-type").partition(";")[0] != "application/x-www-form-urlencoded":
        raise RefusedError(415, "the password is sent by the form")
    body = await _body(scope, receive, LARGEST_LOGIN)
    given = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    name = await mode.log_in(given.get("password", [""])[0])
    if name is None:
        await _redirect(send, f"{LOGIN}?wrong=1")
        return
    safe = "; Secure" if scope.get("scheme") == "https" else ""
    cookie = f"{COOKIE}={name}; Path=/; HttpOnly; SameSite=Strict; Max-Age={LASTING:.0f}{safe}"
    await _redirect(send, "/review", [(b"set-cookie", cookie.encode())])


async def _body(scope: Message, receive: Any, largest: int) -> bytes:
    """Read a request's body, no more than it may have.

    Raises:
        RefusedError: it is larger, or was cut off.

    """
    stated = _header(scope, b"content-length")
    if stated.isdecimal() and int(stated) > largest:
        raise RefusedError(413, f"the request is larger than {largest:,} bytes")
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RefusedError(400, "the request was cut off")
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > largest:
            raise RefusedError(413, f"the request is larger than {largest:,} bytes")
    return body


def _header(scope: Message, name: bytes) -> str:
    """Return a header that was sent once; "" if it is missing or was sent twice."""
    found = [value for key, value in scope["headers"] if key.lower() == name]
    return found[0].decode("latin-1") if len(found) == 1 else ""


def _cookies(scope: Message) -> dict[str, str]:
    parts = (part.strip().partition("=") for part in _header(scope, b"cookie").split(";"))
    return {name: value for name, _, value in parts}


async def _redirect(send: Send, to: str, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    told = [(b"location", to.encode()), (b"cache-control", b"no-store"), *(headers or [])]
    await send({"type": "http.response.start", "status": 303, "headers": told})
    await send({"type": "http.response.body", "body": b""})


async def _say(
    send: Send, status: int, told: dict[str, Any], headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    body = msgspec.json.encode(told)
    given = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        *(headers or []),
    ]
    await send({"type": "http.response.start", "status": status, "headers": given})
    await send({"type": "http.response.body", "body": body})
