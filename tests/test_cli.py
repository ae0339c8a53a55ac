"""The command as a user meets it: exit code, standard output, standard error."""

import datetime as dt
import json
import os
import re
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from catalog.database import opened
from etl.cli import COMMANDS, main
from tests import postgres

FILLER = "and so this abstract goes on for long enough that it cannot be taken for a title at all."
PAGE = f"""An invented digest

Mar 11

Invented Networks for Image Recognition

We reach 91.5% top-1 accuracy on ImageNet, {FILLER} Code: https://github.com/ada/nets.

A Second Invented Paper Without Numbers

We think about networks {FILLER}
"""
LISTING = f"""Abstract: We reach 91.5% top-1 accuracy on ImageNet, {FILLER} Code: this https URL.
Abstract: Something else entirely, {FILLER}
"""


@pytest.fixture
def local(tmp_path, monkeypatch):
    """Run `catalog ARGS` in a folder of its own, on a file that is not there yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CATALOG_URL", raising=False)

    def run(*args: str, stdin: str | None = None, code: int = 0) -> Result:
        result = CliRunner().invoke(main, list(args), input=stdin, catch_exceptions=False)
        assert result.exit_code == code, result.stdout + result.stderr
        return result

    return run


@pytest.fixture(params=["sqlite", postgres.POSTGRES])
def catalog(request, local, monkeypatch):
    """The same on every database."""
    if request.param == "postgres":
        monkeypatch.setenv("CATALOG_URL", postgres.fresh())
    return local


@pytest.fixture
def page(tmp_path):
    file = tmp_path / "page.txt"
    file.write_text(PAGE)
    return file


def count(catalog, sql):
    return json.loads(catalog("query", sql, "--json").stdout)[0]["n"]


def leaves():
    """Every command that does something, as its words."""
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        if isinstance(command, click.Group):
            yield from ([name, below] for below in command.commands)
        else:
            yield [name]


@pytest.mark.parametrize("words", list(leaves()), ids=" ".join)
def test_every_command_has_help_with_exit_codes(words):
    result = CliRunner().invoke(main, [*words, "--help"])
    assert result.exit_code == 0
    told = set(re.findall(r"\d+", result.stdout.split("Exit codes:")[1].split("\n\n")[0]))
    waits = {"75"} if "--wait" in result.stdout else set()
    assert told >= {"0", "1", "2", "130"} | waits


def test_help_imports_neither_sqlalchemy_nor_datasette():
    code = "import sys; from etl.cli import main; main(['--help'], standalone_mode=False)"
    code += (
        "; sys.exit(int(bool({'sqlalchemy', 'alembic', 'datasette', 'rich'} & set(sys.modules))))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


def test_load_creates_the_catalog_and_tells_what_it_did(catalog, page):
    result = catalog("load", "page.txt", "--year", "2025")
    assert "digest of 2025-03-11" in result.stderr
    assert "papers +2" in result.stdout
    assert count(catalog, "SELECT count(*) AS n FROM papers") == 2
    assert count(catalog, "SELECT count(*) AS n FROM v_results WHERE value = 91.5") == 1
    assert count(catalog, "SELECT count(*) AS n FROM repositories WHERE key LIKE '%/ada/nets'") == 1


def test_loading_again_adds_nothing_but_a_run(catalog, page):
    catalog("load", "page.txt")
    again = json.loads(catalog("load", "page.txt", "--json").stdout)
    assert (again["documents"], again["skipped"], again["papers_added"]) == (0, 1, 0)
    assert count(catalog, "SELECT count(*) AS n FROM runs") == 2


def test_a_changed_document_replaces_what_it_supplied(catalog, page):
    catalog("load", "page.txt")
    page.write_text(PAGE.replace("91.5%", "92.5%").split("A Second")[0])
    outcome = json.loads(catalog("load", "page.txt", "--json").stdout)
    assert outcome["documents_read"][0]["action"] == "replace"
    assert count(catalog, "SELECT count(*) AS n FROM papers") == 1
    assert count(catalog, "SELECT count(*) AS n FROM results WHERE value = 91.5") == 0
    assert count(catalog, "SELECT count(*) AS n FROM results WHERE value = 92.5") == 1


def test_again_reads_a_document_that_has_not_changed(catalog, page, tmp_path):
    record = {"title": "Invented and Long", "abstract": "x" * 2_000_000}
    (tmp_path / "papers.jsonl").write_text(
        json.dumps({"title": "Invented and Short"}) + "\n" + json.dumps(record) + "\n"
    )
    options = ("--format", "catalog-jsonl")
    catalog("load", "papers.jsonl", *options, "--longest", "1", code=3)
    assert count(catalog, "SELECT count(*) AS n FROM papers") == 1
    catalog("load", "papers.jsonl", *options)
    assert count(catalog, "SELECT count(*) AS n FROM papers") == 1
    catalog("load", "papers.jsonl", *options, "--again")
    assert count(catalog, "SELECT count(*) AS n FROM papers") == 2
    assert count(catalog, "SELECT count(*) AS n FROM problems WHERE closed_run_id IS NULL") == 0


def test_forget_undoes_a_load(catalog, page):
    catalog("load", "page.txt")
    catalog("forget", "page.txt")
    for table in ("papers", "results", "links", "repositories", "digests", "documents"):
        assert count(catalog, f"SELECT count(*) AS n FROM {table}") == 0


def test_a_copy_is_noted_and_takes_over_when_its_original_is_forgotten(catalog, page, tmp_path):
    catalog("load", "page.txt")
    (tmp_path / "copy.txt").write_text(PAGE)
    assert "the same bytes as" in catalog("load", "copy.txt").stderr
    assert "its content stays" in catalog("forget", "page.txt").stdout
    assert count(catalog, "SELECT count(*) AS n FROM papers") == 2


def test_the_year_once_decided_is_kept(catalog, page):
    catalog("load", "page.txt", "--year", "2021")
    page.write_text(PAGE.replace("91.5%", "92.5%"))
    catalog("load", "page.txt")
    row = json.loads(catalog("query", "SELECT day FROM digests", "--json").stdout)
    assert row == [{"day": "2021-03-11"}]


def test_an_option_for_the_year_moves_a_digest_that_is_there(catalog, page):
    catalog("load", "page.txt", "--year", "2021")
    catalog("load", "page.txt", "--year", "2022")
    row = json.loads(catalog("query", "SELECT day FROM digests", "--json").stdout)
    assert row == [{"day": "2022-03-11"}]


def test_the_year_that_is_not_printed_is_the_latest_past_one(catalog, page):
    catalog("load", "page.txt")
    row = json.loads(catalog("query", "SELECT day, day_basis FROM v_digest", "--json").stdout)[0]
    today = dt.datetime.now().astimezone().date()
    this_year = dt.date(today.year, 3, 11)
    expected = this_year if this_year <= today else dt.date(today.year - 1, 3, 11)
    assert row == {"day": str(expected), "day_basis": "reading"}


def test_an_abstract_without_title_joins_the_paper_that_has_it(catalog, page, tmp_path):
    (tmp_path / "listing.txt").write_text(
        LISTING.replace("this https URL", "https://github.com/ada/nets")
    )
    catalog("load", "listing.txt", "page.txt")
    assert count(catalog, "SELECT count(*) AS n FROM papers") == 3


def test_dry_run_changes_nothing_and_leaves_no_file(local, page, tmp_path):
    result = local("load", "page.txt", "--dry-run")
    assert result.stdout.startswith("Would change: 1 document")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["page.txt"]


def test_dry_run_on_a_catalog_that_is_there_changes_nothing(catalog, page, tmp_path):
    catalog("load", "page.txt")
    (tmp_path / "more.txt").write_text(LISTING)
    catalog("load", "more.txt", "--dry-run")
    assert count(catalog, "SELECT count(*) AS n FROM documents") == 1
    assert count(catalog, "SELECT count(*) AS n FROM runs") == 1


def test_a_folder_is_loaded_and_what_is_unknown_in_it_is_listed(catalog, page, tmp_path):
    (tmp_path / "data").mkdir()
    page.rename(tmp_path / "data" / "page.txt")
    (tmp_path / "data" / "notes.md").write_text("nothing of interest")
    result = catalog("load", "data")
    assert "notes.md: passed over" in result.stderr
    assert count(catalog, "SELECT count(*) AS n FROM papers") == 2


def test_a_piece_that_cannot_be_used_is_kept_as_a_problem(catalog, page):
    page.write_text(PAGE + "\nA Title at the End Without Its Abstract\n")
    result = catalog("load", "page.txt", code=3)
    assert "a title without an abstract" in result.stderr
    shown = catalog("status", "--problems").stdout
    assert "A Title at the End Without Its Abstract" in shown


def test_problems_are_closed_when_the_document_is_mended(catalog, page):
    page.write_text(PAGE + "\nA Title at the End Without Its Abstract\n")
    catalog("load", "page.txt", code=3)
    page.write_text(PAGE)
    catalog("load", "page.txt")
    assert "Open problems" not in catalog("status", "--problems").stdout
    assert count(catalog, "SELECT count(*) AS n FROM problems") == 1


def test_show_finds_a_paper_by_key_and_by_words_of_its_title(catalog, page):
    catalog("load", "page.txt")
    key = json.loads(catalog("search", "image recognition", "--json").stdout)[0]["key"]
    by_key = catalog("show", key).stdout
    assert "91.5%" in by_key
    assert "ada/nets" in by_key
    assert catalog("show", "invented networks for").stdout == by_key
    assert json.loads(catalog("show", key, "--json").stdout)["results"][0]["value"] == 91.5
    assert "page.txt" in catalog("show", key, "--sources").stdout


def test_show_says_what_to_do_where_several_fit_or_none(catalog, page):
    catalog("load", "page.txt")
    assert "2 titles hold these words" in catalog("show", "invented", code=1).stderr
    assert "catalog search" in catalog("show", "no such paper", code=1).stderr


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("invented recognition", 1),
        ("code:yes", 1),
        ("code:no", 1),
        ("dataset:ImageNet-1K", 1),
        ("dataset:imagenet metric:acc", 0),
        ("after:2999", 0),
        ('NEAR (networks "', 2),
        ("numbers networks", 1),
        ("recognitions", 1),
    ],
)
def test_search_takes_words_and_filters(catalog, page, typed, found):
    catalog("load", "page.txt")
    assert len(json.loads(catalog("search", typed, "--json").stdout)) == found


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
@pytest.mark.parametrize("columns", [60, 80, 200])
def test_keys_stay_whole_where_a_terminal_is_narrow(local, page, columns, tmp_path):
    import pty

    local("load", "page.txt")
    key = json.loads(local("search", "image recognition", "--json").stdout)[0]["key"]
    ours, theirs = pty.openpty()
    subprocess.run(
        [sys.executable, "-m", "etl.cli", "search", "image recognition"],
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "COLUMNS": str(columns), "TERM": "xterm"},
        check=True,
    )
    os.close(theirs)
    shown = re.sub(r"\x1b\[[\d;]*m", "", os.read(ours, 1 << 16).decode())
    os.close(ours)
    assert key in shown
    assert max(map(len, shown.splitlines())) <= columns
    assert ("Invented Networks for Image Recognition" in shown) == (columns > 80)


@pytest.mark.parametrize("command", [["search"], ["digest", "--query"]], ids=" ".join)
@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("nets year:abc", "year: takes four digits, as in year:2025, not “abc”"),
        ("code:maybe", "code: takes yes or no, as in code:yes, not “maybe”"),
        ("after:2025-13", "after: takes a day, month or year, as in after:2025-01"),
        ("digest:2025-02-30", "digest: takes a day, month or year"),
        ("before:0000", "before: takes a day, month or year"),
        ("author:", 'author: takes a name, as in author:"Ada Example"'),
        ("year:24 code:perhaps", "year: takes four digits, as in year:2025, not “24”; code: takes"),
        ("", "no word and no filter"),
        ("?!", "no word and no filter"),
    ],
)
def test_a_search_that_makes_no_sense_is_wrong_usage(catalog, page, command, typed, says):
    catalog("load", "page.txt")
    result = catalog(*command, typed, code=2)
    assert says in result.stderr
    assert result.stdout == ""


def test_a_name_that_is_no_filter_is_searched_for_and_told_of(catalog, page):
    catalog("load", "page.txt")
    for command in (["search"], ["digest", "--query"]):
        assert 'no filter "size"' in catalog(*command, "size:networks").stderr


@pytest.mark.parametrize(
    "command",
    [["show"], ["forget"], ["add"], ["merge", "x"], ["split", "x"]],
    ids=" ".join,
)
@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_is_wrong_usage(local, page, command, name):
    local("load", "page.txt")
    assert "it is empty" in local(*command, name, code=2).stderr
    assert count(local, "SELECT count(*) AS n FROM papers") == 2


def test_forget_takes_no_beginning_of_a_path(local, page):
    local("load", "page.txt")
    assert "there is no document /" in local("forget", "/", code=1).stderr
    assert count(local, "SELECT count(*) AS n FROM papers") == 2


def test_query_prints_csv_json_and_a_table(catalog, page):
    catalog("load", "page.txt")
    sql = "SELECT title, results FROM v_papers WHERE has_code = :code"
    assert catalog("query", sql, "-p", "code=1", "--csv").stdout.splitlines() == [
        "title,results",
        "Invented Networks for Image Recognition,1",
    ]
    assert len(json.loads(catalog("query", sql, "-p", "code=1", "--json").stdout)) == 1
    assert "Invented Networks" in catalog("query", sql, "-p", "code=1").stdout


def test_query_reads_the_full_text_index(local, page):
    local("load", "page.txt")
    sql = "SELECT count(*) AS n FROM papers_fts WHERE papers_fts MATCH 'invented'"
    assert count(local, sql) == 2


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM papers",
        "DROP TABLE papers",
        "ATTACH 'other.db' AS other",
        "PRAGMA journal_mode = DELETE",
        "SELECT load_extension('x')",
        "SELECT * FROM nowhere",
        "SELECT 1; DELETE FROM papers",
        "SELECT 1; COMMIT; DELETE FROM papers",
        "",
    ],
)
def test_query_only_reads(catalog, page, sql, tmp_path):
    catalog("load", "page.txt")
    assert "cannot run this" in catalog("query", sql, code=1).stderr
    assert count(catalog, "SELECT count(*) AS n FROM papers") == 2
    assert not (tmp_path / "other.db").exists()


@pytest.mark.parametrize(
    "command", [["status"], ["query", "SELECT 1"], ["show", "x"], ["search", "x"]]
)
def test_reading_commands_never_create_a_file(local, tmp_path, command):
    assert "there is no such file" in local(*command, code=1).stderr
    assert list(tmp_path.iterdir()) == []


def test_status_tells_counts_and_runs(catalog, page):
    catalog("load", "page.txt")
    state = json.loads(catalog("status", "--json").stdout)
    assert state["counts"]["papers"] == 2
    assert state["runs"][0]["state"] == "done"


def test_one_of_a_thing_is_not_told_of_as_several(catalog, page, tmp_path):
    page.write_text(PAGE.split("A Second")[0] + "A Lonely Title\n")
    loaded = catalog("load", "page.txt", code=3)
    assert "1 document, 0 skipped, 1 new record;" in loaded.stdout
    told = catalog("status").stdout
    assert re.findall(r"^ +1 (.*)$", told, re.MULTILINE) == [
        "paper",
        "result",
        "digest",
        "digest entry",
        "link",
        "repository",
        "metric",
        "dataset",
        "document",
    ]
    assert "1 document, 0 skipped, papers +1 ~0 -0, 1 problem" in told
    assert "1 open problem: " in told
    assert catalog("reextract", "--all").stdout.startswith("Read 1 paper again: ")
    (tmp_path / "problem.txt").write_text("A digest\n\nMar 11\n\nA Title\n")
    assert "its only piece could not be used" in catalog("load", "problem.txt", code=1).stderr
    assert "1 paper went, 0 changed" in catalog("forget", "page.txt").stdout


def test_demo_loads_the_bundled_sample(local, tmp_path):
    result = local("demo", "--no-serve")
    assert "3 pages loaded" in result.stdout
    state = json.loads(local("--db", "catalog-demo.db", "status", "--json").stdout)
    assert state["counts"]["papers"] == 41
    assert state["counts"]["digest_entries"] == 42
    assert not (tmp_path / "catalog.db").exists()
    assert "TROUBLE" not in local("--db", "catalog-demo.db", "db", "check").stdout


def test_reextract_reads_again_what_another_version_read(catalog, page, tmp_path):
    catalog("load", "page.txt")
    with (
        opened(os.environ.get("CATALOG_URL", "sqlite:///catalog.db")) as engine,
        engine.begin() as connection,
    ):
        connection.execute(text("UPDATE papers SET extractor_version = 'older' WHERE has_results"))
        connection.execute(text("UPDATE results SET value = 1"))
    assert "Read 1 paper again" in catalog("reextract").stdout
    assert count(catalog, "SELECT count(*) AS n FROM results WHERE value = 91.5") == 1
    assert "Read 0 papers again" in catalog("reextract").stdout


class TestRealDigests:
    """The three documents that the project began with, where they are at hand."""

    def test_they_load_completely(self, catalog, shared):
        outcome = json.loads(catalog("load", str(shared / "data/digests"), "--json").stdout)
        assert outcome["records"] == 112
        assert outcome["papers_added"] == 111
        assert outcome["entries_added"] == 102
        assert outcome["problems"] == 0
        days = "SELECT count(*) AS n FROM v_digest WHERE CAST(day AS text) LIKE '%-{}'"
        assert count(catalog, days.format("03-11")) == 38
        assert count(catalog, days.format("03-12")) == 64
        assert count(catalog, "SELECT count(*) AS n FROM papers WHERE title IS NULL") == 10

    def test_they_meet_the_daily_papers(self, catalog, shared):
        catalog("load", str(shared / "data/digests"), str(shared / "data/hf-daily/2024-06-19.json"))
        found = json.loads(catalog("show", "2406.12031", "--json").stdout)
        assert [day["source"] for day in found["digests"]] == ["hf-daily", "digest-page"]
