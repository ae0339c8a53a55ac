"""The command `catalog search`, which finds papers by words and filters."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from catalog.commands.arguments import searchable
from catalog.commands.output import as_options, write_rows
from catalog.domain.formatting import plural
from catalog.domain.safe_text import one_line

if TYPE_CHECKING:
    from catalog.reads.search import Found, Hit

COLUMNS = ("key", "first_seen_on", "title", "repository", "results")


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="TEXT...")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Most rows."
)
@as_options
@click.pass_obj
def search(url: str, words: tuple[str, ...], limit: int, form: str | None) -> None:
    """Find papers by words of title and abstract, best first; or one by its identifier.

    "words in quotes" stand next to each other, -word leaves papers out, OR and (brackets) give a
    choice, transform* is a beginning. Filters narrow it: dataset:COCO metric:mAP code:yes
    results:yes year:2025 after:2025-01 before:2025-03 digest:2025-03-11 category:cs.CL task:parsing
    author:"Ada Example"; and what you marked: star:yes read:no tag:to-reproduce. speedup>2 finds
    papers that report such a number. docs/search-language.md has all of it.
    Quotes, brackets, > and * are taken away by a shell unless they are quoted for it.

    \b
    Examples:
      catalog search scale-aware transformer
      catalog search https://arxiv.org/abs/2503.12345v2
      catalog search 'diffusion -video code:yes after:2025-01' --json
      catalog search 'dataset:"MS COCO" metric:mAP'
      catalog search '"top-1 accuracy">80 parameters<100M dataset:ImageNet-1K'

    Exit codes: 0 done, also where nothing was found, 1 failed, 2 wrong usage,
    130 interrupted.
    """
    from catalog.database.engine import reading
    from catalog.reads.drivers import run
    from catalog.reads.search import search as read

    typed = searchable(" ".join(words))
    with reading(url) as engine, engine.connect() as connection:
        found = run(connection, read(typed, size=limit))
    for line in (*found.remarks, *told_of(found)):
        click.echo(one_line(line, 1000), err=True)
    if found.papers or form:
        write_rows(form, COLUMNS, map(row, found.papers))


def told_of(found: "Found") -> Iterator[str]:
    """Say how much was found, where it is not plain to see, and what may have been meant."""
    if not found.papers:
        yield "No papers were found."
    elif found.more:
        least = "" if found.is_total_exact else "at least "
        yield f"{len(found.papers)} of {least}{plural(found.total, 'paper')}: --limit shows more."
    if found.did_you_mean:
        yield f"Did you mean: {one_line(', or: '.join(found.did_you_mean), 400)}?"


def row(paper: "Hit") -> tuple[str, dt.date | None, str, str | None, int]:
    """Give the columns of a paper."""
    code = paper.repository
    name = code.full_name if code else None
    return paper.key, paper.first_seen_on, paper.label, name, paper.numbers_in_all
