"""Tests of the label files: what is trained on, what is not, and what was read twice."""

import json
from itertools import combinations
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks" / "extraction"
FIELDS = {"text", "start", "value", "value_max", "unit", "metric", "dataset", "kind", "role",
          "sign", "model", "baseline"}  # fmt: skip
CAREFUL = sorted(
    file
    for part in ("labels/untrained", "second", "held_out/second")
    for file in (FOLDER / part).glob("*.jsonl")
)


def rows(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def ids(folder: str) -> list[str]:
    return [row["id"] for file in (FOLDER / folder).glob("*.jsonl") for row in rows(file)]


def test_no_abstract_is_in_two_of_training_untrained_and_held_out():
    sets = {folder: set(ids(folder)) for folder in ("labels", "labels/untrained", "held_out")}
    assert all(sets.values())
    assert not any(one & other for one, other in combinations(sets.values(), 2))


def test_no_abstract_of_the_set_put_aside_is_among_the_second_readings_of_labels():
    labels, aside = ids("second"), ids("held_out/second")
    assert set(labels) <= {*ids("labels"), *ids("labels/untrained")}
    assert set(aside) <= set(ids("held_out"))
    assert len({*labels, *aside}) == len(labels) + len(aside) == 400


@pytest.mark.parametrize("file", CAREFUL, ids=lambda file: str(file.relative_to(FOLDER)))
def test_labels_hold_facts_in_the_form_of_the_key(file: Path):
    for row in rows(file):
        assert row.keys() == {"id", "metrics"}
        for metric in row["metrics"]:
            assert metric.keys() - {"metric_also"} == FIELDS
            assert len(metric["text"]) < 60
