"""Know the items of a document again by their bytes, before they are decoded."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from importlib import resources
from sys import version_info

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select

from catalog.models import table
from etl.formats.contract import Format

CODE = ("etl.formats", "catalog.domain")
"""Packages whose code makes records of a document's bytes."""

FETCHED = 10_000
"""Rows that a server sends at a time."""


class Held(Struct, frozen=True):
    """A record that a document has supplied."""

    id: int
    """In paper_sources."""
    position: int
    item: int | None
    """Hash of the item that said it and nothing else; None where none did."""


class KnownItems:
    """The records of a document by the hash of their item, in 20 bytes each."""

    def __init__(self, rows: Iterable[tuple[int, int, int]] = ()) -> None:
        """Take hash, key in paper_sources and position of each, in the order of the hashes."""
        self._items, self._ids, self._positions = array("q"), array("q"), array("i")
        for item, number, position in rows:
            self._items.append(item)
            self._ids.append(number)
            self._positions.append(position)

    def __contains__(self, item: object) -> bool:
        return isinstance(item, int) and self._place(item) is not None

    def held(self, item: int) -> Held:
        """Return the record of an item.

        Raises:
            KeyError: the item is not known.

        """
        place = self._place(item)
        if place is None:
            raise KeyError(item)
        return Held(self._ids[place], self._positions[place], item)

    def _place(self, item: int) -> int | None:
        place = bisect_left(self._items, item)
        return place if place < len(self._items) and self._items[place] == item else None


class Marked:
    """A set of keys of rows, in a bit for each up to the highest."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def mark(self, number: int) -> bool:
        """Add a key; return whether it is new."""
        place, bit = number >> 3, 1 << (number & 7)
        if place >= len(self._bits):
            self._bits.extend(bytes(place + 1 - len(self._bits)))
        if self._bits[place] & bit:
            return False
        self._bits[place] |= bit
        return True

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int) or number >> 3 >= len(self._bits):
            return False
        return bool(self._bits[number >> 3] & 1 << (number & 7))


def known_items(connection: Connection, document_id: int, version: str) -> KnownItems:
    """Return the items that this version of the parsers read in the document to be replaced.

    None of one whose records go to its copy, which keeps them.
    """
    document, source = table("documents"), table("paper_sources")
    copies = select(document.c.id).where(document.c.copy_of_id == document_id)
    read = select(document.c.parser_version).where(document.c.id == document_id)
    if connection.scalar(read) != version or connection.scalar(copies) is not None:
        return KnownItems()
    rows = connection.execute(
        select(source.c.item_hash, source.c.id, source.c.position)
        .where(source.c.document_id == document_id, source.c.item_hash.is_not(None))
        .order_by(source.c.item_hash)
        .execution_options(yield_per=FETCHED)
    )
    return KnownItems((item, number, position) for item, number, position in rows)


def parser_version(known: Format) -> str | None:
    """Return the version of a format's parser: its name, and a digest of all code that reads.

    None for a plugin's, whose code is elsewhere: what it read is read again each time.
    """
    if not known.parse.__module__.startswith("etl.formats."):
        return None
    return f"{known.name} {_digest_of_code()}"


@cache
def _digest_of_code() -> str:
    digest = blake2b(f"{version_info} {msgspec.__version__}".encode(), digest_size=8)
    for package in CODE:
        folder = resources.files(package)
        for part in (folder, folder / "toolkit"):
            files = part.iterdir() if part.is_dir() else ()
            for file in sorted(files, key=lambda one: one.name):
                if file.name.endswith(".py"):
                    digest.update(file.read_bytes())
    return digest.hexdigest()
