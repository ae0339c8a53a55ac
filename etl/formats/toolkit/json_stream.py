"""Read JSON items from a stream, an array or lines, in the memory of one item."""

import re
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from typing import BinaryIO

from msgspec import Struct

from catalog.domain.late_patterns import late_pattern
from etl.formats.contract import LONGEST, FormatError, Head
from etl.formats.toolkit.decoding import excerpt
from etl.formats.toolkit.replayed_stream import peeked

CHUNK = 1 << 16
WHOLE = "check that the file is whole, e.g. fetch it again"

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_BRACKET = late_pattern(rb'[^"\[\]{}]*+(?:' + _STRING + rb'[^"\[\]{}]*+)*+([\[\]{}])', re.DOTALL)
"""Up to the next bracket outside strings; possessive, so that time is linear."""
_SCALAR = late_pattern(_STRING + rb"|[^\s,\[\]{}\"]++(?=[\s,\]])", re.DOTALL)
_BETWEEN = late_pattern(rb"[\s,]*+")
_KEY = late_pattern(
    rb"(" + _STRING + rb')(\s*+:)?|([\[\]{}])|"[^"\\]*+(?:\\.[^"\\]*+)*+\\?', re.DOTALL
)
"""The last part is a string that is cut off: scanned once, not from each of its quotes."""


class Item(Struct, frozen=True):
    """One value of a document, still in JSON."""

    where: str
    raw: bytes
    refused: str = ""
    """Why it cannot be read at all; `raw` then holds only its beginning."""


class Shape(Struct, frozen=True):
    """The shape that a JSON document begins with."""

    is_array: bool
    keys: frozenset[str]
    """Keys of the first object, as far as the beginning shows them."""
    is_cut: bool
    """Whether the first object goes on behind the beginning."""


def begins_with(data: bytes, sign: bytes) -> bool:
    """Return true if a text begins with `sign`, after any white space."""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(sign)


def json_shape(head: Head) -> Shape | None:
    """Return the shape of a document that begins like an array of objects or an object, or None."""
    return _shape(head.data)


def goes_on(begun: bytes) -> bool:
    """Return true if a document begins with a JSON object that does not end in its beginning."""
    shape = _shape(begun)
    return shape is not None and shape.is_cut


@lru_cache(maxsize=4)
def _shape(data: bytes) -> Shape | None:
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    is_array = data.startswith(b"[")
    data = data[1:].lstrip() if is_array else data
    if not data.startswith(b"{"):
        return None
    keys, depth = set(), 0
    for match in _KEY.finditer(data):
        text, colon, bracket = match.groups()
        if bracket:
            depth += 1 if bracket in b"{[" else -1
            if not depth:
                break
        elif colon and depth == 1:
            keys.add(text[1:-1].decode("utf-8", "replace"))
    return Shape(is_array, frozenset(keys), depth > 0)


def line_items(stream: BinaryIO, *, longest: int = LONGEST) -> Iterator[Item]:
    """Yield the lines that are not empty; of a line longer than `longest` bytes, its beginning."""
    number = 0
    while raw := stream.readline(longest + 1):
        number += 1
        where = f"line {number}"
        if len(raw) > longest and not raw.endswith(b"\n"):
            _skip_line(stream)
            yield Item(where, excerpt(raw).encode(), f"it is longer than {longest:,} bytes")
        elif raw := (raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw).strip():
            yield Item(where, raw)


def _skip_line(stream: BinaryIO) -> None:
    while (rest := stream.readline(CHUNK)) and not rest.endswith(b"\n"):
        pass


def array_items(stream: BinaryIO, *, longest: int = LONGEST, inside: int = 0) -> Iterator[Item]:
    """Yield the items of an array one after the other; `inside` so many objects begun before it.

    Raises:
        FormatError: it is no array, it is cut off, something else than an item stands in it or
            behind it, or an item is longer than `longest` bytes. Items before that place were
            yielded.

    """
    buffer = _Buffer(stream, longest)
    buffer.skip(rb"\s*+(?:\xef\xbb\xbf)?\s*+")
    if buffer.next_byte() != b"[":
        raise FormatError("it does not begin with [ as a JSON array does", hint=WHOLE)
    buffer.advance(1)
    number = 1
    while buffer.next_byte(after=_BETWEEN, where=f"front of item {number}") != b"]":
        yield Item(f"item {number}", buffer.value(f"item {number}"))
        number += 1
    buffer.advance(1)
    for _ in range(inside):
        buffer.leave("the object around the array")
    buffer.require_end()


