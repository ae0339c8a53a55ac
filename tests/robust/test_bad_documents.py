"""Tests of wrong input: message, exit code, and an unchanged catalog."""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from etl.formats.contract import HEAD_SIZE
from etl.plugins import formats
from tests.robust.calling import call, content, lay_out, names, said
from tests.robust.programs import FILLER, page

GOOD = page("Nets")


def listing(*abstracts: str) -> str:
    return "".join(f"Abstract: {abstract}\n" for abstract in abstracts)


@dataclass(frozen=True)
class Case:
    """A wrong input: files that are there, what is called, and what comes of it."""

    name: str
    says: tuple[str, ...]
    files: dict[str, bytes | str] = field(default_factory=dict)
    args: tuple[str, ...] = ()
    code: int = 1
    stdin: bytes | None = None

    @property
    def call(self) -> list[str]:
        return ["load", *(self.args or tuple(self.files))]


CASES = [
    Case("no known format", ("no known format", "--format"), {"notes.txt": "Some notes.\n"}),
    Case("an empty file", ("the file is empty",), {"page.txt": ""}),
    Case("a digest without a day", ("no known format",), {"page.txt": GOOD.replace("Mar 11", "")}),
    Case(
        "a digest without a day, its format given",
        ("no day is printed", "--day"),
        {"page.txt": GOOD.replace("Mar 11", "")},
        ("page.txt", "--format", "digest-page"),
    ),
    Case("an impossible day", ("there is no day Feb 30",), {"page.txt": page(day="Feb 30")}),
    Case(
        "a day that its year does not have",
        ("there is no day Feb 29 in 2025",),
        {"page.txt": page(day="Feb 29")},
        ("page.txt", "--year", "2025"),
    ),
    Case(
        "nothing but a title",
        ("its only piece could not be used", "a title without an abstract"),
        {"page.txt": "A digest\n\nMar 11\n\nA Title\n"},
    ),
    Case(
        "two lines without an abstract",
        ("not one of its 2 pieces could be used",),
        {"list.txt": "Abstract:\nAbstract: 1\n"},
    ),
    Case(
        "damaged UTF-8",
        ("is not UTF-8: byte 0xe9",),
        {"page.txt": "Für dich\n".encode() + page("é").encode("latin-1")[1:]},
    ),
    Case("a NUL", ("NUL",), {"page.txt": GOOD.replace("about", "ab\0out")}),
    Case("a line without end", ("longer than",), {"page.txt": GOOD + "x" * 5_000_000}),
    Case("a folder without files", ("no file in a known format",), args=(".",)),
    Case("a folder of other files", ("no file in a known format",), {"a/notes": "x"}, ("a",)),
    Case("a missing file", ("there is no such file",), args=("missing.txt",)),
    Case(
        "a missing file beside a good one", ("no such file",), {"page.txt": GOOD}, ("page.txt", "x")
    ),
    Case("a device", ("no regular file", "load -"), args=("/dev/zero",)),
    Case("an empty standard input", ("the file is empty",), args=("-",), stdin=b""),
    Case("standard input of no format", ("no known format",), args=("-",), stdin=b"\0\1" * 99),
    Case(
        "half of a gzip file",
        ("gzip data is cut off",),
        {"page.gz": gzip.compress(GOOD.encode())[:-9]},
    ),
    Case(
        "JSON that breaks off early",
        ("its JSON breaks off before its format can be told",),
        {"2025-03-11.json": '[{"paper": {"id": "2406.0'},
    ),
    Case(
        "JSON that breaks off early, from standard input",
        ("its JSON breaks off",),
        args=("-",),
        stdin=b'[{"paper"',
    ),
    Case(
        "a folder with nothing but half a file",
        ("no file in a known format; day.json: its JSON breaks off",),
        {"in/day.json": "[{"},
        ("in",),
    ),
    Case("JSON of nothing known", ("no known format",), {"a.json": '[{"a": 1}]'}),
    Case(
        "JSON that breaks off",
        ("the array is cut off in item 1",),
        {"2025-03-11.json": '[{"paper": {"id": "2406.00001", "title": "A'},
        ("2025-03-11.json", "--format", "hf-daily"),
    ),
    Case("an unknown option value", ("not a format",), {"a": "x"}, ("a", "--format", "y"), code=2),
    Case(
        "a name for two",
        ("--name can be used with a single document",),
        {"a": "x", "b": "y"},
        ("a", "b", "--name", "n"),
        code=2,
    ),
    Case(
        "a day that is none",
        ("--day",),
        {"page.txt": GOOD},
        ("page.txt", "--day", "2025-02-30"),
        code=2,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_wrong_input_is_named_and_changes_nothing(case: Case, catalog_url: str, folder: Path):
    lay_out(folder.parent, {"first.txt": page("First")})
    assert call("load", str(folder.parent / "first.txt")).exit_code == 0
    before = content(catalog_url)
    lay_out(folder, case.files)
    there = names(folder)
    result = call(*case.call, stdin=case.stdin)
    assert result.exit_code == case.code, result.output
    for words in case.says:
        assert words in said(result)
    assert content(catalog_url) == before
    assert names(folder) == there
    if case.code == 1:
        assert [line.split(":")[0] for line in said(result).splitlines()[:3]] == [
            "Error",
            "  why",
            "  hint",
        ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_wrong_input_leaves_no_file_where_no_catalog_was(case: Case, folder: Path):
    lay_out(folder, case.files)
    there = names(folder)
    result = call(*case.call, stdin=case.stdin)
    assert result.exit_code == case.code, result.output
    assert names(folder) == there


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(lambda text: text.replace("\n", "\r").encode(), id="CR alone"),
        pytest.param(lambda text: b"\xef\xbb\xbf" + text.encode(), id="a byte-order mark"),
        pytest.param(lambda text: gzip.compress(text.encode()), id="gzip"),
    ],
)
@pytest.mark.parametrize("text", [GOOD, listing(FILLER)], ids=["a page", "a listing"])
def test_other_bytes_of_the_same_text_load_the_same(
    change: Callable[[str], bytes], text: str, folder: Path
):
    lay_out(folder, {"plain.txt": text, "other.txt": change(text)})
    assert call("--db", "plain.db", "load", "plain.txt").exit_code == 0
    assert call("--db", "other.db", "load", "other.txt").exit_code == 0
    plain, other = content(folder / "plain.db"), content(folder / "other.db")
    assert plain["papers"] == other["papers"]
    assert plain["papers"]


BROKEN = {
    "a title without an abstract": (
        page("One").rstrip() + "\n\nA Lonely Title\n\nAnother Title\n\n" + f"We think, {FILLER}\n",
        "A Lonely Title",
        "a title without an abstract",
    ),
    "a broken line in a listing": (
        listing(FILLER, "12 / 34", f"Another one, {FILLER}"),
        "12 / 34",
        'expected an abstract after "Abstract:"',
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_piece_becomes_a_problem_and_the_rest_loads(
    name: str, catalog_url: str, folder: Path
):
    text, raw, why = BROKEN[name]
    file = folder / "document.txt"
    file.write_text(text)
    result = call("load", str(file))
    assert result.exit_code == 3
    assert raw in said(result)
    assert why in said(result)
    state = content(catalog_url)
    assert len(state["papers"]) == 2
    ((_, kept_why, kept_raw, is_open),) = state["problems"]
    assert (kept_raw, is_open) == (raw, 1)
    assert why in kept_why

    shown = call("status", "--problems")
    assert shown.exit_code == 0
    assert raw in shown.stdout
    assert why in shown.stdout
    listed = json.loads(call("status", "--json").stdout)["problems"]
    assert [problem["raw"] for problem in listed] == [raw]


def test_a_broken_piece_that_stands_twice_is_kept_and_counted_once(catalog_url: str, folder: Path):
    file = folder / "document.txt"
    file.write_text(listing(FILLER, "12 / 34", "12 / 34", f"Another one, {FILLER}"))
    result = call("load", str(file))
    assert result.exit_code == 3
    assert result.stdout.rstrip().endswith("; 1 problem")
    state = json.loads(call("status", "--json").stdout)
    assert [len(state["problems"]), state["runs"][0]["problems"]] == [1, 1]


def test_problem_is_closed_by_a_version_without_it(catalog_url: str, folder: Path):
    text, raw, _ = BROKEN["a broken line in a listing"]
    file = folder / "document.txt"
    file.write_text(text)
    assert call("load", str(file)).exit_code == 3
    file.write_text(text.replace(f"Abstract: {raw}\n", ""))
    assert call("load", str(file)).exit_code == 0
    ((_, _, kept, is_open),) = content(catalog_url)["problems"]
    assert (kept, is_open) == (raw, 0)
    assert raw not in call("status", "--problems").stdout
    file.write_text(text)
    assert call("load", str(file)).exit_code == 3
    assert sorted(row[3] for row in content(catalog_url)["problems"]) == [0, 1]


def test_one_wrong_document_of_several_does_not_keep_the_others_out(catalog_url: str, folder: Path):
    lay_out(folder, {"in/a.txt": GOOD, "in/b.txt": page(day="Feb 30"), "in/c.bin": b"\0\1"})
    result = call("load", "in")
    assert result.exit_code == 3
    assert "there is no day Feb 30" in said(result)
    assert "c.bin: skipped: its format is not known" in said(result)
    assert len(content(catalog_url)["papers"]) == 1


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b'[{"paper": {"id": "2406.0', "its JSON breaks off", id="cut off"),
        pytest.param(b"\xef\xbb\xbf\n{", "its JSON breaks off", id="a byte-order mark"),
        pytest.param(gzip.compress(b'{"id": "2406.0'), "its JSON breaks off", id="packed"),
        pytest.param(gzip.compress(b'{"id": "2406.0')[:9], "data is cut off", id="a broken pack"),
    ],
)
def test_file_of_a_folder_that_is_empty_or_cut_off_is_a_problem(
    data: bytes, why: str, folder: Path
):
    lay_out(folder, {"in/a.txt": GOOD, "in/2025-03-11.json": data, "in/notes.json": "[1]"})
    result = call("load", "in", "--json")
    assert result.exit_code == 3
    assert "2025-03-11.json" in said(result)
    assert why in said(result)
    told = json.loads(result.stdout)
    assert told["problems"] == 1
    assert [Path(path).name for path in told["unreadable"]] == ["2025-03-11.json"]
    assert [Path(path).name for path in told["passed_over"]] == ["notes.json"]
    assert json.loads(call("status", "--json").stdout)["runs"][0]["state"] == "problems"


