"""Tests of compressed documents."""

import datetime as dt
import gzip
import sys
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.records import PaperRecord, Problem
from etl.formats import FormatError, Reading
from etl.formats.toolkit.compression import Limits, decompressed
from etl.formats.toolkit.replayed_stream import peeked
from etl.plugins import formats

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Outcomes = list[PaperRecord | Problem]

LINE = b'{"title":"Quill %d","abstract":"An abstract of its own, number %d."}\n'
LINES = b"".join(LINE % (number, number * 7919) for number in range(20_000))
COMPRESS: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "zstd": zstd.compress}

small = Limits(total=1_000_000, ratio=50, free=10_000)


def drain(stream: BinaryIO) -> None:
    while stream.read(1 << 16):
        pass


def read(data: bytes, reading: Reading) -> Outcomes:
    stream = decompressed(BytesIO(data))
    pieces = formats()["catalog-jsonl"].parse(stream, reading)
    return [piece for piece in pieces if isinstance(piece, PaperRecord | Problem)]


@pytest.fixture
def reading() -> Reading:
    return Reading(name="-", read_on=dt.date(2026, 11, 20))


@pytest.mark.parametrize("name", COMPRESS)
def test_compressed_bytes_come_back(name: str) -> None:
    assert decompressed(BytesIO(COMPRESS[name](LINES))).read() == LINES


@pytest.mark.parametrize("name", COMPRESS)
def test_members_one_after_the_other_are_one_document(name: str) -> None:
    data = COMPRESS[name](LINES[:1000]) + COMPRESS[name](b"") + COMPRESS[name](LINES[1000:])
    assert decompressed(BytesIO(data)).read() == LINES


def test_padding_behind_gzip_is_no_document() -> None:
    assert decompressed(BytesIO(gzip.compress(b"abc") + bytes(100_000))).read() == b"abc"


def test_plain_bytes_stay_the_same_stream() -> None:
    stream = BytesIO(LINES)
    assert decompressed(stream) is stream
    assert stream.read() == LINES


@pytest.mark.parametrize("name", COMPRESS)
def test_cut_off_keeps_whole_lines_before_the_cut(name: str, reading: Reading) -> None:
    data = COMPRESS[name](LINES)
    *records, last = read(data[: len(data) * 2 // 3], reading)
    assert len(records) > 10_000
    assert all(isinstance(record, PaperRecord) for record in records)
    assert isinstance(last, Problem)
    assert "cut off after" in last.why


@pytest.mark.parametrize("name", COMPRESS)
def test_cut_off_before_the_first_record_is_refused(name: str, reading: Reading) -> None:
    with pytest.raises(FormatError, match="cut off after"):
        read(COMPRESS[name](LINES)[:20], reading)


def test_damaged_bytes_are_refused(reading: Reading) -> None:
    data = bytearray(gzip.compress(LINES))
    data[-6] ^= 1
    *_records, last = read(bytes(data), reading)
    assert isinstance(last, Problem)
    assert "damaged" in last.why


@pytest.mark.parametrize("name", COMPRESS)
def test_something_else_behind_is_refused(name: str) -> None:
    stream = decompressed(BytesIO(COMPRESS[name](b"abc") + b"PK\3\4 and so on"))
    assert stream.read() == b"abc"
    with pytest.raises(FormatError, match="something else"):
        stream.read()


@pytest.mark.parametrize("name", COMPRESS)
def test_bombs_are_refused_by_their_ratio(name: str) -> None:
    stream = decompressed(BytesIO(COMPRESS[name](bytes(5_000_000))), small)
    with pytest.raises(FormatError, match="bombs"):
        drain(stream)


def test_endless_documents_are_refused() -> None:
    limits = Limits(total=100_000, ratio=1_000_000, free=0)
    stream = decompressed(BytesIO(gzip.compress(LINES)), limits)
    with pytest.raises(FormatError, match="more than 100,000 bytes"):
        drain(stream)


def test_short_files_of_one_line_are_no_bombs() -> None:
    assert decompressed(BytesIO(gzip.compress(b"a" * 1_000_000))).read() == b"a" * 1_000_000


@given(st.binary(max_size=300), st.lists(st.one_of(st.none(), st.integers(1, 40)), max_size=40))
def test_looking_at_the_beginning_changes_nothing(data: bytes, steps: list[int | None]) -> None:
    _begun, stream = peeked(BytesIO(data), 16)
    plain = BytesIO(data)
    for step in steps:
        if step is None:
            assert stream.readline(7) == plain.readline(7)
        else:
            assert stream.read(step) == plain.read(step)
    assert stream.readline() == plain.readline()
    assert stream.read() == plain.read()


@given(st.binary(max_size=200))
def test_any_bytes_after_a_magic_number_are_refused_or_read(data: bytes) -> None:
    for magic in (b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"):
        stream = decompressed(BytesIO(magic + data))
        with suppress(FormatError):
            drain(stream)
