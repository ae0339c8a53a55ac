"""Keep what was counted ahead in a file beside the catalog, so that the next start has it at once.

Only answers to the server's own round are saved, never those to queries that people typed. The file
counts for the state of the catalog that it was written for; another one, or a file that cannot be
read, is passed over.
"""

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from datasette.database import Results

from catalog.site.datasette_internals.answer_cache import Kept, SlowAnswers, Stamp

WORTH = 1.0
"""Seconds that all answers took, from which on they are worth a file."""

FAILURES = (OSError, msgspec.DecodeError, TypeError, sqlite3.Error)


class SavedAnswer(msgspec.Struct, array_like=True):
    """An answer, with what was asked and how long ago."""

    key: Any
    columns: list[str]
    rows: list[list[Any]]
    is_truncated: bool
    at: float
    """Seconds since 1970."""
    took: float
    length: int


class SavedAnswers(msgspec.Struct, array_like=True):
    """All answers of one state of a catalog."""

    stamp: Stamp
    answers: list[SavedAnswer]


def beside(file: Path) -> Path:
    """Name the file that keeps the answers of a catalog."""
    return file.with_name(f"{file.name}-counted")


def save(file: Path, answers: SlowAnswers) -> None:
    """Write the answers of now; where the folder cannot be written, nothing happens."""
    stamp = answers.stamp()
    passed = time.time() - answers.clock()
    found = [
        _written(key, kept, passed)
        for key, kept in answers.kept.items()
        if kept.is_ahead and kept.took >= answers.slow and kept.stamp == stamp
    ]
    if not found or sum(one.took for one in found) < WORTH:
        return
    with contextlib.suppress(*FAILURES):
        text = msgspec.msgpack.encode(SavedAnswers(stamp, found))
        _replace(beside(file), text, file.stat().st_mode & 0o666)


def load(file: Path, answers: SlowAnswers) -> None:
    """Take the saved answers, if the catalog has not changed since."""
    with contextlib.suppress(*FAILURES):
        text = beside(file).read_bytes()
        found = msgspec.msgpack.decode(text, type=SavedAnswers)
        if found.stamp == answers.stamp():
            passed = time.time() - answers.clock()
            for key, kept in _read(found, passed):
                answers.keep(key, kept)


def _written(key: Any, kept: Kept, passed: float) -> SavedAnswer:
    results = kept.results
    return SavedAnswer(
        key,
        results.columns,
        [list(row) for row in results.rows],
        results.truncated,
        kept.at + passed,
        kept.took,
        kept.length,
    )


def _read(found: SavedAnswers, passed: float) -> Iterator[tuple[Any, Kept]]:
    """Make rows as a query gives them; SQLite alone can make some."""
    with contextlib.closing(sqlite3.connect(":memory:")) as maker:
        maker.row_factory = sqlite3.Row
        for one in found.answers:
            names = (f'? AS "{name.replace(chr(34), chr(34) * 2)}"' for name in one.columns)
            select = f"SELECT {', '.join(names)}"
            rows = [maker.execute(select, row).fetchone() for row in one.rows]
            description = tuple((name, *[None] * 6) for name in one.columns)
            results = Results(rows, one.is_truncated, description)
            kept = Kept(results, found.stamp, one.at - passed, one.took, one.length, is_ahead=True)
            yield _frozen(one.key), kept


def _frozen(value: Any) -> Any:
    """Make tuples of lists, which keys cannot have."""
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _replace(file: Path, text: bytes, mode: int) -> None:
    """Write a file as a whole, for those alone who may read the catalog."""
    new = file.with_name(f"{file.name}.new")
    new.unlink(missing_ok=True)
    try:
        new.touch(mode, exist_ok=False)
        new.write_bytes(text)
        new.replace(file)
    except OSError:
        new.unlink(missing_ok=True)
        raise
