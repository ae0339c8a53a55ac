"""Tests of loading commands: exit code, standard output, standard error."""

import datetime as dt
import json
import os

import pytest
from sqlalchemy import text

from catalog.database.engine import opened
from tests.cli.pages import LISTING, PAGE, count


def test_load_creates_the_catalog_and_tells_what_it_did(catalog, page):
    result = catalog("load", "page.txt", "--year", "2025")
    assert "digest of 2025-03-11" in result.stderr
    assert "papers +2" in result.stdout
    assert count(catalog, "SELECT count(*) AS n FROM papers") == 2
    assert count(catalog, "SELECT count(*) AS n FROM v_results WHERE value = 91.5") == 1
    assert count(catalog, "SELECT count(*) AS n FROM repositories WHERE key LIKE '%/ada/nets'") == 1


def test_load_keeps_the_sign_of_a_number_and_how_sure_its_row_is(catalog, tmp_path):
    number = {"text": "42%", "value": 42, "unit": "%", "metric": "latency", "kind": "delta"}
    record = {"title": "Invented and Quick", "results": [
        {**number, "sign": "-", "confidence": 0.9, "row_confidence": 0.75}
    ]}  # fmt: skip
    (tmp_path / "papers.jsonl").write_text(json.dumps(record) + "\n")
    catalog("load", "papers.jsonl", "--format", "catalog-jsonl")
    told = "sign = '-' AND confidence = 0.9 AND row_confidence = 0.75"
    assert count(catalog, f"SELECT count(*) AS n FROM v_results WHERE {told}") == 1


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
    long_line = json.dumps({"title": "Invented and Long"}).replace(" ", " " * 2_000_000, 1)
    (tmp_path / "papers.jsonl").write_text(
        json.dumps({"title": "Invented and Short"}) + "\n" + long_line + "\n"
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


def test_two_names_that_state_two_days_are_two_days(catalog, tmp_path):
    paper = {"id": "2503.00001", "title": "A Title", "summary": "Short.", "authors": []}
    listed = json.dumps([{"paper": paper, "title": "A Title", "publishedAt": "2025-03-09"}])
    for name in ("2025-03-11.json", "2025-03-12.json", "2025-03-12-again.json"):
        (tmp_path / name).write_text(listed)
    said = catalog("load", "2025-03-11.json", "2025-03-12.json", "2025-03-12-again.json").stderr
    assert said.count("the same bytes as") == 1
    days = "SELECT day FROM digests ORDER BY day"
    assert [row["day"] for row in json.loads(catalog("query", days, "--json").stdout)] == [
        "2025-03-11",
        "2025-03-12",
    ]
    catalog("forget", "2025-03-11.json")
    assert count(catalog, "SELECT count(*) AS n FROM digests") == 1


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
    today = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=14)).date()
    this_year = dt.date(today.year, 3, 11)
    expected = this_year if this_year <= today else dt.date(today.year - 1, 3, 11)
    assert row == {"day": str(expected), "day_basis": "reading"}


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-03-10T18:00:00-07:00", "2026-03-11"),  # an evening in California, the 11th in UTC
        ("2026-03-11T08:00:00+00:00", "2026-03-11"),
        ("2026-03-09T18:00:00+00:00", "2025-03-11"),
    ],
)
def test_a_page_of_tomorrow_is_no_year_old(catalog, page, monkeypatch, at, day):
    now = dt.datetime.fromisoformat(at)
    monkeypatch.setattr("etl.commands.load_command._now", lambda: now)
    catalog("load", "page.txt")
    row = json.loads(catalog("query", "SELECT day FROM digests", "--json").stdout)
    assert row == [{"day": day}]


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


def test_forget_takes_no_beginning_of_a_path(local, page):
    local("load", "page.txt")
    assert "there is no document /" in local("forget", "/", code=1).stderr
    assert count(local, "SELECT count(*) AS n FROM papers") == 2


def test_demo_loads_the_bundled_sample(local, tmp_path):
    result = local("demo", "--no-serve")
    assert "3 pages loaded" in result.stdout
    state = json.loads(local("--db", "catalog-demo.db", "status", "--json").stdout)
    assert state["counts"]["papers"] == 41
    assert state["counts"]["digest_entries"] == 42
    assert not (tmp_path / "catalog.db").exists()
    assert "FAILED" not in local("--db", "catalog-demo.db", "db", "check").stdout


def test_reextract_reads_again_what_another_version_read(catalog, page, tmp_path):
    catalog("load", "page.txt")
    with (
        opened(os.environ.get("CATALOG_URL", "sqlite:///catalog.db")) as engine,
        engine.begin() as connection,
    ):
        connection.execute(text("UPDATE papers SET extractor_version = 'older' WHERE has_results"))
        connection.execute(text("UPDATE results SET value = 1"))
    assert "Reread 1 paper: " in catalog("reextract").stdout
    assert count(catalog, "SELECT count(*) AS n FROM results WHERE value = 91.5") == 1
    assert "Reread 0 papers: nothing changed" in catalog("reextract").stdout


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


def test_many_problems_of_one_kind_are_told_together(catalog, tmp_path):
    lines: list[dict[str, object]] = [{"title": f"A Title of Number {n}"} for n in range(3)]
    lines += [{"authors": ["Ann Lee"], "tasks": [f"task {n}"], "title": ""} for n in range(386)]
    lines += [{"title": "A Last Title", "published_on": "2025-02-30"}]
    (tmp_path / "papers.jsonl").write_text("\n".join(map(json.dumps, lines)))
    said = catalog("load", "papers.jsonl", code=3).stderr
    assert "386 problems of one kind, first: line 4: it tells no paper" in said
    assert said.count("it tells no paper") == 1
    assert "line 390: published_on" in said
    assert "list them all with: catalog status --problems" in said


