"""Tests that a record which cannot be stored, parsed or read costs only itself."""

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec import structs

from catalog.domain.keys import match_hashes
from catalog.domain.plain_text import plain_abstract
from catalog.domain.records import Extraction, LinkRecord, PaperRecord, Problem, ResultRecord
from etl.cli import main
from etl.extract import extract
from etl.extract.reader import Reader, Texts
from etl.formats import Reading
from etl.formats.catalog_jsonl import FORMAT
from etl.formats.contract import Piece
from etl.ingest.limits import bounded, sound
from etl.plugins import formats, readers
from tests.conftest import Fresh
from tests.growth import LIMIT, growth_of_text

FIRST = {"title": "A first paper that is well", "abstract": "We reach 91.5% accuracy on ImageNet."}
LAST = {"title": "A last paper that is well", "abstract": "We reach 92.5% accuracy on ImageNet."}

INTEGERS = st.sampled_from([-(2**63) - 1, -1, 0, 1, 2, 5, 2**31 - 1, 2**31, 2**63, 10**40])
FLOATS = st.sampled_from([-1e308, -1, -0.001, 0, 0.5, 1, 1.0000001, 5, 1e308, 10**400])
TEXTS = st.sampled_from(
    [
        *(
            "",
            " ",
            "a",
            "\0",
            "\u200b",
            "\ud800",
            "\u0301",
            "\ufdfa" * 200,
            "1" * 5_000,
            "x" * 2_000,
        ),
        "x" * 2_001,
        "ImageNet",
        "accuracy",
        "%",
        "../..",
        "-",
        "\x1b[31m",
        "null",
        "a/b",
        "!!!",
    ]
)
DAYS = st.sampled_from(
    [
        *("2025-03-11", "0001-01-01", "1599-12-31", "1600-01-01", "2100-12-31", "2101-01-01"),
        "9999-12-31",
        "2025-02-30",
        "",
        "11 March",
    ]
)
INSTANTS = st.sampled_from(
    [
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2025-03-11T08:00:00Z"),
        "2025-03-11T08:00:00",
        "1600-01-01T00:00:00+01:00",
        "2025-03-11",
    ]
)
ADDRESSES = st.sampled_from(
    [
        *(
            "https://github.com/a/b",
            "https://github.com/a",
            "http://[::1",
            "https://github.com/a/b#",
        ),
        "HTTPS://GitHub.com/A/B/",
        " https://github.com/a/b ",
        "https://gitlab.com/a/b/-/tree",
        "",
    ]
)
ODD = st.none() | st.sampled_from([[], {}, True, "x", 1.5])


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


SPAN = {"start": INTEGERS, "end": INTEGERS}
RESULTS = some(
    **SPAN,
    **dict.fromkeys(("value", "value_max", "error", "confidence", "row_confidence"), FLOATS),
    **dict.fromkeys(("unit", "metric", "metric_text", "dataset", "dataset_text"), TEXTS | ODD),
    **dict.fromkeys(("task", "model", "baseline", "sentence", "rule"), TEXTS | ODD),
    kind=st.sampled_from(["absolute", "delta", "ratio", "odd"]),
    role=st.sampled_from(["own", "other", ""]),
    sign=st.sampled_from(["+", "-", "x", None]),
).flatmap(lambda held: TEXTS.map(lambda text: {"text": text, **held}))
LINKS = st.builds(
    lambda url, kind, rest: {"url": url, "kind": kind, **rest},
    ADDRESSES | TEXTS,
    st.sampled_from(["github", "gitlab", "other", "odd"]),
    some(
        **SPAN,
        **dict.fromkeys(("text", "repo", "found_in", "framework"), TEXTS),
        stars=INTEGERS,
        is_official=st.booleans() | ODD,
    ),
)
DIGESTS = st.builds(
    lambda source, day, rest: {"source": source, "day": day, **rest},
    TEXTS,
    DAYS,
    some(
        **dict.fromkeys(("rank", "upvotes", "comments"), INTEGERS),
        observed_at=INSTANTS,
        basis=st.sampled_from(["printed", "given", "odd"]),
    ),
)
IDENTIFIERS = st.builds(
    lambda scheme, value: {"scheme": scheme, "value": value},
    st.sampled_from(["arxiv", "doi", "openalex", "openreview", "pwc", "odd"]),
    TEXTS | st.sampled_from(["2401.00001v3", "10.1/x", "W1", "hep-th/9901001"]),
)
RECORDS = some(
    title=TEXTS,
    abstract=TEXTS | st.sampled_from(["10^{500} and 1-10^{500} of 5%", "See https://a.b/c"]),
    published_on=DAYS,
    updated_on=DAYS,
    digest=DIGESTS | ODD,
    withdrawn_on=DAYS,
    version=INTEGERS,
    **dict.fromkeys(("comment", "venue", "organization", "withdrawn"), TEXTS | ODD),
    **dict.fromkeys(
        ("authors", "categories", "tasks", "keywords"), st.lists(TEXTS, max_size=3) | ODD
    ),
    identifiers=st.lists(IDENTIFIERS, max_size=2) | ODD,
    links=st.lists(LINKS, max_size=3),
    results=st.lists(RESULTS, max_size=3),
)


