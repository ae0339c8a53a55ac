"""Test the benchmark that scores a model, or a person, by files."""

import json
from collections import Counter

import pytest

from tests.language_models.model_server import answer

pytest.importorskip("scipy", reason="the group bench is not installed")
reader = pytest.importorskip("benchmarks.extraction.reader")


def paper(name: str, abstract: str, **label):
    wanted = {
        "text": "71.3%", "value": 71.3, "value_max": None, "unit": "%", "metric": "accuracy",
        "dataset": "COCO", "kind": "absolute", "role": "own", "model": None, "baseline": None,
    }  # fmt: skip
    return reader.Paper(name, "A Title", abstract, [wanted | label], [], "read-x")


PAPERS = [
    paper("a/1", "Quill has 71.3% on COCO."),
    paper("b", "We have no number."),
    paper("c", "Quill has 71.3% on COCO, with 8 layers.", role="other"),
]
RECORD = {"dataset": "COCO"}


def test_prompts_become_files_and_answers_are_read_from_files(tmp_path):
    assert reader.write_prompts(tmp_path, PAPERS, "all", 0.8) == 2
    files = {file.name for file in tmp_path.glob("*.txt")}
    assert files == {"system.txt", "a_1.txt", "c.txt"}
    for name in ("a_1", "c"):
        asked = (tmp_path / f"{name}.txt").read_text()
        (tmp_path / f"{name}.json").write_text(answer(asked, **RECORD))
    trouble = Counter()
    reads = list(reader.read_answers(tmp_path, PAPERS, "all", 0.8, trouble))
    assert not trouble
    rows = reader.table(reads, "all").splitlines()
    alone = next(row for row in rows if row.startswith("| model alone"))
    kind, dataset, role = alone.split("|")[5:8]
    assert (kind.strip(), dataset.strip(), role.strip()) == ("0.667", "0.667", "0.333")


def test_what_is_missing_or_of_no_use_is_counted(tmp_path):
    (tmp_path / "a_1.json").write_text("I cannot.")
    trouble = Counter()
    reads = list(reader.read_answers(tmp_path, PAPERS, "all", 0.8, trouble))
    assert sum(trouble.values()) == 2
    assert all(read.merged == read.builtin for read in reads)


def test_a_model_is_asked_once_and_its_answers_are_files(server, tmp_path):
    settings = reader.ReaderSettings(way="all")
    for _ in range(2):
        reader.ask_model("local", settings, tmp_path / "answers", PAPERS)
    assert len(server.asked) == 2
    found = json.loads((tmp_path / "answers" / "c.json").read_text())
    assert [record["n"] for record in found["results"]] == [1, 2]


def test_shares_are_measured_and_mixed_with_the_old_ones(tmp_path):
    reader.write_prompts(tmp_path, PAPERS[:1], "all", 0.8)
    asked = (tmp_path / "a_1.txt").read_text()
    (tmp_path / "a_1.json").write_text(answer(asked, **RECORD))
    reads = reader.read_answers(tmp_path, PAPERS[:1], "all", 0.8, Counter())
    found, old = reader.measure_shares(reads), reader.measured()
    assert old.kind < found.kind < 1
    assert found.none == old.none


def test_errors_on_the_set_put_aside_are_not_listed(monkeypatch):
    given = ["reader", "--answers", "x", "--on", "aside", "--errors", "kind"]
    monkeypatch.setattr("sys.argv", given)
    with pytest.raises(SystemExit, match="nobody reads errors"):
        reader.main()