def test_problems_of_few_kinds_are_told_one_by_one(catalog, tmp_path):
    lines = ['{"title": "One of a Few"}', '{"title": ""}', "[]", '{"title": 5}']
    (tmp_path / "papers.jsonl").write_text("\n".join(lines))
    said = catalog("load", "papers.jsonl", code=3).stderr
    assert all(f"line {number}: " in said for number in (2, 3, 4))
    assert "of one kind" not in said


def test_reading_again_what_has_not_changed_changes_nothing(catalog, page, tmp_path):
    paper = {
        "id": "2503.00001",
        "title": "A Title",
        "summary": "Short.",
        "authors": [],
        "upvotes": 5,
    }
    listed = [{"paper": paper, "title": "A Title", "publishedAt": "2025-03-09"}]
    (tmp_path / "2025-03-11.json").write_text(json.dumps(listed))
    catalog("load", "2025-03-11.json", "page.txt")
    for _ in range(2):
        result = catalog("load", "2025-03-11.json", "page.txt", "--again")
        assert result.stderr.count("nothing changed") == 2
        assert "0 new records; papers +0 ~0 -0; digest entries +0" in result.stdout


@pytest.mark.parametrize("option", [("--day", "2025-03-11"), ("--year", "2025")])
def test_a_day_that_no_document_can_use_is_refused(catalog, tmp_path, option):
    (tmp_path / "papers.jsonl").write_text('{"title": "A Title That Is Long"}\n')
    said = catalog("load", "papers.jsonl", *option, code=2).stderr
    assert f"{option[0]} is for digests" in said
    assert "catalog-jsonl" in said
    assert not list(tmp_path.glob("catalog.db*"))


def test_a_year_for_digests_that_always_state_it_is_refused(catalog, tmp_path):
    paper = {"id": "2503.00001", "title": "A Title", "summary": "Short.", "authors": []}
    listed = json.dumps([{"paper": paper, "title": "A Title", "publishedAt": "2025-03-09"}])
    (tmp_path / "2025-03-11.json").write_text(listed)
    assert "--year is for" in catalog("load", "2025-03-11.json", "--year", "2024", code=2).stderr
    catalog("load", "2025-03-11.json", "--day", "2025-03-12")


@pytest.mark.parametrize("option", [("--day", "2021-03-11"), ("--year", "2021")])
def test_a_day_applies_to_the_digests_of_a_folder(catalog, page, tmp_path, option):
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "page.txt").write_text(PAGE)
    (folder / "papers.jsonl").write_text('{"title": "A Title That Is Long"}\n')
    (folder / "same.jsonl").write_text('{"title": "A Title That Is Long"}\n')
    result = catalog("load", "mixed", *option)
    assert "papers +3" in result.stdout
    assert result.stderr.count("same bytes") == 1
    row = json.loads(catalog("query", "SELECT day FROM digests", "--json").stdout)
    assert row == [{"day": "2021-03-11"}]


def test_a_year_that_a_page_states_is_not_overruled_in_silence(catalog, tmp_path):
    (tmp_path / "page.txt").write_text(PAGE.replace("Mar 11", "March 11, 2025"))
    assert "--year 2021 was not used" in catalog("load", "page.txt", "--year", "2021").stderr


def test_a_table_is_loaded_by_the_columns_that_are_mapped(catalog, tmp_path):
    (tmp_path / "list.tsv").write_text("Name\tNumber\nQuills by Map\t2405.15738\n")
    assert "--map title=NAME" in catalog("load", "list.tsv", code=1).stderr
    catalog("load", "list.tsv", "--map", "title=Name", "--map", "arxiv=Number")
    told = "label = 'Quills by Map' AND arxiv_id = '2405.15738'"
    assert count(catalog, f"SELECT count(*) AS n FROM papers WHERE {told}") == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--map", "colour=Name"), "'colour' cannot be mapped"),
        (("--map", "title"), "FIELD=COLUMN"),
        (("--map", "title=A", "--map", "title=B"), "mapped twice"),
        (("--map", "title=A", "--format", "ris"), "--map is for tables"),
    ],
)
def test_a_map_that_is_none_is_refused(catalog, tmp_path, options, words):
    (tmp_path / "list.tsv").write_text("Name\tNumber\nQuills\t1\n")
    assert words in catalog("load", "list.tsv", *options, code=2).stderr


def test_an_address_is_no_file(local):
    told = local("load", "https://example.org/papers.bib", code=1).stderr
    assert "cannot load https://example.org/papers.bib" in told
    assert "load reads files" in told
    assert "catalog add https://example.org/papers.bib" in told
    assert "download" in told


@pytest.mark.parametrize(
    "words",
    [
        ("load", "x", "--day", "tomorrow"),
        ("corrections", "edit", "2503.00001", "--day", "2025-13-10"),
        ("review", "--since", "tomorrow"),
        ("sync", "--from", "tomorrow"),
    ],
)
def test_what_is_no_day_is_answered_with_a_day(local, words):
    told = local(*words, code=2).stderr
    assert f"'{words[-1]}' is not a day: write it as 2025-03-11" in told
