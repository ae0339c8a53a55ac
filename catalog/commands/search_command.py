"""The command `catalog search`, which finds papers by words and filters."""

import click

from catalog.commands.arguments import wanted
from catalog.commands.output import as_options, write_rows

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

    Filters in words narrow it: dataset:COCO metric:mAP code:yes results:yes year:2025
    after:2025-01 before:2025-03 digest:2025-03-11 category:cs.CL task:parsing author:"Ada Example";
    and what you marked: star:yes read:no tag:to-reproduce.
    Names of several words want double quotes of their own, which a shell takes away.

    \b
    Examples:
      catalog search scale-aware transformer
      catalog search https://arxiv.org/abs/2503.12345v2
      catalog search diffusion code:yes after:2025-01 --json
      catalog search 'dataset:"MS COCO" metric:mAP'

    Exit codes: 0 done, also where nothing was found, 1 failed, 2 wrong usage,
    130 interrupted.
    """
    from catalog.database.engine import reading
    from catalog.reads.search import find_named, find_papers

    typed, have_all = " ".join(words), True
    with reading(url) as engine, engine.connect() as connection:
        rows = find_named(connection, typed)
        if not rows:
            rows, have_all = find_papers(connection, wanted(typed), size=limit)
    if rows and not have_all:
        click.echo("No paper has all of these words: these have some.", err=True)
    if not rows:
        click.echo("Nothing was found.", err=True)
    if rows or form:
        write_rows(form, COLUMNS, rows)
