"""Show the progress of a long load: a bar on a terminal, a line a minute in a log."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import TYPE_CHECKING

import click

from catalog.domain.safe_text import one_line

if TYPE_CHECKING:
    from etl.extract.reader import Tally

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


@contextmanager
def asking_progress(name: str) -> Iterator[Callable[["Tally"], None]]:
    """Return what is told the counts of asking elsewhere: questions answered, tokens so far."""
    shown = _Bar() if sys.stderr.isatty() else _Lines()

    def tell(tally: "Tally") -> None:
        done = tally.answers + sum(tally.failures.values())
        tokens = tally.input_tokens + tally.output_tokens
        shown.show(name, done / max(tally.wanted, 1), f"{done:,} answers, {tokens:,} tokens")
        if done >= tally.wanted:
            shown.end()

    try:
        yield tell
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
        """Draw the records so far, and how many come in a second."""
        seconds = self.elapsed(name)
        if seconds >= LONG:
            self.show(PurePath(name).name, share, f"{pieces / seconds:,.0f} papers/s")

    def show(self, name: str, share: float, counts: str) -> None:
        """Draw the share that is done, with counts."""
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            Progress,
            TaskProgressColumn,
            TextColumn,
            TimeRemainingColumn,
        )

        if not isinstance(self.drawn, Progress):
            self.drawn = Progress(
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                TaskProgressColumn(),
                TextColumn("{task.fields[counts]}", markup=False),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self.drawn.add_task("", total=1.0, counts="")
            self.drawn.start()
        self.drawn.update(
            self.drawn.task_ids[0],
            description=one_line(name, 30),
            completed=share,
            counts=counts,
        )

    def end(self) -> None:
        from rich.progress import Progress

        if isinstance(self.drawn, Progress):
            self.drawn.stop()
            self.drawn = None


class _Lines(_Clocked):
    """A line of progress a minute."""

    def __init__(self) -> None:
        super().__init__()
        self.last = time.monotonic()

    def tell(self, name: str, pieces: int, share: float) -> None:
        """Print the records so far, how many come in a second, and the time that is left."""
        seconds = self.elapsed(name)
        left = seconds / share - seconds if share else 0
        rate = f"{pieces / max(seconds, 1):,.0f} a second, {left / 60:,.0f} min left"
        self.print(f"{one_line(name, 200)}: {pieces:,} records, {share:.0%}, {rate}")

    def show(self, name: str, share: float, counts: str) -> None:
        """Print the share that is done, with counts."""
        self.print(f"{one_line(name, 200)}: {share:.0%}, {counts}")

    def print(self, line: str) -> None:
        """Print a line, unless the last one is too fresh."""
        if time.monotonic() - self.last >= EVERY:
            self.last = time.monotonic()
            click.echo(line, err=True)

    def end(self) -> None:
        """Do nothing, since there is no bar to remove."""
