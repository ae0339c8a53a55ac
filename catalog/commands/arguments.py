"""Check arguments that are words: names of papers and documents, searches."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from catalog.domain.search_language import Wanted


waiting = click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=60,
    show_default=True,
    help="Seconds to wait for another command that writes.",
)
"""--wait of the commands that write."""


def named(_context: click.Context, _argument: click.Parameter, value: str) -> str:
    """Return the name of a paper or document unless it is empty; for use as a callback.

    Raises:
        click.BadParameter: it is empty, as where a variable of the shell was not set.

    """
    if not value.strip():
        raise click.BadParameter("the name is empty")
    return value


def wanted(typed: str) -> "Wanted":
    """Parse a search, and print remarks on it to standard error.

    Raises:
        click.UsageError: a filter has a value that cannot be, or there is nothing to search for.

    """
    from catalog.domain.search_language import understand

    found = understand(typed)
    if found.wrong:
        raise click.UsageError("; ".join(found.wrong))
    if not found.match and not found.filters:
        raise click.UsageError(
            f"{typed!r} has no word and no filter to search for, as has: diffusion code:yes"
        )
    for remark in found.remarks:
        click.echo(remark, err=True)
    return found
