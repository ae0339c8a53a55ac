"""Tests of numbers that name no metric: they take their dataset's usual one, and say so."""

import json

import pytest
from click.testing import CliRunner

from etl.cli import main

ABSTRACTS = {
    "2405.00001": "We present a network. It reaches 71.2% on MMLU and 61.5 on QuillBench.",
    "2405.00002": "We present another network. It reaches 75.4% accuracy on MMLU.",
    "2405.00003": "We present a third network. It scores less than 40% on MMLU.",
}
RESULTS = (
    "SELECT paper_key, text, metric, metric_inferred AS inferred, dataset, state "
    "FROM v_results ORDER BY paper_key, text"
)


@pytest.fixture
def catalog(url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CATALOG_URL", url)

    def run(*args, code=0):
        result = CliRunner().invoke(main, list(args), catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result

    lines = [
        {"title": f"An Invented Network with Key {key}", "abstract": abstract,
         "identifiers": [{"scheme": "arxiv", "value": key}],
         "digest": {"source": "owls", "day": "2024-05-01", "rank": rank}}
        for rank, (key, abstract) in enumerate(ABSTRACTS.items(), start=1)
    ]  # fmt: skip
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    run("load", "a.jsonl", "--format", "catalog-jsonl")
    return run


def told(catalog, *args):
    return json.loads(catalog(*args, "--json").stdout)


def test_it_is_stored_with_a_remark(catalog):
    found = {(row["text"], row["metric"], bool(row["inferred"]))
             for row in told(catalog, "query", RESULTS)}  # fmt: skip
    assert {
        ("71.2%", "accuracy", True),
        ("61.5", "score", True),
        ("75.4%", "accuracy", False),
        ("40%", "accuracy", True),
    } <= found


def test_it_stands_on_the_board_and_the_board_says_so(catalog):
    board = told(catalog, "leaderboard", "MMLU", "accuracy", "--confidence", "5")
    ranking = [(row["text"], row["metric_inferred"]) for row in board["ranking"]]
    assert ranking == [("75.4%", False), ("71.2%", True)]
    shown = catalog("leaderboard", "MMLU", "accuracy", "--confidence", "5", "--csv").stdout
    assert shown.count("metric inferred") == 1


def test_a_dataset_that_is_none_leads_to_those_of_such_a_name(catalog):
    told = catalog("leaderboard", "MMLUU").stderr
    assert "Did you mean: catalog leaderboard MMLU\n" in told
    refused = catalog("leaderboard", "MML", "accuracy", code=1).stderr
    assert "MMLU / accuracy" in refused.split("hint:")[1]


def test_a_bound_is_hidden_and_not_counted_in_the_list(catalog):
    everything = told(catalog, "leaderboard", "MMLU", "accuracy", "--confidence", "0")
    assert "40%" in [row["text"] for row in everything["ranking"]]
    usual = told(catalog, "leaderboard", "MMLU", "accuracy")
    listed = [one for one in told(catalog, "leaderboard", "MMLU") if one["metric"] == "accuracy"]
    assert [one["papers"] for one in listed] == [usual["papers"]]


def test_a_page_of_a_paper_says_so_and_headlines_leave_it_out(catalog):
    assert "accuracy (inferred) on MMLU" in catalog("show", "2405.00001").stdout
    issue = json.loads(catalog("digest", "2024-05-01", "--format", "json").stdout)
    (card,) = [item for item in issue["items"] if item["key"] == "2405.00001"]
    assert {number["metric"] for number in card["numbers"]} == {None}


def test_what_a_person_says_of_the_metric_is_not_inferred(catalog):
    catalog("corrections", "accept", "2405.00001", "61.5")
    catalog("corrections", "edit", "2405.00001", "71.2%", "--metric", "F1")
    found = {row["text"]: (row["metric"], bool(row["inferred"]), row["state"])
             for row in told(catalog, "query", RESULTS)}  # fmt: skip
    assert found["61.5"] == ("score", True, "accepted")
    assert found["71.2%"] == ("F1", False, "corrected")
    kept = told(catalog, "corrections", "list")
    assert [json.loads(one["machine_value"]).get("metric") for one in kept] == [None, None]
