"""Tests of clients that read slowly or not at all: what memory they cost, and for how long."""

import asyncio
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from catalog.site import admission, slow_clients
from catalog.site.admission import BUSY, admitted
from catalog.site.app import build, close
from catalog.site.slow_clients import PIECE, Ended, patient
from tests.site.test_admission import answer, fetch, serving, unread_request

QUERY = {"type": "http", "path": "/catalog.csv", "headers": [], "query_string": b"sql=select+1"}
PAGE = {**QUERY, "path": "/about", "query_string": b""}


@pytest.mark.parametrize("length", [0, 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 7])
@pytest.mark.parametrize("more", [True, False])
def test_a_body_goes_whole_in_pieces_and_says_where_it_ends(length: int, more: bool) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    body = bytes(number % 251 for number in range(length))
    asyncio.run(answer(patient(send), body, more_body=more))
    assert sent[0]["type"] == "http.response.start"
    assert b"".join(message["body"] for message in sent[1:]) == body
    assert max(len(message["body"]) for message in sent[1:]) <= PIECE
    assert [message.get("more_body", False) for message in sent[1:]] == [
        *[True] * (len(sent) - 2),
        more,
    ]


async def never(message: Any) -> None:
    """Take nothing but the beginning of an answer."""
    if message["type"] == "http.response.body":
        await asyncio.Event().wait()


def test_who_reads_nothing_is_cut_off_and_the_application_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[type[BaseException]] = []

    async def answering(scope: Any, receive: Any, send: Any) -> None:
        for _ in range(2):  # as an application that tells of what went wrong
            try:
                await answer(send, b"long")
            except Ended:
                told.append(Ended)
        await answer(send)

    monkeypatch.setattr(slow_clients, "PATIENCE", 0.01)
    app: Any = admitted(answering, frozenset)
    asyncio.run(app(PAGE, None, never))
    assert told == [Ended, Ended]


def test_answers_that_nobody_reads_are_few_bytes_and_the_rest_is_told_to_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(admission, "UNREAD", 1000)
    taken: list[tuple[int, bytes]] = []

    async def answering(scope: Any, receive: Any, send: Any) -> None:
        await answer(send, b"x" * 400)

    async def taking(message: Any) -> None:
        if message["type"] == "http.response.start":
            taken.append((message["status"], b""))
        else:
            taken[-1] = (taken[-1][0], taken[-1][1] + message["body"])

    async def asked() -> None:
        app: Any = admitted(answering, frozenset)
        unread = [asyncio.create_task(app(QUERY, None, never)) for _ in range(2)]
        await asyncio.sleep(0.01)
        await app(QUERY, None, taking)
        await app(PAGE, None, taking)
        for task in unread:
            task.cancel()
        await asyncio.gather(*unread, return_exceptions=True)
        await app(QUERY, None, taking)

    asyncio.run(asked())
    assert taken == [(503, BUSY.encode()), (200, b"x" * 400), (200, b"x" * 400)]


@pytest.mark.enable_socket
def test_a_server_whose_clients_do_not_read_keeps_its_memory_and_recovers(
    catalog_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "UNREAD", 50_000_000)
    ten = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 10) "
    long = f"/catalog.json?sql={quote(ten + 'select hex(zeroblob(1000000)) from n')}"  # 20 MB
    site = build(catalog_file)
    with serving(site) as port:
        with ExitStack() as unread:
            for _ in range(2):
                unread.enter_context(closing(unread_request(port, long)))
            status, headers = fetch(port, long)
            assert (status, headers["retry-after"]) == (503, str(admission.RETRY_AFTER))
            assert fetch(port, "/catalog?sql=select+1")[0] == 200
            assert fetch(port, "/about")[0] == 200
        assert fetch(port, long)[0] == 200
    close(site)
