"""Streams made of chunks, which can be looked at first, or are made one by one."""

import io
from collections.abc import Callable
from typing import BinaryIO, cast

from etl.formats.contract import FormatError

CHUNK = 1 << 17


class Pulled(io.BufferedIOBase):
    """A stream over a function that returns the next chunk, b"" at the end.

    Where the function raises FormatError, everything before is given out first, so that whole
    lines and items before a break are not lost; `io.BufferedReader` would lose up to a buffer.
    """

    def __init__(self, pull: Callable[[], bytes], begun: bytes = b"") -> None:
        super().__init__()
        self._pull = pull
        self._held = begun
        self._at = 0
        self._error: FormatError | None = None

    def readable(self) -> bool:
        """Return true."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """Read a number of bytes; fewer only at the end or before an error."""
        if size is None or size < 0:
            size = 1 << 62
        pieces = [self._held[self._at : self._at + size]]
        self._at += len(pieces[0])
        missing = size - len(pieces[0])
        while missing > 0 and (piece := self._next()):
            pieces.append(piece[:missing])
            self._at = len(pieces[-1])
            missing -= self._at
        return self._given(b"".join(pieces), asked=size > 0)

    read1 = read

    def readline(self, size: int | None = -1, /) -> bytes:
        """Read a line with its end, or `size` bytes of it; none that an error cuts off."""
        if size is None or size < 0:
            size = 1 << 62
        pieces: list[bytes] = []
        while size > 0:
            end = self._held.find(b"\n", self._at, self._at + size) + 1
            piece = self._held[self._at : end or self._at + size]
            self._at += len(piece)
            size -= len(piece)
            pieces.append(piece)
            if end or size <= 0 or not self._next():
                break
        cut = self._error is not None and self._at >= len(self._held) and not end
        return self._given(b"" if cut and size > 0 else b"".join(pieces), asked=True)

    def _next(self) -> bytes:
        """Take the next chunk if the last one is used up; return b"" if there is none."""
        self._held, self._at = b"", 0
        if self._error is None:
            try:
                self._held = self._pull()
            except FormatError as error:
                self._error = error
        return self._held

    def _given(self, data: bytes, *, asked: bool) -> bytes:
        if asked and not data and self._error:
            raise self._error
        return data


def peeked(stream: BinaryIO, size: int) -> tuple[bytes, BinaryIO]:
    """Return the first `size` bytes, and the stream with them."""
    begun = bytearray()
    while len(begun) < size and (chunk := stream.read(size - len(begun))):
        begun += chunk
    data = bytes(begun)
    return data, cast("BinaryIO", Pulled(lambda: stream.read(CHUNK), data))
