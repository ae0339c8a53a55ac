"""Tests of what differences and factors are compared with."""

import pytest

from etl.extract import extract


def baselines(text: str, title: str | None = None) -> list[str | None]:
    return [found.baseline for found in extract(text, title).results if found.kind != "absolute"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Quillnet has 4.5x and 2.7x higher throughput than Brashnet and Plumeformer.",
         ["Brashnet", "Plumeformer"]),
        ("Quillnet has 4.5x and 2.7x higher throughput compared to Brash 7B and Plume 4B.",
         ["Brash 7B", "Plume 4B"]),
        ("Quillnet gains 4.1% and 2.3% in accuracy over Brashnet and the tuned Plumeformer, "
         "respectively.", ["Brashnet", "tuned Plumeformer"]),
        ("Quillnet outperforms Brashnet and Plumeformer by 4.1 and 2.3 points on COCO.",
         ["Brashnet", "Plumeformer"]),
        ("Quillnet outperforms libraries like quillib and Inkpy by 12x and 31x, respectively.",
         ["quillib", "Inkpy"]),
        ("Quillnet outperforms Brashnet by 4.1 points and the best plume model by 2.3 points.",
         ["Brashnet", "best plume model"]),
        ("Quillnet improves accuracy by 4.1% and 2.3% over Brashnet.", ["Brashnet", "Brashnet"]),
        ("Quillnet outperforms Brashnet by 4.1% and improves throughput by 2.3%.",
         ["Brashnet", None]),
    ],
)  # fmt: skip
def test_each_number_of_a_row_has_its_own_baseline(text: str, told: list[str | None]) -> None:
    assert baselines(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Compared to the baseline tuned with quills, our method gains 3.1 points in accuracy.",
         "baseline tuned with quills"),
        ("Compared to existing solutions, our method gains 3.1 points in accuracy.", None),
        ("Quillnet is 3.1x faster than the state-of-the-art Brashnet V3.", "Brashnet V3"),
        ("Quillnet is 3.1x faster than those of the latest Brashnet.", "Brashnet"),
        ("Quillnet is 3.1% above the average accuracy of Brashnet.", "Brashnet"),
        ("Quillnet is 3.1x faster than the best existing method (Brashnet).", "Brashnet"),
        ("Quillnet is 3.1x faster than the best baseline -- enabling live use.", "best baseline"),
        ("Quillnet is 3.1x faster than the icc -O2 baseline.", "icc -O2 baseline"),
        ("Quillnet is 3.1x faster than recent VLMs.", "recent VLMs"),
    ],
)  # fmt: skip
def test_a_baseline_is_named_without_praise(text: str, told: str | None) -> None:
    assert baselines(text) == [told]


def test_a_model_is_not_compared_with_its_own_family() -> None:
    text = "The Quillnet family beats others, e.g., Quillnet has 4.2% higher accuracy than Brash."
    assert baselines(text, "Quillnet: Plumes") == ["Brash"]
