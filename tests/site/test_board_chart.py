"""Tests of the chart of a leaderboard."""

import datetime as dt
import re

import pytest

from catalog.site.axes import Axis, day_axis, log_axis, value_axis
from catalog.site.board_chart import LETTER, Dot, against_cost, over_time

FIRST = dt.date(2020, 1, 15)
RECORD = re.compile(r'<text class="record" x="([\d.-]+)" y="([\d.-]+)">([^<]+)<')


def dots(count: int, *, leads: bool = True) -> list[Dot]:
    """Make dots of growing values, some days apart."""
    return [
        Dot(FIRST.toordinal() + 20.0 * place, 70 + place, f"Model {place}", f"{place}", "/p", leads)
        for place in range(count)
    ]


def test_one_value_makes_no_chart() -> None:
    assert not over_time(dots(1), "%")
    assert not against_cost(dots(0), "%", "size")


def test_each_screen_has_a_drawing_with_all_values() -> None:
    drawn = over_time(dots(5), "%")
    for screen in ("wide-screen", "narrow-screen"):
        assert drawn.count(f'class="{screen}"') == 1
    assert drawn.count("<circle") == 10


def test_the_newest_record_is_labelled_and_no_two_labels_meet() -> None:
    drawn = over_time(dots(60), "%").split('class="narrow-screen"')
    for drawing in drawn:
        labels = [(float(x), float(y), text) for x, y, text in RECORD.findall(drawing)]
        assert any(text.startswith("129") for _, _, text in labels)
        boxes = [(x, y - 11, x + LETTER * len(text), y + 3) for x, y, text in labels]
        for place, one in enumerate(boxes):
            for other in boxes[place + 1 :]:
                apart = one[2] <= other[0] or other[2] <= one[0]
                assert apart or one[3] <= other[1] or other[3] <= one[1]


def test_what_does_not_lead_has_no_label_and_no_line() -> None:
    drawn = over_time(dots(5, leads=False), "%")
    assert not RECORD.findall(drawn)
    assert '<path class="best"' not in drawn


def test_names_of_papers_are_shown_as_text() -> None:
    evil = Dot(FIRST.toordinal(), 90, "<b>", "<script>", '/p"><script>', leads=True)
    assert "<script>" not in over_time([*dots(2), evil], "%")


@pytest.mark.parametrize("value", [1.7e308, -1.7e308, float("inf"), 5e-324])
def test_a_value_beyond_all_scales_leaves_out_the_chart_and_not_the_page(value: float) -> None:
    odd = Dot(FIRST.toordinal(), value, "odd", "odd", "/p", leads=True)
    assert not over_time([*dots(3), odd], "")
    costly = Dot(abs(value), 90, "odd", "odd", "/p", leads=True)
    assert not against_cost([*dots(3), costly], "", "size")


@pytest.mark.parametrize(
    "axis",
    [
        value_axis(0.001, 0.0012),
        value_axis(-5, 3),
        value_axis(1e9, 3e12),
        value_axis(1e-12, 2e-12),
        value_axis(1.0, 1.0000000000000002),
        value_axis(-1e29, 1e30),
        log_axis(5.0, 5.0),
        log_axis(1.0, 9e15),
        day_axis(FIRST, FIRST),
        day_axis(dt.date(1995, 1, 1), dt.date(2026, 1, 1)),
        day_axis(dt.date.min, dt.date.max),
    ],
)
def test_every_axis_names_few_values_within_itself(axis: Axis) -> None:
    assert 1 <= len(axis.ticks) <= 10
    shares = [axis.share(tick.at) for tick in axis.ticks]
    assert shares == sorted(shares)
    assert shares[0] >= -1e-9
    assert shares[-1] <= 1 + 1e-9
