"""Documents on disk or standard input: found, hashed, recognised, opened."""

import datetime as dt
import hashlib
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from catalog.errors import CatalogError
from etl.sources import SOURCES, FormatError, Head, Source, recognise
from etl.sources.compression import LIMITS, Limits, compression_of, decompressed
from etl.sources.source import HEAD_SIZE

BLOCK = 1 << 20
STANDARD_INPUT = "-"


class Input(Struct, frozen=True, kw_only=True):
    """A document that can be loaded."""

    path: Path
    """Where its bytes are; for standard input a temporary file."""
    name: str
    """Name in the catalog: absolute path, or sha256: and the digest for standard input."""
    source: Source
    sha256: str
    bytes: int
    received_at: dt.datetime | None = None
    """When a publisher sent it, UTC; None for a file, which is observed when it is read."""

    @contextmanager
    def open(self, limits: Limits = LIMITS) -> Iterator[tuple[BinaryIO, Callable[[], float]]]:
        """The bytes, decompressed; and what tells the share of them that was read, 0 to 1."""
        with self.path.open("rb") as stream:
            yield decompressed(stream, limits), lambda: min(stream.tell() / max(self.bytes, 1), 1)


class Found(Struct, kw_only=True):
    """What the arguments of a load lead to."""

    inputs: list[Input]
    skipped: list[Path]
    """Files inside folders that are in no known format."""
    unreadable: dict[Path, str]
    """Files inside folders that cannot be read, and why."""


def find_inputs(
    arguments: Iterable[str], *, format_name: str | None, name: str | None, spool: Path
) -> Found:
    """Look at every file that the arguments name, before anything is written.

    A folder stands for the files in it and below, in the order of their names; hidden ones are
    passed over, those of no known format are listed. Standard input is kept in the folder `spool`.

    Raises:
        CatalogError: a file is missing, unreadable, empty, or in no known format; a folder holds
            no file that can be read.

    """
    found = Found(inputs=[], skipped=[], unreadable={})
    for argument in dict.fromkeys(arguments):
        if argument == STANDARD_INPUT:
            found.inputs.append(_standard_input(format_name, name, spool))
            continue
        path = Path(argument)
        if path.is_dir():
            before = len(found.inputs)
            _folder(path, format_name, found)
            if len(found.inputs) == before:
                raise CatalogError(
                    f"cannot load {path}",
                    why="the folder holds no file in a known format",
                    mend=f"name the files, or one of the formats with --format: {_formats()}",
                )
        else:
            found.inputs.append(_input(path, name, format_name))
    return found


def _folder(folder: Path, format_name: str | None, found: Found) -> None:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if hidden:
            continue
        try:
            if path.is_dir() and not path.is_symlink():
                next(path.iterdir(), None)  # rglob passes over a folder that it may not read
            if not path.is_file():
                continue
            known = _recognised(path, format_name, path.name) is not None
        except OSError as error:
            found.unreadable[path] = error.strerror or str(error)
        except FormatError as error:  # a damaged archive
            found.unreadable[path] = error.why
        else:
            if known and path.stat().st_size:
                found.inputs.append(_input(path, None, format_name))
            else:
                found.skipped.append(path)


def _absolute(path: Path) -> str:
    """The path as the catalog's name for a document; bytes that are no UTF-8 as \\xNN."""
    return os.fsencode(path.resolve()).decode("utf-8", "backslashreplace")


def _standard_input(format_name: str | None, name: str | None, spool: Path) -> Input:
    what = "cannot load standard input"
    if sys.stdin is None or sys.stdin.isatty():
        raise CatalogError(
            what,
            why="it is closed" if sys.stdin is None else "it is a terminal",
            mend="give a file, or send one: catalog load - < FILE",
        )
    try:
        with tempfile.NamedTemporaryFile(dir=spool, delete=False) as copy:
            # What is no document at all may have no end: the beginning decides first.
            head = sys.stdin.buffer.read(HEAD_SIZE)
            if head and not format_name and not _looks_known(head, name or STANDARD_INPUT):
                raise _unknown(what)
            copy.write(head)
            shutil.copyfileobj(sys.stdin.buffer, copy)
    except OSError as error:
        raise CatalogError(
            what, why=error.strerror or str(error), mend=f"make room in {spool.parent}"
        ) from error
    return _input(Path(copy.name), name, format_name, shown="standard input")


def _looks_known(head: bytes, name: str) -> bool:
    """Say whether the beginning of a document is compressed, or in a known format."""
    return compression_of(head) is not None or recognise(Head(name=name, data=head)) is not None


def _input(
    path: Path, name: str | None, format_name: str | None, *, shown: str | None = None
) -> Input:
    what = f"cannot load {shown or path}"
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise CatalogError(
                what, why="it is no regular file", mend=f"send it: catalog load - < {path}"
            )
        source = _recognised(path, format_name, name or path.name)
        sha256 = _sha256(path)
        name = name or (f"sha256:{sha256}" if shown else _absolute(path))
    except FileNotFoundError as error:
        raise CatalogError(
            what, why="there is no such file", mend="check the path; - is standard input"
        ) from error
    except OSError as error:
        raise CatalogError(
            what, why=error.strerror or str(error), mend="check the file and its permissions"
        ) from error
    except FormatError as error:
        raise CatalogError(what, why=error.why, mend=error.mend) from error
    if found.st_size == 0:
        raise CatalogError(
            what, why="the file is empty", mend="fetch it again: it may have been cut off"
        )
    if source is None:
        raise _unknown(what)
    return Input(path=path, name=name, source=source, sha256=sha256, bytes=found.st_size)


def _unknown(what: str) -> CatalogError:
    return CatalogError(
        what,
        why="it is in no known format",
        mend=f"check the file, or name its format with --format: {_formats()}",
    )


def _recognised(path: Path, format_name: str | None, name: str) -> Source | None:
    if format_name:
        return SOURCES[format_name]
    with path.open("rb") as stream:
        return recognise(Head(name=name, data=decompressed(stream).read(HEAD_SIZE)))


def _formats() -> str:
    return ", ".join(SOURCES)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
