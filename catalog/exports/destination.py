"""Write files and folders that are whole, or not there at all."""

import gzip
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from typing import BinaryIO, cast

from catalog.domain.errors import CatalogError

SQLITE = b"SQLite format 3\0"
MARKER = "datapackage.json"
"""The file by which a folder is known as an export, which a newer one may replace."""


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing, which takes its name only when the block has ended well.

    A name that ends in .gz is compressed, the same bytes for the same content. A pipe or a device
    is written to directly.

    Raises:
        CatalogError: the name is that of a database, or its folder is missing.
        OSError: the file cannot be written.

    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            yield stream
        return
    _require_parent(path)
    _refuse_database(path)
    _remove_leftovers(path)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as stream:
            with _compressed(stream, path) as written:
                yield written
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _compressed(stream: BinaryIO, path: Path) -> Iterator[BinaryIO]:
    if path.suffix != ".gz":
        yield stream
        return
    with gzip.GzipFile("", "wb", fileobj=stream, mtime=0) as written:
        yield cast("BinaryIO", written)


def _remove_leftovers(path: Path) -> None:
    """Remove what a killed export of the same name left."""
    for leftover in path.parent.glob(f".{escape(path.name)}.*.partial"):
        process = leftover.name.split(".")[-2]
        if process.isdecimal() and not _is_running(int(process)):
            if leftover.is_dir():
                shutil.rmtree(leftover, ignore_errors=True)
            else:
                leftover.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is somebody else's
        return True
    return True


def _require_parent(path: Path) -> None:
    if not path.parent.is_dir():
        raise CatalogError(
            f"cannot write to {path}",
            why=f"there is no folder {path.parent}",
            hint="create the folder first, or name a place in another one",
        )


def _refuse_database(path: Path) -> None:
    if path.is_file():
        with path.open("rb") as stream:
            if stream.read(len(SQLITE)) == SQLITE:
                raise CatalogError(
                    f"cannot write to {path}",
                    why="it is an SQLite database, maybe your catalog",
                    hint="name another file",
                )


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Make a folder that takes its name only when the block has ended well.

    It replaces an empty folder, or one that an earlier export has written.

    Raises:
        CatalogError: there is something else of this name, or its own folder is missing.
        OSError: the folder cannot be written.

    """
    path = path.resolve()
    _require_parent(path)
    _refuse_other(path)
    _remove_leftovers(path)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    former = path.with_name(f".{path.name}.{os.getpid()}.former")
    try:
        partial.mkdir()
        yield partial
        if path.exists():
            path.rename(former)
        try:
            partial.rename(path)
        except OSError:
            if former.exists():
                former.rename(path)
            raise
    finally:
        for leftover in (partial, former):
            shutil.rmtree(leftover, ignore_errors=True)


def _refuse_other(path: Path) -> None:
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        return
    if path.is_dir() and (path / MARKER).is_file():
        return
    raise CatalogError(
        f"cannot write to {path}",
        why="it is a folder with other files" if path.is_dir() else "it is a file, not a folder",
        hint="name a new folder, an empty one, or that of an earlier export",
    )
