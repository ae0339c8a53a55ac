"""Tests of the conformance tests: the example passes, and every kind of fault is found."""

import importlib.util
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from catalog.domain.records import Extraction, PaperRecord, Problem, ResultRecord
from etl.formats import Format, FormatError
from etl.plugins import sync_sources
from etl.sync.settings import SourceSettings
from etl.testing import FormatTests, ReaderTests, SyncSourceTests

FILE = Path(__file__).parent / "example_package" / "quill" / "__init__.py"
SPEC = importlib.util.spec_from_file_location("quill", FILE)
assert SPEC
assert SPEC.loader
quill = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(quill)
(FORMAT,) = quill.register_formats()
(READER,) = quill.register_readers()
SPECIMEN = b"# quill\nA Title | An abstract of 12 pages.\n\nnothing\nAnother | One more.\n"


class TestExampleFormat(FormatTests):
    format = FORMAT
    specimens = (SPECIMEN,)


class TestExampleReader(ReaderTests):
    reader = READER
    abstracts = ("It has 12 pages, and 3 pages more.",)


def failing(tests: object) -> set[str]:
    """The names of the tests that fail."""
    found = set()
    for name in dir(tests):
        if name.startswith("test_"):
            try:
                getattr(tests, name)()
            except Exception:
                found.add(name)
    return found


def format_tests(known: Format) -> FormatTests:
    tests = FormatTests()
    tests.format = known  # type: ignore[misc]
    tests.specimens = (SPECIMEN,)  # type: ignore[misc]
    return tests


def with_parse(change: Callable[[Any, bytes, Any], Iterator[Any]]) -> Format:
    """The example's format with what is yielded changed, given also the bytes and the reading."""

    def parse(stream: Any, reading: Any) -> Iterator[Any]:
        data = stream.read()
        yield from change(FORMAT.parse(io.BytesIO(data), reading), data, reading)

    return msgspec.structs.replace(FORMAT, parse=parse)


def dicts(outcomes: Any, _data: bytes, _reading: Any) -> Iterator[Any]:
    yield from map(msgspec.to_builtins, outcomes)


def stumbling(outcomes: Any, data: bytes, _reading: Any) -> Iterator[Any]:
    data.decode()
    yield from outcomes


def placeless(outcomes: Any, _data: bytes, _reading: Any) -> Iterator[Any]:
    for found in outcomes:
        yield msgspec.structs.replace(found, where="") if isinstance(found, Problem) else found


def curt(outcomes: Any, data: bytes, _reading: Any) -> Iterator[Any]:
    if not data.endswith(b"more.\n"):
        raise FormatError("it breaks off", hint="")
    yield from outcomes


def forgetful(outcomes: Any, _data: bytes, reading: Any) -> Iterator[Any]:
    reading.unread["note"] += 1
    yield from outcomes


def fickle(outcomes: Any, _data: bytes, _reading: Any) -> Iterator[Any]:
    yield from outcomes
    yield PaperRecord(title=f"Seen {id(object())} {next(NUMBERS)}")


UNSOUND = "test_specimens_yield_papers_and_sound_problems"
ABSURD = "test_numbers_are_finite_and_confidences_shares"
ALONE = "test_neighbours_and_order_do_not_matter"
TWICE = "test_reading_twice_gives_the_same"
SENT = "test_extractions_survive_the_way_to_another_process"
EACH = "test_every_abstract_has_its_extraction"
NUMBERS = iter(range(10**9))


@pytest.mark.parametrize(
    ("change", "fails"),
    [
        (dicts, UNSOUND),
        (stumbling, "test_random_bytes_are_read_or_refused"),
        (placeless, UNSOUND),
        (curt, "test_documents_that_are_cut_off_are_read_or_refused"),
        (forgetful, "test_every_field_is_read_or_ignored_or_counted"),
        (fickle, "test_reading_twice_yields_the_same"),
        (lambda *_: iter(()), UNSOUND),
        (lambda *_: iter([PaperRecord(title="two  spaces")]), UNSOUND),
        (lambda *_: iter([PaperRecord(title="NUL \0")]), UNSOUND),
    ],
    ids=["dicts", "errors", "no place", "no hint", "unread", "fickle", "nothing", "spaces", "NUL"],
)
def test_faults_of_a_format_are_found(change: Any, fails: str) -> None:
    assert fails in failing(format_tests(with_parse(change)))


def test_a_format_that_depends_on_the_size_of_reads_is_found() -> None:
    def parse(stream: Any, reading: Any) -> Iterator[Any]:
        yield from FORMAT.parse(io.BytesIO(stream.read(60)), reading)

    known = msgspec.structs.replace(FORMAT, parse=parse)
    assert failing(format_tests(known)) == {"test_a_stream_in_small_pieces_yields_the_same"}


def test_a_format_that_takes_everything_is_found() -> None:
    known = msgspec.structs.replace(FORMAT, recognises=lambda _head: True)
    assert failing(format_tests(known)) == {"test_no_other_document_is_recognised"}


def test_a_format_that_does_not_know_its_own_is_found() -> None:
    known = msgspec.structs.replace(FORMAT, recognises=lambda _head: False)
    assert failing(format_tests(known)) == {"test_specimens_are_recognised_by_this_format_alone"}


def one(**result: Any) -> Extraction:
    return Extraction(results=(ResultRecord(**{"text": "1", **result}),))


@pytest.mark.parametrize(
    ("read", "fails"),
    [
        (lambda _texts: [], EACH),
        (lambda texts: [one(value=float(next(NUMBERS))) for _ in texts], TWICE),
        (lambda texts: [one(value=len(texts)) for _ in texts], ALONE),
        (lambda texts: [one(start=0, end=5) for _ in texts], "test_spans_stand_in_the_abstract"),
        (lambda texts: [one(value=float("inf")) for _ in texts], ABSURD),
        (lambda texts: [one(confidence=7.0) for _ in texts], ABSURD),
        (lambda texts: [one(value="x") for _ in texts], SENT),
        (lambda texts: [one(text=texts[0][0][0]) for _ in texts], EACH),
    ],
    ids=["nothing", "fickle", "neighbours", "spans", "infinite", "unsure", "type", "fails on none"],
)
def test_faults_of_a_reader_are_found(read: Any, fails: str) -> None:
    tests = ReaderTests()
    tests.reader = msgspec.structs.replace(READER, read=lambda texts, _: read(texts))  # type: ignore[misc]
    assert fails in failing(tests)


def test_a_reader_whose_version_never_stays_is_found() -> None:
    tests = ReaderTests()
    tests.reader = msgspec.structs.replace(READER, version=lambda _: f"{next(NUMBERS)}")  # type: ignore[misc]
    assert failing(tests) == {"test_version_is_one_short_line_and_stays"}


class Loose(SourceSettings, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """Settings that take anything."""


@pytest.mark.parametrize(
    ("change", "fails"),
    [
        ({"template": "[sources.folder]\n"}, "test_template_is_toml_that_the_settings_take"),
        ({"template": "[sources.other]\n"}, "test_template_is_toml_that_the_settings_take"),
        ({"template": "# nothing\n"}, "test_template_is_toml_that_the_settings_take"),
        ({"settings": Loose}, "test_unknown_settings_are_refused"),
    ],
    ids=["no path", "another kind", "no table", "takes anything"],
)
def test_faults_of_a_source_are_found(change: dict[str, Any], fails: str) -> None:
    tests = SyncSourceTests()
    tests.source = sync_sources()["folder"]._replace(**change)  # type: ignore[misc]
    assert fails in failing(tests)
