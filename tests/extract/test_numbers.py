"""Numbers with unit, scale and range."""

import pytest

from etl.extract.numbers import find_quantities
from etl.extract.plain_text import clean


def read(text):
    plain = clean(text)
    assert len(plain) == len(text)
    return list(find_quantities(plain, 0, len(plain)))


@pytest.mark.parametrize(
    ("text", "shown", "value", "high", "unit"),
    [
        ("gets 82.2% on it", "82.2%", 82.2, None, "%"),
        (r"gets 65.0\% on it", r"65.0\%", 65.0, None, "%"),
        (r"is 3.5$\times$ faster", r"3.5$\times", 3.5, None, "x"),
        ("is 43times smaller", "43times", 43, None, "x"),
        ("by 2.5-fold", "2.5-fold", 2.5, None, "x"),
        ("by 1.0%-2.5% of it", "1.0%-2.5%", 1.0, 2.5, "%"),
        ("11-16 times less", "11-16 times", 11, 16, "x"),
        ("up to 5-15 pp more", "5-15 pp", 5, 15, "pp"),
        ("1.5~2.8times more", "1.5~2.8times", 1.5, 2.8, "x"),
        ("ranging from 14 million to 1.4 billion", "14 million to 1.4 billion", 14e6, 1.4e9, None),
        ("0.78M parameters", "0.78M", 780000, None, None),
        ("a 12-billion-parameter model", "12-billion", 12e9, None, None),
        ("only 2.4GFLOPs", "2.4GFLOPs", 2.4e9, None, "FLOPs"),
        ("in 64ms per query", "64ms", 64, None, "ms"),
        ("took 21 A100 GPU hours", "21 A100 GPU hours", 21, None, "GPU-hours"),
        ("runs at 300 FPS", "300 FPS", 300, None, "FPS"),
        ("costs $0.34 each", "$0.34", 0.34, None, "$"),
        (r"costs \$5 each", "$5", 5, None, "$"),
        ("4.12 USD", "4.12 USD", 4.12, None, "$"),
        ("a gain of 3.4%p", "3.4%p", 3.4, None, "pp"),
        ("12.5 percentage points", "12.5 percentage points", 12.5, None, "pp"),
        ("a 20-point gain", "20-point", 20, None, None),
        ("in sim3.5AP", "3.5", 3.5, None, None),
        ("with 1,234.5 of it", "1,234.5", 1234.5, None, None),
        ("10^{6} of it", "10^{6", 1e6, None, None),
        ("sub-60% of it", "60%", 60, None, "%"),
    ],
)
def test_number_is_read(text, shown, value, high, unit):
    (found,) = read(text)
    assert text[found.start : found.end] == shown
    assert (found.value, found.value_max, found.unit) == (value, high, unit)


@pytest.mark.parametrize(
    "text",
    [
        "GPT-4 and ResNet-50",
        "a 3D scene of 512x512",
        r"at 1,536$\times$1,536",
        "in the 1990s",
        "ViT-S/16 on F1",
        "see arXiv:2402.02526",
        "the v1.5.2 release",
        "8xV100",
    ],
)
def test_numbers_in_names_are_passed_over(text):
    assert read(text) == []


def test_before_and_after_are_two_numbers():
    assert [q.value for q in read("improves it from 36.0% to 73.6%")] == [36.0, 73.6]
    assert [q.value for q in read("by 0.8% (94.0% to 94.8%)")] == [0.8, 94.0, 94.8]