def value_items(stream: BinaryIO, *, longest: int = LONGEST) -> Iterator[Item]:
    """Yield the values of a document that holds one after the other, on any number of lines.

    Raises:
        FormatError: one is cut off, is no array or object, or is longer than `longest` bytes.

    """
    buffer = _Buffer(stream, longest)
    buffer.skip(rb"\s*+(?:\xef\xbb\xbf)?\s*+")
    number = 1
    while (begins := buffer.begin()) in {b"{", b"["}:
        yield Item(f"value {number}", buffer.value(f"value {number}"))
        number += 1
    if begins:
        raise FormatError(f"value {number} begins with neither {{ nor [", hint=WHOLE)


def json_items(stream: BinaryIO, *, longest: int = LONGEST) -> Iterator[Item]:
    """Yield the items of an array, or the lines of JSON lines.

    Raises:
        FormatError: as `array_items`.

    """
    begun, stream = peeked(stream, 1 << 12)
    read = array_items if begins_with(begun, b"[") else line_items
    yield from read(stream, longest=longest)


class _Buffer:
    """A window on a stream that holds at least one item."""

    def __init__(self, stream: BinaryIO, longest: int) -> None:
        self.stream = stream
        self.longest = longest
        self.held = b""
        self.at = 0

    def more(self, where: str) -> None:
        """Read as much again as is held, so that repeated scanning stays linear."""
        rest = self.held[self.at :]
        if len(rest) > self.longest:
            raise FormatError(f"{where} is longer than {self.longest:,} bytes", hint=WHOLE)
        new = self.stream.read(max(CHUNK, len(rest)))
        if not new:
            raise FormatError(f"the array is cut off in {where}", hint=WHOLE)
        self.held, self.at = rest + new, 0

    def skip(self, pattern: bytes) -> None:
        """Skip a short beginning."""
        self.held = self.stream.read(CHUNK)
        match = re.match(pattern, self.held)
        self.at = match.end() if match else 0

    def begin(self) -> bytes:
        """Return the first byte of the next value; b"" at the end."""
        while not (rest := self.held[self.at :].lstrip()):
            self.held, self.at = self.stream.read(CHUNK), 0
            if not self.held:
                return b""
        self.held, self.at = rest, 0
        return rest[:1]

    def require_end(self) -> None:
        """Check that nothing follows.

        Raises:
            FormatError: something does, as where two files were joined.

        """
        if self.begin():
            raise FormatError(
                "more data follows the end of the array, as where two files were joined",
                hint="load the files one by one",
            )

    def advance(self, count: int) -> None:
        self.at += count

    def next_byte(
        self, *, after: re.Pattern[bytes] | None = None, where: str = "its first byte"
    ) -> bytes:
        """Return the next byte after what `after` matches."""
        while True:
            if after and (match := after.match(self.held, self.at)):
                self.at = match.end()
            if self.at < len(self.held):
                return self.held[self.at : self.at + 1]
            self.more(where)

    def value(self, where: str) -> bytes:
        """Return the value that begins here."""
        if self.held[self.at : self.at + 1] not in b"{[":
            return self._scalar(where)
        return self._to_end(where, depth=0)

    def leave(self, where: str) -> None:
        """Go behind the end of the object that stands around."""
        self._to_end(where, depth=1)

    def _to_end(self, where: str, *, depth: int) -> bytes:
        """Return what stands up to the end of so many brackets, or of the value that begins."""
        end = self.at
        while True:
            match = _BRACKET.match(self.held, end)
            if match is None:
                scanned = end - self.at
                self.more(where)
                end = self.at + scanned
                continue
            end = match.end()
            depth += 1 if match[1] in b"{[" else -1
            if not depth:
                return self._taken(end)

    def _scalar(self, where: str) -> bytes:
        while (match := _SCALAR.match(self.held, self.at)) is None:
            if self.held[self.at : self.at + 1] in b"}:":
                raise FormatError(f"{where} begins with a stray bracket", hint=WHOLE)
            self.more(where)
        return self._taken(match.end())

    def _taken(self, end: int) -> bytes:
        raw = self.held[self.at : end]
        self.at = end
        return raw


def whole(stream: BinaryIO, *, longest: int = LONGEST) -> bytes:
    """Read all of a small document.

    Raises:
        FormatError: it is longer than `longest` bytes.

    """
    held = BytesIO()
    while chunk := stream.read(CHUNK):
        held.write(chunk)
        if held.tell() > longest:
            raise FormatError(
                f"it is one value of more than {longest:,} bytes",
                hint="split it, or give it as JSON lines",
            )
    return held.getvalue().removeprefix(b"\xef\xbb\xbf")
