"""Find documents on disk or standard input, hash them, recognise their format, open them."""

import datetime as dt
import hashlib
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import BinaryIO

import msgspec
from msgspec import Struct

from catalog.domain.errors import CatalogError
from etl.formats import Format, FormatError, Head
from etl.formats.contract import HEAD_SIZE
from etl.formats.toolkit.compression import LIMITS, Limits, compression_of, decompressed
from etl.formats.toolkit.json_stream import begins_with, goes_on
from etl.plugins import formats, recognise

LONGEST_HEAD = 4 << 20
"""Bytes that are looked at where the first object of a document goes on behind the usual ones."""
STANDARD_INPUT = "-"
SQLITE = b"SQLite format 3\0"
"""What a file of SQLite begins with: none is a document, and a catalog may stand among them."""


class Version(Struct, frozen=True):
    """The size and times by which a changed or replaced file is noticed."""

    inode: int
    bytes: int
    changed: int
    """The time of its last change, in nanoseconds."""

    @classmethod
    def of(cls, found: os.stat_result) -> "Version":
        """Read the version from a result of `stat`."""
        return cls(found.st_ino, found.st_size, found.st_mtime_ns)


class Input(Struct, frozen=True, kw_only=True):
    """A document that can be loaded."""

    path: Path
    """Where its bytes are; for standard input a temporary file."""
    name: str
    """Name in the catalog: absolute path, or sha256: and the digest for standard input."""
    format: Format
    sha256: str
    bytes: int
    received_at: dt.datetime | None = None
    """When a publisher sent it, UTC; None for a file, which is observed when it is read."""
    version: Version | None = None
    """Of the file when its sha256 was taken; None for one that nobody else knows of."""

    @contextmanager
    def open(self, limits: Limits = LIMITS) -> Iterator["Opened"]:
        """Open the document, decompressed.

        Raises:
            FormatError: the file is another one than its sha256 was taken of.

        """
        with self.path.open("rb") as stream:
            opened = Opened(self, stream, decompressed(stream, limits))
            opened.require_unchanged()
            yield opened


class Opened:
    """A document that is being read."""

    def __init__(self, document: Input, stream: BinaryIO, content: BinaryIO) -> None:
        self._document = document
        self._stream = stream
        self.content = content
        """Its bytes, decompressed."""

    def share(self) -> float:
        """Return the share that has been read, 0 to 1."""
        return min(self._stream.tell() / max(self._document.bytes, 1), 1)

    def require_unchanged(self) -> None:
        """Check that the file is still the one whose sha256 was computed."""
        before = self._document.version
        if before is not None and Version.of(os.fstat(self._stream.fileno())) != before:
            raise FormatError(
                "it changed while it was read",
                hint="load it again, once whatever writes it has done",
            )


UNKNOWN = "its format is not known"
"""Why most files inside a folder are skipped."""


class UnknownFormatError(CatalogError):
    """A document that no format recognises."""


class Found(Struct, kw_only=True):
    """The documents that the arguments of a load name."""

    inputs: list[Input]
    skipped: dict[Path, str]
    """What stands inside folders and is no document, and why."""
    unreadable: dict[Path, str]
    """Files inside folders that cannot be read, and why; folders with nothing to load."""


def find_inputs(
    arguments: Iterable[str], *, format_name: str | None, name: str | None, spool: Path
) -> Found:
    """Find and check every file that the arguments name, before anything is written.

    A folder stands for the files in it and below, in the order of their names; hidden ones are
    passed over, those of no known format are listed. Standard input is kept in the folder `spool`.

    Raises:
        CatalogError: a file is missing, unreadable, empty, or in no known format; the folders hold
            no file that can be read.

    """
    found = Found(inputs=[], skipped={}, unreadable={})
    empty: list[CatalogError] = []
    for argument in dict.fromkeys(arguments):
        if argument == STANDARD_INPUT:
            found.inputs.append(_standard_input(format_name, name, spool))
            continue
        path = Path(argument)
        _refuse_address(argument)
        if path.is_dir():
            before = len(found.inputs)
            _folder(path, format_name, found)
            if len(found.inputs) == before:
                empty.append(_nothing_in(path, found))
                found.unreadable.setdefault(path, empty[-1].why)
        else:
            found.inputs.append(input_of(path, name, format_name))
    if empty and not found.inputs:
        raise empty[0]
    return found


def _nothing_in(folder: Path, found: Found) -> CatalogError:
    why = "the folder holds no file in a known format"
    for path, reason in found.unreadable.items():
        if path.is_relative_to(folder):
            why += f"; {path.relative_to(folder)}: {reason}"
            break
    return CatalogError(
        f"cannot load {folder}",
        why=why,
        hint=f"name the files, or one of the formats with --format: {_formats()}",
    )


def _folder(folder: Path, format_name: str | None, found: Found) -> None:
    for path in sorted(folder.rglob("*")):
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        try:
            if is_of_a_database(path):
                continue
            if path.is_file():
                found.inputs.append(input_of(path, None, format_name))
            elif why := _no_document(path):
                found.skipped[path] = why
        except OSError as error:
            found.unreadable[path] = error.strerror or str(error)
        except UnknownFormatError:
            found.skipped[path] = UNKNOWN
        except CatalogError as error:  # empty, broken off, a damaged archive
            found.unreadable[path] = error.why


def is_of_a_database(path: Path) -> bool:
    """Return true for a catalog, and for a lock or log beside one.

    Raises:
        OSError: it cannot be read.

    """
    return _is_database(path) or any(map(_is_database, _served(path)))


def _is_database(path: Path) -> bool:
    """Return true for a catalog, or any other file of SQLite."""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(len(SQLITE)) == SQLITE


