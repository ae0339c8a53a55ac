"""Handle signals that ask a command to stop as Ctrl-C is handled."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

STOPPING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""What Ctrl-C, a scheduler and a closed terminal send."""

DEFAULTS = (signal.SIG_DFL, signal.default_int_handler)


@contextmanager
def stoppable() -> Iterator[None]:
    """Turn SIGINT, SIGTERM and SIGHUP into KeyboardInterrupt within the block.

    By default they end the process at once, and its row in `runs` would go on to say "running". One
    that is ignored, as under nohup, stays ignored; other threads than the first can set nothing.
    Python's own handler of SIGINT would do the same, but asyncio puts another in its place, which
    only cancels what is under way: a library that takes the cancellation for its own goes on.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in STOPPING}
    mine = [number for number, handler in before.items() if handler in DEFAULTS]
    try:
        for number in mine:
            signal.signal(number, _interrupt)
        yield
    finally:
        for number in mine:
            signal.signal(number, before[number])


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
