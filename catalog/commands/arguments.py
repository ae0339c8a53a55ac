"""Check arguments that are words: names of papers and documents, searches."""

import datetime as dt
import math
from collections.abc import Iterable
from typing import Any

import click


class WaitSeconds(click.FloatRange):
    """A number of seconds that a clock can count, up to some days: no infinity."""

    def __init__(self) -> None:
        super().__init__(min=0, max=1_000_000)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the seconds."""
        seconds = float(super().convert(value, param, ctx))
        if math.isnan(seconds):
            self.fail(f"{value!r} is not a number of seconds", param, ctx)
        return seconds

    def _describe_range(self) -> str:
        return "x>=0"


class Day(click.DateTime):
    """A day of the calendar, as 2025-03-11."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dt.datetime:
        """Return the beginning of the day."""
        try:
            found: dt.datetime = super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is not a day: write it as 2025-03-11", param, ctx)
        return found


waiting = click.option(
    "--wait",
    type=WaitSeconds(),
    default=60,
    show_default=True,
    help="Seconds to wait for another command that writes.",
)
"""--wait of the commands that write."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Write a question with the nearest of known words; empty where none is near.

    >>> did_you_mean("serch", ["search", "show"])
    ' Did you mean "search"?'
    """
    from difflib import get_close_matches

    near = get_close_matches(word, known, n=1)
    return f' Did you mean "{near[0]}"?' if near else ""


def named(_context: click.Context, _argument: click.Parameter, value: str) -> str:
    """Return the name of a paper or document unless it is empty; for use as a callback.

    Raises:
        click.BadParameter: it is empty, as where a variable of the shell was not set.

    """
    if not value.strip():
        raise click.BadParameter("the name is empty")
    return value


def searchable(typed: str) -> str:
    """Give back a search that can be done.

    Raises:
        click.UsageError: a filter has a value that cannot be, or there is nothing to search for.

    """
    from catalog.domain.search_language import understand
    from catalog.reads.search_filters import FILTERS

    found = understand(typed, FILTERS)
    if found.refused:
        raise click.UsageError("; ".join(found.refused))
    if found.is_empty:
        raise click.UsageError(
            f"{typed!r} has no word and no filter to search for, as has: diffusion code:yes"
        )
    return typed