def _served(path: Path) -> Iterator[Path]:
    """Yield the databases that a file may stand beside, as a lock or log."""
    if path.name.endswith(("-wal", "-shm", "-journal")):
        yield path.with_name(path.name.rpartition("-")[0])
    if path.suffix == ".lock" or path.name.endswith(".lock.json"):
        lock = path.name.removesuffix(".json").removesuffix(".lock")
        yield from (path.with_name(name) for name in (lock, lock.rpartition(".")[0]) if name)


def _no_document(path: Path) -> str | None:
    """Say what something is that is no file; None for a folder, whose files come by themselves.

    Raises:
        OSError: it may not be read, or is a link to nothing.

    """
    if not path.is_dir():
        path.stat()
        return "it is neither a file nor a folder"
    if path.is_symlink():
        return "it is a link to a folder: name that folder to load it"
    next(path.iterdir(), None)  # rglob passes over a folder that it may not read
    return None


def document_name(path: Path) -> str:
    """Return the path as a document's name; bytes that are not UTF-8 are written as \\xNN."""
    return os.fsencode(path.resolve()).decode("utf-8", "backslashreplace")


def _refuse_address(argument: str) -> None:
    if argument.lower().startswith(("http://", "https://")) and not Path(argument).exists():
        raise CatalogError(
            f"cannot load {argument}",
            why="it is an address, and load reads files",
            hint=f"add a single paper with: catalog add {quote(argument)}; or download the file "
            "and load that",
        )


def _standard_input(format_name: str | None, name: str | None, spool: Path) -> Input:
    what = "cannot load standard input"
    if sys.stdin is None or sys.stdin.isatty():
        raise CatalogError(
            what,
            why="it is closed" if sys.stdin is None else "it is a terminal",
            hint="give a file, or send one: catalog load - < FILE",
        )
    try:
        with tempfile.NamedTemporaryFile(dir=spool, delete=False) as copy:
            # What is no document at all may have no end: the beginning decides first.
            head, known = _begun(sys.stdin.buffer, name or STANDARD_INPUT)
            if head and not (format_name or known or compression_of(head)):
                raise _unknown(what, head)
            copy.write(head)
            shutil.copyfileobj(sys.stdin.buffer, copy)
    except OSError as error:
        raise CatalogError(
            what, why=error.strerror or str(error), hint=f"make room in {spool.parent}"
        ) from error
    return input_of(Path(copy.name), name, format_name, shown="standard input")


def input_of(
    path: Path, name: str | None, format_name: str | None, *, shown: str | None = None
) -> Input:
    """Make a document of one file; messages call it `shown` instead of its path.

    Raises:
        UnknownFormatError: it is in no known format.
        CatalogError: it is missing, unreadable, empty, or breaks off in its beginning.

    """
    what = f"cannot load {shown or path}"
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise CatalogError(
                what, why="it is no regular file", hint=f"send it: catalog load - < {path}"
            )
        if found.st_size == 0:
            raise CatalogError(
                what, why="the file is empty", hint="fetch it again: it may have been cut off"
            )
        known = formats()[format_name] if format_name else None
        if known is None:
            with path.open("rb") as stream:
                head, known = _begun(decompressed(stream), name or path.name)
            if known is None:
                raise _unknown(what, head)
        sha256 = _sha256(path)
        name = name or (f"sha256:{sha256}" if shown else document_name(path))
    except FileNotFoundError as error:
        raise CatalogError(
            what, why="there is no such file", hint="check the path; - is standard input"
        ) from error
    except OSError as error:
        raise CatalogError(
            what, why=error.strerror or str(error), hint="check the file and its permissions"
        ) from error
    except FormatError as error:
        raise CatalogError(what, why=error.why, hint=error.hint) from error
    return Input(
        path=path,
        name=name,
        format=known,
        sha256=sha256,
        bytes=found.st_size,
        version=Version.of(found),
    )


def _unknown(what: str, head: bytes) -> CatalogError:
    """Make the error for a document that no format recognises by its beginning."""
    if _breaks_off(head):
        return CatalogError(
            what,
            why="its JSON breaks off before its format can be told",
            hint="fetch it again: it may have been cut off",
        )
    if head.strip() == b"[]":
        return UnknownFormatError(
            what,
            why="it is an empty list of JSON: there is nothing to load",
            hint="load a file with papers; to keep this one as a document, name its format with "
            "--format, e.g. --format pwc-links",
        )
    return UnknownFormatError(
        what,
        why="it is in no known format",
        hint=f"check the file, or name its format with --format: {_formats()}; say what the "
        "columns of a CSV or TSV hold with --map, e.g. --map title=NAME; turn anything else into "
        "JSON lines, as docs/plugins.md shows",
    )


def _breaks_off(head: bytes) -> bool:
    """Return true if the text is the truncated beginning of a JSON value."""
    if len(head) >= HEAD_SIZE or not (begins_with(head, b"{") or begins_with(head, b"[")):
        return False
    try:
        msgspec.json.decode(head.removeprefix(b"\xef\xbb\xbf"), type=msgspec.Raw)
    except msgspec.DecodeError as error:
        return "truncated" in str(error)
    except RecursionError:
        return False
    return False


def _begun(stream: BinaryIO, name: str) -> tuple[bytes, Format | None]:
    """Read as much of a document as its format needs to be recognised; return both."""
    head = stream.read(HEAD_SIZE)
    known = recognise(Head(name=name, data=head))
    if known is None and len(head) == HEAD_SIZE and goes_on(head):
        head += stream.read(LONGEST_HEAD - HEAD_SIZE)
        known = recognise(Head(name=name, data=head))
    return head, known


def _formats() -> str:
    return ", ".join(formats())


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
