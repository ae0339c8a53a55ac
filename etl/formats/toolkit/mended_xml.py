"""Repair small faults of XML, and leave everything else as it is.

Control characters, references to them and bytes that are no text become U+FFFD; an ampersand or a
less-than sign that begins nothing is escaped; entities of HTML become the characters they name;
space before the beginning goes.
"""

import codecs
import html
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from catalog.domain.late_patterns import late_pattern
from etl.formats.contract import FormatError
from etl.formats.toolkit.encodings import is_utf_16

CHUNK = 1 << 16
BEFORE_XML = b" \t\r\n\xef\xbb\xbf"
"""What stands before the beginning of some documents, and XML does not allow there."""
HELD_BACK = 64
"""Bytes at the end of a chunk that wait for the next one: the longest token is shorter."""

_OWN = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})
"""Names of entities that XML itself defines."""

_BAD = rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]"
_NO_TAG = rb"<(?![A-Za-z_:/!?\x80-\xff])"
_SUSPECT = late_pattern(
    _BAD + rb"|&(?!(?:amp|lt|gt|quot|apos);)|" + _NO_TAG + rb"|<!\[CDATA\[|<!--"
)
_TOKEN = late_pattern(
    rb"(?P<cdata><!\[CDATA\[)|(?P<comment><!--)|(?P<bad>" + _BAD + rb")|(?P<less>" + _NO_TAG + rb")"
    rb"|&(?:#(?:[xX](?P<hex>[0-9a-fA-F]{1,40})|(?P<number>[0-9]{1,40}));"
    rb"|(?P<name>[A-Za-z][A-Za-z0-9]{0,31});)?"
)
_IN_RAW = {
    b"<![CDATA[": late_pattern(rb"(?P<end>\]\]>)|" + _BAD),
    b"<!--": late_pattern(rb"(?P<end>-->)|" + _BAD),
}
"""Beginning of a part that is read as it stands -> its end, or what may not be in it."""
_ENCODING = late_pattern(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]+)[\"']", re.IGNORECASE)
_UNICODE = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}


def mended(stream: BinaryIO) -> tuple[str | None, Iterator[bytes]]:
    r"""Return an XML document in chunks, with small faults repaired, and its encoding now.

    The encoding is None where its own declaration tells it.

    >>> from io import BytesIO
    >>> _, chunks = mended(BytesIO(b"<a>R&D &eacute; &#x1a;\x01 1 < 2 &amp;</a>"))
    >>> b"".join(chunks).decode()
    '<a>R&amp;D &#233; &#xFFFD;&#xFFFD; 1 &lt; 2 &amp;</a>'
    """
    begun = stream.read(CHUNK)
    declared = _ENCODING.search(begun[:400])
    if utf_16 := is_utf_16(begun):
        return "utf-8", _chunks(stream, begun, _to_utf_8(utf_16))
    if declared is None or declared[1].lower() in _UNICODE:
        return "utf-8", _chunks(stream, begun, _to_utf_8("utf-8"))
    return None, _chunks(stream, begun, lambda chunk, _is_last: chunk)


def _chunks(
    stream: BinaryIO, begun: bytes, decode: Callable[[bytes, bool], bytes]
) -> Iterator[bytes]:
    mender = _Mender()
    chunk = begun
    while chunk:
        decoded = decode(chunk, False)
        if found := mender.feed(decoded.lstrip(BEFORE_XML) if chunk is begun else decoded):
            yield found
        try:
            chunk = stream.read(CHUNK)
        except FormatError:  # what stood before a break counts
            yield mender.feed(decode(b"", True), is_last=True)
            raise
    yield mender.feed(decode(b"", True), is_last=True)


def _to_utf_8(encoding: str) -> Callable[[bytes, bool], bytes]:
    """Decode the bytes and encode them as UTF-8, without what is not text."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")

    def recoded(chunk: bytes, is_last: bool) -> bytes:
        return decoder.decode(chunk, is_last).encode("utf-8", "replace")

    return recoded


class _Mender:
    """Repairs chunks, and remembers whether the last one ended within CDATA or a comment."""

    def __init__(self) -> None:
        self.held = b""
        self.raw: bytes | None = None
        """How the part began that is read as it stands; None outside of one."""

    def feed(self, chunk: bytes, *, is_last: bool = False) -> bytes:
        data = self.held + chunk
        end = len(data) if is_last else self._safe_end(data)
        self.held = data[end:]
        data = data[:end]
        if self.raw is None and not _SUSPECT.search(data):
            return data
        return b"".join(self._pieces(data))

    def _safe_end(self, data: bytes) -> int:
        """Return the last offset at which a chunk can be cut without cutting a token."""
        end = max(0, len(data) - HELD_BACK)
        for sign in (b"&", b"<", b"]", b"-"):
            begin = data.rfind(sign, max(0, end - HELD_BACK), end)
            if begin >= 0 and (sign in b"]-" or b";" not in data[begin:end]):
                end = begin
        return end

    def _pieces(self, data: bytes) -> Iterator[bytes]:
        at = 0
        while at < len(data):
            pattern = _IN_RAW[self.raw] if self.raw else _TOKEN
            match = pattern.search(data, at)
            if match is None:
                yield data[at:]
                return
            yield data[at : match.start()]
            yield self._mended(match)
            at = match.end()

    def _mended(self, match: re.Match[bytes]) -> bytes:
        if self.raw is not None:
            if match["end"]:
                self.raw = None
                return match.group()
            return "\ufffd".encode()
        if match["cdata"] or match["comment"]:
            self.raw = match.group()
            return match.group()
        if match["bad"]:
            return b"&#xFFFD;"
        if match["less"]:
            return b"&lt;"
        if match["hex"] or match["number"]:
            return _reference(match)
        return _entity(match["name"])


def _reference(match: re.Match[bytes]) -> bytes:
    number = int(match["hex"], 16) if match["hex"] else int(match["number"])
    is_text = number in {0x9, 0xA, 0xD} or 0x20 <= number <= 0x10FFFF
    if not is_text or 0xD800 <= number <= 0xDFFF or number in {0xFFFE, 0xFFFF}:
        return b"&#xFFFD;"
    return match.group()


def _entity(name: bytes | None) -> bytes:
    """Return the replacement of an ampersand and the name after it."""
    if name is None:
        return b"&amp;"
    if name in _OWN:
        return b"&" + name + b";"
    text = html.unescape(f"&{name.decode()};")
    if text.startswith("&"):
        return b"&amp;" + name + b";"
    return "".join(f"&#{ord(sign)};" for sign in text).encode()
