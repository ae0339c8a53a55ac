"""The command `catalog search`, which finds papers by words and filters."""

from typing import TYPE_CHECKING, Any

import click

from catalog.commands.arguments import did_you_mean, searchable
from catalog.commands.output import as_options, write_rows
from catalog.commands.page_remarks import told_of
from catalog.domain.safe_text import one_line

if TYPE_CHECKING:
    from catalog.reads.search import Order

COLUMNS = ("key", "first_seen_on", "title", "repository", "results")
LESSER = ("results", "repository")
"""Columns that a narrow terminal leaves out, so that titles can be read."""


class ColumnNames(click.ParamType[tuple[str, ...]]):
    """Names of columns with commas between."""

    name = "names"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Return the names."""
        from catalog.publish.paper_columns import PAPER_COLUMNS

        if isinstance(value, str):
            value = [name.strip() for name in value.split(",")]
        for name in value:
            if name not in PAPER_COLUMNS:
                known = ", ".join(PAPER_COLUMNS)
                near = did_you_mean(str(name), PAPER_COLUMNS)
                self.fail(f"there is no column {name!r}; there are {known}.{near}", param, ctx)
        return tuple(value)


class Searching(click.Command):
    """A command whose words may begin with a minus sign, which click takes for options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options; tell of `--` where a word to leave out stands among them."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if error.option_name.startswith("--"):
                raise
            hint = "to leave papers out, put -- before the search"
            told = f"{error.message} Hint: {hint}: catalog search -- transformer -code:yes"
            raise click.NoSuchOption(error.option_name, told, ctx=ctx) from error


@click.command(cls=Searching)
@click.argument("words", nargs=-1, required=True, metavar="TEXT...")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Most rows."
)
@click.option(
    "--sort",
    type=click.Choice(["best", "newest", "oldest", "title", "stars", "upvotes", "results"]),
    default="best",
    show_default=True,
    help="Order: how well it fits, the day, the title, or the most of what is named first.",
)
@click.option(
    "--columns",
    type=ColumnNames(),
    metavar="NAME,...",
    help=f"Columns to print.  [default: {','.join(COLUMNS)}]",
)
@as_options
@click.pass_obj
def search(
    url: str,
    words: tuple[str, ...],
    limit: int,
    sort: "Order",
    columns: tuple[str, ...] | None,
    form: str | None,
) -> None:
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
      catalog search 'dataset:"MS COCO" metric:mAP' --sort stars --columns key,title,stars
      catalog search 'top-1>80 params<100M dataset:ImageNet'

    Exit codes: 0 done, also where nothing was found, 1 failed, 2 wrong usage,
    130 interrupted.
    """
    from catalog.database.engine import reading
    from catalog.publish.paper_columns import PAPER_COLUMNS
    from catalog.reads.drivers import run
    from catalog.reads.search import search as read

    typed = searchable(" ".join(words))
    with reading(url) as engine, engine.connect() as connection:
        found = run(connection, read(typed, size=limit, order=sort))
    for line in (*found.remarks, *told_of(found, len(found.papers), "paper")):
        click.echo(one_line(line, 1000), err=True)
    if found.papers or form:
        shown = columns or COLUMNS
        values = [PAPER_COLUMNS[name][1] for name in shown]
        rows = [tuple(value(paper) for value in values) for paper in found.papers]
        write_rows(form, shown, rows, lesser=() if columns else LESSER)
