"""Tests of charts."""

import re

import pytest

from catalog.site.charts import Bar, months_chart

BAR = re.compile(r'class="bar" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"')
LABEL = re.compile(r'<text x="([\d.]+)" y="164.0" text-anchor="(\w+)">(\w+ \d+)<')


@pytest.mark.parametrize("months", [1, 2, 3, 4])
def test_a_month_is_named_below_its_bar(months: int) -> None:
    drawn = months_chart([Bar(f"2025-0{n}", 5, 2) for n in range(1, months + 1)])
    middles = [float(x) + float(width) / 2 for x, width in BAR.findall(drawn)]
    labels = LABEL.findall(drawn)
    assert [name for _, _, name in labels] == ["Jan 2025", "Feb 2025", "Mar 2025", "Apr 2025"][
        :months
    ]
    assert [float(x) for x, _, _ in labels] == pytest.approx(middles, abs=0.1)
    assert {anchor for _, anchor, _ in labels} == {"middle"}


def test_the_last_of_many_months_is_named_within_the_frame() -> None:
    drawn = months_chart([Bar(f"2025-{n:02}", 5, 2) for n in range(1, 13)])
    assert LABEL.findall(drawn)[-1] == ("340.0", "end", "Dec 2025")


def test_one_paper_is_not_told_of_as_several() -> None:
    assert "Jan 2025: 1 paper, 0 with code" in months_chart([Bar("2025-01", 1, 0)])
