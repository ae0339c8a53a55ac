"""Show the progress of a long load: a bar on a terminal, a line a minute in a log."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePath

import click

from catalog.domain.safe_text import one_line

EVERY = 60.0
"""Seconds between two lines in a log."""

LONG = 2.0
"""Seconds after which a load is worth a bar."""


@contextmanager
def progress() -> Iterator[Callable[[str, int, float], None]]:
    """Return what a load reports its progress to: name, records so far, share of bytes."""
    shown = _Bar() if sys.stderr.isatty() else _Lines()
    try:
        yield shown.tell
    finally:
        shown.end()


class _Clocked:
    """The time that the current document has taken."""

    def __init__(self) -> None:
        self.name = ""
        self.begun = time.monotonic()

    def elapsed(self, name: str) -> float:
        """Return the seconds since the first report on this document."""
        now = time.monotonic()
        if name != self.name:
            self.name, self.begun = name, now
        return now - self.begun


class _Bar(_Clocked):
    """A progress bar with rate and remaining time, drawn by rich on standard error."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn: object = None

    def tell(self, name: str, pieces: int, share: float) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            Progress,
            TaskProgressColumn,
            TextColumn,
            TimeRemainingColumn,
        )

        seconds = self.elapsed(name)
        if seconds < LONG:
            return
        if not isinstance(self.drawn, Progress):
            self.drawn = Progress(
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                TaskProgressColumn(),
                TextColumn("{task.fields[rate]}", markup=False),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self.drawn.add_task("", total=1.0, rate="")
            self.drawn.start()
        self.drawn.update(
            self.drawn.task_ids[0],
            description=one_line(PurePath(name).name, 30),
            completed=share,
            rate=f"{pieces / seconds:,.0f} papers/s",
        )

    def end(self) -> None:
        from rich.progress import Progress

        if isinstance(self.drawn, Progress):
            self.drawn.stop()


class _Lines(_Clocked):
    """A line of progress a minute."""

    def __init__(self) -> None:
        super().__init__()
        self.last = time.monotonic()

    def tell(self, name: str, pieces: int, share: float) -> None:
        seconds = self.elapsed(name)
        if time.monotonic() - self.last < EVERY:
            return
        self.last = time.monotonic()
        left = seconds / share - seconds if share else 0
        click.echo(
            f"{one_line(name, 200)}: {pieces:,} records, {share:.0%}, "
            f"{pieces / max(seconds, 1):,.0f} a second, {left / 60:,.0f} min left",
            err=True,
        )

    def end(self) -> None:
        """Do nothing, since there is no bar to remove."""
