"""Tests that any bytes yield storable records or a FormatError, in every format."""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.domain.records import PaperRecord, Problem
from etl.formats import FormatError, Head, Reading
from etl.formats.toolkit.decoding import LONGEST_RAW
from etl.plugins import formats

DATA = Path(__file__).parents[1] / "data"
CASES = [
    (format_name, case.read_bytes())
    for format_name in formats()
    for case in sorted((DATA / format_name).glob("*"))
    if not case.name.endswith(".expected.json")
]
READING = Reading(
    name="2025-03-11.json",
    read_on=dt.date(2026, 11, 20),
    observed_at=dt.datetime(2026, 11, 20, tzinfo=dt.UTC),
)


def values_in(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for below in value.values():
            yield from values_in(below)
    elif isinstance(value, list | tuple):
        for below in value:
            yield from values_in(below)
    else:
        yield value


def check(outcome: PaperRecord | Problem) -> None:
    for value in values_in(msgspec.to_builtins(outcome)):
        if isinstance(value, str):
            value.encode()
            assert "\0" not in value
        elif isinstance(value, int):
            assert abs(value) < 2**63
    if isinstance(outcome, Problem):
        assert outcome.where
        assert outcome.why
        assert len(outcome.why) <= 500
        assert len(outcome.where) <= 500
        assert len(outcome.raw) <= LONGEST_RAW
    else:
        assert outcome.title or outcome.abstract or outcome.identifiers or outcome.results
        assert outcome.title is None or outcome.title == " ".join(outcome.title.split())
        assert outcome.abstract is None or outcome.abstract == outcome.abstract.strip()


def run(format_name: str, data: bytes) -> None:
    with suppress(FormatError):
        for outcome in formats()[format_name].parse(BytesIO(data), READING):
            assert isinstance(outcome, PaperRecord | Problem)
            check(outcome)


@pytest.mark.parametrize("format_name", formats())
@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_any_bytes_are_read_or_refused(format_name: str, data: bytes) -> None:
    run(format_name, data)
    for other in formats().values():
        other.recognises(Head(name="-", data=data))


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, bytes]:
    """A case with a piece cut out, doubled, or replaced, at up to four places."""
    format_name, data = draw(st.sampled_from(CASES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 60)))
        piece = draw(
            st.one_of(
                st.just(b""),
                st.binary(max_size=8),
                st.just(data[start:end] * 2),
                st.sampled_from(
                    [
                        b'"',
                        b"{",
                        b"]",
                        b"null",
                        b"9" * 400,
                        b"\\ud800",
                        b"\0",
                        b"\\u0000",
                        b"%00",
                        b"<",
                    ]
                ),
            )
        )
        data = data[:start] + piece + data[end:]
    return format_name, data


@settings(max_examples=600)
@given(mutated())
def test_mutated_cases_are_read_or_refused(case: tuple[str, bytes]) -> None:
    run(*case)


ODD = st.one_of(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    st.datetimes().map(str) | st.datetimes(timezones=st.timezones()).map(dt.datetime.isoformat),
    st.sampled_from(["9" * 5_000, "http://[::1", "https://a:99999/", "//x", "10.1234/%00", "1 ±"]),
    st.sampled_from([[], {}, [[]], [None], {"a": 1}, 10**30, "2413.00001", "W" + "9" * 5_000]),
)


def documents(data: bytes) -> list[bytes]:
    """A case as one value of JSON, or the lines of it that are one each."""
    return [data] if is_json(data) else [line for line in data.splitlines() if is_json(line)]


def is_json(data: bytes) -> bool:
    try:
        return isinstance(json.loads(data), dict | list)
    except ValueError:
        return False


PARSED = [(format_name, text) for format_name, data in CASES for text in documents(data)]


@st.composite
def odd(draw: st.DrawFn) -> tuple[str, bytes]:
    """A case in JSON with a value of another kind at one place."""
    format_name, data = draw(st.sampled_from(PARSED))
    top: Any = json.loads(data)
    held = top
    while held and isinstance(held, dict | list):
        key = draw(st.sampled_from(list(held) if isinstance(held, dict) else range(len(held))))
        if draw(st.integers(0, 3)) == 0 or not isinstance(held[key], dict | list):
            held[key] = draw(ODD)
            break
        held = held[key]
    return format_name, json.dumps(top).encode()


@settings(max_examples=400)
@given(odd())
def test_cases_with_odd_values_are_read_or_refused(case: tuple[str, bytes]) -> None:
    run(*case)


@pytest.mark.parametrize("format_name", formats())
def test_cases_cut_off_anywhere_are_read_or_refused(format_name: str) -> None:
    for data in [data for name, data in CASES if name == format_name]:
        for end in range(0, len(data), max(1, len(data) // 60)):
            run(format_name, data[:end])
