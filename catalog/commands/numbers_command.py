"""The command `catalog numbers`, which finds numbers that papers report."""

from typing import TYPE_CHECKING

import click

from catalog.commands.arguments import searchable
from catalog.commands.output import as_options, write_rows
from catalog.commands.page_remarks import told_of
from catalog.commands.search_command import Searching
from catalog.domain.formatting import amount, plural
from catalog.domain.safe_text import one_line
from catalog.domain.tex_to_unicode import tex_to_unicode

if TYPE_CHECKING:
    from catalog.reads.number_conditions import NumberOrder

SHOWN = ("number", "metric", "dataset", "key", "title", "sentence")
ALL = (
    "key", "title", "first_seen_on", "text", "value", "value_max", "unit", "kind", "sign", "metric",
    "metric_inferred", "dataset", "model", "baseline", "sentence", "origin", "confidence",
    "row_confidence", "is_sure", "is_bound",
)  # fmt: skip
"""Columns of CSV and JSON."""


@click.command(cls=Searching)
@click.argument("words", nargs=-1, required=True, metavar="TEXT...")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Most rows."
)
@click.option(
    "--sort",
    type=click.Choice(["best", "value", "newest", "upvotes", "stars"]),
    default="best",
    show_default=True,
    help="Order: by value where the numbers are of one metric, else the newest first; or as named.",
)
@click.option("--unsure", is_flag=True, help="Also numbers that were not read surely, and bounds.")
@as_options
@click.pass_obj
def numbers(
    url: str,
    words: tuple[str, ...],
    limit: int,
    sort: "NumberOrder",
    unsure: bool,
    form: str | None,
) -> None:
    """Find numbers that papers report of their own, each with the sentence it stands in.

    TEXT is a search as in `catalog search`: comparisons, dataset: and metric: choose the numbers,
    everything else their papers. Numbers that are not sure, and bounds such as "over 90%",
    are counted and left out.

    \b
    Examples:
      catalog numbers 'speedup>2 after:2025-05'
      catalog numbers 'inference speedup>2 code:yes' --sort newest
      catalog numbers 'dataset:COCO metric:mAP' --unsure --csv

    Exit codes: 0 done, also where nothing was found, 1 failed, 2 wrong usage,
    130 interrupted.
    """
    from catalog.database.engine import reading
    from catalog.reads.drivers import run
    from catalog.reads.found_numbers import search_numbers

    typed = searchable(" ".join(words))
    read = search_numbers(typed, size=limit, order=sort, unsure=unsure)
    with reading(url) as engine, engine.connect() as connection:
        found = run(connection, read)
    told = [*found.remarks, *told_of(found, len(found.numbers), "number")]
    if found.hidden:
        hidden = plural(found.hidden, "number")
        told.append(f"{hidden} hidden, as not sure or only bounds: --unsure shows them.")
    for line in told:
        click.echo(one_line(line, 1000), err=True)
    if form:
        rows = (tuple(getattr(one, name) for name in ALL) for one in found.numbers)
        write_rows(form, ALL, rows)
    elif found.numbers:
        shown = [
            (
                amount(one),
                one.metric_as_read,
                one.dataset,
                one.key,
                one.title,
                tex_to_unicode(one.sentence or ""),
            )
            for one in found.numbers
        ]
        write_rows(form, SHOWN, shown, lesser=("sentence", "dataset"))
