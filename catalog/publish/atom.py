"""Write Atom feeds (RFC 4287)."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

ATOM = "http://www.w3.org/2005/Atom"
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML cannot hold, even escaped."""

CONTENT_TYPE = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True)
class Entry:
    """One entry, whose address is also its identity."""

    address: str
    title: str
    updated: str
    """A day or an instant; a day means its midnight, UTC."""
    summary: str = ""
    html: str = ""


def atom(
    address: str, title: str, entries: Sequence[Entry], *, updated: str = "", further: str = ""
) -> str:
    """Write a feed, whose `address` is also its identity; `further` is where it goes on."""
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed")
    _add(feed, "id", address)
    _add(feed, "title", title)
    _add(feed, "updated", instant(updated or max((e.updated for e in entries), default="")))
    ET.SubElement(feed, f"{{{ATOM}}}link", rel="self", href=clean(address))
    if further:
        ET.SubElement(feed, f"{{{ATOM}}}link", rel="next", href=clean(further))  # RFC 5005
    _add(ET.SubElement(feed, f"{{{ATOM}}}author"), "name", "Paper Catalog")
    for one in entries:
        entry = ET.SubElement(feed, f"{{{ATOM}}}entry")
        _add(entry, "id", one.address)
        _add(entry, "title", one.title)
        _add(entry, "updated", instant(one.updated))
        ET.SubElement(entry, f"{{{ATOM}}}link", rel="alternate", href=clean(one.address))
        if one.summary:
            _add(entry, "summary", one.summary)
        if one.html:
            _add(entry, "content", one.html, type="html")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, encoding="unicode")


def instant(value: str) -> str:
    """Convert a day or an instant from SQLite to RFC 3339; anything else to the epoch.

    >>> instant("2025-03-12"), instant("0999-03-12 06:00:00.000000"), instant("soon")
    ('2025-03-12T00:00:00Z', '0999-03-12T06:00:00Z', '1970-01-01T00:00:00Z')
    """
    try:
        parsed = dt.datetime.fromisoformat(value)
    except ValueError:
        return "1970-01-01T00:00:00Z"
    if parsed.tzinfo is not None:
        parsed = parsed.astimezone(dt.UTC)
    return f"{parsed.replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def clean(value: str) -> str:
    """Remove characters that XML does not allow."""
    return FORBIDDEN.sub("", value)


def _add(parent: ET.Element, name: str, value: str, **attributes: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes).text = clean(value)
