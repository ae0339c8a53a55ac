"""Laws of planning days: none is left out, and none is closed too early."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from etl.sync.which_days import plan_days, plan_range, size_warning

SINCE = dt.date(2025, 3, 3)
DAY = dt.timedelta(days=1)


def days(first, last):
    return [first + n * DAY for n in range((last - first).days + 1)]


@given(
    mornings=st.lists(
        st.tuples(st.integers(0, 60), st.none() | st.integers(0, 5)), min_size=1, max_size=12
    ),
    weekends=st.booleans(),
    again=st.integers(0, 4),
)
def test_every_day_up_to_the_watermark_was_fetched_after_its_end(mornings, weekends, again):
    """Mornings in any order, clocks set back among them; each may fail after some days."""
    through = None
    whole = set()
    for offset, fails_after in mornings:
        today = SINCE + offset * DAY
        plan = plan_days(
            through=through,
            today=today,
            since=SINCE,
            first_days=7,
            again=again,
            weekends=weekends,
        )
        for planned in plan[:fails_after]:
            assert planned.day <= today
            assert planned.through is None or planned.through < today
            if planned.day < today:
                whole.add(planned.day)
            through = max(filter(None, (through, planned.through)), default=None)
    if through:
        wanted = {d for d in days(SINCE, through) if weekends or d.weekday() < 5}
        assert wanted <= whole


@given(offset=st.integers(0, 60), weekends=st.booleans())
def test_a_run_without_failure_leaves_only_today_open(offset, weekends):
    today = SINCE + offset * DAY
    plan = plan_days(
        through=None, today=today, since=SINCE, first_days=7, again=0, weekends=weekends
    )
    if plan:
        assert max(planned.through for planned in plan if planned.through) == today - DAY


@given(offset=st.integers(-30, 30), weekends=st.booleans())
def test_a_range_moves_no_watermark_and_ends_today(offset, weekends):
    today = SINCE + offset * DAY
    plan = plan_range(SINCE, SINCE + 9 * DAY, today=today, weekends=weekends)
    assert all(planned.through is None and planned.day <= today for planned in plan)
    assert [planned.day for planned in plan] == [
        d for d in days(SINCE, min(today, SINCE + 9 * DAY)) if weekends or d.weekday() < 5
    ]


@given(
    count=st.integers(0, 100), before=st.lists(st.integers(0, 100), max_size=10),
)  # fmt: skip
def test_a_day_of_usual_size_is_never_warned_of(count, before):
    day, today = dt.date(2025, 3, 11), dt.date(2025, 3, 12)
    warning = size_warning(day, count, before, today=today)
    if count and all(count * 2 >= size for size in before):
        assert warning is None
    if count == 0:
        assert warning
