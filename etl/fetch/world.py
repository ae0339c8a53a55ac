"""What a program may not know by itself: the time, how to wait, and chance; all come in."""

import datetime as dt
import random
import time
from collections.abc import Callable

from msgspec import Struct, field


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class World(Struct, frozen=True, kw_only=True):
    """Clock, sleep and chance, so that tests can have a year in a minute."""

    now: Callable[[], dt.datetime] = _now
    """The instant, UTC."""
    monotonic: Callable[[], float] = time.monotonic
    """Seconds that only grow."""
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = field(default=random.SystemRandom().random)
    """A number from 0 to 1, for jitter."""

    @property
    def today(self) -> dt.date:
        """The day, UTC."""
        return self.now().astimezone(dt.UTC).date()
