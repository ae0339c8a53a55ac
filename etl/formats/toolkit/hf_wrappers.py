"""Find lists of Hugging Face's daily papers in the wrappers that programs keep them in."""

import re
from collections.abc import Iterator

import msgspec
from msgspec import Raw

from catalog.domain.late_patterns import late_pattern
from etl.formats.contract import Head
from etl.formats.toolkit.json_stream import json_shape

BARE = {"id", "title", "authors"}
"""Fields of a paper that stands without an entry around it."""

_LISTS = rb"data|papers|results|items|entries|daily_papers|dailyPapers"
WRAPPED = late_pattern(
    rb'\s*+\{(?P<before>(?:[^"\[\]{}]++|"(?!(?:' + _LISTS + rb')")[^"\\]*+")*+)'
    rb'"(?:' + _LISTS + rb')"\s*+:\s*+(?=\[)'
)
"""{"status": ..., "date": "2024-06-03", "count": 7, "data": [...]}, as scrapers kept a list."""
WRAPPED_DAY = late_pattern(rb'"(?:date|day)"\s*:\s*"(\d{4}-\d\d-\d\d)')
ENTRY = late_pattern(
    rb'\[\s*\{(?:[^{}"]++|"(?!paper")[^"\\]*+(?:\\.[^"\\]*+)*+")*+"paper"\s*:\s*\{(?=[^{}]*"id"\s*:\s*")'
    rb'(?=.{0,60000}"(?:upvotes|submittedOnDailyAt|publishedAt)"\s*:)',
    re.DOTALL,
)
"""A list of entries, somewhere in a wrapper of another shape: by days, in several layers."""
_DAYS = ("date", "day", "digest_date", "digestDate")
_ISO_DAY = late_pattern(r"\d{4}-\d\d-\d\d")
_object = msgspec.json.Decoder(dict[str, Raw]).decode
_array = msgspec.json.Decoder(list[Raw]).decode


def is_entry(data: bytes) -> bool:
    """Return true if it begins like one entry or one paper, and no list or wrapper.

    >>> is_entry(b'{"paper": {"id": "2405.15738"}}'), is_entry(b'{"2024-06-03": []}')
    (True, False)
    """
    shape = json_shape(Head(name="", data=data))
    return shape is not None and ("paper" in shape.keys or shape.keys >= BARE)


def lists_within(
    data: Raw | bytes, day: str | None, path: str
) -> Iterator[tuple[str, str | None, Raw]]:
    """Find the lists of entries in nested objects, by their path, each with its day.

    >>> [(path, day) for path, day, _ in lists_within(b'{"2024-06-03": [{"paper": {}}]}', None, "")]
    [('2024-06-03', '2024-06-03')]
    """
    begins = bytes(memoryview(data)[:1])
    if begins == b"{":
        held = _object(data)
        day = next((found for name in _DAYS if (found := _day_in(held.get(name)))), day)
        for name, below in held.items():
            named = name[:10] if _ISO_DAY.match(name) else day
            yield from lists_within(below, named, f"{path}.{name}" if path else name)
    elif begins == b"[":
        items = _array(data)
        shapes = [json_shape(Head(name="", data=bytes(item))) for item in items[:1]]
        if shapes and shapes[0] and not shapes[0].is_array:
            keys = shapes[0].keys
            if "paper" in keys or keys >= BARE:
                yield path, day, Raw(bytes(data))
            else:
                for number, item in enumerate(items, start=1):
                    yield from lists_within(item, day, f"{path}[{number}]")


def _day_in(held: Raw | None) -> str | None:
    match = _ISO_DAY.match(bytes(held).decode("utf-8", "replace").strip('"')) if held else None
    return match.group() if match else None