def entry(*, authors: int) -> dict[str, object]:
    """An entry of a list of daily papers, with so many authors."""
    paper = {
        "id": "2406.00001",
        "authors": [
            {"_id": f"{n:024}", "name": f"Ada {n}", "hidden": False} for n in range(authors)
        ],
        "title": "Invented Nets",
        "summary": FILLER,
        "upvotes": 1,
    }
    return {"paper": paper, "title": "Invented Nets", "publishedAt": "2024-06-03T00:00:00.000Z"}


@pytest.mark.parametrize("is_list", [True, False], ids=["a list", "a single paper"])
@pytest.mark.parametrize("way", ["file", "folder", "standard input", "gzip"])
def test_document_is_recognised_however_long_its_first_object_is(
    is_list: bool, way: str, folder: Path
):
    first = entry(authors=2_000)
    text = json.dumps([first] if is_list else first["paper"])
    assert len(text) > 2 * HEAD_SIZE
    data = gzip.compress(text.encode()) if way == "gzip" else text.encode()
    lay_out(folder, {"in/2024-06-03.json": data})
    if way == "standard input":
        result = call("load", "-", "--name", "2024-06-03.json", stdin=data)
    else:
        result = call("load", "in" if way == "folder" else "in/2024-06-03.json")
    assert result.exit_code == 0, said(result)
    assert "loaded as hf-daily" in said(result)


