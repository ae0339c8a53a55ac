"""Send answers to clients that read slowly: in pieces, for a limited time, and few bytes at once.

A server takes the whole body of an answer into its memory when a client does not read. So a body is
handed over in pieces, each when the one before is nearly gone, and a client that takes too long is
cut off. The long answers to queries that people wrote are counted together as well.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from catalog.site.security import Message, Send

PIECE = 65_536
"""Bytes of an answer that the server is given at once."""

PATIENCE = 30.0
"""Seconds that a client may take for a part of an answer, beside what its length needs."""

SLOWEST = 30_000
"""Bytes a second that a client has to read of a long answer."""


class Ended(BaseException):
    """An answer that is not sent any further.

    No `Exception`: Datasette would write a traceback of it and answer once more.
    """


def patient(send: Send) -> Send:
    """Wrap a server's `send` so that bodies go in pieces and a client's time is limited.

    Raises:
        Ended: the client took too long, at this message or an earlier one, or the server stops.

    """
    is_cut = False

    async def sending(message: Message) -> None:
        nonlocal is_cut
        if is_cut:
            raise Ended
        body = message.get("body", b"")
        try:
            async with asyncio.timeout(PATIENCE + len(body) / SLOWEST):
                last = max(0, (len(body) - 1) // PIECE * PIECE)
                for begin in range(0, last, PIECE):
                    piece = body[begin : begin + PIECE]
                    await send({**message, "body": piece, "more_body": True})
                    await asyncio.sleep(0)  # where a client is gone, the server learns of it
                await send({**message, "body": body[last:]} if last else message)
        except (TimeoutError, asyncio.CancelledError):  # too slow, or the server is stopped
            is_cut = True
            raise Ended from None

    return sending


@dataclass
class Unread:
    """The bytes of answers that clients have still to read, and how many there may be."""

    most: int
    now: int = 0

    def counted(
        self, send: Send, begun: Callable[[], None], turn_away: Callable[[], Awaitable[None]]
    ) -> Send:
        """Wrap a `send` so that an answer is counted until it was read.

        `begun` is called as the answer begins. `turn_away` answers in its place where there would
        be too many bytes; the messages after that are dropped.
        """
        start: Message | None = None
        is_over = False

        async def sending(message: Message) -> None:
            nonlocal start, is_over
            if is_over:
                return
            if message["type"] == "http.response.start":
                start = message
                return
            size = len(message.get("body", b""))
            begun()
            if start is not None and self.now and self.now + size > self.most:
                is_over = True
                await turn_away()
                return
            self.now += size
            try:
                if start is not None:
                    first, start = start, None
                    await send(first)
                await send(message)
            finally:
                self.now -= size

        return sending
