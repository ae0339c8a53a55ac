"""Back up and restore an SQLite catalog by SQLite's backup API, even while a load runs."""

import datetime as dt
import os
import shutil
import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from catalog.database.engine import read_only_options
from catalog.domain.errors import CatalogError

MAGIC = b"SQLite format 3\0"
SOUND, DAMAGED = ".backup.db", ".damaged.db"
"""Endings of the names of backups, and of copies of files that SQLite cannot read."""

SIDES = ("-wal", "-shm", "-journal")
"""Endings of the files that SQLite keeps beside a database."""

PATIENCE = 30
"""Seconds that a restore waits for a program that writes to the catalog."""

PAGES = 4096
"""Pages copied at a time; between them other connections have their turn."""


def backup_name(file: Path, now: dt.datetime) -> Path:
    """Return a free name for a backup beside the file: the file's name and the instant, UTC."""
    stem = f"{file.stem}-{now:%Y%m%dT%H%M%SZ}"
    names = (f"{stem}{f'-{number}' if number > 1 else ''}{SOUND}" for number in count(1))
    return next(path for name in names if not (path := file.with_name(name)).exists())


def back_up(file: Path, target: Path) -> None:
    """Copy a catalog into a new file, which appears only when it is complete.

    Raises:
        CatalogError: there is no room, the target exists, or either cannot be used.

    """
    what = f"cannot back up {file}"
    if target.exists():
        raise CatalogError(what, why=f"{target} exists already", hint="name another file")
    _require_room(file, target, what)
    _clear_away(target)
    # A name of its own: two commands may make a backup in one second.
    partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
    try:
        with (
            closing(_read(file)) as source,
            closing(sqlite3.connect(partial)) as copy,
        ):
            # One view of the source from first to last page: without it every commit of a load
            # that goes on would make the copy begin again.
            source.isolation_level = None
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            source.backup(copy, pages=PAGES)
            # A backup stands alone: no WAL beside it, so that it can be moved and read anywhere.
            copy.execute("PRAGMA journal_mode = DELETE")
        if target.exists():
            raise FileExistsError(f"{target} was made meanwhile")
        partial.replace(target)
    except (sqlite3.Error, OSError) as error:
        raise CatalogError(
            what,
            why=str(error),
            hint="check both files, their folder and the free space on the disk",
        ) from error
    finally:
        for leftover in (partial, partial.with_name(f"{partial.name}-journal")):
            leftover.unlink(missing_ok=True)


