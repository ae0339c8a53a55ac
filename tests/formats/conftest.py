"""Fixtures of formats: golden files beside invented documents."""

import datetime as dt
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest

from catalog.domain.records import PaperRecord, Problem
from etl.formats import FormatError, Reading
from etl.plugins import formats

REAL = Path(__file__).parents[3] / "shared" / "data"
"""Real files beside the project; they stay out of it."""

Outcome = PaperRecord | Problem
Parse = Callable[..., list[Outcome]]


@pytest.fixture
def parse() -> Parse:
    """Everything that a format makes of bytes."""

    def parsed(format_name: str, data: bytes | str, name: str = "-", **more: Any) -> list[Outcome]:
        data = data.encode() if isinstance(data, str) else data
        reading = Reading(**{"name": name, "read_on": dt.date(2026, 11, 20), **more})
        pieces = formats()[format_name].parse(BytesIO(data), reading)
        return [piece for piece in pieces if isinstance(piece, Outcome)]

    return parsed


@pytest.fixture
def papers(parse: Parse) -> Callable[..., list[PaperRecord]]:
    """The records that a format makes of bytes, where there must be no problem."""

    def parsed(
        format_name: str, data: bytes | str, name: str = "-", **more: Any
    ) -> list[PaperRecord]:
        outcomes = parse(format_name, data, name, **more)
        assert not [found for found in outcomes if isinstance(found, Problem)]
        return [found for found in outcomes if isinstance(found, PaperRecord)]

    return parsed


@pytest.fixture
def real() -> Callable[[str], Iterator[Path]]:
    """The real files of a folder, where they are on this machine."""

    def files(pattern: str) -> Iterator[Path]:
        found = sorted(REAL.glob(pattern))
        if not found:
            pytest.skip(f"no real files {pattern} in {REAL}")
        yield from found

    return files


@pytest.fixture
def summary() -> Callable[[str, Path], dict[str, Any]]:
    """What a format makes of a file, ready to be written as JSON."""

    def summed(format_name: str, path: Path) -> dict[str, Any]:
        held: list[dict[str, Any]] = []
        reading = Reading(
            name=path.name,
            read_on=dt.date(2026, 11, 20),
            observed_at=dt.datetime(2026, 11, 20, 6, 0, tzinfo=dt.UTC),
        )
        found: dict[str, Any] = {"outcomes": held}
        with path.open("rb") as stream:
            try:
                for outcome in formats()[format_name].parse(stream, reading):
                    kind = "paper" if isinstance(outcome, PaperRecord) else "problem"
                    held.append({kind: msgspec.to_builtins(outcome)})
            except FormatError as error:
                found["error"] = {"why": error.why, "hint": error.hint}
        made: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(found))
        return made

    return summed
