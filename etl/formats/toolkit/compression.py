"""Decompress gzip and Zstandard documents, recognised by their first bytes, within limits."""

import sys
import zlib
from typing import BinaryIO, Protocol, cast

from msgspec import Struct

from etl.formats.contract import FormatError
from etl.formats.toolkit.replayed_stream import Pulled

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

GZIP = b"\x1f\x8b"
ZSTANDARD = b"\x28\xb5\x2f\xfd"
PIECE = 1 << 17
WHOLE = "check that the file is whole, e.g. fetch it again"


class Limits(Struct, frozen=True, kw_only=True):
    """Limits on the decompressed size, against compression bombs."""

    total: int = 64 << 30
    """Bytes decompressed; the largest dump here, arXiv's snapshot, has 5 GB."""
    ratio: int = 200
    """Bytes out for one in; papers in JSON have 3 to 10, gzip ends at 1,030."""
    free: int = 64 << 20
    """Bytes out before the ratio counts: a short file of one repeated line is no bomb."""


LIMITS = Limits()


class Decoder(Protocol):
    """A decompressor of one compressed member, like those of Python since 3.5."""

    @property
    def eof(self) -> bool:
        """Whether the member has ended."""
        ...

    @property
    def needs_input(self) -> bool:
        """Whether nothing comes out without more bytes."""
        ...

    @property
    def unused_data(self) -> bytes:
        """The bytes after the member."""
        ...

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Return the next bytes, `max_length` at most."""
        ...


def compression_of(begun: bytes) -> str | None:
    """Return the name of the compression that a document begins with, or None.

    >>> compression_of(b"\\x1f\\x8b\\x08"), compression_of(b"[{")
    ('gzip', None)
    """
    if begun.startswith(GZIP):
        return "gzip"
    return "Zstandard" if begun.startswith(ZSTANDARD) else None


def decompressed(stream: BinaryIO, limits: Limits = LIMITS) -> BinaryIO:
    """Return a stream of the document's bytes, decompressed if needed.

    Reading raises FormatError where the compressed bytes are damaged, cut off, or yield more than
    `limits` allow; everything before that place is given out first. `stream` has to be seekable
    and stands at its beginning.
    """
    name = compression_of(stream.read(4))
    stream.seek(0)
    if name is None:
        return stream
    return cast("BinaryIO", Pulled(_Decompression(stream, name, limits).piece))


class _Decompression:
    """The decompression of one document, member after member, with the size so far."""

    def __init__(self, stream: BinaryIO, name: str, limits: Limits) -> None:
        self.stream = stream
        self.name = name
        self.limits = limits
        self.decoder = self._new()
        self.held = b""
        self.read = self.given = 0

    def _new(self) -> Decoder:
        return _Gzip() if self.name == "gzip" else cast("Decoder", zstd.ZstdDecompressor())

    def piece(self) -> bytes:
        """Return the next decompressed bytes; b"" at the end.

        Raises:
            FormatError: the compressed bytes are damaged or cut off, or a limit is reached.

        """
        while not self.decoder.eof or self._another():
            if self.decoder.needs_input and not self.held and not self._fetch():
                raise FormatError(
                    f"its {self.name} data is cut off after {self.read:,} bytes "
                    f"({self.given:,} decompressed)",
                    hint=WHOLE,
                )
            if piece := self._decoded():
                self.given += len(piece)
                self._check()
                return piece
        return b""

    def _decoded(self) -> bytes:
        data, self.held = self.held, b""
        try:
            return self.decoder.decompress(data, PIECE)
        except (zlib.error, zstd.ZstdError) as error:
            raise FormatError(
                f"its {self.name} data is damaged near byte {self.read:,}: {error}", hint=WHOLE
            ) from error

    def _fetch(self) -> bool:
        self.held = self.stream.read(1 << 16)
        self.read += len(self.held)
        return bool(self.held)

    def _another(self) -> bool:
        """Start the member after the one that ended; return false if there is none."""
        self.held = self.decoder.unused_data
        while not (rest := self.held.lstrip(b"\0") if self.name == "gzip" else self.held):
            if not self._fetch():
                return False
        if len(rest) < 4:
            rest += self.stream.read(4)
        if compression_of(rest) != self.name:
            raise FormatError(
                f"something else follows its {self.name} data near byte {self.read:,}", hint=WHOLE
            )
        self.held, self.decoder = rest, self._new()
        return True

    def _check(self) -> None:
        if self.given > self.limits.total:
            raise FormatError(
                f"it decompresses to more than {self.limits.total:,} bytes",
                hint="if you trust it, decompress it yourself and load the result",
            )
        if self.given > self.limits.free and self.given > self.read * self.limits.ratio:
            raise FormatError(
                f"it decompresses to more than {self.limits.ratio} times its size, as bombs do",
                hint="if you trust it, decompress it yourself and load the result",
            )


class _Gzip:
    """A gzip member with the interface of the other decompressors."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        """Whether the member has ended and its checksum was right."""
        return self._member.eof

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes out without more bytes."""
        return not self._member.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        """The bytes after the member."""
        return self._member.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Return the next bytes, `max_length` at most."""
        return self._member.decompress(self._member.unconsumed_tail + data, max_length)
