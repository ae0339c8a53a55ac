"""Compute waits: between requests, before the next attempt, as `Retry-After` asks."""

import datetime as dt
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from msgspec import Struct
from tenacity import RetryCallState, wait_exponential

from etl.fetch.world import World

FIRST_WAIT = 2.0
LONGEST_BACKOFF = 120.0
"""Seconds between two attempts where the publisher names none."""

LONGEST_PAUSE = 1e7
"""Seconds that `Retry-After` can ask for; some ask for centuries."""

UNREADABLE = (ValueError, IndexError, TypeError, OverflowError)
"""What dates of servers may raise."""

_exponential = wait_exponential(multiplier=FIRST_WAIT, max=LONGEST_BACKOFF)


class Pace(Struct, frozen=True):
    """The seconds that must lie between the starts of two requests of a group."""

    group: str
    seconds: float


class Pacer:
    """Delays requests, so that each group keeps its pace."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._last: dict[str, float] = {}

    def wait(self, pace: Pace | None) -> None:
        """Sleep until the group's next request may start, and note that it starts now."""
        if pace is None:
            return
        last = self._last.get(pace.group)
        if last is not None:
            left = last + pace.seconds - self.world.monotonic()
            if left > 0:
                self.world.sleep(left)
        self._last[pace.group] = self.world.monotonic()


def retry_after(headers: Mapping[str, str], now: dt.datetime) -> float | None:
    """Return the seconds that `Retry-After` asks for; None if it is absent or unreadable.

    https://www.rfc-editor.org/rfc/rfc9110#field.retry-after: a number, or a date.

    >>> retry_after({"retry-after": "120"}, dt.datetime(2025, 3, 11, tzinfo=dt.UTC))
    120.0
    >>> retry_after(
    ...     {"retry-after": "Tue, 11 Mar 2025 00:01:00 GMT"},
    ...     dt.datetime(2025, 3, 11, tzinfo=dt.UTC),
    ... )
    60.0
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:20]), LONGEST_PAUSE)
    try:
        until = parsedate_to_datetime(text)
        if until.tzinfo is None:
            until = until.replace(tzinfo=dt.UTC)
        return min(max(0.0, (until - now).total_seconds()), LONGEST_PAUSE)
    except UNREADABLE:
        return None


def server_time(headers: Mapping[str, str]) -> dt.datetime | None:
    """Return the publisher's own clock from `Date`; None if it is absent or unreadable."""
    try:
        found = parsedate_to_datetime(headers.get("date", ""))
        return found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found.astimezone(dt.UTC)
    except UNREADABLE:
        return None


def backoff(state: RetryCallState, chance: float) -> float:
    """Return the seconds before the next attempt: doubled each time, half of them random.

    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/, "equal jitter".
    """
    whole = float(_exponential(state))
    return whole / 2 + whole / 2 * chance