def _clear_away(target: Path) -> None:
    """Delete unfinished backups in the target's folder whose commands were killed."""
    for found in target.parent.glob(f"*{SOUND}.*.partial*"):
        pid = found.name.partition(f"{SOUND}.")[2].partition(".")[0]
        if pid.isdecimal() and not _is_alive(int(pid)):
            found.unlink(missing_ok=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _read(file: Path) -> sqlite3.Connection:
    """Open a connection that only reads."""
    file = file.resolve()
    options = urlencode(read_only_options(file))
    return sqlite3.connect(f"{file.as_uri()}?{options}", uri=True)


def _require_room_for_both(backup: Path, file: Path, what: str, *, keeping: bool) -> None:
    """Check before anything is written that the old content and the new one find room."""
    held = file.stat().st_size if file.exists() else 0
    needed = max(backup.stat().st_size - held, 0) + backup.stat().st_size + held * keeping
    free = shutil.disk_usage(file.resolve().parent).free
    if free < needed:
        raise _no_room(what, needed, free)


def _no_room(what: str, needed: int, free: int) -> CatalogError:
    return CatalogError(
        what,
        why=f"{needed / 1e6:,.0f} MB are needed, but only {free / 1e6:,.0f} MB are free",
        hint="free some space, or name a file on another disk",
    )


def _require_room(file: Path, target: Path, what: str) -> None:
    try:
        needed = file.stat().st_size
        wal = file.with_name(f"{file.name}-wal")
        needed += wal.stat().st_size if wal.exists() else 0
        free = shutil.disk_usage(target.resolve().parent).free
    except OSError as error:
        raise CatalogError(
            what, why=error.strerror or str(error), hint="check the paths and permissions"
        ) from error
    if free < needed:
        raise _no_room(what, needed, free)


def restore(backup: Path, file: Path, kept: Path | None) -> Path | None:
    """Replace the catalog's content by a backup's; return where the content it had is kept.

    By the backup API again, never by renaming: what serves the file goes on and sees the new
    content. The content it had is saved as `kept` first, if that is given; a damaged file, which
    SQLite can neither back up nor write to, is copied as it is and emptied.

    Raises:
        CatalogError: the backup is none, is damaged, or is the catalog itself; then nothing has
            changed.

    """
    what = f"cannot restore {backup}"
    _require_database(backup, what)
    if file.exists() and backup.samefile(file):
        raise CatalogError(what, why="it is the catalog itself", hint="name a backup")
    fresh = not file.exists()
    done = False
    try:
        with closing(_read(backup)) as source:
            _require_sound_catalog(source, what)
            kept = None if fresh or not file.stat().st_size else kept
            _require_room_for_both(backup, file, what, keeping=kept is not None)
            if not fresh and is_damaged(file):
                kept = _set_aside(file, kept)
            elif kept is not None:
                back_up(file, kept)
            with closing(sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)) as target:
                target.execute("BEGIN IMMEDIATE")  # to copy waits without end for who is writing
                target.execute("ROLLBACK")
                source.backup(target)
        done = True
    except (sqlite3.Error, OSError) as error:
        raise CatalogError(
            what, why=str(error), hint="check both files, and that no command is writing"
        ) from error
    finally:
        if not done:
            _undo(file, kept, fresh=fresh)
    return kept


def _undo(file: Path, kept: Path | None, *, fresh: bool) -> None:
    """Delete what a restore that failed has made, unless it is all that there is."""
    if fresh:
        file.unlink(missing_ok=True)
    elif kept is not None and kept.name.endswith(SOUND):
        kept.unlink(missing_ok=True)


def is_damaged(file: Path) -> bool:
    """Return true if SQLite cannot read a file to its end."""
    try:
        with closing(_read(file)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok")
    except sqlite3.DatabaseError as error:
        return "locked" not in str(error)


def _set_aside(file: Path, kept: Path | None) -> Path | None:
    """Copy a damaged catalog byte by byte, and empty it; return the copy, if one is wanted."""
    copied = kept and kept.with_name(kept.name.removesuffix(SOUND) + DAMAGED)
    if copied is not None:
        shutil.copyfile(file, copied)
    for side in SIDES:
        if (beside := file.with_name(f"{file.name}{side}")).exists():
            if copied is not None:
                shutil.copyfile(beside, copied.with_name(f"{copied.name}{side}"))
            beside.unlink()
    os.truncate(file, 0)
    return copied


def _require_database(backup: Path, what: str) -> None:
    try:
        with backup.open("rb") as stream:
            magic = stream.read(len(MAGIC))
    except FileNotFoundError as error:
        raise CatalogError(what, why="there is no such file", hint="check the path") from error
    except OSError as error:
        raise CatalogError(
            what, why=error.strerror or str(error), hint="check the path and its permissions"
        ) from error
    if magic != MAGIC:
        raise CatalogError(what, why="it is not an SQLite database", hint="name a backup")


def _require_sound_catalog(source: sqlite3.Connection, what: str) -> None:
    """Refuse a damaged file, and one of another program."""
    try:
        found = str(source.execute("PRAGMA quick_check").fetchone()[0])
        revisions = source.execute(
            "SELECT count(*) FROM sqlite_schema WHERE name = 'alembic_version'"
        ).fetchone()[0]
    except sqlite3.DatabaseError as error:
        found, revisions = str(error), 1
    if found != "ok":
        raise CatalogError(what, why=f"it is damaged: {found}", hint="name another backup")
    if not revisions:
        raise CatalogError(what, why="it contains no catalog", hint="name a backup of a catalog")
