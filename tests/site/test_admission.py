"""Tests of admission: accepted host names, and the number of queries at once."""

import asyncio
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import uvicorn

from catalog.site import slow_clients
from catalog.site.admission import BUSY, EXPORTS, RUNNING, WAITING, admitted, busy
from catalog.site.app import build, close
from catalog.site.datasette_internals.plugin_api import DATABASE
from catalog.site.server import listen
from tests.site.conftest import Get
from tests.waiting import PATIENCE


@pytest.fixture
def app(catalog_file: Path) -> Iterator[Any]:
    """The whole site as an ASGI application, which also answers to papers.example."""
    site = build(catalog_file, allowed_hosts=["Papers.example"])
    yield site.app()
    close(site)


def ask(
    app: Any, host: str | bytes, *, server: str = "127.0.0.1", path: str = "/about"
) -> httpx.Response:
    """Ask as a browser would that reached `server` under the name `host`."""

    async def asked() -> httpx.Response:
        async def at_server(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "server": (server, 8001)}, receive, send)

        transport = httpx.ASGITransport(app=at_server)
        async with httpx.AsyncClient(transport=transport, base_url="http://ours") as client:
            return await client.get(
                path, headers=[(b"host", host if isinstance(host, bytes) else host.encode())]
            )

    return asyncio.run(asked())


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8001", "127.0.0.1:80", "[::1]:8001", "papers.example"],
)  # fmt: skip
def test_names_of_this_machine_and_named_ones_are_answered(app: Any, host: str) -> None:
    assert ask(app, host).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8001", "192.0.2.1", "", "[", "a b"])
@pytest.mark.parametrize("path", ["/about", "/marks", "/digest.atom", "/catalog/marks.json"])
def test_other_names_are_not(app: Any, host: str, path: str) -> None:
    answer = ask(app, host, path=path)
    assert answer.status_code == 421
    assert "--allowed-host" in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_site_for_everybody_answers_to_every_name(app: Any) -> None:
    assert ask(app, "papers.university.example", server="192.0.2.7").status_code == 200


def test_a_name_comes_back_as_plain_ascii(app: Any) -> None:
    answer = ask(app, "évil<script>.example".encode())
    assert answer.status_code == 421
    assert answer.text.isascii()
    assert answer.headers["content-type"].startswith("text/plain")


def test_what_shows_other_queries_or_raw_pages_is_refused(get: Get) -> None:
    for table in ("sqlite_stmt", "bytecode('select 1')", "dbstat", "sqlite_dbpage"):
        assert get(f"/catalog.json?sql=select+*+from+{table}").status_code == 400


async def answer(send: Any, body: bytes = b"", *, more_body: bool = False) -> None:
    """Answer a request as an application does."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body, "more_body": more_body})


async def _ask_slowly(count: int) -> tuple[list[int], int, list[bytes]]:
    """Put queries that end together; give their statuses, the most that ran, Retry-After."""
    running, most, end, retry = 0, 0, asyncio.Event(), []

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        if b"sql=" in scope["query_string"]:
            await end.wait()
        running -= 1
        await answer(send)

    app = admitted(slow, frozenset)

    async def one(query: bytes) -> int:
        statuses: list[int] = []

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
                retry.extend(v for n, v in message["headers"] if n == b"retry-after")

        scope = {"type": "http", "path": "/catalog", "query_string": query, "headers": []}
        await app(scope, None, send)
        return statuses[0]

    asked = [asyncio.create_task(one(b"sql=select+1")) for _ in range(count)]
    await asyncio.sleep(0)
    assert await one(b"") == 200, "a page has to wait for no query"
    end.set()
    return list(await asyncio.gather(*asked)), most, retry


def test_two_hundred_queries_at_once_leave_pages_alone_and_the_rest_is_told_to_come_back() -> None:
    statuses, most, retry = asyncio.run(_ask_slowly(200))
    assert statuses.count(200) == RUNNING + WAITING
    assert statuses.count(503) == 200 - RUNNING - WAITING == len(retry)
    assert most == RUNNING + 1


def test_a_query_that_is_given_up_frees_its_turn() -> None:
    async def given_up() -> int:
        async def endless(scope: Any, receive: Any, send: Any) -> None:
            if b"slow" in scope["query_string"]:
                await asyncio.Event().wait()
            await answer(send)

        app: Any = admitted(endless, frozenset)

        async def asked_of(scope: dict[str, Any]) -> None:
            await app(scope, None, None)

        scope = {"type": "http", "path": "/catalog", "headers": []}
        tasks = [
            asyncio.create_task(asked_of({**scope, "query_string": b"sql=slow"}))
            for _ in range(RUNNING + WAITING)
        ]
        await asyncio.sleep(0.01)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        statuses: list[int] = []

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        await app({**scope, "query_string": b"sql=quick"}, None, send)
        return statuses[0]

    assert asyncio.run(given_up()) == 200


def test_a_client_that_reads_slowly_keeps_no_query_from_running() -> None:
    async def asked() -> int:
        async def answering(scope: Any, receive: Any, send: Any) -> None:
            await answer(send, b"long")

        app: Any = admitted(answering, frozenset)
        scope = {"type": "http", "path": "/catalog", "headers": [], "query_string": b"sql=x"}
        answered = 0

        async def never(message: Any) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered += message["status"] == 200
            else:
                await asyncio.Event().wait()

        slow = RUNNING + WAITING + 5
        tasks = [asyncio.create_task(app(scope, None, never)) for _ in range(slow)]
        for _ in range(slow):
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return answered

    assert asyncio.run(asked()) == RUNNING + WAITING + 5


def test_a_browser_that_is_turned_away_keeps_what_was_typed() -> None:
    scope = {"headers": [(b"Accept", b"text/html,*/*")], "query_string": b"sql=select+%22%3Ca%3E"}
    kind, page = busy(scope)
    assert kind.startswith(b"text/html")
    assert '<textarea name="sql" rows="6" cols="90">select &#34;&lt;a&gt;</textarea>' in page
    assert busy({"headers": [], "query_string": b""})[1] == BUSY


def export(path: str = "/catalog/papers.csv") -> dict[str, Any]:
    return {"type": "http", "path": path, "headers": [], "query_string": b"_stream=on"}


def test_few_whole_tables_are_written_at_once_and_pages_go_on() -> None:
    async def asked() -> list[int]:
        end = asyncio.Event()

        async def writing(scope: Any, receive: Any, send: Any) -> None:
            await answer(send, b"a row", more_body=b"_stream" in scope["query_string"])
            if b"_stream" in scope["query_string"]:
                await end.wait()

        app: Any = admitted(writing, frozenset)
        statuses: list[int] = []

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        asking = [asyncio.create_task(app(export(), None, send)) for _ in range(EXPORTS + 1)]
        await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
        await app({**export("/about"), "query_string": b""}, None, send)
        await app({**export("/catalog"), "query_string": b"sql=select+1"}, None, send)
        end.set()
        await asyncio.gather(*asking)
        await app(export(), None, send)
        return statuses

    assert asyncio.run(asked()) == [*[200] * EXPORTS, 503, 200, 200, 200]


def test_who_reads_nothing_of_a_table_keeps_it_from_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    async def asked() -> list[Any]:
        async def writing(scope: Any, receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})

        async def never(message: Any) -> None:
            await asyncio.Event().wait()

        async def taking(message: Any) -> None:
            assert message["status"] == 200

        app: Any = admitted(writing, frozenset)
        asking = [app(export(), None, never) for _ in range(EXPORTS)]
        ended = await asyncio.gather(*asking, return_exceptions=True)
        return [*ended, await app(export(), None, taking)]

    monkeypatch.setattr(slow_clients, "PATIENCE", 0.01)
    assert asyncio.run(asked()) == [None] * (EXPORTS + 1)


@pytest.mark.enable_socket
def test_a_server_under_many_slow_queries_answers_others_and_recovers(catalog_file: Path) -> None:
    """Queries that are held until pages were answered, and clients that never read."""
    site, gate = build(catalog_file), Event()
    asyncio.run(site.invoke_startup())
    hold(site.get_database(DATABASE), gate)
    with serving(site) as port, ThreadPoolExecutor(40) as pool:
        slow = [pool.submit(fetch, port, "/catalog?sql=select+'held'") for _ in range(40)]
        turned_away = [one.result() for one in islice(as_completed(slow), 40 - RUNNING - WAITING)]
        assert {status for status, _ in turned_away} == {503}
        assert all(headers["retry-after"] for _, headers in turned_away)
        assert fetch(port, "/about")[0] == 200
        assert not gate.is_set()
        gate.set()
        assert sorted(one.result()[0] for one in slow)[: RUNNING + WAITING] == [200] * (
            RUNNING + WAITING
        )
        many = f"/catalog.csv?sql={quote('select hex(zeroblob(1000000)) from papers')}"
        unread = [unread_request(port, many) for _ in range(RUNNING + 1)]
        assert fetch(port, "/catalog?sql=select+1")[0] == 200
        for connection in unread:
            connection.close()
    close(site)


def hold(database: Any, gate: Event) -> None:
    """Let queries that say so wait at a gate."""
    execute = database.execute

    async def held(sql: str, *arguments: Any, **options: Any) -> Any:
        if "'held'" in sql:
            await asyncio.to_thread(gate.wait, PATIENCE)
        return await execute(sql, *arguments, **options)

    database.execute = held


@contextmanager
def serving(site: Any) -> Iterator[int]:
    """Serve a site on a free port of this process, in a thread."""
    listener = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(site.app(), log_level="critical", lifespan="off"))

    async def serve() -> None:
        await site.invoke_startup()
        await server.serve([listener])
        for connection in list(server.server_state.connections):
            connection.transport.abort()  # whoever has not read all is waited for by nobody
        await asyncio.sleep(0)

    thread = Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join()


def fetch(port: int, path: str) -> tuple[int, Any]:
    """Fetch a path; give its status and headers."""
    answer = httpx.get(f"http://127.0.0.1:{port}{path}", timeout=None)
    return answer.status_code, answer.headers


def unread_request(port: int, path: str) -> socket.socket:
    """Ask for a path and read nothing but the beginning of the answer."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert connection.recv(1)
    return connection
