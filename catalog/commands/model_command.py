"""The command `catalog model`, which shows the numbers that papers report for one model."""

from typing import TYPE_CHECKING

import click

from catalog.commands.arguments import named
from catalog.commands.output import as_options, write_rows
from catalog.domain.formatting import amount, plural
from catalog.domain.safe_text import one_line
from catalog.domain.tex_to_unicode import tex_to_unicode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.reads.model_numbers import ModelPage

SHOWN = ("number", "metric", "dataset", "key", "title", "sentence")
ALL = (
    "key", "label", "day", "text", "value", "value_max", "unit", "kind", "role", "sign", "metric",
    "metric_inferred", "dataset", "baseline", "sentence", "origin", "confidence",
    "row_confidence", "is_bound",
)  # fmt: skip
"""Columns of CSV."""


@click.command()
@click.argument("name", callback=named)
@click.option("--unsure", is_flag=True, help="Also numbers that were not read surely.")
@as_options
@click.pass_obj
def model(url: str, name: str, unsure: bool, form: str | None) -> None:
    """Show all numbers that papers report for the model NAME, by dataset.

    NAME is the model's name as papers print it, in any case. What papers say of its size comes
    first.

    \b
    Examples:
      catalog model ResNet-50
      catalog model "Swin-L" --unsure --csv

    Exit codes: 0 done, 1 no paper reports a number for it, 2 wrong usage, 130 interrupted.
    """
    from catalog.database.engine import reading
    from catalog.publish.json_text import json_text
    from catalog.reads.drivers import run
    from catalog.reads.model_numbers import model_named

    with reading(url) as engine, engine.connect() as connection:
        found = run(connection, model_named(name, with_unsure=unsure))
    if form == "json":
        click.echo(json_text(found), nl=False)
        return
    for line in _remarks(found):
        click.echo(one_line(line, 1000), err=True)
    if form:
        write_rows(form, ALL, (tuple(getattr(one, at) for at in ALL) for one in found.every))
    elif found.every:
        rows = [
            (
                amount(one),
                one.metric_as_read,
                one.dataset,
                one.key,
                one.label,
                tex_to_unicode(one.sentence or ""),
            )
            for one in found.every
        ]
        write_rows(None, SHOWN, rows, lesser=("sentence", "key"))


def _remarks(found: "ModelPage") -> "Iterator[str]":
    """Say whose numbers these are, how many are hidden, and whether there are more."""
    numbers, papers = plural(found.numbers, "number"), plural(found.papers, "paper")
    yield f"{found.name}: {numbers} in {papers}"
    if found.is_cut:
        yield "Papers report more numbers for it: these are of the newest ones."
    if found.hidden:
        yield f"{plural(found.hidden, 'number')} hidden, as not sure: --unsure shows them."
