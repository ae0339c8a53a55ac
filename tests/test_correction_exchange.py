"""Tests of sharing corrections, of answer keys made of them, and of `catalog evaluate`."""

import json

import pytest
from click.testing import CliRunner

from etl.cli import main

ABSTRACT = (
    "We present an invented network. It reaches 91.3% top-1 accuracy on ImageNet-1K. "
    "It needs 4.5 GB of memory. Nobody counted the 17 owls."
)
PAPER = {
    "title": "An Invented Network of One Kind",
    "abstract": ABSTRACT,
    "identifiers": [{"scheme": "arxiv", "value": "2401.00001"}],
}


@pytest.fixture
def catalog(tmp_path, monkeypatch):
    """Runs commands on a catalog of a name; each has the invented paper."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.jsonl").write_text(json.dumps(PAPER) + "\n")

    def run(name, *args, code=0, **options):
        command = ["--db", f"{name}.db", *args]
        result = CliRunner().invoke(main, command, catch_exceptions=False, **options)
        assert result.exit_code == code, result.stdout + result.stderr
        return result

    for name in ("ours", "theirs"):
        run(name, "load", "a.jsonl", "--format", "catalog-jsonl")
    return run


def states(catalog, name):
    sql = "SELECT text, m.name, state FROM results r JOIN metrics m ON m.id = r.metric_id"
    rows = json.loads(catalog(name, "query", f"{sql} ORDER BY text", "--json").stdout)
    return [tuple(row.values()) for row in rows]


def share(catalog, *options, code=0):
    given = catalog("theirs", "corrections", "export").stdout
    return catalog("ours", "corrections", "import", "-", *options, input=given, code=code)


def judge_all(catalog, name):
    catalog(name, "corrections", "edit", "2401.00001", "91.3%", "--metric", "top-5 accuracy")
    catalog(name, "corrections", "reject", "2401.00001", "4.5 GB")
    catalog(name, "corrections", "add", "2401.00001", "17", "--metric", "owls")
    catalog(name, "corrections", "edit", "2401.00001", "--title", "A Title of Theirs")


def test_corrections_travel_and_count_once(catalog):
    judge_all(catalog, "theirs")
    assert "Imported 4 corrections, 0 known." in share(catalog).stdout
    assert states(catalog, "ours") == states(catalog, "theirs")
    assert "Imported 0 corrections, 4 known." in share(catalog).stdout
    again = catalog("ours", "corrections", "export").stdout
    assert again == catalog("theirs", "corrections", "export").stdout


def test_corrections_of_papers_that_are_missing_wait_for_them(catalog):
    judge_all(catalog, "theirs")
    catalog("ours", "forget", "a.jsonl")
    share(catalog)
    catalog("ours", "load", "a.jsonl", "--format", "catalog-jsonl")
    assert states(catalog, "ours") == states(catalog, "theirs")


def test_a_conflict_is_shown_and_ours_stays(catalog):
    catalog("ours", "corrections", "accept", "2401.00001", "91.3%")
    catalog("theirs", "corrections", "edit", "2401.00001", "91.3%", "--metric", "F1")
    before = states(catalog, "ours")
    told = share(catalog, code=3).stderr
    assert "Conflict: 91.3% top-1 accuracy on ImageNet-1K" in told
    assert "ours: accept" in told
    assert "theirs: edit" in told
    assert "metric F1" in told
    assert states(catalog, "ours") == before


def test_theirs_replaces_ours_which_stays_in_the_list(catalog):
    catalog("ours", "corrections", "accept", "2401.00001", "91.3%")
    catalog("theirs", "corrections", "edit", "2401.00001", "91.3%", "--metric", "F1")
    assert "would import" in share(catalog, "--theirs", "--dry-run").stdout.lower()
    assert ("91.3%", "F1", "corrected") not in states(catalog, "ours")
    assert "retracted 1 of ours" in share(catalog, "--theirs").stdout
    assert ("91.3%", "F1", "corrected") in states(catalog, "ours")
    assert "accept (retracted)" in catalog("ours", "corrections", "list", "--all").stdout


def test_what_was_retracted_here_does_not_come_back_silently(catalog):
    catalog("theirs", "corrections", "reject", "2401.00001", "91.3%")
    share(catalog)
    catalog("ours", "corrections", "retract", "1")
    assert "retracted here" in share(catalog, code=3).stderr


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "praise"}, "no kind of correction"),
        ({"target": "nothing"}, "it names no paper"),
        ({"target": "title:abc"}, "it names no paper"),
        ({"value": None}, "it has no number"),
        ({"value": {"text": "1", "metric": "x" * 9000}}, "a name of 9,000 characters"),
        ({"at": "2024-01-01T00:00:00"}, "has no time zone"),
        ({"label": "a\0b"}, "NUL"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_lines_that_are_no_corrections_are_refused_whole(catalog, change, says):
    catalog("theirs", "corrections", "accept", "2401.00001", "91.3%")
    line = json.loads(catalog("theirs", "corrections", "export").stdout) | change
    result = catalog(
        *("ours", "corrections", "import", "-"), input=f"\n{json.dumps(line)}\n", code=1
    )
    assert says in result.stderr
    assert "line 2" in result.stderr


def test_labels_have_the_form_of_an_answer_key(catalog, tmp_path):
    catalog("ours", "corrections", "accept", "2401.00001", "91.3%")
    left = catalog("ours", "corrections", "export", "--labels")
    assert (left.stdout, "Left out 1 paper" in left.stderr) == ("", True)
    judge_all(catalog, "ours")
    printed = catalog(
        *("ours", "corrections", "export", "--labels", "--abstracts", "abstracts.jsonl")
    ).stdout
    key = json.loads(printed)
    assert (key["id"], key["links"]) == ("2401.00001", [])
    assert [(one["text"], one["metric"], one["value"]) for one in key["metrics"]] == [
        ("91.3%", "top-5 accuracy", 91.3),
        ("17", "owls", 17),
    ]
    assert list(key["metrics"][0]) == [
        *("text", "start", "value", "value_max", "unit", "metric", "dataset", "kind", "role"),
        *("model", "baseline", "sign"),
    ]
    text = json.loads((tmp_path / "abstracts.jsonl").read_text())
    assert text["abstract"][key["metrics"][0]["start"] :].startswith("91.3%")


def test_evaluation_counts_what_was_judged_by_confidence(catalog):
    assert "nobody has judged" in catalog("ours", "evaluate", code=1).stderr
    judge_all(catalog, "ours")
    told = catalog("ours", "evaluate", "--json")
    rows = json.loads(told.stdout)
    assert sum(row["judged"] for row in rows if row["measure"] == "confidence") == 2
    assert sum(row["right"] for row in rows) == 0
    assert "2 numbers judged in 1 paper: 0% right" in told.stderr
    assert "1 missed" in told.stderr
    catalog("ours", "corrections", "retract", "1")
    catalog("ours", "corrections", "accept", "2401.00001", "91.3%")
    assert "50% right in value, unit, metric and kind, 50%" in catalog("ours", "evaluate").stderr


def test_corrections_made_in_a_copy_stay_when_it_is_refreshed(catalog):
    catalog("ours", "copy", "ours.db", "copy.db")
    judge_all(catalog, "copy")
    before = states(catalog, "copy")
    catalog("ours", "corrections", "edit", "2401.00001", "--day", "2024-01-02")
    told = catalog("ours", "copy", "ours.db", "copy.db")
    assert "Kept 4 corrections" in told.stderr
    assert states(catalog, "copy") == before
    kinds = [
        one["kind"] for one in json.loads(catalog("copy", "corrections", "list", "--json").stdout)
    ]
    assert sorted(kinds) == ["add", "day", "edit", "reject", "title"]
    assert "FAILED" not in catalog("copy", "db", "check").stdout
