"""The lock that a command holds while it writes to a catalog."""

import datetime as dt
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy.exc import DBAPIError

from catalog.database.database_address import parse_url, sqlite_file
from catalog.database.database_failure import cannot_open
from catalog.database.postgres_locks import advisory_lock
from catalog.domain.errors import CatalogError, LockedError


@contextmanager
def locked(url: str, command: str, *, wait: float, part: str = "") -> Iterator[None]:
    """Hold the lock of an SQLite file or a server; it is released if its holder dies.

    `part` names a lock of its own, e.g. a scheduled source's, that keeps out nobody else. A lock
    file that came with the command goes again if there is no catalog beside it afterwards.

    Raises:
        LockedError: somebody else holds it for longer than `wait` seconds.
        CatalogError: there is no such folder, it cannot be written, or the file has two names.

    """
    file = sqlite_file(url)
    if file is None:
        with _on_server(url, command, wait=wait, part=part):
            yield
        return
    if not file.parent.is_dir():
        raise CatalogError(
            f"cannot create {file}",
            why=f"there is no folder {file.parent}",
            hint="create the folder first, or name another file with --db",
        )
    if file.is_dir():
        raise CatalogError(
            f"cannot write to {file}", why="it is a folder", hint="name a file with --db"
        )
    _require_one_name(file)
    suffix = f".{part}.lock" if part else ".lock"
    target = file.resolve()  # one lock for all symbolic links to a file
    path = target.with_name(f"{target.name}{suffix}")
    notes = target.with_name(f"{target.name}{suffix}.json")
    stood = path.exists()
    lock = FileLock(path)
    try:
        lock.acquire(timeout=wait)
    except Timeout as error:
        raise LockedError(
            f"cannot write to {file}",
            why=f"another command holds its lock: {_holder(notes)}",
            hint="wait until it has finished, or give --wait SECONDS",
        ) from error
    except OSError as error:
        raise CatalogError(
            f"cannot write beside {file}",
            why=error.strerror or str(error),
            hint="check the permissions of the folder and the free space on the disk",
        ) from error
    well = False
    try:
        _note(notes, command)
        yield
        well = True
    finally:
        notes.unlink(missing_ok=True)
        # Held while it is unlinked: whoever waits for it sees that, and opens the new one.
        if not file.exists() or not (stood or well):
            path.unlink(missing_ok=True)
        lock.release()


def _require_one_name(file: Path) -> None:
    """Refuse a file with hard links, since SQLite's log stands beside one name only.

    https://sqlite.org/howtocorrupt.html#multiple_links_to_the_same_file

    Raises:
        CatalogError: the file has hard links.

    """
    if file.exists() and (names := file.stat().st_nlink) > 1:
        raise CatalogError(
            f"cannot write to {file}",
            why=f"the file has {names} names (hard links); a program that uses another one of them "
            "would miss what is written, and could damage the file",
            hint='delete the other names; make a copy with "catalog db backup", or a symbolic link',
        )


@contextmanager
def _on_server(url: str, command: str, *, wait: float, part: str) -> Iterator[None]:
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":  # in memory: nobody else sees it
        yield
        return
    with ExitStack() as stack:
        try:
            stack.enter_context(advisory_lock(parsed, command, wait=wait, part=part))
        except DBAPIError as error:
            raise cannot_open(parsed, error) from error
        yield


def _note(notes: Path, command: str) -> None:
    """Write down who holds the lock; a full disk does not matter."""
    facts = {
        "pid": os.getpid(),
        "command": command,
        "since": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    }
    with suppress(OSError):
        notes.write_text(json.dumps(facts))


def _holder(notes: Path) -> str:
    try:
        facts = json.loads(notes.read_text())
        return f'"catalog {facts["command"]}", process {facts["pid"]}, since {facts["since"]}'
    except (OSError, ValueError, KeyError, TypeError):
        return "unknown"