def test_parser_that_stumbles_costs_its_document_only(
    catalog_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    def stumbles(*_: object) -> object:
        raise KeyError("surprise")
        yield

    lay_out(folder, {"a.txt": GOOD, "b.txt": listing(FILLER)})
    known = formats()["abstract-listing"]
    monkeypatch.setitem(formats(), known.name, msgspec.structs.replace(known, parse=stumbles))
    result = call("load", "a.txt", "b.txt")
    assert result.exit_code == 3
    assert "KeyError: 'surprise'" in said(result)
    assert "please report this" in said(result)
    assert len(content(catalog_url)["papers"]) == 1


@pytest.mark.parametrize(
    "args", [["show", "\udcff"], ["query", "SELECT '\udcff'"], ["forget", "\udcff"]], ids=repr
)
def test_argument_that_is_no_utf8_is_refused(args: list[str], catalog_file: Path):
    result = call(*args)
    assert result.exit_code == 1
    assert "Error: " in said(result)


def test_file_name_that_is_no_utf8_is_kept_readable(folder: Path):
    name = "odd\udcff.txt"
    (folder / name).write_text(GOOD)
    assert call("load", name).exit_code == 0
    ((document, *_),) = content(folder / "catalog.db")["documents"]
    assert document.endswith("odd\\xff.txt")
    assert call("load", name).output.count("skipped") >= 1
