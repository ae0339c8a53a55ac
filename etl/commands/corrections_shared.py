"""Define what the commands of `catalog corrections` share: options, the lock, the answer."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from catalog.commands.arguments import waiting
from catalog.domain.safe_text import printable

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from etl.ingest.paper_writer import Writer


def decision_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add what every command that decides takes: the database's URL, --why and --wait."""
    why = click.option("--why", help="Your reason, stored with the correction.")
    return why(waiting(click.pass_obj(function)))


def deciding(url: str, command: str, wait: float) -> "AbstractContextManager[Writer]":
    """Open a writer under the lock; say on standard error whom it waits for."""
    from etl.ingest.deciding import deciding as open_writer

    def tell(message: str) -> None:
        click.echo(printable(message), err=True)

    return open_writer(url, command, wait=wait, tell=tell)


def done(said: str, *numbers: int) -> None:
    """Say what was decided, and how to undo it."""
    listed = " ".join(map(str, numbers))
    click.echo(f"{printable(said)} To undo this: catalog corrections retract {listed}")
