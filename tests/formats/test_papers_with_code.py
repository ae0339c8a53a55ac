"""Tests of the dumps of Papers with Code."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from catalog.domain.records import PaperRecord, Problem, ResultRecord
from etl.formats import FormatError, Head
from etl.formats.contract import HEAD_SIZE
from etl.formats.toolkit.table_cells import Cell, read_cell
from etl.plugins import formats, recognise

Papers = Callable[..., list[PaperRecord]]
Parse = Callable[..., list[PaperRecord | Problem]]
Real = Callable[[str], Iterator[Path]]


@pytest.mark.parametrize(
    ("text", "metric", "expected"),
    [
        ("93.2", "F1", Cell(93.2)),
        ("**68.8**", "F1", Cell(68.8)),
        ("\ufeff93.3", "F1", Cell(93.3)),
        ("63.7*", "F1", Cell(63.7)),
        ("60.7+", "F1", Cell(60.7)),
        ("0.8682 ± 0.0021", "AUC", Cell(0.8682, 0.0021)),
        ("90.0 +/- 0.5", "AUC", Cell(90.0, 0.5)),
        ("12.5% ± 0.3%", "Error", Cell(12.5, 0.3, "%")),
        ("220k", "Parameters", Cell(220_000)),
        ("0.46B", "Number of params", Cell(460_000_000)),
        ("3.0m", "Number of params", Cell(3_000_000)),
        ("3.0m", "Distance", Cell()),
        ("~257M", "Number of params", Cell(257_000_000)),
        ("1,234,567", "Score", Cell(1_234_567)),
        ("77.6", "% Test Accuracy", Cell(77.6, None, "%")),
        ("77.6", "Percentage correct", Cell(77.6, None, "%")),
        ("74.10%", "Accuracy", Cell(74.1, None, "%")),
        ("3.1 ms", "Time", Cell(3.1, None, "ms")),
        ("1.5×", "Speed-up", Cell(1.5, None, "x")),
        ("70.14 (measured by Ge et al., 2018)", "BLEU", Cell(70.14)),
        ("17.1(16.1 with basic dynamic evaluation)", "Test perplexity", Cell(17.1)),
        ("−4.5", "Score", Cell(-4.5)),
        (".5", "Score", Cell(0.5)),
        ("1e-3", "Loss", Cell(0.001)),
        ("1e999", "Loss", Cell()),
        ("93.0/90.7", "LAS", Cell()),
        ("43B?", "Number of params", Cell()),
        ("<1", "Score", Cell()),
        ("--*", "Score", Cell()),
        ("Please tell us", "AUC", Cell()),
        ("Elsner", "F1", Cell()),
        ("Yes", "Score", Cell()),
        ("(32.76 32.07 26.26 22.74)", "Score", Cell()),
        ("nan", "Score", Cell()),
        ("Infinity", "Score", Cell()),
        ("k", "Score", Cell()),
        ("%", "Score", Cell()),
        ("12 apples", "Score", Cell()),
        ("9" * 1000, "Score", Cell()),
    ],
)
def test_cells(text: str, metric: str, expected: Cell) -> None:
    assert read_cell(text, metric) == expected


def table(*rows: dict[str, Any], **more: Any) -> str:
    dataset = {"dataset": "Q", "sota": {"metrics": [], "rows": rows}, **more}
    return json.dumps([{"task": "Reading", "datasets": [dataset]}])


def row(**more: Any) -> dict[str, Any]:
    return {"metrics": {"F1": "91.2"}, "model_name": "m", "paper_title": "Quills", **more}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://arxiv.org/abs/1508.05326v1", [("arxiv", "1508.05326")]),
        ("https://arxiv.org/pdf/1802.05365.pdf", [("arxiv", "1802.05365")]),
        ("https://paperswithcode.com/paper/Some-Quills", [("pwc", "some-quills")]),
        ("https://openreview.net/pdf?id=HJePno0cYm", [("openreview", "HJePno0cYm")]),
        ("https://doi.org/10.1234/Quill", [("doi", "10.1234/quill")]),
        ("http://nlp.stanford.edu/pubs/snli_paper.pdf", []),
        ("", []),
        (None, []),
    ],
)
def test_row_is_tied_by_its_address_or_title(
    papers: Papers, address: str | None, expected: list[tuple[str, str]]
) -> None:
    (paper,) = papers("pwc-tables", table(row(paper_url=address)))
    assert [(name.scheme, name.value) for name in paper.identifiers] == expected
    assert paper.title == "Quills"


def test_row_that_names_no_paper_is_kept_with_its_numbers(parse: Parse) -> None:
    nameless, paper = parse("pwc-tables", table(row(paper_title=""), row()))
    assert isinstance(nameless, PaperRecord)
    assert (nameless.title, nameless.identifiers) == (None, ())
    assert [result.text for result in nameless.results] == ["91.2"]
    assert isinstance(paper, PaperRecord)


def test_row_without_paper_and_number_is_a_problem(parse: Parse) -> None:
    problem, _ = parse("pwc-tables", table(row(paper_title="", metrics={"EM": "-"}), row()))
    assert isinstance(problem, Problem)
    assert "Reading, Q, row 1" in problem.where


def test_address_in_place_of_a_title_is_an_address(papers: Papers) -> None:
    names = ("https://arxiv.org/abs/2405.15738", "https://quills.example.org/net")
    known, other = papers("pwc-tables", table(*(row(paper_title=name) for name in names)))
    assert (known.title, known.identifiers[0].value) == (None, "2405.15738")
    assert (other.title, other.links[0].url) == (None, "https://quills.example.org/net")


def test_broken_row_costs_only_itself(parse: Parse) -> None:
    outcomes = parse("pwc-tables", table(row(), row(metrics=7), row(model_name=["x"]), row()))
    assert [isinstance(outcome, PaperRecord) for outcome in outcomes] == [True, False, False, True]


def test_tables_below_tables_are_read(papers: Papers) -> None:
    part = {"dataset": "Q dev", "sota": {"rows": [row()]}, "subdatasets": [{"subdataset": "short"}]}
    held = json.loads(table(row(), subdatasets=[part]))
    held[0]["subtasks"] = [json.loads(table(row()))[0] | {"task": "Blots"}]
    found = [
        (result.task, result.dataset)
        for paper in papers("pwc-tables", json.dumps(held))
        for result in paper.results
    ]
    assert found == [("Reading", "Q"), ("Reading", "Q dev"), ("Blots", "Q")]


def test_real_tables_keep_every_row_and_cell(real: Real, parse: Parse) -> None:
    seen: Counter[str] = Counter()
    texts: dict[str, ResultRecord] = {}
    for path in real("pwc/evaluation-tables/*.json"):
        data = path.read_bytes()
        assert recognise(Head(name="-", data=data[:HEAD_SIZE])) is formats()["pwc-tables"]
        for outcome in parse("pwc-tables", data, path.name):
            if isinstance(outcome, Problem):
                seen["no paper" if "names no paper" in outcome.why else "doubt"] += 1
                continue
            seen["rows"] += 1
            seen["results"] += len(outcome.results)
            seen["values"] += sum(result.value is not None for result in outcome.results)
            seen["errors"] += sum(result.error is not None for result in outcome.results)
            texts |= {result.text: result for result in outcome.results}
    assert seen["rows"] + seen["no paper"] == 3826
    assert seen == {
        "rows": 3826, "doubt": 1, "results": 6643, "values": 6567, "errors": 479,
    }  # fmt: skip
    assert texts["--*"].value is None
    assert texts["Elsner"].value is None
    assert texts["Please tell us"].value is None
    assert texts["0.46B"].value == 460_000_000
    assert texts["**68.8**"].value == 68.8
    assert (texts["0.8682 ± 0.0021"].value, texts["0.8682 ± 0.0021"].error) == (0.8682, 0.0021)


def test_real_tables_have_as_many_cells_as_measured(real: Real, papers: Papers) -> None:
    """3f.7: 6,747 cells, 104 of them blank; here every row is given a title first."""
    results = 0
    for path in real("pwc/evaluation-tables/*.json"):
        named = json.dumps(_named(json.loads(path.read_bytes())))
        results += sum(len(paper.results) for paper in papers("pwc-tables", named))
    assert results == 6747 - 104


def _named(held: Any) -> Any:
    if isinstance(held, dict):
        extra = {"paper_title": "Named", "code_links": []} if "model_name" in held else {}
        return {key: _named(value) for key, value in (held | extra).items()}
    return [_named(value) for value in held] if isinstance(held, list) else held


def test_links_state_official_and_framework(papers: Papers) -> None:
    held = {
        "paper_url": "https://paperswithcode.com/paper/quills",
        "repo_url": "https://github.com/Quill-Lab/Reader.git",
        "is_official": False,
        "framework": "PyTorch",
    }
    (first, second) = papers("pwc-links", json.dumps([held, held | {"framework": "none"}]))
    (link,) = first.links
    assert (link.repo, link.is_official, link.framework) == ("Quill-Lab/Reader", False, "pytorch")
    assert second.links[0].framework is None


def test_json_lines_are_read_like_the_array(papers: Papers) -> None:
    held = {"paper_url": "https://paperswithcode.com/paper/x", "title": "X", "abstract": "Text."}
    line = json.dumps(held)
    assert papers("pwc-papers", f"{line}\n{line}\n") == papers("pwc-papers", f"[{line},{line}]")


def test_parquet_gives_what_json_gives(papers: Papers) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    held = json.loads(table(row(), row(metrics={"EM": "3 ± 1"}), row(metrics={})))
    rows = held * 30
    stream = BytesIO()
    parquet.write_table(pa.Table.from_pylist(rows), stream, row_group_size=7)
    assert papers("pwc-parquet", stream.getvalue()) == papers("pwc-tables", json.dumps(rows))


def test_parquet_of_another_table_names_the_known_ones(parse: Parse) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    stream = BytesIO()
    parquet.write_table(pa.table({"colour": ["blue"]}), stream)
    with pytest.raises(FormatError, match="colour") as caught:
        parse("pwc-parquet", stream.getvalue())
    assert "papers-with-abstracts" in caught.value.hint


def test_parquet_without_pyarrow_says_what_to_install(
    parse: Parse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(FormatError, match="pyarrow") as caught:
        parse("pwc-parquet", b"PAR1")
    assert "[parquet]" in caught.value.hint
