"""Tests of reading commands: exit code, standard output, standard error."""

import json
import os
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from etl.cli import main
from tests import postgres_databases
from tests.cli.pages import PAGE, count


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
    assert "2 titles contain these words" in catalog("show", "invented", code=1).stderr
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
        [sys.executable, "-m", "etl", "search", "image recognition"],
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
    assert ("Invented Networks for Image Recognition" in shown) == (columns > 60)


@pytest.mark.parametrize("command", [["search"], ["digest", "--query"]], ids=" ".join)
@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (
            "nets year:abc",
            "year: takes a year, or a range such as 2023-2025, as in year:2025, not “abc”",
        ),
        ("code:maybe", "code: takes yes or no, as in code:yes, not “maybe”"),
        ("after:2025-13", "after: takes a day, month or year, as in after:2025-01"),
        ("digest:2025-02-30", "digest: takes a day, month or year"),
        ("before:0000", "before: takes a day, month or year"),
        ("author:", 'author: takes a name, as in author:"Ada Example"'),
        (
            "year:24 code:perhaps",
            "as in year:2025, not “24”; code: takes",
        ),
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
        assert "no filter “size”" in catalog(*command, "size:networks").stderr


@pytest.mark.parametrize(
    "command",
    [["show"], ["forget"], ["add"], ["merge", "x"], ["split", "x"]],
    ids=" ".join,
)
@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_is_wrong_usage(local, page, command, name):
    local("load", "page.txt")
    assert "the name is empty" in local(*command, name, code=2).stderr
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


def test_a_refused_query_says_the_truth(local, page):
    local("load", "page.txt")
    for sql in ("PRAGMA table_info(papers)", "DELETE FROM papers"):
        assert "only SELECT is allowed here" in local("query", sql, code=1).stderr
    refused = local("query", "SELECT load_extension('x')", code=1).stderr
    assert "the function load_extension is not allowed here" in refused


@postgres_databases.WANTED
@pytest.mark.parametrize(
    "sql",
    [
        "COPY papers TO PROGRAM 'touch {file}'",
        "COPY papers TO '{file}'",
        "SELECT lo_export(lo_from_bytea(0, 'x'), '{file}')",
        "SELECT pg_read_file('/etc/passwd')",
        "WITH gone AS (DELETE FROM papers RETURNING *) SELECT * FROM gone",
        "SELECT 1; COPY papers TO PROGRAM 'touch {file}'",
        "CREATE TABLE x (y int)",
        "VACUUM",
        "DO $$ BEGIN EXECUTE 'COPY papers TO PROGRAM ''touch {file}'''; END $$",
        "SELECT set_config('role', session_user, true), "
        "query_to_xml('SELECT pg_read_file(''/etc/passwd'')', true, true, '')",
        "SELECT U&\"set\\005fconfig\"('role', session_user, true)",
        "SELECT * FROM ts_stat('SELECT to_tsvector(pg_read_file(''/etc/passwd''))')",
    ],
)
def test_query_on_a_server_reaches_neither_files_nor_programs(sql, tmp_path, monkeypatch):
    monkeypatch.setenv("CATALOG_URL", postgres_databases.fresh())
    file = tmp_path / "reached"
    tmp_path.chmod(0o777)
    result = CliRunner().invoke(main, ["query", sql.format(file=file)], catch_exceptions=False)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "cannot run this" in result.stderr
    assert not file.exists()


@postgres_databases.WANTED
def test_query_on_a_server_reads(monkeypatch):
    monkeypatch.setenv("CATALOG_URL", postgres_databases.fresh())
    for sql in ("SELECT count(*) FROM papers", "VALUES (0)", "WITH a AS (SELECT 0) TABLE a"):
        result = CliRunner().invoke(main, ["query", sql, "--csv"], catch_exceptions=False)
        assert result.stdout.splitlines()[1:] == ["0"], result.stderr


@postgres_databases.WANTED
def test_query_on_a_server_names_parameters_without_a_value(monkeypatch):
    monkeypatch.setenv("CATALOG_URL", postgres_databases.fresh())
    for sql in ("SELECT :name", "SELECT ':name'"):
        refused = CliRunner().invoke(main, ["query", sql], catch_exceptions=False)
        assert refused.exit_code == 1
        assert "bind parameter 'name'" in refused.stderr
        assert "--param NAME=VALUE" in refused.stderr
    written = CliRunner().invoke(main, ["query", r"SELECT '\:name'", "--csv"])
    assert written.stdout.splitlines()[1:] == [":name"]


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


