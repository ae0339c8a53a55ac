"""Tests of what may change the catalog through the site, and of attacks on that."""

import asyncio
import json
from typing import Any

import pytest
from click.testing import CliRunner

from catalog.domain.errors import CatalogError, LockedError
from catalog.site.admission import admitted
from catalog.site.edit_mode import EDIT, LARGEST, LOGIN, EditMode, editing
from catalog.site.passwords import PasswordHash, hashed
from catalog.site.security import secured
from etl.cli import main

HOST = "127.0.0.1:8001"
OURS = {"host": HOST, "origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}
PASSWORD = "a password of the owner"


class Editor:
    """Keeps what it was asked to do."""

    def __init__(self, error=None):
        self.asked, self.error = [], error

    def __call__(self, asked):
        if self.error:
            raise self.error
        self.asked.append(asked)
        return {"said": "Done."}


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.body = status, body
        self.headers = {name.decode(): value.decode() for name, value in headers}

    @property
    def told(self):
        return json.loads(self.body)


class Site:
    """The layers of the site around an application that shows "shown"."""

    def __init__(self, password=None, error=None, server="127.0.0.1", allowed=frozenset()):
        self.editor, self.slept, self.now = Editor(error), [], 0.0
        self.server = server

        async def sleep(seconds):
            self.slept.append(seconds)

        self.mode = EditMode(self.editor, password, sleep=sleep, clock=lambda: self.now)
        self.app = secured(admitted(editing(shown, self.mode), lambda: allowed))

    def token(self, cookie=""):
        return self.mode.token({"headers": [(b"cookie", cookie.encode())]})

    def ask(self, body=b"{}", method="POST", path=EDIT, query=b"", parts=None, **headers):
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [(k.encode(), v.encode()) for k, v in given.items() if v is not None]
        return asyncio.run(self._ask(parts or [body], method, path, query, lines))

    async def _ask(self, parts, method, path, query, lines):
        scope: dict[str, Any] = {
            "type": "http", "method": method, "path": path, "query_string": query,
            "headers": lines, "server": (self.server, 8001), "scheme": "http",
        }  # fmt: skip
        waiting, sent = list(parts), []

        async def receive():
            part = waiting.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(waiting)}

        async def send(message):
            sent.append(message)

        await self.app(scope, receive, send)
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return Answer(sent[0]["status"], sent[0]["headers"], body)

    def change(self, **headers):
        """Send a change as our own page does, but for these headers."""
        token = self.token() or ""
        given = {**OURS, "x-catalog-token": token, "content-type": "application/json", **headers}
        given = {name: value for name, value in given.items() if value is not None}
        return self.ask(b'{"action": "accept", "result": 1}', **given)

    def log_in(self, password, cookie="", **headers):
        given = {**OURS, "content-type": "application/x-www-form-urlencoded", "cookie": cookie}
        body = f"password={password.replace(' ', '+')}".encode()
        return self.ask(body, path=LOGIN, **{**given, **headers})


async def shown(_scope, _receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"shown"})


@pytest.fixture(scope="module")
def password():
    return PasswordHash(hashed(PASSWORD))


