"""Decode bytes to text, or refuse them clearly, whatever the line ends."""

import codecs
import logging
from collections.abc import Iterator
from typing import BinaryIO, cast

from etl.formats.contract import FormatError
from etl.formats.toolkit.encodings import LOOKED_AT, is_utf_16
from etl.formats.toolkit.replayed_stream import CHUNK, Pulled, peeked

log = logging.getLogger(__name__)

LONGEST_RAW = 2_000
"""Characters of a piece of input that a problem keeps."""

LONGEST_LINE = 4_000_000
"""Bytes in a line of text; what is longer is no line that people or programs print."""


def lines(stream: BinaryIO, *, longest: int = LONGEST_LINE) -> Iterator[str]:
    """Yield the lines of a text without their ends and without a byte-order mark.

    Text is UTF-8, else UTF-16, else, where nothing in it is UTF-8 beyond ASCII, the one byte a
    letter of Windows and Latin-1.

    Raises:
        FormatError: a line is damaged UTF-8, holds a NUL, or is longer than `longest` bytes.

    """
    begun, stream = peeked(stream, LOOKED_AT)
    if encoding := is_utf_16(begun):
        stream = _reencoded(stream, encoding)
    number, is_utf_8, is_latin = 0, False, False
    while raw := stream.readline(longest + 1):
        number += 1
        if len(raw) > longest:
            raise FormatError(
                f"line {number} is longer than {longest:,} bytes",
                hint="check that this is the file you meant",
            )
        if number == 1:
            is_utf_8 = raw.startswith(b"\xef\xbb\xbf")
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if b"\0" in raw:
            raise FormatError(
                f"line {number} holds a NUL byte, which no text does",
                hint="check that the file is whole and not in UTF-16 or binary; save it as UTF-8",
            )
        try:
            text = raw.decode("cp1252" if is_latin else "utf-8")
            is_utf_8 = is_utf_8 or not (is_latin or text.isascii())
        except UnicodeDecodeError as error:
            if is_utf_8 or is_latin:
                raise _no_utf_8(raw, error.start, number) from error
            text, is_latin = _as_latin(raw, error.start, number), True
        # A lone carriage return ends a line too, as on old systems.
        yield from text.removesuffix("\n").removesuffix("\r").split("\r")


def _as_latin(raw: bytes, start: int, number: int) -> str:
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError as error:
        raise _no_utf_8(raw, start, number) from error
    log.info("line %d is not UTF-8; read as Windows-1252 from there", number)
    return text


def _no_utf_8(raw: bytes, start: int, number: int) -> FormatError:
    return FormatError(
        f"line {number} is not UTF-8: byte 0x{raw[start]:02x} at column {start + 1}",
        hint="convert the file first, e.g. iconv -f latin1 -t utf-8 FILE",
    )


def _reencoded(stream: BinaryIO, encoding: str) -> BinaryIO:
    """Convert a text from UTF-16 to UTF-8; broken characters become U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")

    def more() -> bytes:
        while chunk := stream.read(CHUNK):
            if text := decoder.decode(chunk):
                return text.encode("utf-8", "replace")
        return decoder.decode(b"", final=True).encode("utf-8", "replace")

    return cast("BinaryIO", Pulled(more))


def folded(text: str) -> str:
    r"""Replace every run of white space by one space.

    >>> folded("Algorithms\n  Through  the Ages ")
    'Algorithms Through the Ages'
    """
    return " ".join(text.split())


def kept(text: str | None) -> str | None:
    r"""Strip the text as supplied; return None if nothing is left.

    NUL becomes U+FFFD, since no database keeps it.

    >>> kept("  Two lines\nof text.\n")
    'Two lines\nof text.'
    """
    return (text or "").strip().replace("\0", "\ufffd") or None


def title(text: str | None) -> str | None:
    """Fold the white space of a title; return None if nothing is left."""
    return kept(folded(text or ""))


def excerpt(raw: bytes | str, longest: int = LONGEST_RAW) -> str:
    """Cut the beginning of a record, short enough to store beside a problem."""
    text = raw if isinstance(raw, str) else raw[: 4 * longest].decode("utf-8", "replace")
    text = text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    return text if len(text) <= longest else text[: longest - 1] + "…"
