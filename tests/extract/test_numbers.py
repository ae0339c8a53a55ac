"""Tests of reading numbers with unit, scale and range."""

import pytest

from etl.extract import extract
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
        ("at 90 frames/s on it", "90 frames/s", 90, None, "FPS"),
        ("at 210 TFLOP/s on it", "210 TFLOP/s", 2.1e14, None, "FLOPS"),
        ("a gain of 2.6 %-points", "2.6 %-points", 2.6, None, "pp"),
        (r"in $17~\mathrm{ms}$ at most", r"17~\mathrm{ms", 17, None, "ms"),
        (r"cooler by 1.5$^\circ$C", r"1.5$^\circ$C", 1.5, None, "°C"),
        ("off by 9 meV/Å in all", "9 meV/Å", 9, None, "meV/Å"),
        ("needs 11 GiB of it", "11 GiB", 11, None, "GiB"),
        ("from 60M up to 2.1B of it", "60M up to 2.1B", 60e6, 2.1e9, None),
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
        (r"a WER of $4.7 \pm 0.2$ on it", "4.7", 4.7, None, None),
        (r"gets $4.7 \pm 0.2$% of it", "4.7", 4.7, None, "%"),
        (r"$4.7\%$ of it", r"4.7\%", 4.7, None, "%"),
        (r"is $>$7 times as fast", "7 times", 7, None, "x"),
        (r"$\sim$70% of it", "70%", 70, None, "%"),
        (r"a $4$-$9\times$ gain", r"4$-$9\times", 4, 9, "x"),
        (r"$4-9\times$ of it", r"4-9\times", 4, 9, "x"),
        (r"took 41 $\mu$s of it", r"41 $\mu$s", 41, None, "us"),
        (r"an error of 0.7{\mu}m", r"0.7{\mu}m", 0.7, None, "um"),
        (r"turned by 3.1^{\circ} at most", r"3.1^{\circ", 3.1, None, "°"),
        (r"35~ms of it", "35~ms", 35, None, "ms"),
        (r"$\mathbf{71.4}$ of it", "71.4", 71.4, None, None),
        (r"with 1{,}240 of it", "1{,}240", 1240, None, None),
        (r"with 12\,500 of it", r"12\,500", 12500, None, None),
        ("with 1 240 500 of it", "1 240 500", 1240500, None, None),
        ("with 7'200 of it", "7'200", 7200, None, None),
        ("of 4.7E-03 on it", "4.7E-03", 0.0047, None, None),
        ("of 4.7e-3 on it", "4.7e-3", 0.0047, None, None),
        ("of 4.7 × 10⁻³ on it", "4.7 × 10⁻³", 0.0047, None, None),
        ("of 4.7 x 10^-3 on it", "4.7 x 10^-3", 0.0047, None, None),
        (r"of $4.7 \times 10^{-3}$ on it", r"4.7 \times 10^{-3", 0.0047, None, None),
        ("of (4.7 ± 0.1) × 10⁻³ on it", "4.7", 0.0047, None, None),
        ("of 4.7 ± 0.1 × 10^{-3} on it", "4.7", 0.0047, None, None),
        ("a Dice of 0.83+/-0.02", "0.83", 0.83, None, None),
        ("a Dice of 0.83 +- 0.02", "0.83", 0.83, None, None),
        ("gets 83.1 +/- 0.4% of it", "83.1", 83.1, None, "%"),
        ("gets 83.1% (±0.4) of it", "83.1%", 83.1, None, "%"),
        ("gets 83.1(4)% of it", "83.1", 83.1, None, "%"),
        ("an AUC of 0.83 (95% CI 0.81-0.85)", "0.83", 0.83, None, None),
        ("an AUC of 0.83 [95% CI: 0.81, 0.85]", "0.83", 0.83, None, None),
        ("an AUC of 0.83 [0.81, 0.85]", "0.83", 0.83, None, None),
        ("an AUC of 0.83 (0.81 to 0.85)", "0.83", 0.83, None, None),
        ("a length of 7.1 (SD 0.9)", "7.1", 7.1, None, None),
        ("in 0,73 s", "0,73 s", 0.73, None, "s"),
        ("gets 71,3 % of it", "71,3 %", 71.3, None, "%"),
        ("at 11.2 to 11.9 TFLOPS", "11.2 to 11.9 TFLOPS", 11.2e12, 11.9e12, "FLOPS"),
        ("needs 1.1-1.9 GFLOPs", "1.1-1.9 GFLOPs", 1.1e9, 1.9e9, "FLOPs"),
        ("with 4-7M parameters", "4-7M", 4e6, 7e6, None),
        ("less by a factor of 2.7", "2.7", 2.7, None, "x"),
        ("a factor 2.7 faster", "2.7", 2.7, None, "x"),
        ("by an average factor of about 2.7", "2.7", 2.7, None, "x"),
        ("an upscaling factor of 4", "4", 4, None, None),
        ("on an A40, x6.5 on an L4", "6.5", 6.5, None, "x"),
        ("faster by up to x310 on it", "310", 310, None, "x"),
        ("up to times2.75 faster", "2.75", 2.75, None, "x"),
        ("with 1/20th of the compute", "1/20th", 0.05, None, "x"),
        ("needs only $1/8$ of it", "1/8", 0.125, None, "x"),
        ("4 orders of magnitude faster", "4 orders of magnitude", 10000, None, "x"),
        ("2-3 orders of magnitude", "2-3 orders of magnitude", 100, 1000, "x"),
        ("an error of 0.7 kcal/mol", "0.7 kcal/mol", 0.7, None, "kcal/mol"),
        ("an RMSD of 1.7 Å", "1.7 Å", 1.7, None, "Å"),
        (r"an RMSD of 1.7 \AA", r"1.7 \AA", 1.7, None, "Å"),
        ("off by 4 bpm", "4 bpm", 4, None, "bpm"),
        ("off by 17 meV/atom", "17 meV/atom", 17, None, "meV/atom"),
        ("serves 900 requests per second", "900 requests per second", 900, None, "requests/s"),
        ("serves 7 quips/joule", "7 quips/joule", 7, None, "quips/joule"),
        ("at 70 frames per second", "70 frames per second", 70, None, "FPS"),
        ("took 2 h 30 min", "2 h 30 min", 2.5, None, "h"),
        ("in 41ns", "41ns", 41, None, "ns"),
        ("a gain of 21. 4% on it", "21. 4%", 21.4, None, "%"),
        ("costs $7 million", "$7 million", 7e6, None, "$"),
        ("costs US$7", "$7", 7, None, "$"),
        ("costs $5-$10 a day", "$5-$10", 5, 10, "$"),
        ("2.11 bits/dim on it", "2.11", 2.11, None, None),
    ],
)
def test_number_is_read(text, shown, value, high, unit):
    (found,) = read(text)
    assert text[found.start : found.end] == shown
    assert (found.value, found.value_max, found.unit) == (value, high, unit)


