"""Tests of the tables of figures, and of the agreement of two readers."""

import pytest

pytest.importorskip("scipy", reason="the group bench is not installed")
tables = pytest.importorskip("benchmarks.extraction.tables")
evaluate = pytest.importorskip("benchmarks.extraction.evaluate")
agreement = pytest.importorskip("benchmarks.extraction.agreement")
corpus = pytest.importorskip("benchmarks.extraction.corpus")
report_file = pytest.importorskip("benchmarks.extraction.report_file")
score = pytest.importorskip("benchmarks.extraction.score")

RECORD = {
    "text": "71.3%", "value": 71.3, "value_max": None, "unit": "%", "metric": "accuracy",
    "dataset": "COCO", "kind": "absolute", "role": "own", "sign": None, "model": "Quill",
    "baseline": None,
}  # fmt: skip
DELTA = RECORD | {"text": "2.1%", "value": 2.1, "kind": "delta", "sign": "+", "baseline": "Nib"}


def paper(*metrics: dict, part: str = "read-x"):
    return corpus.Paper("x", "A Title", "Invented.", list(metrics), [], part)


def read_twice(first: list[dict], second: list[dict], part: str = "read-x"):
    return agreement.paired(corpus.SecondRead(paper(*first, part=part), second))


def cells(table: str) -> dict[str, list[str]]:
    """Return the rows of a table by their first cell."""
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    return {first: rest for first, *rest in lines}


def outcome(gold: list[dict], found: list[dict]):
    pairs, _, _ = score.pair(gold, found)
    return evaluate.Outcome(paper(*gold), found, pairs)


SURE = RECORD | {"confidence": 0.95, "row_confidence": 0.9}
UNSURE = RECORD | {"dataset": "ADE20K", "confidence": 0.95, "row_confidence": 0.6}


def test_every_field_has_its_share_and_interval():
    half = [outcome([RECORD, DELTA], [SURE, DELTA | {"sign": "-", "dataset": "KITTI"}])] * 3
    found = cells(tables.fields(half))
    assert found["kind"] == ["1.000", "1.000 to 1.000", "6 records"]
    assert found["dataset"][0] == "0.500"
    assert found["sign"] == ["0.000", "0.000 to 0.000", "3 pairs"]
    assert found["baseline"] == ["1.000", "1.000 to 1.000", "3 pairs"]


def test_an_interval_is_as_wide_as_papers_differ():
    mixed = [outcome([RECORD], [SURE]), outcome([RECORD], [SURE | {"model": None}])] * 20
    low, _, high = cells(tables.fields(mixed))["model"][1].split()
    assert 0.3 < float(low) < 0.5 < float(high) < 0.7


def test_a_higher_floor_shows_fewer_and_surer_rows():
    found = cells(
        tables.floors([outcome([RECORD], [SURE]), outcome([RECORD], [UNSURE])], (0.5, 0.9))
    )
    assert found["0.5"] == ["2", "0.500", "0.500"]
    assert found["0.9"] == ["1", "1.000", "0.500"]


def test_readers_agree_in_a_field_whatever_the_others_say():
    other = RECORD | {"metric": "F1", "dataset": "KITTI", "model": "Vellum"}
    found = cells(agreement.table([read_twice([RECORD, DELTA], [other, DELTA])]))
    assert found["metric"][0] == found["dataset"][0] == found["model"][0] == "0.500"
    assert found["kind"][0] == found["role"][0] == "1.000"
    assert found["sign"] == found["baseline"] == ["1.000", "1.000 to 1.000", "1"]
    assert found["role as scored"] == ["0.500", "0.500 to 0.500", "2 records"]


def test_numbers_that_both_have_are_of_those_that_either_has():
    found = cells(agreement.table([read_twice([RECORD], [RECORD, DELTA])]))
    assert found["numbers both have"] == ["0.500", "0.500 to 0.500", "2"]
    assert found["metric"] == ["1.000", "1.000 to 1.000", "1"]


def test_readings_of_the_set_put_aside_are_counted_apart():
    aside = read_twice([RECORD], [RECORD | {"kind": "delta"}], part=corpus.ASIDE)
    labels, apart = agreement.section([read_twice([RECORD], [RECORD]), aside]).split(
        "abstracts of the set put aside:"
    )
    assert "On 1 abstracts of the labels" in labels
    assert "| kind | 1.000 |" in labels
    assert "| kind | 0.000 |" in apart


def test_a_section_of_the_report_is_replaced_and_no_other():
    report = "# Title\n\n## One\n\nold\n\n### Part\n\nold\n\n## One more\n\nkept\n"
    once = report_file.replace_section(report, "## One\n\nnew")
    assert once == "# Title\n\n## One\n\nnew\n\n## One more\n\nkept\n"
    assert report_file.replace_section(once, "## One\n\nnew") == once


def test_the_report_holds_the_section():
    heading = agreement.SECTION.partition("\n")[0]
    assert report_file.REPORT.read_text(encoding="utf-8").count(f"{heading}\n") == 1


def test_a_section_is_printed_or_written(tmp_path, monkeypatch, capsys):
    report = tmp_path / "REPORT.md"
    report.write_text("# Title\n")
    monkeypatch.setattr(report_file, "REPORT", report)
    monkeypatch.setattr("sys.argv", ["agreement"])
    report_file.print_or_write(lambda: "## One\n\nnew", None)
    assert capsys.readouterr().out == "## One\n\nnew\n"
    assert report.read_text() == "# Title\n"
    monkeypatch.setattr("sys.argv", ["agreement", "--write"])
    report_file.print_or_write(lambda: "## One\n\nnew", None)
    assert report.read_text() == "# Title\n\n## One\n\nnew\n"
    assert not capsys.readouterr().out
