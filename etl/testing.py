"""Conformance tests that a plugin author inherits, for formats, readers and sources.

In the tests of a plugin:

    from etl.testing import FormatTests
    from quill import FORMAT

    class TestQuill(FormatTests):
        format = FORMAT
        specimens = (b"# quill\\nA Title | An abstract of some words.\\n",)

pytest finds the tests of the class; they need nothing else than this package. Ours run the same.
"""

import datetime as dt
import io
import json
import random
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from catalog.domain.records import Extraction, LinkRecord, PaperRecord, Problem, ResultRecord
from etl.extract.reader import ChosenReader, Reader
from etl.formats.contract import HEAD_SIZE, Format, FormatError, Head, Reading
from etl.plugins import SyncSource, formats

LONGEST_WORDS = 500
"""Characters in the place and the reason of a problem."""
LARGEST = 2**63 - 1
"""What the integers of databases hold."""

OTHERS = (
    b"", b"[]", b"{}", b"[1, 2]", b"null", b"\x00\x01\x02" * 100, b"\x1f\x8b\x08", b"[{" * 3_000,
    b"name,price\nx,y\n", b"# Papers\n\n* [x](https://arxiv.org/abs/2405.15738)\n",
    b"<!DOCTYPE html><html><a href='https://arxiv.org/'>x</a></html>",
    b"<rss><channel><item><link>https://arxiv.org/abs/2405.15738</link></item></channel></rss>",
    b'{"name": "quill", "version": "1.0"}', b'{"title": "x", "isbn": "y"}',
)  # fmt: skip
"""Documents that are in none of the catalog's formats."""

ABSTRACTS = (
    "", " ", "No number stands here.", "9" * 400 + "%", "We reach 91.2% accuracy on ImageNet.",
    "It gains 3.5 AP (from 40.1 to 43.6) and is 2x faster; see https://github.com/a/b.",
    "Ein Satz mit Umlauten: über 12,5 % – 準確率 90.1 %, \U0001f600 \u202e\n\n\u00a0.",
    "(" * 300, "\\times $ 43times sim3.5AP \\%",
)  # fmt: skip
"""Texts that every reader has to bear."""