def test_our_own_page_makes_a_change():
    site = Site()
    answer = site.change()
    assert (answer.status, answer.told) == (200, {"said": "Done."})
    assert site.editor.asked == [{"action": "accept", "result": 1}]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"x-catalog-token": None}, 403),
        ({"x-catalog-token": "0" * 64}, 403),
        ({"x-catalog-token": "é"}, 403),
        ({"origin": None}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": f"http://{HOST}.evil.example"}, 403),
        ({"origin": f"http://evil.example#{HOST}"}, 403),
        ({"origin": f"http://evil@{HOST}"}, 403),
        ({"origin": "http://127.0.0.1:8002"}, 403),
        ({"origin": f"file://{HOST}"}, 403),
        ({"origin": "http://[::1"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"host": "evil.example", "origin": "http://evil.example"}, 421),
        ({"host": "evil.example", "origin": "http://evil.example", "x-forwarded-host": HOST}, 421),
        ({"origin": "http://evil.example", "x-forwarded-host": "evil.example"}, 403),
        ({"origin": "http://evil.example", "forwarded": "host=evil.example"}, 403),
        ({"origin": None, "referer": f"http://{HOST}/"}, 403),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
        ({"content-type": None}, 415),
        ({"content-length": str(LARGEST + 1)}, 413),
    ],
)
def test_what_no_page_of_ours_can_have_sent_changes_nothing(headers, status):
    site = Site()
    answer = site.change(**headers)
    assert answer.status == status
    assert site.editor.asked == []
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_only_post_changes_anything(method):
    site = Site()
    token = {"x-catalog-token": site.token(), "content-type": "application/json"}
    answer = site.ask(b'{"action": "accept"}', method, query=b"action=accept", **OURS, **token)
    assert (answer.status, answer.headers["allow"]) == (405, "POST")
    assert site.editor.asked == []


def test_a_header_that_is_sent_twice_counts_as_none():
    site = Site()
    lines = [(k.encode(), v.encode()) for k, v in OURS.items()]
    lines += [(b"x-catalog-token", site.token().encode()), (b"content-type", b"application/json")]
    for twice in ((b"origin", b"http://evil.example"), (b"x-catalog-token", b"0")):
        answer = asyncio.run(site._ask([b"{}"], "POST", EDIT, b"", [*lines, twice]))
        assert answer.status == 403


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ([b"x" * 100_000] * 5, 413),
        ([b"[1, 2]"], 400),
        ([b"{"], 400),
        ([b"\xff"], 400),
        ([b'{"a":' * 100_000], 413),
        ([b'{"a":' * 20_000], 400),
    ],
)
def test_bodies_are_bounded_and_checked(parts, status):
    site = Site()
    given = {**OURS, "x-catalog-token": site.token(), "content-type": "application/json"}
    assert site.ask(parts=parts, **given).status == status
    assert site.editor.asked == []


def test_a_change_that_waits_for_the_lock_says_for_whom():
    why = 'another command holds its lock: "catalog load"'
    answer = Site(error=LockedError("cannot write", why=why, hint="wait")).change()
    assert answer.status == 423
    assert answer.told == {"why": why, "retry": 2}


def test_what_cannot_be_done_is_said():
    answer = Site(error=CatalogError("cannot", why="it is gone", hint="look again")).change()
    assert (answer.status, answer.told["why"]) == (409, "cannot: it is gone")


def test_frames_are_refused_and_nothing_is_cached():
    answer = Site().change()
    assert answer.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


def session_of(answer):
    assert answer.status == 303
    return answer.headers["set-cookie"].split(";")[0]


def test_with_a_password_nothing_is_changed_without_a_session(password):
    site = Site(password)
    assert site.token() is None
    assert site.change().status == 401
    answer = site.log_in(PASSWORD)
    cookie = session_of(answer)
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=Strict" in answer.headers["set-cookie"]
    token = site.token(cookie)
    assert site.change(cookie=cookie, **{"x-catalog-token": token}).status == 200
    assert site.change(**{"x-catalog-token": token}).status == 401


def test_a_session_has_a_new_name_whatever_the_browser_came_with(password):
    site = Site(password)
    planted = "catalog_session=planted-by-somebody"
    cookie = session_of(site.log_in(PASSWORD, planted))
    assert cookie != planted
    assert site.token(planted) is None
    again = session_of(site.log_in(PASSWORD, cookie))
    assert again != cookie
    assert site.token(cookie) != site.token(again)
    wrong = {"cookie": cookie, "x-catalog-token": site.token(again)}
    assert site.change(**wrong).status == 403


