"""The command `catalog for-you`, which recommends papers like the starred ones."""

from typing import TYPE_CHECKING

import click

from catalog.commands.output import as_options, write_rows
from catalog.domain.safe_text import one_line

if TYPE_CHECKING:
    from catalog.reads.for_you import Recommended

COLUMNS = ("key", "title", "because")


@click.command("for-you")
@click.option(
    "--limit", type=click.IntRange(1, 200), default=20, show_default=True, help="Most papers."
)
@as_options
@click.pass_obj
def for_you(url: str, limit: int, form: str | None) -> None:
    """Recommend papers like those that you starred, the most alike first.

    Late stars count more than early ones. What you have starred or read is left out. Each paper
    comes with the starred ones that brought it up.

    \b
    Examples:
      catalog mark 2503.12345 --star
      catalog for-you

    Exit codes: 0 done, also where there is nothing to recommend, 1 failed, 2 wrong usage,
    130 interrupted.
    """
    from catalog.database.engine import reading
    from catalog.publish.json_text import json_text
    from catalog.reads.drivers import run
    from catalog.reads.for_you import for_you as read_for_you

    with reading(url) as engine, engine.connect() as connection:
        found = run(connection, read_for_you(most=limit))
    if form == "json":
        click.echo(json_text(found), nl=False)
        return
    if not found.starred:
        click.echo("No paper is starred. To star one: catalog mark PAPER --star", err=True)
    elif not found.papers:
        click.echo("No other paper is like the starred ones.", err=True)
    if found.papers or form:
        write_rows(form, COLUMNS, [_row(one, form) for one in found.papers])


def _row(one: "Recommended", form: str | None) -> tuple[str, ...]:
    """Make a row; starred papers are named by key for programs, by title for people."""
    names = [star.key if form else one_line(star.label, 80) for star in one.because]
    return one.paper.key, one.paper.label, (" " if form else "; ").join(names)
