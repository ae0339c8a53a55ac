"""Publishers for commands that are killed: a server in a process of its own, at one instant."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import etl.fetch
from tests.sync.publishers import START, Clock, serving

CONFIG = """contact = "ada@example.org"

[sources.hf-daily]
base = "{base}"
first_days = 4
[sources.arxiv-oai]
base = "{base}/oai"
sets = ["cs:cs:LG"]
[sources.arxiv-rss]
base = "{base}/rss"
[sources.github]
base = "{base}"
"""


@contextmanager
def publishers() -> Iterator[str]:
    """Run the publishers; their address."""
    told, telling = os.pipe()
    process = os.fork()
    if not process:
        with serving(Clock()) as found:
            found.page = 1
            os.write(telling, found.base.encode())
            signal.pause()
        os._exit(0)
    os.close(telling)
    try:
        yield os.read(told, 100).decode()
    finally:
        os.close(told)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def stop_the_clock() -> None:
    """Let each run from here on be at the publishers' instant, and wait for nothing."""
    clock, made = Clock(), etl.fetch.World
    os.environ["NO_PROXY"] = "*"
    etl.fetch.World = lambda: made(  # type: ignore[assignment,misc]
        now=lambda: START, monotonic=clock.monotonic, sleep=clock.sleep
    )
