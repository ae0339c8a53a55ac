"""Bytes to text: UTF-8 or a clear refusal, whatever the line ends."""

from collections.abc import Iterator
from typing import BinaryIO

from etl.formats.contract import FormatError

LONGEST_RAW = 2_000
"""Characters of a piece of input that a problem keeps."""

LONGEST_LINE = 4_000_000
"""Bytes in a line of text; what is longer is no line that people or programs print."""


def lines(stream: BinaryIO, *, longest: int = LONGEST_LINE) -> Iterator[str]:
    """Yield the lines of a text without their ends; a byte-order mark is dropped.

    Raises:
        FormatError: a line is no UTF-8, holds a NUL, or is longer than `longest` bytes.

    """
    number = 0
    while raw := stream.readline(longest + 1):
        number += 1
        if len(raw) > longest:
            raise FormatError(
                f"line {number} is longer than {longest:,} bytes",
                hint="check that this is the file you meant",
            )
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if b"\0" in raw:
            raise FormatError(
                f"line {number} holds a NUL byte, which no text does",
                hint="check that the file is whole and not in UTF-16 or binary; save it as UTF-8",
            )
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise FormatError(
                f"line {number} is not UTF-8: byte 0x{raw[error.start]:02x} at column "
                f"{error.start + 1}",
                hint="convert the file first, e.g. iconv -f latin1 -t utf-8 FILE",
            ) from error
        # A lone carriage return ends a line too, as on old systems.
        yield from text.removesuffix("\n").removesuffix("\r").split("\r")


def folded(text: str) -> str:
    r"""The text with every run of white space as one space.

    >>> folded("Algorithms\n  Through  the Ages ")
    'Algorithms Through the Ages'
    """
    return " ".join(text.split())


def kept(text: str | None) -> str | None:
    r"""The text as supplied without space around it; None where nothing is left.

    NUL becomes U+FFFD, since no database keeps it.

    >>> kept("  Two lines\nof text.\n")
    'Two lines\nof text.'
    """
    return (text or "").strip().replace("\0", "\ufffd") or None


def title(text: str | None) -> str | None:
    """A title with its white space folded; None where nothing is left."""
    return kept(folded(text or ""))


def excerpt(raw: bytes | str, longest: int = LONGEST_RAW) -> str:
    """The beginning of a piece of input, short enough to keep beside a problem."""
    text = raw if isinstance(raw, str) else raw[: 4 * longest].decode("utf-8", "replace")
    text = text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    return text if len(text) <= longest else text[: longest - 1] + "…"
