"""The lock that a command holds while it writes to a SQLite catalog."""

import datetime as dt
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from catalog.database import sqlite_file
from catalog.errors import CatalogError, LockedError


@contextmanager
def locked(url: str, command: str, *, wait: float, part: str = "") -> Iterator[None]:
    """Hold the lock beside a SQLite file; the kernel frees it when its holder dies.

    `part` names a lock of its own, e.g. a scheduled source's, that keeps out nobody else.

    Raises:
        LockedError: somebody else holds it for longer than `wait` seconds.

    """
    file = sqlite_file(url)
    if file is None:
        yield
        return
    suffix = f".{part}.lock" if part else ".lock"
    path = file.with_name(f"{file.name}{suffix}")
    holder = file.with_name(f"{file.name}{suffix}.json")
    lock = FileLock(path)
    try:
        lock.acquire(timeout=wait)
    except Timeout as error:
        raise LockedError(
            f"cannot write to {file}",
            why=f"another command holds its lock: {_holder(holder)}",
            mend="wait until it is done, or give --wait SECONDS",
        ) from error
    except OSError as error:
        raise CatalogError(
            f"cannot write beside {file}",
            why=error.strerror or str(error),
            mend="check the permissions of the folder",
        ) from error
    try:
        holder.write_text(
            json.dumps(
                {
                    "pid": os.getpid(),
                    "command": command,
                    "since": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
                }
            )
        )
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _holder(path: Path) -> str:
    try:
        facts = json.loads(path.read_text())
        return f'"catalog {facts["command"]}", process {facts["pid"]}, since {facts["since"]}'
    except (OSError, ValueError, KeyError):
        return "it does not say which"
