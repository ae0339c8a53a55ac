"""Decide on names: `catalog corrections same` and `apart`."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import click

from catalog.commands.arguments import named
from catalog.domain.safe_text import one_line, printable
from etl.commands.corrections_shared import deciding, decision_options, done

if TYPE_CHECKING:
    from catalog.domain.correction_rules import Subject


def two_names(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add what a decision on two names takes: their subject, NAME, OTHER, --why and --wait."""
    subject = click.argument("subject", type=click.Choice(["dataset", "metric"]))
    name = click.argument("name", callback=named)
    other = click.argument("other", callback=named)
    return subject(name(other(decision_options(function))))


@click.command()
@two_names
def same(url: str, subject: "Subject", name: str, other: str, why: str | None, wait: float) -> None:
    """Say that two names of datasets, or of metrics, are one: NAME goes under OTHER.

    \b
    Example:
      catalog corrections same dataset "ImageNet ILSVRC 2012" ImageNet-1K

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 75 another command holds the
    lock, 130 interrupted.
    """
    _decide_on_names(url, "same", (subject, name, other), why, wait)


@click.command()
@two_names
def apart(
    url: str, subject: "Subject", name: str, other: str, why: str | None, wait: float
) -> None:
    """Say that two names are two, though the catalog took NAME for OTHER.

    \b
    Example:
      catalog corrections apart metric rFID FID

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 75 another command holds the
    lock, 130 interrupted.
    """
    _decide_on_names(url, "apart", (subject, name, other), why, wait)


def _decide_on_names(
    url: str,
    kind: Literal["same", "apart"],
    names: "tuple[Subject, str, str]",
    why: str | None,
    wait: float,
) -> None:
    """Store a decision on two names; say what was decided."""
    from catalog.reads.did_you_mean import missing_name
    from catalog.reads.drivers import run
    from etl.ingest.corrections import decide_on_names
    from etl.ingest.deciding import signed

    with deciding(url, f"corrections {kind}", wait) as writer:
        remarks = [run(writer.connection, missing_name(names[0], name))[0] for name in names[1:]]
        made = decide_on_names(writer, kind, *names, signed(why))
    how = "goes under" if kind == "same" else "is another than"
    done(f"{one_line(names[1], 100)} {how} {one_line(names[2], 100)}.", made)
    for remark in filter(None, remarks):
        click.echo(printable(remark), err=True)
