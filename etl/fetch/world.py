"""The clock, sleep and randomness, passed in so that tests can replace them."""

import datetime as dt
import random
import time
from collections.abc import Callable

from msgspec import Struct, field


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class World(Struct, frozen=True, kw_only=True):
    """A clock, a sleep function and a source of randomness; tests pass their own."""

    now: Callable[[], dt.datetime] = _now
    """The instant, UTC."""
    monotonic: Callable[[], float] = time.monotonic
    """Seconds that only grow."""
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = field(default=random.SystemRandom().random)
    """A number from 0 to 1, for jitter."""

    @property
    def today(self) -> dt.date:
        """Today's date in UTC."""
        return self.now().astimezone(dt.UTC).date()
