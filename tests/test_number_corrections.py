"""Tests of `catalog corrections` on numbers and papers, as a person uses it."""

import json

import pytest
from click.testing import CliRunner

from catalog.domain.correction_rules import offset_of
from catalog.domain.records import ResultRecord
from etl.cli import main

ABSTRACT = (
    "We present an invented network. It reaches 91.3% top-1 accuracy on ImageNet-1K, where the "
    "invented baseline reaches 88.0%. It needs 4.5 GB of memory. Nobody counted the 17 owls."
)
PAPER = {
    "title": "An Invented Network of One Kind",
    "abstract": ABSTRACT,
    "published_on": "2024-01-05",
    "identifiers": [{"scheme": "arxiv", "value": "2401.00001"}],
}
RESULTS = "SELECT text, metric, dataset, value, state FROM v_results ORDER BY result_id"


@pytest.fixture
def catalog(url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CATALOG_URL", url)

    def run(*args, code=0, **options):
        result = CliRunner().invoke(main, list(args), catch_exceptions=False, **options)
        assert result.exit_code == code, result.stdout + result.stderr
        return result

    return run


@pytest.fixture
def loaded(catalog, tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps(PAPER) + "\n")
    catalog("load", "a.jsonl", "--format", "catalog-jsonl")
    return catalog


def rows(catalog, sql=RESULTS):
    return json.loads(catalog("query", sql, "--json").stdout)


def of_text(catalog, text):
    return next((row for row in rows(catalog) if row["text"] == text), None)


def test_an_accepted_number_counts_as_sure_and_retracting_restores_it(loaded):
    before = rows(loaded)
    loaded("corrections", "accept", "2401.00001", "91.3%")
    assert of_text(loaded, "91.3%")["state"] == "accepted"
    loaded("corrections", "retract", "1")
    assert rows(loaded) == before


@pytest.mark.parametrize("typed", ["+91.3%", "\N{MINUS SIGN}91.3%", "~91.3%"])
def test_a_number_may_be_typed_with_the_sign_that_pages_put_before_it(loaded, typed):
    loaded("corrections", "accept", "2401.00001", typed)
    assert of_text(loaded, "91.3%")["state"] == "accepted"


def test_names_that_the_catalog_does_not_have_are_told(loaded):
    told = loaded("corrections", "same", "metric", "Owl score", "top-1 acuracy").stderr
    assert "There is no metric “Owl score” in the catalog." in told
    assert "There is no metric “top-1 acuracy” in the catalog. The nearest: top-1 accuracy" in told


def test_a_rejected_number_vanishes_and_stays_away_when_loaded_again(loaded):
    loaded("corrections", "reject", "2401.00001", "4.5 GB", "--why", "set-up")
    loaded("load", "a.jsonl", "--format", "catalog-jsonl", "--again")
    loaded("reextract", "--all")
    assert of_text(loaded, "4.5 GB") is None
    assert "4.5 GB" not in loaded("show", "2401.00001").stdout.split("Results")[1]
    listed = json.loads(loaded("corrections", "list", "--json").stdout)
    assert [(one["kind"], one["why"], one["value"]) for one in listed] == [
        ("reject", "set-up", None)
    ]


def test_an_edited_number_has_the_persons_fields_and_keeps_the_machines(loaded):
    loaded("corrections", "edit", "2401.00001", "91.3%", "--metric", "AUC", "--dataset", "SetX")
    row = of_text(loaded, "91.3%")
    assert (row["metric"], row["dataset"], row["state"]) == ("AUC", "SetX", "corrected")
    (kept,) = json.loads(loaded("corrections", "list", "--json").stdout)
    assert json.loads(kept["machine_value"])["metric"] == "top-1 accuracy"
    assert json.loads(kept["value"])["metric"] == "AUC"
    shown = loaded("corrections", "list").stdout
    assert "metric top-1 accuracy" in shown
    assert "metric AUC" in shown


def test_a_missed_number_is_added_where_its_text_stands(loaded):
    loaded("corrections", "add", "2401.00001", "17", "--metric", "owls")
    row = of_text(loaded, "17")
    assert (row["metric"], row["value"], row["state"]) == ("owls", 17.0, "added")
    loaded("corrections", "edit", "2401.00001", "17", "--metric", "birds")
    assert of_text(loaded, "17")["state"] == "added"
    loaded("corrections", "retract", "2", "1")
    assert of_text(loaded, "17") is None


def test_title_day_and_repository_of_a_paper_are_changed_and_restored(loaded):
    sql = "SELECT title, published_on, first_seen_on, repository, has_code FROM v_papers"
    before = rows(loaded, sql)
    loaded(
        *("corrections", "edit", "2401.00001", "--title", "A Better Title", "--day", "2024-01-02"),
        *("--repository", "https://github.com/Ada/nets/tree/main"),
    )
    (now,) = rows(loaded, sql)
    assert [str(value) for value in list(now.values())[:4]] == [
        *("A Better Title", "2024-01-02", "2024-01-02", "Ada/nets")
    ]
    assert now["has_code"]
    assert "A Better Title" in loaded("search", "better title").stdout
    loaded("load", "a.jsonl", "--format", "catalog-jsonl", "--again")
    assert rows(loaded, sql) == [now]
    loaded("corrections", "retract", "1", "2", "3")
    assert rows(loaded, sql) == before


def test_a_paper_without_code_loses_its_repository(loaded):
    loaded("corrections", "edit", "2401.00001", "--repository", "https://github.com/Ada/nets")
    loaded("corrections", "edit", "2401.00001", "--repository", "none")
    assert not rows(loaded, "SELECT has_code FROM v_papers")[0]["has_code"]


@pytest.mark.parametrize(
    ("command", "says", "code"),
    [
        (["accept", "2401.00001", "99%"], "the paper has no number '99%'", 1),
        (["accept", "nowhere", "99%"], "cannot find the paper", 1),
        (["add", "2401.00001", "18"], "the abstract has no such text", 1),
        (["add", "2401.00001", "91.3%"], "a number was read there", 1),
        (["add", "2401.00001", "owls"], "does not begin with a number", 1),
        (["add", "2401.00001", "invented"], "it stands in the abstract at", 1),
        (["edit", "2401.00001", "91.3%"], "name a field to change", 2),
        (["edit", "2401.00001", "--metric", "FID"], "name the number to change", 2),
        (["add", "2401.00001", "7"], "the abstract has no such text", 1),
        (["edit", "2401.00001", "91.3%", "--metric", "F1", "--title", "x"], "not both", 2),
        (["edit", "2401.00001", "--repository", "x.example"], "leads to no GitHub", 2),
        (["edit", "2401.00001", "--title", " "], "the title is empty", 2),
        (["edit", "2401.00001", "91.3%", "--metric", "x" * 3000], "a name of 3,000 characters", 1),
        (["edit", "2401.00001", "91.3%", "--value", "inf"], "inf", 1),
    ],
)
def test_what_cannot_be_corrected_is_said_and_changes_nothing(loaded, command, says, code):
    before = rows(loaded)
    result = loaded("corrections", *command, code=code)
    assert says in result.stderr
    assert rows(loaded) == before
    assert json.loads(loaded("corrections", "list", "--all", "--json").stdout) == []


@pytest.mark.parametrize(
    ("abstract", "found"),
    [
        (ABSTRACT, "91.3%"),
        ("A new first sentence. " + ABSTRACT, "91.3%"),
        (ABSTRACT.replace("It reaches", "This one reaches"), "91.3%"),
        (ABSTRACT.replace("91.3%", "91.4%"), None),
        (ABSTRACT.replace("It reaches", "This reaches") + " Again 91.3%.", None),
        (ABSTRACT.replace("91.3%", "191.3%"), None),
        (None, None),
    ],
    ids=["as it was", "moved", "sentence changed", "number changed", "twice", "longer", "gone"],
)
def test_a_decision_finds_its_number_in_a_changed_abstract(abstract, found):
    start = ABSTRACT.index("91.3%")
    sentence = ABSTRACT.split(". ")[1] + "."
    seen = ResultRecord(text="91.3%", start=start, end=start + 5, sentence=sentence)
    at = offset_of(abstract, seen)
    assert (abstract[at : at + 5] if at is not None else None) == found


NAMES = """SELECT d.name AS dataset, m.name AS metric, count(*) AS n FROM results r
    LEFT JOIN datasets d ON d.id = r.dataset_id LEFT JOIN metrics m ON m.id = r.metric_id
    GROUP BY d.name, m.name ORDER BY d.name, m.name"""


def table_record(number, dataset, metric):
    return {
        "title": f"An Invented Paper of Number {number}",
        "identifiers": [{"scheme": "arxiv", "value": f"2402.0000{number}"}],
        "results": [{"text": f"9{number}.0", "value": 90 + number, "metric": metric,
                     "dataset": dataset, "task": "Owl Counting"}],
    }  # fmt: skip


@pytest.fixture
def tables(catalog, tmp_path):
    given = [
        table_record(1, "Owl Bench", "rFID"),
        table_record(2, "OwlBench v2", "FID"),
        table_record(3, "MS COCO", "FID"),
        table_record(4, "COCO", "FID"),
    ]
    (tmp_path / "b.jsonl").write_text("".join(json.dumps(one) + "\n" for one in given))
    catalog("load", "b.jsonl", "--format", "catalog-jsonl")
    return catalog


def names(catalog):
    return [tuple(row.values()) for row in rows(catalog, NAMES)]


def test_two_names_become_one_and_two_again(tables):
    before = names(tables)
    tables("corrections", "same", "dataset", "owl bench", "OwlBench v2")
    assert "Owl Bench" not in {name for name, *_ in names(tables)}
    assert sum(n for name, _, n in names(tables) if name == "OwlBench v2") == 2
    aliases = rows(tables, "SELECT alias FROM dataset_aliases")
    assert {"alias": "owl bench"} in aliases
    tables("load", "b.jsonl", "--format", "catalog-jsonl", "--again")
    assert sum(n for name, _, n in names(tables) if name == "OwlBench v2") == 2
    tables("corrections", "retract", "1")
    assert names(tables) == before


def test_one_name_becomes_two_and_one_again(tables):
    before = names(tables)
    assert [n for name, _, n in before if name == "COCO"] == [2]
    tables("corrections", "apart", "dataset", "MS COCO", "COCO")
    assert [(name, n) for name, _, n in names(tables) if "COCO" in name] == [
        ("COCO", 1),
        ("MS COCO", 1),
    ]
    assert "takes them so already" not in tables("db", "check").stdout
    tables("corrections", "retract", "1")
    assert names(tables) == before


def test_what_names_are_already_is_refused(tables):
    told = tables("corrections", "same", "dataset", "MS COCO", "COCO", code=1).stderr
    assert "takes them so already" in told
    told = tables("corrections", "apart", "metric", "rFID", "PSNR", code=1).stderr
    assert "takes them so already" in told


def test_a_number_of_a_table_is_rejected_and_edited(tables):
    tables("corrections", "reject", "2402.00001", "91.0")
    tables("corrections", "edit", "2402.00002", "92.0", "--model", "Owl-7B")
    tables("load", "b.jsonl", "--format", "catalog-jsonl", "--again")
    states = {row["text"]: row["state"] for row in rows(tables)}
    assert states == {"92.0": "corrected", "93.0": "machine", "94.0": "machine"}
    tables("corrections", "edit", "2402.00002", "92.0", "--dataset", "COCO")
    (row,) = rows(tables, "SELECT dataset, model FROM v_results WHERE text = '92.0'")
    assert tuple(row.values()) == ("COCO", "Owl-7B")


@pytest.fixture
def board(catalog, tmp_path, monkeypatch):
    """A board with one number of each of three papers, of which the reader is unsure."""
    monkeypatch.setattr("etl.ingest.paper_writer.sound", unsure)
    given = []
    for number in (1, 2, 3):
        abstract = f"We present network number {number}. It reaches 4{number}.1 mAP on COCO."
        names = [{"scheme": "arxiv", "value": f"2403.0000{number}"}]
        digest = {"source": "owls", "day": "2024-03-01", "rank": number}
        title = f"An Invented Network of Number {number}"
        given.append({"title": title, "abstract": abstract, "identifiers": names, "digest": digest})
    (tmp_path / "c.jsonl").write_text("".join(json.dumps(one) + "\n" for one in given))
    catalog("load", "c.jsonl", "--format", "catalog-jsonl")
    return catalog


def unsure(extraction):
    from msgspec import structs

    results = tuple(structs.replace(one, row_confidence=0.1) for one in extraction.results)
    return structs.replace(extraction, results=results)


def ranked(catalog):
    told = catalog("leaderboard", "COCO", "mAP", "--json").stdout
    found = json.loads(told)
    return [row["text"] for row in (found["ranking"] if isinstance(found, dict) else found)]


def test_what_people_decided_counts_on_boards_and_in_headlines(board):
    def headlines() -> list[str]:
        lines = board("digest", "2024-03-01").stdout.splitlines()
        return [line.strip() for line in lines if line.strip().endswith(("mAP", "mAP on COCO"))]

    assert headlines() == ["41.1 mAP", "42.1 mAP", "43.1 mAP"]  # not sure that it is on COCO
    board("corrections", "accept", "2403.00001", "41.1")
    board("corrections", "edit", "2403.00002", "42.1", "--value", "99")
    board("corrections", "reject", "2403.00003", "43.1")
    assert ranked(board) == ["42.1", "41.1"]
    assert headlines() == ["41.1 mAP on COCO", "99 mAP on COCO"]
    board("corrections", "retract", "1", "2", "3")
    assert headlines() == ["41.1 mAP", "42.1 mAP", "43.1 mAP"]


def alike_record(number, printed):
    abstract = f"We present network number {number}. It reaches 4{number}.1 {printed} on COCO."
    return {
        "title": f"An Invented Network of Number {number}",
        "abstract": abstract,
        "identifiers": [{"scheme": "arxiv", "value": f"2404.0000{number}"}],
    }


@pytest.fixture
def same_readings(catalog, tmp_path):
    """Four numbers; three of them read "mean average precision" as mAP, one is printed so."""
    printed = ["mean average precision"] * 3 + ["mAP"]
    given = [alike_record(number, name) for number, name in enumerate(printed, start=1)]
    (tmp_path / "d.jsonl").write_text("".join(json.dumps(one) + "\n" for one in given))
    catalog("load", "d.jsonl", "--format", "catalog-jsonl")
    return catalog


def test_a_decision_is_offered_for_others_that_were_read_alike(same_readings):
    told = same_readings("corrections", "reject", "2404.00001", "41.1").stderr
    assert "Also reject 2 other numbers that read mean average precision as mAP" in told
    assert "catalog corrections alike 1" in told
    asked = same_readings("corrections", "alike", "1", "--dry-run").stdout
    assert "Also reject 2 other numbers" in asked
    done = same_readings("corrections", "alike", "1").stdout
    assert "Decided on 2 numbers alike. To undo this: catalog corrections retract 2 3" in done
    assert [row["text"] for row in rows(same_readings)] == ["44.1"]
    assert "no other number" in same_readings("corrections", "alike", "1", code=1).stderr
    same_readings("corrections", "retract", "2", "3")
    assert len(rows(same_readings)) == 3


def test_an_edited_name_is_offered_for_others_and_only_the_name(same_readings):
    told = same_readings("corrections", "edit", "2404.00001", "41.1", "--metric", "AP").stderr
    assert "Also change 2 other numbers that read mean average precision as mAP to AP" in told
    same_readings("corrections", "alike", "1")
    found = {row["text"]: (row["metric"], row["value"]) for row in rows(same_readings)}
    assert found == {
        "41.1": ("AP", 41.1),
        "42.1": ("AP", 42.1),
        "43.1": ("AP", 43.1),
        "44.1": ("mAP", 44.1),
    }


def test_nothing_is_offered_where_no_name_was_read_as_another(same_readings):
    assert same_readings("corrections", "reject", "2404.00004", "44.1").stderr == ""
