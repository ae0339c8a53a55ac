"""Tests of metrics and datasets that the words around a number settle."""

import pytest

from etl.extract import extract


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        ("Quillnet achieves a 1.8x speedup in inference time.", ["inference speedup"]),
        ("Quillnet achieves a 2.92x speedup in latency.", ["speedup"]),
        ("Quillnet offers a 2.40x FLOPs and 1.35x latency speedup.", ["speedup", "speedup"]),
    ],
)
def test_a_speedup_of_what_is_slow_is_a_speedup(text: str, metrics: list[str]) -> None:
    found = extract(text).results
    assert [result.metric for result in found] == metrics
    assert {result.sign for result in found} == {"+"}


def test_what_is_spent_to_reach_a_value_changes() -> None:
    found = extract("It cuts the time required to reach a 90% accuracy by 15.2%.").results
    assert (found[-1].text, found[-1].metric, found[-1].sign) == ("15.2%", "time", "-")


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("It attains the current state-of-the-art recovery rate of 61.4%.", "recovery rate"),
        ("It has a recall rate of 43.9% on COCO.", "recall"),
        ("We see a gain of 6.8 EPDMS on navhard.", "EPDMS"),
    ],
)
def test_a_metric_has_its_name_without_praise(text: str, metric: str) -> None:
    assert [found.metric for found in extract(text).results] == [metric]


@pytest.mark.parametrize(
    ("text", "datasets"),
    [
        ("It gets 85.7% accuracy on Spider Dev and 59.8% on BIRD Dev.", ["Spider", "BIRD"]),
        ("It reaches an 88.9% pass ratio on the MiniF2F-test.", ["MiniF2F"]),
        ("On 256times256 ImageNet it has an FID of 1.35.", ["ImageNet-1K"]),
        ("It has an accuracy of 61.2% on the Quill Reality Test.", ["Quill Reality Test"]),
        ("It is best on Synapse, with only 1.1B and 3.1B parameters.", [None, None]),
    ],
)
def test_a_dataset_has_no_split_and_a_size_no_dataset(text: str, datasets: list[str]) -> None:
    assert [found.dataset for found in extract(text).results] == datasets


def test_a_command_that_stands_for_a_name_is_none() -> None:
    text = r"Unlike others, \Approach runs over 8x faster than Brashnet."
    (found,) = extract(text, "QUILL: Dense Plumes").results
    assert found.model != "Approach"