def load(url: str, file: Path, *words: str) -> Result:
    words = ("--db", url, "load", str(file), "--jobs", "1", *words)
    return CliRunner().invoke(main, words, catch_exceptions=False)


def query(url: str, sql: str) -> list[list[Any]]:
    done = CliRunner().invoke(main, ["--db", url, "query", sql, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return [list(row.values()) for row in json.loads(done.stdout)]


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(records=st.lists(RECORDS, min_size=1, max_size=8))
@example(records=[{"title": "b", "results": [{"text": "x", "value": 1.0, "confidence": 5}]}])
@example(records=[{"title": "b", "results": [{"text": "x", "start": 5, "end": 5}]}])
@example(records=[{"title": "b", "digest": {"source": "x", "day": "2025-01-01", "rank": 0}}])
@example(records=[{"title": "b", "version": -(2**63) - 1}])
def test_the_other_records_of_a_document_are_loaded(
    records: list[dict[str, Any]], fresh: Fresh, tmp_path: Path
):
    url, file = fresh("one"), tmp_path / "records.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in [FIRST, *records, LAST]))
    loaded = load(url, file, "--format", "catalog-jsonl")
    assert loaded.exit_code in {0, 3}, loaded.output
    titles = {str(row[0]) for row in query(url, "SELECT title FROM papers")}
    assert {FIRST["title"], LAST["title"]} <= titles, loaded.output
    kept = query(url, "SELECT count(*) FROM problems")[0][0]
    assert bool(kept) == (loaded.exit_code == 3), loaded.output


def test_titles_without_a_letter_are_papers_of_their_own(url: str, tmp_path: Path):
    file = tmp_path / "records.jsonl"
    titles = ["!!!", "∞", "\0", "∞"]
    records = [{"title": title} for title in titles] + [{"abstract": "?"}, {"abstract": "…"}]
    file.write_text("".join(json.dumps(record) + "\n" for record in records))
    assert load(url, file, "--format", "catalog-jsonl").exit_code == 0
    assert [label for label, _ in query(url, "SELECT label, key FROM papers ORDER BY id")] == [
        *("!!!", "∞", "\ufffd", "?", "…")
    ]
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps({"title": "∞", "comment": "Seen again"}) + "\n")
    assert load(url, other, "--format", "catalog-jsonl").exit_code == 0
    assert query(url, "SELECT count(*), max(comment) FROM papers") == [[5, "Seen again"]]


@pytest.mark.parametrize("fields", [{}, {"title": "<b></b>"}, {"authors": ("Ada",)}], ids=str)
def test_a_record_that_tells_no_paper_is_a_problem(fields: dict[str, Any]):
    (found,) = bounded([PaperRecord(**fields)])
    assert isinstance(found, Problem)
    assert found.why.startswith("it tells no paper: expected a title")


def broken(**fields: Any) -> PaperRecord:
    """A record of a parser that keeps to no types, as one of a plugin may."""
    return PaperRecord(title="A title of some length", **fields)


NO_RECORDS = {
    "a number as title": PaperRecord(title=5),  # type: ignore[arg-type]
    "half of a surrogate pair": broken(abstract="a \ud800 b"),
    "an unknown kind of link": broken(links=(LinkRecord(url="https://a.b", kind="odd"),)),  # type: ignore[arg-type]
    "authors that are one text": broken(authors=7),
    "a digest without a day": broken(digest="today"),
}


@pytest.mark.parametrize("record", NO_RECORDS.values(), ids=NO_RECORDS)
def test_a_record_of_wrong_types_is_a_problem(record: PaperRecord):
    (found,) = bounded([record])
    assert isinstance(found, Problem)
    assert found.why
    assert found.raw.startswith("PaperRecord(")


def test_a_nul_becomes_a_replacement_character():
    assert list(bounded([broken(abstract="a\0b")])) == [broken(abstract="a\ufffdb")]
    (found,) = bounded([Problem(where="line 1", why="it is \0", raw="\ud800")])
    assert found == Problem(where="line 1", why="it is \ufffd", raw="?")


@pytest.mark.parametrize("day", [dt.date(1599, 12, 31), dt.date(9999, 1, 1)], ids=str)
def test_a_day_out_of_range_costs_itself(day: dt.date):
    record, found = bounded([broken(published_on=day)])
    assert record == broken()
    assert isinstance(found, Problem)
    assert found.why == (
        f"published_on: {day} is out of range: expected a year from 1600 to 2100; "
        "the paper was kept without it"
    )


def stumbling(texts: Texts, _argument: str) -> Sequence[Extraction]:
    """Reads as the built-in reader does, but stumbles over one word."""
    if any("stumble" in text for text, _ in texts):
        raise OverflowError("int too large to convert to float")
    nonsense = ResultRecord(text="x", value=float("inf"), start=3, end=1, confidence=7)
    return [
        Extraction(results=(nonsense,)) if "nonsense" in text else extract(text, title)
        for text, title in texts
    ]


@pytest.fixture(params=["builtin", "other"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A reader that stumbles, as the built-in one and as somebody else's."""
    made = Reader(name=request.param, title="Stumbling", version=lambda _: "1", read=stumbling)
    monkeypatch.setitem(readers(), request.param, made)
    return str(request.param)


@pytest.mark.parametrize("word", ["stumble", "nonsense"])
def test_an_abstract_that_no_reader_can_read_costs_its_results(
    word: str, reader: str, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = tmp_path / "records.jsonl"
    bad = {"title": "A paper that is hard to read", "abstract": f"To {word} at 5% accuracy."}
    file.write_text("\n".join(map(json.dumps, [FIRST, bad, LAST])) + "\n")
    loaded = load(url, file, "--reader", reader)
    assert loaded.exit_code == 3, loaded.output
    assert "record 2: the abstract could not be read: " in loaded.stderr
    assert "; 1 problem\n" in loaded.output
    counts = "SELECT title, (SELECT count(*) FROM results WHERE paper_id = papers.id) FROM papers"
    assert query(url, f"{counts} ORDER BY title") == [
        ["A first paper that is well", 1],
        ["A last paper that is well", 1],
        ["A paper that is hard to read", 0],
    ]
    is_open = "SELECT location, raw FROM problems WHERE closed_run_id IS NULL"
    assert query(url, is_open) == [["record 2", bad["abstract"]]]
    assert load(url, file, "--reader", reader, "--again").exit_code in {0, 3}
    assert query(url, is_open) == [["record 2", bad["abstract"]]], "still not read"

    words = ["--db", url, "reextract", "--jobs", "1", "--reader", reader]
    again = CliRunner().invoke(main, words, catch_exceptions=False)
    assert again.exit_code == 3, again.output
    assert len(query(url, is_open)) == 1
    mended = structs.replace(
        readers()[reader], read=lambda texts, _: [extract(*text) for text in texts]
    )
    monkeypatch.setitem(readers(), reader, mended)
    again = CliRunner().invoke(main, words, catch_exceptions=False)
    assert again.exit_code == 0, again.output
    assert query(url, is_open) == []
    assert [row[1] for row in query(url, counts)] == [1, 1, 1]


def test_what_a_reader_gives_is_checked():
    fine = Extraction(results=(ResultRecord(text="5%", value=5, start=0, end=2, confidence=1),))
    assert sound(fine) is fine
    odd = Extraction(results=(ResultRecord(text="5%", value=float("nan")),))
    assert sound(odd).failure == "results: value: nan is out of range: expected a finite number"
    wrong = Extraction(results=("5%",))  # type: ignore[arg-type]
    assert sound(wrong).failure


def test_extract_tells_of_an_abstract_that_cannot_be_read(reader: str, tmp_path: Path):
    lines = tmp_path / "lines.jsonl"
    lines.write_text('{"id": "1", "abstract": "stumble"}\n{"id": "2", "abstract": "well"}\n')
    words = ["extract", "--jobs", "1", "--reader", reader]
    done = CliRunner().invoke(main, [*words, "--jsonl", str(lines)], catch_exceptions=False)
    assert done.exit_code == 3
    assert "1: OverflowError: int too large" in done.stderr
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["2"]
    lines.write_text("We stumble")
    done = CliRunner().invoke(main, ["extract", "--reader", reader, str(lines)])
    assert done.exit_code == 1
    assert "OverflowError: int too large" in done.stderr


def test_a_parser_that_stumbles_keeps_what_stood_before(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def parse(stream: BinaryIO, reading: Reading) -> Iterator[Piece]:
        for record in FORMAT.parse(stream, reading):
            if isinstance(record, PaperRecord) and record.title == "stumble":
                raise AttributeError("no such thing")
            yield record

    monkeypatch.setitem(formats(), FORMAT.name, structs.replace(FORMAT, parse=parse))
    file = tmp_path / "records.jsonl"
    file.write_text("\n".join(map(json.dumps, [FIRST, {"title": "stumble"}])) + "\n")
    loaded = load(sqlite_url, file)
    assert loaded.exit_code == 3, loaded.output
    assert "its parser has not foreseen what follows" in loaded.stderr
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        assert connection.execute("SELECT title FROM papers").fetchall() == [(FIRST["title"],)]
    file.write_text(json.dumps({"title": "stumble"}) + "\n")
    loaded = load(sqlite_url, file)
    assert loaded.exit_code == 1
    assert "AttributeError: no such thing" in loaded.stderr


@pytest.mark.parametrize("piece", ["<", "<a ", "&amp;", "{\\a ", "\\'{e}", "a\u0301", "9% "])
def test_a_huge_abstract_takes_time_as_its_length(piece: str):
    def work(text: str) -> object:
        return plain_abstract(text), match_hashes(PaperRecord(abstract=text)), extract(text)

    assert growth_of_text(work, piece, 100_000) < LIMIT


WRAPPED = '{{"count": 1, "papers": {}, "pages": {{"next": ["]}}"]}}}}\n'


@pytest.mark.parametrize("between", ["", "\n", "oops\n", "]", "}", ", ", "\0", "\n1\n"])
@pytest.mark.parametrize("form", ["{}", WRAPPED])
def test_files_that_were_joined_are_told_of(
    sqlite_url: str, tmp_path: Path, form: str, between: str
):
    papers = [{"paper": {"id": f"2503.0000{n}", "title": f"A Title of Number {n}"}} for n in (1, 2)]
    file = tmp_path / "2025-03-11.json"
    file.write_text(between.join(form.format(json.dumps([paper])) for paper in papers))
    loaded = load(sqlite_url, file, "--format", "hf-daily")
    assert loaded.exit_code == 3, loaded.output
    assert "more data follows the end of the array" in loaded.stderr
    file.write_text(form.format(json.dumps(papers)) + " \n" * 200_000)
    assert load(sqlite_url, file, "--format", "hf-daily").exit_code == 0


def test_an_object_that_is_cut_off_behind_its_list_is_told_of(sqlite_url: str, tmp_path: Path):
    file = tmp_path / "2025-03-11.json"
    held = json.dumps([{"paper": {"id": "2503.00001", "title": "A Title of Number 1"}}])
    file.write_text(WRAPPED.format(held).rstrip()[:-2])
    loaded = load(sqlite_url, file, "--format", "hf-daily")
    assert loaded.exit_code == 3, loaded.output
    assert "cut off in the object around the array" in loaded.stderr