def test_status_is_short_and_grouped(catalog, page):
    for number in range(5):
        page.write_text(PAGE.replace("91.5", f"9{number}.5"))
        catalog("load", "page.txt")
    told = catalog("status").stdout.splitlines()
    assert [line for line in told if not line.startswith("  ")] == ["Content", "Last runs"]
    assert len(told) <= 10
    assert max(map(len, told)) <= 80
    assert len(json.loads(catalog("status", "--json").stdout)["runs"]) == 5


def test_one_of_a_thing_is_not_told_of_as_several(catalog, page, tmp_path):
    page.write_text(PAGE.split("A Second")[0] + "A Lonely Title\n")
    loaded = catalog("load", "page.txt", code=3)
    assert "1 document, 0 skipped, 1 new record;" in loaded.stdout
    told = catalog("status").stdout
    for one in (
        "  1 paper, 1 result\n  1 metric, 1 dataset\n  1 link, 1 repository\n",
        "  1 digest with 1 entry, the latest of 20",
        "  1 document; schema ",
        ": 1 document, +1 paper, 1 problem\n",
    ):
        assert one in told
    assert "1 open problem; " in told
    assert catalog("reextract", "--all").stdout.startswith("Reread 1 paper: ")
    (tmp_path / "problem.txt").write_text("A digest\n\nMar 11\n\nA Title\n")
    assert "its only piece could not be used" in catalog("load", "problem.txt", code=1).stderr
    assert "1 paper removed, 0 changed" in catalog("forget", "page.txt").stdout


def test_show_prints_authors_and_addresses_and_a_reference(catalog, tmp_path):
    record = {
        "title": "A Reader of BERT",
        "identifiers": [{"scheme": "arxiv", "value": "2503.00001"}],
        "authors": ["Ada Example", "Bo Second Jr."],
    }
    (tmp_path / "papers.jsonl").write_text(json.dumps(record) + "\n")
    catalog("load", "papers.jsonl")
    shown = catalog("show", "2503.00001").stdout
    assert "\nAda Example, Bo Second Jr.\n" in shown
    assert "arxiv:2503.00001  https://arxiv.org/abs/2503.00001\n" in shown
    entry = catalog("show", "2503.00001", "--bibtex").stdout
    assert "title         = {A Reader of {BERT}}" in entry
    assert "author        = {Example, Ada and Second, Jr., Bo}" in entry
    assert catalog("show", "2503.00001", "--ris").stdout.startswith("TY  - UNPB\n")


def test_a_word_to_leave_out_is_answered_with_the_dashes_to_put_before(catalog, page):
    catalog("load", "page.txt")
    assert "put -- before the search" in catalog("search", "-code:yes", code=2).stderr
    assert "put --" not in catalog("search", "--sortt", "title", code=2).stderr
    assert "No papers" not in catalog("search", "--", "-code:yes").stderr


def test_what_moved_on_a_dataset_that_is_not_there_is_said_so(catalog, page):
    catalog("load", "page.txt")
    told = catalog("leaderboard", "Imagnet", "--since", "2025-01-01").stderr
    assert "There is no leaderboard of Imagnet" in told
    assert "Did you mean: catalog leaderboard ImageNet" in told
    told = catalog("leaderboard", "ImageNet", "--since", "2025-01-01").stderr
    assert "No leaderboard has" in told


def test_a_metric_that_is_inferred_is_marked_in_a_list_of_numbers(local, tmp_path):
    line = {
        "title": "A Classifier of Pictures",
        "abstract": "Our method reaches 91.5% on ImageNet.",
        "identifiers": [{"scheme": "arxiv", "value": "2503.00004"}],
    }
    (tmp_path / "papers.jsonl").write_text(json.dumps(line) + "\n")
    local("load", "papers.jsonl")
    assert "(inferred)" in local("numbers", "classifier", "--unsure").stdout
    (told,) = json.loads(local("numbers", "classifier", "--unsure", "--json").stdout)
    assert (told["metric_inferred"], told["is_bound"]) == (True, False)


def test_tex_is_plain_on_a_terminal_and_as_printed_in_json(local, tmp_path):
    line = {
        "title": "A Flow in Pipes",
        "abstract": r"We cut it to $2.1\times10^{-3}$ MSE on \textbf{ETTh1}~\cite{quill}, as said.",
        "identifiers": [{"scheme": "arxiv", "value": "2503.00005"}],
    }
    (tmp_path / "papers.jsonl").write_text(json.dumps(line) + "\n")
    local("load", "papers.jsonl")
    shown = local("show", "2503.00005").stdout
    assert "We cut it to 2.1×10⁻³ MSE on ETTh1, as said." in shown
    assert "  2.1×10⁻³  MSE on ETTh1" in shown
    (told,) = json.loads(local("show", "2503.00005", "--json").stdout)["results"]
    assert told["text"] == r"2.1\times10^{-3}"
