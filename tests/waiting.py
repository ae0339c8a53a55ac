"""Wait for what another process or thread does, without judging the time."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

PATIENCE = 300.0
"""Seconds after which what has not happened never will: a hang ends, a busy machine is no fault."""


def wait_until(claim: Callable[[], object]) -> None:
    """Wait until something is so; fail where it never is."""
    end = time.monotonic() + PATIENCE
    while not claim():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)


def in_the_end(work: Callable[[], Found]) -> Found:
    """Give what some work finds; fail where it never ends."""
    found: list[Found] = []
    thread = threading.Thread(target=lambda: found.append(work()), daemon=True)
    thread.start()
    thread.join(PATIENCE)
    assert found, "it did not end, or failed in its thread"
    return found[0]
