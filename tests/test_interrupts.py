"""Tests that Ctrl-C ends a command, whatever runs in it."""

import asyncio
import os
import signal

import pytest

from catalog.interrupts import stoppable


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_loop_that_goes_on_when_it_is_cancelled_is_ended(number: signal.Signals) -> None:
    async def obstinate() -> None:
        try:
            os.kill(os.getpid(), number)
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            await asyncio.sleep(0)

    with stoppable(), pytest.raises(KeyboardInterrupt):
        asyncio.run(obstinate())
