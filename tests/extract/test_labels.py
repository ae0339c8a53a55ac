"""Tests of the label files: what is trained on, what is not, and what was read twice."""

import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks" / "extraction"
FIELDS = {"text", "start", "value", "value_max", "unit", "metric", "dataset", "kind", "role",
          "sign", "model", "baseline"}  # fmt: skip
CAREFUL = sorted(
    file
    for pattern in ("labels/read-*.jsonl", "second/*.jsonl", "held_out/second/*.jsonl")
    for file in FOLDER.glob(pattern)
)


def rows(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def ids(folder: str) -> list[str]:
    return [row["id"] for file in (FOLDER / folder).glob("*.jsonl") for row in rows(file)]


def test_no_abstract_that_is_scored_on_was_trained_on():
    trained, held_out = set(ids("labels")), set(ids("held_out"))
    assert trained
    assert held_out
    assert not trained & held_out


def test_no_abstract_of_the_set_put_aside_is_among_the_second_readings_of_labels():
    labels, aside = ids("second"), ids("held_out/second")
    assert set(labels) <= set(ids("labels"))
    assert set(aside) <= set(ids("held_out"))
    assert len({*labels, *aside}) == len(labels) + len(aside) == 600


@pytest.mark.parametrize("file", CAREFUL, ids=lambda file: str(file.relative_to(FOLDER)))
def test_labels_hold_facts_in_the_form_of_the_key(file: Path):
    for row in rows(file):
        assert row.keys() == {"id", "metrics"}
        for metric in row["metrics"]:
            assert metric.keys() - {"metric_also"} == FIELDS
            assert len(metric["text"]) < 60
