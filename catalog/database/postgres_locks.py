"""Advisory locks on PostgreSQL, which end with their connection."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256

from sqlalchemy import URL, Connection, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from catalog.domain.errors import LockedError

LONGEST_NAME = 63
"""Bytes of an application's name that PostgreSQL keeps."""

PENDING = "16MB"
"""Pending entries of the full-text index before they are merged into it: a larger list makes bulk
loads faster, but searches read it entry by entry."""

MEMORY = "64MB"
"""Memory for that merge; with the server's default of 4 MB it takes a tenth longer."""

PAUSE = 0.2
"""Seconds between two attempts to get a lock, so that signals are handled between them."""

HOLDER = text("""
    SELECT a.application_name, a.backend_start
      FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND (l.classid::bigint << 32 | l.objid::bigint) = :key
""")


def key_of(part: str) -> int:
    """Return the number of one of our locks on PostgreSQL.

    >>> key_of("a") == key_of("a") != key_of("b")
    True
    """
    return int.from_bytes(sha256(f"paper-catalog {part}".encode()).digest()[:8], signed=True)


WRITING = key_of("transaction")
"""Held by each transaction that writes, so that they take turns as they do on SQLite."""


def begin_writing(connection: Connection, timeout: int) -> None:
    """Wait for this transaction's turn to write, at most `timeout` milliseconds.

    New ids are the highest one plus one; two transactions at once would choose the same.
    """
    connection.exec_driver_sql(
        "SELECT set_config('lock_timeout', %(timeout)s, true), pg_advisory_xact_lock(%(key)s), "
        "set_config('gin_pending_list_limit', %(pending)s, true), "
        "set_config('work_mem', %(memory)s, true)",
        {
            "timeout": str(max(timeout, 1)),
            "key": WRITING,
            "pending": PENDING,
            "memory": MEMORY,
        },
    )


@contextmanager
def advisory_lock(url: URL, command: str, *, wait: float, part: str = "") -> Iterator[None]:
    """Hold a lock on a connection of its own while a command runs.

    Raises:
        LockedError: somebody else holds it for longer than `wait` seconds.
        DBAPIError: the server cannot be reached.

    """
    name = f"catalog {command}, process {os.getpid()} on {socket.gethostname()}"
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(
                text("SELECT set_config('application_name', :name, false)"),
                {"name": name.encode()[:LONGEST_NAME].decode(errors="ignore")},
            )
            key = key_of(f"command {part}" if part else "command")
            _wait_for(connection, key, time.monotonic() + wait)
            try:
                yield
            finally:
                # At once: the server frees what a closed connection held only a moment later.
                with suppress(DBAPIError):
                    connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})
    finally:
        engine.dispose()


def _wait_for(connection: Connection, key: int, deadline: float) -> None:
    taken = text("SELECT pg_try_advisory_lock(:key)")
    while not connection.scalar(taken, {"key": key}):
        if time.monotonic() >= deadline:
            raise LockedError(
                f"cannot write to {connection.engine.url.render_as_string(hide_password=True)}",
                why=f"another command holds its lock: {_holder(connection, key)}",
                hint="wait until it has finished, or give --wait SECONDS",
            )
        time.sleep(min(PAUSE, max(0.0, deadline - time.monotonic())))


def _holder(connection: Connection, key: int) -> str:
    try:
        row = connection.execute(HOLDER, {"key": key}).first()
    except DBAPIError:
        row = None
    if row is None or not row.application_name:
        return "unknown"
    return f"{row.application_name}, since {row.backend_start.isoformat(timespec='seconds')}"
