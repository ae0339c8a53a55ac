"""Documents on disk or standard input: found, hashed, recognised, opened."""

import datetime as dt
import hashlib
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from catalog.errors import CatalogError
from etl.sources import SOURCES, Head, Source, recognise
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
    def open(self) -> Iterator[BinaryIO]:
        """The bytes, decompressed."""
        with self.path.open("rb") as stream:
            yield stream


class Found(Struct, kw_only=True):
    """What the arguments of a load lead to."""

    inputs: list[Input]
    skipped: list[Path]
    """Files inside folders that are in no known format."""


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
    found = Found(inputs=[], skipped=[])
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
            found.inputs.append(_input(path, _absolute(path, name), format_name))
    return found


def _folder(folder: Path, format_name: str | None, found: Found) -> None:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if hidden or not path.is_file():
            continue
        if _recognised(path, format_name, path.name) is None:
            found.skipped.append(path)
        else:
            found.inputs.append(_input(path, _absolute(path, None), format_name))


def _absolute(path: Path, name: str | None) -> str:
    return name or str(path.resolve())


def _standard_input(format_name: str | None, name: str | None, spool: Path) -> Input:
    if sys.stdin.isatty():
        raise CatalogError(
            "cannot load standard input",
            why="it is a terminal",
            mend="give a file, or send one: catalog load - < FILE",
        )
    with tempfile.NamedTemporaryFile(dir=spool, delete=False) as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
    path = Path(copy.name)
    return _input(path, name or f"sha256:{_sha256(path)}", format_name, shown="standard input")


def _input(path: Path, name: str, format_name: str | None, *, shown: str | None = None) -> Input:
    what = f"cannot load {shown or path}"
    try:
        size = path.stat().st_size
        source = _recognised(path, format_name, name)
        sha256 = _sha256(path)
    except FileNotFoundError as error:
        raise CatalogError(
            what, why="there is no such file", mend="check the path; - is standard input"
        ) from error
    except OSError as error:
        raise CatalogError(
            what, why=error.strerror or str(error), mend="check the file and its permissions"
        ) from error
    if size == 0:
        raise CatalogError(
            what, why="the file is empty", mend="fetch it again: it may have been cut off"
        )
    if source is None:
        raise CatalogError(
            what,
            why="it is in no known format",
            mend=f"check the file, or name its format with --format: {_formats()}",
        )
    return Input(path=path, name=name, source=source, sha256=sha256, bytes=size)


def _recognised(path: Path, format_name: str | None, name: str) -> Source | None:
    if format_name:
        return SOURCES[format_name]
    with path.open("rb") as stream:
        return recognise(Head(name=name, data=stream.read(HEAD_SIZE)))


def _formats() -> str:
    return ", ".join(SOURCES)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
