"""Tests of how sure decisions are called, and of where names of datasets end."""

import pytest

from etl.extract import extract
from etl.extract.confidence import MOST, log_odds, share
from etl.extract.numbers import find_quantities
from etl.extract.plain_text import clean


def test_evidence_adds_up_to_a_share() -> None:
    assert share({}, {"keep": 3.0}) == 0.5
    weights = {"1": -1.0, "keep": 0.5}
    assert share(weights, {"1": 1.0, "keep": 2.0, "unknown": 9.0}) == 0.5
    assert share(weights, {"1": 1.0, "keep": MOST}) > 0.8


def test_odds_stay_within_limits() -> None:
    assert (log_odds(0.0), log_odds(0.5), log_odds(1.0)) == (-MOST, 0.0, MOST)


def test_a_row_is_never_surer_than_its_number() -> None:
    text = (
        "FooNet reaches 84.3% accuracy on SetA and 61.2% on SetB, and 3.1 points more than "
        "BarNet. On WobbleBench, it has an F1 of 0.91 and runs at 45 FPS."
    )
    found = extract(text).results
    assert len(found) > 3
    for one in found:
        assert 0 < (one.row_confidence or 0) <= (one.confidence or 0) < 1


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("improving from 8.26 to 6.27 on A, and 32.39 to 26.69 on B", [8.26, 6.27, 32.39, 26.69]),
        ("it rises from 60.3% to 77.2% to 83.2%", [60.3, 77.2, 83.2]),
        ("it improves macro F1 on SetA (57% to 90%)", [57, 90]),
        ("it improves accuracy by 5% to 18%", [5]),
        ("it is 2 to 5 times faster", [2]),
    ],
)
def test_a_value_before_and_one_after_are_no_range(text: str, values: list[float]) -> None:
    plain = clean(text)
    assert [found.value for found in find_quantities(plain, 0, len(plain))] == values


@pytest.mark.parametrize(
    ("text", "dataset"),
    [
        ("On DozeBench Smith et al. (2026), FooNet achieves 87.1% accuracy.", "DozeBench"),
        ("FooNet achieves 87.1% accuracy on DozeBench~2.1.", "DozeBench 2.1"),
        ("FooNet achieves 87.1% accuracy on DeepResearch Bench II.", "DeepResearch Bench II"),
        ("FooNet achieves 87.1% accuracy on the Tall Tower Dataset.", "Tall Tower Dataset"),
    ],
)
def test_the_name_of_a_dataset_has_its_version_and_no_author(text: str, dataset: str) -> None:
    (found,) = extract(text).results
    assert found.dataset == dataset
