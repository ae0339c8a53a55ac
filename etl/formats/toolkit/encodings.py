"""Recognise the encoding of a text from its beginning."""

UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
"""Byte-order mark -> encoding."""
LOOKED_AT = 2_000
"""Bytes in which UTF-16 without its mark shows: every other byte of Latin text is a NUL."""


def is_utf_16(begun: bytes) -> str | None:
    r"""Name the kind of UTF-16 that a document begins in; None for another encoding.

    >>> is_utf_16("Mar 11\n".encode("utf-16-be")), is_utf_16(b"Mar 11\n"), is_utf_16(b"\0\0\0\0")
    ('utf-16-be', None, None)
    """
    if begun[:2] in UTF_16:
        return UTF_16[begun[:2]]
    even, odd = begun[:LOOKED_AT:2], begun[1:LOOKED_AT:2]
    if odd and odd.count(0) > 0.6 * len(odd) and not even.count(0):
        return "utf-16-le"
    if odd and even.count(0) > 0.6 * len(even) and not odd.count(0):
        return "utf-16-be"
    return None


def text_of(begun: bytes) -> str:
    """Decode the beginning of a document; bytes that are no text become U+FFFD.

    >>> text_of("Größe".encode("latin-1")), text_of("Größe".encode("utf-8-sig"))
    ('Größe', 'Größe')
    """
    if encoding := is_utf_16(begun):
        return begun.decode(encoding, "replace").removeprefix("\ufeff")
    text = begun.decode("utf-8-sig", "replace")
    damaged = text.rstrip("\ufffd").count("\ufffd")
    if damaged and not any(sign > "\x7f" and sign != "\ufffd" for sign in text):
        return begun.decode("cp1252", "replace")
    return text