class FormatTests:
    """Tests of a format; a subclass sets `format` and `specimens`."""

    format: ClassVar[Format]
    specimens: ClassVar[Sequence[bytes | Path]]
    """Documents in the format, decompressed; each holds at least one paper."""
    others: ClassVar[Sequence[bytes]] = ()
    """Documents in other formats that it might be confused with."""
    new_fields: ClassVar[Set[str]] = frozenset()
    """Fields that the specimens have to show that new ones are counted, and no others."""
    cuts: ClassVar[int] = 200
    """So many places at which a specimen is cut off; a shorter one is cut off at every byte."""

    def test_specimens_are_recognised_by_this_format_alone(self) -> None:
        for data in self._documents():
            head = Head(name="-", data=data[:HEAD_SIZE])
            known = {**formats(), self.format.name: self.format}
            found = [name for name, each in known.items() if each.recognises(head)]
            assert found == [self.format.name], f"recognised by {found}: {data[:80]!r}"

    def test_no_other_document_is_recognised(self) -> None:
        for data in (*OTHERS, *self.others):
            head = Head(name="-", data=data[:HEAD_SIZE])
            assert not self.format.recognises(head), f"taken for one: {data[:80]!r}"

    def test_specimens_yield_papers_and_sound_problems(self) -> None:
        for data in self._documents():
            outcomes = list(self._outcomes(data))
            papers = [found for found in outcomes if isinstance(found, PaperRecord)]
            assert papers, f"no paper in {data[:80]!r}"

    def test_reading_twice_yields_the_same(self) -> None:
        for data in self._documents():
            assert list(self._outcomes(data)) == list(self._outcomes(data))

    def test_a_stream_in_small_pieces_yields_the_same(self) -> None:
        for data in self._documents():
            whole = list(self._outcomes(data))
            pieces = list(self._outcomes(data, Trickle(data)))
            assert pieces == whole, "what it yields depends on how much a read gives"

    def test_documents_that_are_cut_off_are_read_or_refused(self) -> None:
        for data in self._documents():
            for end in range(0, len(data), max(1, len(data) // self.cuts)):
                self._try(data[:end])

    def test_random_bytes_are_read_or_refused(self) -> None:
        chance = random.Random(20260101)  # noqa: S311 - the same bytes in every run
        for size in (0, 1, 7, 100, 1_000):
            self._try(chance.randbytes(size))
        for data in self._documents():
            for _ in range(self.cuts):
                at = chance.randrange(len(data))
                self._try(data[:at] + chance.randbytes(chance.randrange(6)) + data[at + 3 :])

    def test_every_field_is_read_or_ignored_or_counted(self) -> None:
        counted: Counter[str] = Counter()
        for data in self._documents():
            reading = self._reading()
            list(self.format.parse(io.BytesIO(data), reading))
            counted += reading.unread
        unforeseen = {name: counted[name] for name in counted.keys() - self.new_fields}
        assert not unforeseen, f"neither read nor named as ignored: {unforeseen}"
        assert counted.keys() == self.new_fields, "dropped without a word"

    def _documents(self) -> Iterator[bytes]:
        for specimen in self.specimens:
            yield specimen.read_bytes() if isinstance(specimen, Path) else specimen

    def _reading(self) -> Reading:
        return Reading(
            name="2025-03-11.json",
            read_on=dt.date(2026, 11, 20),
            observed_at=dt.datetime(2026, 11, 20, tzinfo=dt.UTC),
        )

    def _outcomes(self, data: bytes, stream: Any = None) -> Iterator[PaperRecord | Problem]:
        for outcome in self.format.parse(stream or io.BytesIO(data), self._reading()):
            assert isinstance(outcome, PaperRecord | Problem), f"no outcome: {outcome!r}"
            check_outcome(outcome)
            yield outcome

    def _try(self, data: bytes) -> None:
        """Read a document that may be refused; any other error fails the test."""
        self.format.recognises(Head(name="-", data=data[:HEAD_SIZE]))
        try:
            for _ in self._outcomes(data):
                pass
        except FormatError as refusal:
            told = bool(refusal.why and refusal.hint)
        else:
            told = True
        assert told, "a refusal says why, and how to go on"


class ReaderTests:
    """Tests of a reader; a subclass sets `reader`."""

    reader: ClassVar[Reader]
    argument: ClassVar[str] = ""
    """What a user writes behind the colon."""
    abstracts: ClassVar[Sequence[str]] = ()
    """Texts of your own, beside those that every reader has to bear."""

    def test_every_abstract_has_its_extraction(self) -> None:
        texts = self._texts()
        assert len(self._read(texts)) == len(texts)
        assert list(self.reader.read([], self.argument)) == []

    def test_reading_twice_gives_the_same(self) -> None:
        texts = self._texts()
        assert self._read(texts) == self._read(texts)

    def test_neighbours_and_order_do_not_matter(self) -> None:
        texts = self._texts()
        whole = self._read(texts)
        assert [self._read([text])[0] for text in texts] == whole
        assert self._read(texts[::-1]) == whole[::-1]

    def test_spans_stand_in_the_abstract(self) -> None:
        texts = self._texts()
        for (abstract, _), found in zip(texts, self._read(texts), strict=True):
            held: Sequence[ResultRecord | LinkRecord] = (*found.results, *found.links)
            for one in held:
                if one.start is not None:
                    assert abstract[one.start : one.end] == one.text, f"{one!r}"

    def test_numbers_are_finite_and_confidences_shares(self) -> None:
        for found in self._read(self._texts()):
            for result in found.results:
                for number in (result.value, result.value_max, result.error):
                    assert number is None or abs(number) < float("inf"), f"{result!r}"
                assert 0 <= (result.confidence or 0) <= 1, f"{result!r}"

    def test_extractions_survive_the_way_to_another_process(self) -> None:
        found = self._read(self._texts())
        sent = msgspec.msgpack.encode(found)
        assert msgspec.msgpack.decode(sent, type=list[Extraction]) == found

    def test_version_is_one_short_line_and_stays(self) -> None:
        version = self.reader.version(self.argument)
        assert version == self.reader.version(self.argument)
        assert version.isprintable(), f"{version!r}"
        assert 0 < len(version) <= 200, f"{version!r}"

    def _texts(self) -> list[tuple[str, str | None]]:
        abstracts = (*ABSTRACTS, *self.abstracts)
        return [*((text, None) for text in abstracts), (ABSTRACTS[4], "A Title of 12 Words")]

    def _read(self, texts: list[tuple[str, str | None]]) -> list[Extraction]:
        found = ChosenReader(self.reader, self.argument)(texts)
        for (text, _), one in zip(texts, found, strict=True):
            assert one.failure is None, f"it stumbles over {text[:80]!r}: {one.failure}"
        return found


class SyncSourceTests:
    """Tests of a kind of source; a subclass sets `source`."""

    source: ClassVar[SyncSource]

    def test_template_is_toml_that_the_settings_take(self) -> None:
        spelt = re.sub(r"(?m)^# (?=[a-z_]+ = |\[)", "", self.source.template)
        for text in (self.source.template, spelt):
            for name, table in tomllib.loads(text).get("sources", {}).items():
                kind = table.get("kind", name)
                assert kind == self.source.name, f"a source of another kind: {kind}"
                msgspec.convert({**table, "kind": kind}, self.source.settings)
        assert "sources" in tomllib.loads(spelt), "the template shows no [sources.NAME]"

    def test_unknown_settings_are_refused(self) -> None:
        fields = {field.name: field for field in msgspec.structs.fields(self.source.settings)}
        assert {"kind", "enabled", "stale_after_hours"} <= fields.keys()
        assert self.source.settings.__struct_config__.forbid_unknown_fields


class Trickle(io.RawIOBase):
    """A stream that yields a few bytes at a time, like a slow network."""

    def __init__(self, data: bytes, size: int = 7) -> None:
        super().__init__()
        self._held = io.BytesIO(data)
        self._size = size

    def readable(self) -> bool:
        """Return true."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read a few bytes, however many are requested."""
        return self._held.readinto(memoryview(buffer)[: self._size])


def check_outcome(outcome: object) -> None:
    """Fail on what no database can store, and on problems without a location."""
    assert isinstance(outcome, PaperRecord | Problem), f"neither record nor problem: {outcome!r}"
    for value in _values(msgspec.to_builtins(outcome)):
        if isinstance(value, str):
            assert "\0" not in value, f"a NUL in {value[:80]!r}"
            value.encode()
        elif isinstance(value, int):
            assert abs(value) <= LARGEST, f"{value} is out of range"
    if isinstance(outcome, Problem):
        for words in (outcome.where, outcome.why):
            assert 0 < len(words) <= LONGEST_WORDS, f"of no use to people: {outcome!r}"
    else:
        title, abstract = outcome.title, outcome.abstract
        told = title or abstract or outcome.identifiers or outcome.results
        assert told, "the record tells no paper"
        assert title is None or title == " ".join(title.split()), f"spaces in {title!r}"
        assert abstract is None or abstract == abstract.strip(), f"spaces around {abstract!r}"
        json.dumps(msgspec.to_builtins(outcome))


def _values(value: Any) -> Iterator[Any]:
    """Yield every single value of nested ones."""
    if isinstance(value, dict | list | tuple):
        for below in value.values() if isinstance(value, dict) else value:
            yield from _values(below)
    else:
        yield value
