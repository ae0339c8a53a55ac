"""Decode the text of a mail as it is kept in an .eml file: quoted-printable, base64, in parts."""

import re
from io import BytesIO
from typing import BinaryIO

from catalog.domain.late_patterns import late_pattern
from etl.formats.contract import LONGEST, FormatError
from etl.formats.toolkit.json_stream import whole
from etl.formats.toolkit.replayed_stream import peeked

LOOKED_AT = 16_384
"""Bytes in which the head of a mail shows that its text is encoded."""
_HEAD = late_pattern(
    rb"(?:From |[A-Za-z][\w-]*:)[^\n]*\n(?:[A-Za-z][\w-]*:[^\n]*\n|[ \t]+[^\n]*\n){2,}"
)
_ENCODED = late_pattern(
    rb"^content-transfer-encoding:\s*(?:quoted-printable|base64)|^content-type:\s*multipart/",
    re.IGNORECASE | re.MULTILINE,
)


def is_encoded(begun: bytes) -> bool:
    """Return true if a document begins with the head of a mail whose text is encoded.

    >>> is_encoded(b"From: a\\nTo: b\\nSubject: c\\nContent-Transfer-Encoding: base64\\n\\nQQ==")
    True
    >>> is_encoded(b"From: a\\nTo: b\\nSubject: c\\n\\nText")
    False
    """
    match = _HEAD.match(begun.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n"))
    return match is not None and _ENCODED.search(match.group()) is not None


def text_of_mail(data: bytes) -> str:
    """Return the plain text of a mail, decoded; "" if it has none.

    What a mail states of its character set and is not known, or not right, is read as UTF-8.
    """
    from email import policy
    from email.message import EmailMessage
    from email.parser import BytesParser

    made = policy.compat32.clone(message_factory=EmailMessage)
    message = BytesParser(EmailMessage, policy=made).parsebytes(data)
    for part in message.walk():
        if part.get_content_type() == "text/plain" and not part.get_filename():
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return _decoded(payload, part.get_content_charset())
    return ""


def _decoded(payload: bytes, charset: str | None) -> str:
    try:
        return payload.decode(charset or "utf-8", "replace")
    except LookupError:
        return payload.decode("utf-8", "replace")


def decoded_mail(stream: BinaryIO, *, longest: int = LONGEST) -> BinaryIO:
    """Return a stream of a document, and of a mail whose text is encoded, of that text in UTF-8.

    Raises:
        FormatError: the mail is longer than `longest` bytes, or has no text.

    """
    begun, stream = peeked(stream, LOOKED_AT)
    if not is_encoded(begun):
        return stream
    text = text_of_mail(whole(stream, longest=longest))
    if not text.strip():
        raise FormatError(
            "the mail has no plain text", hint="save its text, without HTML and attachments"
        )
    return BytesIO(text.encode("utf-8", "replace"))