def test_a_session_ends(password):
    site = Site(password)
    cookie = session_of(site.log_in(PASSWORD))
    token = site.token(cookie)
    out = {**OURS, "cookie": cookie, "x-catalog-token": token, "content-type": "application/json"}
    assert site.ask(b'{"action": "log out"}', **out).status == 200
    assert site.token(cookie) is None
    cookie = session_of(site.log_in(PASSWORD))
    site.now += 12 * 3600
    assert site.token(cookie) is None


def test_each_wrong_password_makes_the_next_guess_wait_longer(password):
    site = Site(password)
    for guess in ("", "1", "2", PASSWORD.upper(), PASSWORD + " "):
        answer = site.log_in(guess)
        assert answer.headers["location"] == f"{LOGIN}?wrong=1"
        assert "set-cookie" not in answer.headers
    assert site.slept == [1.0, 2.0, 4.0, 8.0]
    session_of(site.log_in(PASSWORD))
    assert site.slept[-1] == 16.0
    session_of(site.log_in(PASSWORD))
    assert len(site.slept) == 5


def test_guesses_at_the_same_time_wait_for_each_other(password):
    site = Site(password)

    async def guess():
        return await asyncio.gather(*(site.mode.log_in(f"guess {n}") for n in range(3)))

    assert asyncio.run(guess()) == [None] * 3
    assert site.slept == [1.0, 2.0]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://evil.example"}, 403),
        ({"content-type": "text/plain"}, 415),
        ({"content-length": "5000"}, 413),
        ({"host": "evil.example", "origin": "http://evil.example"}, 421),
    ],
)
def test_another_site_cannot_log_a_browser_in(password, headers, status):
    site = Site(password)
    assert site.log_in(PASSWORD, **headers).status == status
    assert site.slept == []


def test_a_name_that_leads_here_by_rebinding_has_no_session(password):
    site = Site(password, server="192.0.2.7")
    cookie = session_of(site.log_in(PASSWORD))
    evil = {"host": "evil.example:8001", "origin": "http://evil.example:8001", "cookie": None}
    assert site.change(**evil, **{"x-catalog-token": site.token(cookie)}).status == 401


@pytest.mark.parametrize(
    "printed", ["", PASSWORD, "scrypt$1$8$1$c2FsdHNhbHRzYWx0$x", "scrypt$3$8$1$" + "a" * 70]
)
def test_a_text_that_is_no_hash_is_refused(printed):
    with pytest.raises(CatalogError, match="no hash of a password"):
        PasswordHash(printed)


def test_a_hash_tells_nothing_of_the_password_and_has_its_own_salt():
    one, other = hashed(PASSWORD), hashed(PASSWORD)
    assert one != other
    assert PASSWORD not in one
    with pytest.raises(ValueError, match="at least 10"):
        hashed("short")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--host", "0.0.0.0"], "cannot let the catalog be edited without a password"),
        (["--host", "192.0.2.7"], "without a password"),
        (["--allowed-host", "papers.example"], "others can reach the site"),
        (["--password-file", "none.txt"], "cannot read the password file none.txt"),
    ],
)
def test_where_others_can_reach_it_a_password_is_needed(sqlite_url, options, says, monkeypatch):
    monkeypatch.delenv("CATALOG_PASSWORD_HASH", raising=False)
    command = ["--db", sqlite_url, "serve", "--edit", *options]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 1
    assert says in result.stderr


def test_a_password_is_hashed_at_the_terminal():
    typed = f"{PASSWORD}\n{PASSWORD}\n"
    result = CliRunner().invoke(main, ["serve", "--hash-password"], input=typed)
    assert result.exit_code == 0
    assert PasswordHash(result.stdout.strip()).fits(PASSWORD)


def test_without_the_mode_nothing_can_be_written(get):
    assert get(EDIT, "post").status_code in {403, 404, 405}
    assert get("/review").status_code == 404
    for path in ("/", "/paper/2503.00001"):
        page = get(path).text
        assert "catalog-edit" not in page
        assert "edit.js" not in page
        assert "data-number" not in page
