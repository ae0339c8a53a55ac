"""Tests of `catalog mark` and `catalog marks`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from filelock import FileLock

from etl.cli import main

SAMPLE = Path(__file__).parents[1] / "catalog" / "sample"
ONE = {"title": "An Invented Paper of One Kind", "identifiers": ["arxiv:2401.00001"]}
OTHER = {"title": "An Invented Paper of Another Kind", "identifiers": ["arxiv:2401.00002"]}


@pytest.fixture
def catalog(url, tmp_path, monkeypatch):
    """Run a command on an empty catalog, or on one that is named."""
    monkeypatch.chdir(tmp_path)

    def run(*args, code=0, db=url, stdin=None):
        result = CliRunner().invoke(main, ["--db", db, *args], input=stdin, catch_exceptions=False)
        assert result.exit_code == code, result.stdout + result.stderr
        return result

    return run


@pytest.fixture
def two(catalog, tmp_path):
    """The same, with two papers in it."""
    write(tmp_path / "two.jsonl", ONE, OTHER)
    catalog("load", "two.jsonl", "--format", "catalog-jsonl")
    return catalog


def write(path, *records):
    lines = []
    for record in records:
        names = [dict(zip(("scheme", "value"), n.split(":"), strict=True))
                 for n in record["identifiers"]]  # fmt: skip
        lines.append(json.dumps({**record, "identifiers": names}))
    path.write_text("\n".join(lines) + "\n")


def facts(result):
    """What is printed of each paper, without instants and names."""
    wanted = ("key", "starred", "read", "tags", "note")
    return [tuple(one[name] for name in wanted) for one in json.loads(result.stdout)]


def test_what_is_put_on_a_paper_is_shown_and_taken_back(two):
    put = two("mark", "2401.00001", "--star", "--read", "--tag", "To Reproduce", "--tag", "b",
              "--note", "Mine.", "--json")  # fmt: skip
    assert facts(put) == [("2401.00001", True, True, ["b", "to-reproduce"], "Mine.")]
    assert facts(two("mark", "arxiv:2401.00001v3", "--json")) == facts(put)
    assert "starred, read, #b #to-reproduce" in two("mark", "2401.00001").stdout
    two("mark", "2401.00001", "--no-star", "--unread", "--untag", "b", "--untag", "#to-reproduce",
        "--no-note")  # fmt: skip
    assert facts(two("mark", "2401.00001", "--json")) == [("2401.00001", False, False, [], None)]
    assert "no mark" in two("mark", "2401.00001").stdout
    assert "No paper has such marks" in two("marks").stderr


def test_a_paper_is_shown_with_its_mark(two):
    assert "Marked" not in two("show", "2401.00001").stdout
    two("mark", "2401.00001", "--star", "--tag", "a", "--note", "Mine.")
    assert "Marked: starred, #a\n  | Mine." in two("show", "2401.00001").stdout
    mark = json.loads(two("show", "2401.00001", "--json").stdout)["mark"]
    assert (mark["starred"], mark["tags"], mark["note"]) == (True, ["a"], "Mine.")


def test_several_papers_are_marked_at_once_or_none(two):
    two("mark", "2401.00001", "2401.00009", "--star", code=1)
    assert two("marks", "--json").stdout == "[]\n"
    two("mark", "2401.00001", "2401.00002", "--star")
    assert len(facts(two("marks", "--star", "--json"))) == 2


def test_a_note_may_come_from_standard_input(two):
    two("mark", "2401.00001", "--note", "-", stdin="One line.\n\nAnother.\n")
    assert facts(two("marks", "--json"))[0][-1] == "One line.\n\nAnother."


def test_the_list_is_narrowed(two):
    two("mark", "2401.00001", "--star", "--tag", "a", "--tag", "b")
    two("mark", "2401.00002", "--star", "--read", "--tag", "a")
    for asked, keys in (
        (["--star"], ["2401.00002", "2401.00001"]),
        (["--star", "--unread"], ["2401.00001"]),
        (["--tag", "a", "--tag", "B"], ["2401.00001"]),
        (["--no-star"], []),
    ):
        assert [one[0] for one in facts(two("marks", *asked, "--json"))] == keys
        assert [one[0] for one in facts(two("mark", "--list", *asked, "--json"))] == keys
    assert two("marks", "--csv").stdout.splitlines()[0] == "key,title,starred,read,tags,note"


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("star:yes", {"2401.00001", "2401.00002"}),
        ("star:yes read:no", {"2401.00001"}),
        ("read:no", {"2401.00001", "2401.00003"}),
        ("star:no", {"2401.00003"}),
        ("tag:To-Reproduce invented", {"2401.00002"}),
        ("tag:other", set()),
    ],
)
def test_searches_know_marks(two, tmp_path, words, keys):
    write(tmp_path / "third.jsonl", {**ONE, "identifiers": ["arxiv:2401.00003"]})
    two("load", "third.jsonl", "--format", "catalog-jsonl")
    two("mark", "2401.00001", "2401.00002", "--star")
    two("mark", "2401.00002", "--read", "--tag", "to-reproduce")
    two("mark", "2401.00003", "--read")
    two("mark", "2401.00003", "--unread")
    found = json.loads(two("search", words, "--json").stdout)
    assert {one["key"] for one in found} == keys


@pytest.mark.parametrize(
    ("command", "code", "says"),
    [
        (["mark", "nowhere", "--star"], 1, "catalog search"),
        (["mark", "invented paper", "--star"], 1, "2 titles"),
        (["mark"], 2, "name a paper"),
        (["mark", "2401.00001", "--tag", ","], 2, "is not a tag"),
        (["mark", "2401.00001", "--tag", "a", "--untag", "A"], 2, "not both"),
        (["mark", "2401.00001", "--note", " "], 2, "--no-note"),
        (["mark", "2401.00001", "--note", "a", "--no-note"], 2, "not both"),
        (["mark", "--list", "--note", "a"], 2, "with --list, give only"),
    ],
)
def test_what_cannot_be_marked_is_said_and_changes_nothing(two, command, code, says):
    assert says in two(*command, code=code).stderr
    assert two("marks", "--json").stdout == "[]\n"


def test_papers_that_become_one_have_both_marks(two):
    two("mark", "2401.00001", "--star", "--tag", "a", "--note", "First.")
    two("mark", "2401.00002", "--read", "--tag", "b", "--note", "Second.")
    before = facts(two("marks", "--json"))
    two("merge", "2401.00001", "2401.00002")
    assert facts(two("marks", "--json")) == [
        ("2401.00001", True, True, ["a", "b"], "First.\n\nSecond.")
    ]
    two("corrections", "retract", "1")
    assert facts(two("marks", "--json")) == before
    two("merge", "2401.00001", "2401.00002")
    two("mark", "2401.00001", "--unread", "--untag", "b", "--note", "Both.")
    assert facts(two("marks", "--json")) == [("2401.00001", True, False, ["a"], "Both.")]


def test_the_mark_of_a_forgotten_paper_waits_for_it_and_can_be_changed(two):
    two("mark", "2401.00001", "--star")
    two("forget", "two.jsonl")
    assert facts(two("marks", "--json")) == [(None, True, False, [], None)]
    assert "not in the catalog" in two("mark", "arxiv:2401.00001v2", "--tag", "a").stdout
    two("load", "two.jsonl", "--format", "catalog-jsonl")
    assert facts(two("marks", "--json")) == [("2401.00001", True, False, ["a"], None)]
    assert "FAILED" not in two("db", "check").stdout


def test_marks_are_carried_to_another_catalog_and_united(two, tmp_path):
    two("mark", "2401.00001", "--star", "--note", "From here.")
    two("mark", "2401.00002", "--tag", "a")
    (tmp_path / "marks.json").write_text(two("marks", "--json").stdout)
    write(tmp_path / "one.jsonl", ONE)
    two("load", "one.jsonl", "--format", "catalog-jsonl", db="there.db")
    two("mark", "2401.00001", "--read", "--note", "From there.", db="there.db")
    for _ in range(2):  # the second time adds nothing
        told = two("marks", "--import", "marks.json", db="there.db").stdout
        assert "2 papers; 1 paper not in the catalog yet." in told
        assert sorted(facts(two("marks", "--json", db="there.db")), key=str) == [
            ("2401.00001", True, True, [], "From there.\n\nFrom here."),
            (None, False, False, ["a"], None),
        ]
    two("load", "two.jsonl", "--format", "catalog-jsonl", db="there.db")
    assert ("2401.00002", False, False, ["a"], None) in facts(two("marks", "--json", db="there.db"))
    assert "FAILED" not in two("db", "check", db="there.db").stdout


def test_united_notes_are_read_back_however_long(two):
    for letter in "ab":
        note = letter * 30_000
        mark = {"title": "A", "names": ["arxiv:2401.00003"], "note": note}
        two("marks", "--import", "-", stdin=json.dumps(mark))
    printed = two("marks", "--json").stdout
    two("marks", "--import", "-", stdin=printed)
    assert two("marks", "--json").stdout == printed


@pytest.mark.parametrize(
    "printed",
    [
        "{",
        '[{"title": "A", "names": []}]',
        '[{"title": "A", "names": ["arxiv:1"], "tags": [","]}]',
        '{"title": "A", "names": ["title:no number"]}',
        '{"title": "A", "names": ["arxiv:1"], "read_at": "0001-01-01T00:00:00+14:00"}',
        r'{"title": "A\u0000", "names": ["arxiv:1"]}',
        '{"title": "A", "names": ["title:9999999999999999999"]}',
    ],
)
def test_what_is_no_list_of_marks_is_refused(two, printed):
    told = two("marks", "--import", "-", stdin=printed, code=1).stderr
    assert "cannot read the marks" in told
    assert two("marks", "--json").stdout == "[]\n"


def test_marking_waits_for_another_command_and_says_so(catalog, sqlite_url, tmp_path):
    catalog("load", str(SAMPLE / "2025-03-11.txt"), db=sqlite_url)
    with FileLock(tmp_path / "catalog.db.lock"):
        told = catalog("mark", "NExT-Mol", "--star", "--wait", "0.2", code=75, db=sqlite_url).stderr
    assert "Waiting up to 0.2 seconds" in told
    assert catalog("marks", "--json", db=sqlite_url).stdout == "[]\n"


def test_a_copy_has_the_marks_and_brings_them_back(two, url):
    two("mark", "2401.00001", "--star", "--tag", "a")
    two("copy", url, "copy.db")
    two("mark", "2401.00001", "--read", "--untag", "a", db="copy.db")
    two("copy", "copy.db", url)
    assert facts(two("marks", "--json")) == [("2401.00001", True, True, [], None)]
    assert "FAILED" not in two("db", "check").stdout


def test_a_refreshed_copy_keeps_what_was_marked_in_it(two, url):
    two("mark", "2401.00001", "--star")
    two("copy", url, "copy.db")
    two("mark", "2401.00001", "--no-star", "--tag", "here", db="copy.db")
    two("mark", "2401.00002", "--read", "--tag", "here", db="copy.db")
    two("mark", "2401.00002", "--star", "--note", "There.")
    kept = [
        ("2401.00001", False, False, ["here"], None),
        ("2401.00002", True, True, ["here"], "There."),
    ]
    for _ in range(2):
        two("copy", url, "copy.db")
        assert sorted(facts(two("marks", "--json", db="copy.db"))) == kept
        assert "FAILED" not in two("db", "check", db="copy.db").stdout
    two("copy", "copy.db", url)
    assert sorted(facts(two("marks", "--json"))) == kept
    two("mark", "2401.00001", "2401.00002", "--no-star", "--unread", "--untag", "here", "--no-note")
    two("copy", url, "copy.db")
    assert facts(two("marks", "--json", db="copy.db")) == []


def test_marks_that_came_into_a_copy_at_once_give_way_to_the_original_one_by_one(two, url):
    two("copy", url, "copy.db")
    marks = [{"title": name, "names": [f"arxiv:{name}"], "tags": ["here"]}
             for name in ("2401.00002", "2401.00003", "2401.00004")]  # fmt: skip
    two("marks", "--import", "-", db="copy.db", stdin=json.dumps(marks))
    for name in ("2401.00001", "2401.00002"):
        two("mark", name, "--star")
        two("copy", url, "copy.db")
        found = json.loads(two("marks", "--json", "--tag", "here", db="copy.db").stdout)
        assert sorted(one["title"] for one in found) == [
            "2401.00003", "2401.00004", OTHER["title"]
        ]  # fmt: skip
        assert "FAILED" not in two("db", "check", db="copy.db").stdout
    assert len(json.loads(two("marks", "--star", "--json", db="copy.db").stdout)) == 2