@pytest.mark.parametrize(
    ("text", "values", "units"),
    [
        ("from 41.5% in 2019 to 47.2% in 2023", [41.5, 2019, 47.2, 2023], ["%", None, "%", None]),
        ("0.71 ± 0.02 and 0.74 ± 0.03", [0.71, 0.74], [None, None]),
        ("lifts it from a simple prompt baseline of 31.2 to 44.5", [31.2, 44.5], [None, None]),
        ("reduces the size from 310 MB to 45 MB", [310, 45], ["MB", "MB"]),
        ("at x6.5 on a RTX 4090, x8.5 on it", [6.5, 4090, 8.5], ["x", None, "x"]),
        (r"$1.3 \pm 0.1$ mm and $0.9 \pm 0.2$ mm", [1.3, 0.9], ["mm", "mm"]),
        ("a score of 12.3 [45, 46]", [12.3, 45, 46], [None, None, None]),
    ],
)
def test_numbers_beside_each_other_stay_apart(text, values, units):
    found = read(text)
    assert [(q.value, q.unit) for q in found] == list(zip(values, units, strict=True))


@pytest.mark.parametrize(
    "text", ["10^{500} of it", "9e400 of it", "1" * 400, "7 x 10^{31}", "1e29T"]
)
def test_absurd_numbers_are_none(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a reward of -7.5 on it", 12), ("a reward of −7.5 on it", 12), (r"is $-7.5$ on it", 4),
        ("r = -0.7", 4), ("a gain of 5 -7 on it", None), ("7.5", None), ("on it - 7.5", None),
    ],
)  # fmt: skip
def test_a_minus_is_a_sign_only_right_before_a_number(text, place):
    assert read(text)[-1].minus == place


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
        "on x86 with x264",
    ],
)
def test_numbers_in_names_are_passed_over(text):
    assert read(text) == []


def test_before_and_after_are_two_numbers():
    assert [q.value for q in read("improves it from 36.0% to 73.6%")] == [36.0, 73.6]
    assert [q.value for q in read("by 0.8% (94.0% to 94.8%)")] == [0.8, 94.0, 94.8]
    assert [q.value for q in read("by 2.4 points to 61.9")] == [2.4, 61.9]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rises from 28% to 54% on A and 37% to 60% on B",
         [(28, None), (54, None), (37, None), (60, None)]),
        ("boosts (28% to 54% and 37% to 60%)", [(28, None), (54, None), (37, None), (60, None)]),
        ("reduces it from 1.4 billion to 0.7 billion", [(1.4e9, None), (0.7e9, None)]),
        ("the error range was reduced from 5 mm to 2 mm", [(5, None), (2, None)]),
        ("ranging from 71% to 92% and F1 from 64% to 93%", [(71, 92), (64, 93)]),
        ("ranging from 71% to over 92%", [(71, 92)]),
        ("varied from 0.71 to 0.82", [(0.71, 0.82)]),
        (r"saves 33\% $\sim$ 47\% of it", [(33, 47)]),
        ("a 6- to 10-fold gain", [(6, 10)]),
        ("is 1.05sim2.5times faster", [(1.05, 2.5)]),
        ("is 15timessim50times faster", [(15, 50)]),
        ("gets **85.25%** and **64.75**%", [(85.25, None), (64.75, None)]),
        ("with 31M/1.4B parameters", [(31e6, None), (1.4e9, None)]),
        ("a pair of 150m parameter models", [(150e6, None)]),
    ],
)  # fmt: skip
def test_ranges_are_told_from_changes(text, told):
    assert [(q.value, q.value_max) for q in read(text)] == told


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("The surrogate has an RMSE of 1.7 K.", 1.7, "K"),
        ("The net has 1.234.567 parameters.", 1234567, None),
        ("The engine serves 2.5 K requests/s.", 2500, "requests/s"),
    ],
)
def test_kelvin_and_points_between_thousands(text, value, unit):
    assert [(found.value, found.unit) for found in extract(text).results] == [(value, unit)]
