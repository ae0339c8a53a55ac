"""Parse Hugging Face daily papers: answers of the API, lists and single papers."""

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import BinaryIO

import msgspec
from msgspec import structs

from catalog.domain.late_patterns import late_pattern
from catalog.domain.records import Problem
from etl.formats.contract import HEAD_SIZE, Format, FormatError, Head, Reading
from etl.formats.toolkit.hf_digests import HF_DAILY, Digest, names_several_days
from etl.formats.toolkit.hf_entries import IGNORED, Entry, Paper, entry_record
from etl.formats.toolkit.hf_wrappers import (
    BARE,
    ENTRY,
    WRAPPED,
    WRAPPED_DAY,
    is_entry,
    lists_within,
)
from etl.formats.toolkit.json_items import Doubts, ItemConverter, Outcome
from etl.formats.toolkit.json_stream import (
    Item,
    array_items,
    begins_with,
    json_shape,
    line_items,
    whole,
)
from etl.formats.toolkit.printed_days import day_in_name
from etl.formats.toolkit.replayed_stream import peeked

_EMPTY = late_pattern(rb"(?:\xef\xbb\xbf)?\s*\[\s*\]\s*")


def recognises(head: Head) -> bool:
    """Return true if it begins like a list of entries, one entry, one paper, or a wrapped list."""
    if WRAPPED.match(head.data) or re.match(rb"\s*\[\s*\"\{'paper'", head.data):
        return re.search(rb"[\"']paper[\"']\s*:\s*\{", head.data) is not None
    if _EMPTY.fullmatch(head.data):
        return day_in_name(head.name) is not None or names_several_days(head.name)
    shape = json_shape(head)
    if shape is None:
        return False
    if "paper" in shape.keys:
        return bool(shape.keys & {"publishedAt", "numComments"})
    if shape.keys >= BARE:
        return bool(shape.keys & {"upvotes", "submittedOnDailyAt"})
    return ENTRY.search(head.data) is not None


def parse(stream: BinaryIO, reading: Reading) -> Iterator[Outcome]:
    """Yield a record for each paper of the list, with its place in the digest of its day.

    https://huggingface.co/docs/hub/api, `GET /api/daily_papers` and `GET /api/papers/{id}`. The
    day is what a record states as submitted, else an option, else the day that was asked for: the
    wrapper's, else the one in the document's name. A weekend's answer is a copy of Friday's.

    Raises:
        FormatError: it is no such answer, breaks before its first record, or tells no day.

    """
    begun, stream = peeked(stream, HEAD_SIZE)
    wrapped = WRAPPED.match(begun)
    if wrapped:
        stream.read(wrapped.end())
        day = WRAPPED_DAY.search(wrapped["before"])
        if day is None and reading.day is None:  # it may stand behind the list
            rest = whole(stream, longest=reading.longest)
            day = WRAPPED_DAY.search(rest, max(rest.rfind(b"]"), 0))
            stream = BytesIO(rest)
        yield from _list(stream, Digest(reading, day[1].decode() if day else None), inside=1)
    elif begins_with(begun, b"["):
        yield from _list(stream, Digest(reading))
    elif begins_with(begun, b"{") and _goes_by_lines(begun):
        yield from _lines(stream, reading)
    elif begins_with(begun, b"{"):
        data = whole(stream, longest=reading.longest)
        if is_entry(data):
            yield from _single(data, Digest(reading))
        else:
            yield from _unwrapped(data, reading)
    else:
        raise FormatError("it begins with neither [ nor {", hint="give an answer of the API")


def _list(stream: BinaryIO, digest: Digest, *, inside: int = 0) -> Iterator[Outcome]:
    """Yield the entries of a list, with ranks; `inside` so many objects begun before it."""
    begun, stream = peeked(stream, HEAD_SIZE)
    items = array_items(stream, longest=digest.reading.longest, inside=inside)
    yield from _entries(items, begun, digest)
    yield from digest.told()


def _entries(items: Iterable[Item], begun: bytes, digest: Digest) -> Iterator[Outcome]:
    """Yield entries with ranks; bare papers are entries of which only the paper is told."""

    def convert(entry: Entry, where: str) -> Iterator[Outcome]:
        doubts = Doubts(where)
        place = int(where.removeprefix("item "))
        yield entry_record(entry, digest.ranked(entry, place, doubts), doubts)
        yield from doubts

    def convert_paper(paper: Paper, where: str) -> Iterator[Outcome]:
        yield from convert(Entry(paper), where)

    shape = json_shape(Head(name="", data=begun))
    unread = digest.reading.unread
    if shape and "paper" not in shape.keys and shape.keys >= BARE:
        yield from ItemConverter(Paper, convert_paper, IGNORED).read(items, unread)
    else:
        yield from ItemConverter(Entry, convert, IGNORED).read(items, unread)


def _single(data: bytes, digest: Digest) -> Iterator[Outcome]:
    """Yield one entry of a list, or one paper; neither has a rank."""

    def convert(entry: Entry, where: str) -> Iterator[Outcome]:
        doubts = Doubts(where)
        yield entry_record(entry, digest.unranked(entry, doubts), doubts)
        yield from doubts

    def convert_paper(paper: Paper, where: str) -> Iterator[Outcome]:
        yield from convert(Entry(paper), where)

    items = [Item("the paper", data)]
    shape = json_shape(Head(name="", data=data))
    if shape and "paper" in shape.keys:
        yield from ItemConverter(Entry, convert, IGNORED).read(items, digest.reading.unread)
    else:
        yield from ItemConverter(Paper, convert_paper, IGNORED).read(items, digest.reading.unread)


def _goes_by_lines(begun: bytes) -> bool:
    """Return true if entries or lists of them stand on lines of their own."""
    first, _, rest = begun.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")
    return first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{")


def _lines(stream: BinaryIO, reading: Reading) -> Iterator[Outcome]:
    """Yield the entries of lines: of one list if each line is an entry, else of a list each."""
    digest = Digest(reading)
    for item in line_items(stream, longest=reading.longest):
        if is_entry(item.raw):
            place = f"item {item.where.removeprefix('line ')}"
            yield from _entries([Item(place, item.raw)], item.raw, digest)
        else:
            yield from _unwrapped(item.raw, reading, f"{item.where}, ")


def _unwrapped(data: bytes, reading: Reading, where: str = "") -> Iterator[Outcome]:
    """Yield the entries of every list in a wrapper, with the day that stands nearest around it.

    Raises:
        FormatError: it is no JSON, or holds no list of entries.

    """
    try:
        lists = list(lists_within(data, None, ""))
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise FormatError(
            f"it is no well-formed JSON: {error}", hint="check that the file is whole"
        ) from error
    if not lists:
        raise FormatError(
            "no list of daily papers is in it", hint="give the list that the API answered"
        )
    for path, day, held in lists:
        digest = Digest(reading, day)
        for outcome in _list(BytesIO(held), digest):
            if isinstance(outcome, Problem):
                outcome = structs.replace(outcome, where=f"{where}{path}, {outcome.where}")
            yield outcome


FORMAT = Format(
    name=HF_DAILY,
    title="Hugging Face daily papers",
    homepage="https://huggingface.co/papers",
    licence="the authors'; metadata of arXiv is CC0",
    rank=30,
    is_digest=True,
    states_year=True,
    recognises=recognises,
    parse=parse,
)
