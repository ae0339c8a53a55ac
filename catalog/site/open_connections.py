"""Limit the connections of clients that ask nothing, or begin a request and do not end it.

Each holds one of the files that a process may open, and one that has none left accepts nobody. So a
client has some seconds to end its request, and where there are too many connections those go first
that have waited longest.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

try:
    import resource
except ImportError:  # pragma: no cover - not on Windows
    resource = None  # type: ignore[assignment]

PATIENCE = 20.0
"""Seconds in which a client has to end a request that it may begin."""

LOOKS = 4
"""Times within these seconds that a connection is looked at."""

BACKLOG = 100
"""Connections that are accepted at once; their files are open before anybody can close others."""

KEPT_FREE = 2 * BACKLOG
"""Files that are left for the database, answers and what is being accepted."""

FEWEST = 20
MOST = 2_000


def most_connections(files: int) -> int:
    """Return how many clients may be connected where so many files may be open.

    >>> most_connections(1024), most_connections(256), most_connections(64)
    (824, 128, 32)
    """
    return min(max(files - KEPT_FREE, files // 2, FEWEST), MOST)


def files_allowed() -> int:
    """Return how many files this process may open."""
    if resource is None:  # pragma: no cover - not on Windows
        return MOST + KEPT_FREE
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST + KEPT_FREE if soft == resource.RLIM_INFINITY else soft


class PatientProtocol(H11Protocol):
    """The server's side of a connection, which ends where the client only holds it."""

    most = MOST
    """Connections that there may be at once."""

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a request, in the place of whoever has waited too long."""
        super().connection_made(transport)
        self.looks = 0
        self.next_look: asyncio.TimerHandle | None = None
        self._wait()
        if len(self.connections) > self.most:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        if self.next_look is not None:
            self.next_look.cancel()
        super().connection_lost(exc)

    @property
    def is_waiting(self) -> bool:
        """Whether the client is to send something: a request, or the rest of one."""
        return self.cycle is None or self.cycle.response_complete or self.cycle.more_body

    def _wait(self) -> None:
        self.next_look = self.loop.call_later(PATIENCE / LOOKS, self._look)

    def _look(self) -> None:
        self.looks = self.looks + 1 if self.is_waiting else 0
        if self.looks >= LOOKS:
            self.transport.abort()
        else:
            self._wait()

    def _make_room(self) -> None:
        """End the connection that has waited longest; this one, where all are being answered."""
        others = [
            one
            for one in self.connections
            if isinstance(one, PatientProtocol)
            and one is not self
            and one.is_waiting
            and not one.transport.is_closing()
        ]
        last = max(others, key=lambda one: one.looks, default=self)
        last.transport.abort()


def protocol() -> type[PatientProtocol]:
    """Return the protocol for as many connections as this process may have."""
    return type("Protocol", (PatientProtocol,), {"most": most_connections(files_allowed())})
