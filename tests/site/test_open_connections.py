"""Tests that clients which hold connections and ask nothing do not keep others out."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from threading import Thread
from typing import Any

import httpx
import pytest
import uvicorn

from catalog.site import open_connections
from catalog.site.open_connections import PatientProtocol, files_allowed, most_connections, protocol
from catalog.site.server import listen
from tests.waiting import PATIENCE

MOST = 5


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["path"] == "/body":
        while (await receive()).get("more_body"):
            pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"well"})


@contextmanager
def serving() -> Iterator[int]:
    listener = listen("127.0.0.1", 0)
    few = type("Few", (PatientProtocol,), {"most": MOST})
    config = uvicorn.Config(app, log_level="critical", lifespan="off", http=few)
    server = uvicorn.Server(config)
    thread = Thread(target=lambda: asyncio.run(server.serve([listener])))
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = server.force_exit = True
        thread.join()


def holding(port: int, begun: bytes) -> socket.socket:
    held = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    held.sendall(begun)
    return held


HALF = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
BODY = b"POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n1"
SECOND = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\n"


@pytest.mark.parametrize("begun", [b"", HALF, BODY, SECOND])
def test_connections_that_are_held_make_room(begun: bytes):
    with serving() as port, ExitStack() as stack:
        for _ in range(5 * MOST):
            stack.enter_context(holding(port, begun))
        for _ in range(3):
            assert httpx.get(f"http://127.0.0.1:{port}/", timeout=PATIENCE).text == "well"


@pytest.mark.parametrize("begun", [b"", HALF, BODY])
def test_a_request_that_is_not_ended_is_cut_off(begun: bytes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(open_connections, "PATIENCE", 0.2)
    with serving() as port, holding(port, begun) as held, suppress(ConnectionResetError):
        assert held.recv(1) == b""


def test_an_answer_that_takes_long_is_not_cut_off(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(open_connections, "PATIENCE", 0.04)
    inner: Callable[..., Any] = app

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.4)
        await inner(scope, receive, send)

    monkeypatch.setitem(globals(), "app", slow)
    with serving() as port:
        assert httpx.get(f"http://127.0.0.1:{port}/", timeout=PATIENCE).text == "well"


def test_there_are_fewer_connections_than_files():
    assert protocol().most == most_connections(files_allowed()) < files_allowed()
