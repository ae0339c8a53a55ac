"""Handle signals that ask a command to stop as Ctrl-C is handled."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

STOPPING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""What a scheduler and a closed terminal send."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into KeyboardInterrupt within the block.

    By default they end the process at once, and its row in `runs` would go on to say "running". One
    that is ignored, as under nohup, stays ignored; other threads than the first can set nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in STOPPING}
    mine = [number for number, handler in before.items() if handler == signal.SIG_DFL]
    try:
        for number in mine:
            signal.signal(number, _interrupt)
        yield
    finally:
        for number in mine:
            signal.signal(number, before[number])


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
