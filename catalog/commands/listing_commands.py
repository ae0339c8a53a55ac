"""The commands `catalog datasets`, `tasks` and `authors`, which list what the catalog knows."""

import click

from catalog.commands.output import as_options, write_rows
from catalog.reads.listings import Kind

COLUMNS = ("name", "papers", "numbers")


def _listing(kind: Kind, help_text: str) -> click.Command:
    """Make the command that lists one kind."""

    @click.command(name=kind, help=help_text)
    @click.argument("words", nargs=-1, metavar="[PART OF A NAME]...")
    @click.option(
        "--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="Most rows."
    )
    @as_options
    @click.pass_obj
    def command(url: str, words: tuple[str, ...], limit: int, form: str | None) -> None:
        from catalog.database.engine import reading
        from catalog.reads.drivers import run
        from catalog.reads.listings import listed

        part = " ".join(words)
        with reading(url) as engine, engine.connect() as connection:
            found = run(connection, listed(kind, part, limit))
        if not found:
            about = f" whose name holds {part!r}" if part else ""
            click.echo(f"The catalog has no {kind}{about}.", err=True)
        if found or form:
            write_rows(form, COLUMNS, [(one.name, one.papers, one.numbers) for one in found])

    return command


_EXIT_CODES = (
    "Exit codes: 0 done, also where there is none, 1 failed, 2 wrong usage,\n130 interrupted."
)

datasets = _listing(
    "datasets",
    "List datasets and benchmarks, those of most papers first.\n\n"
    "\b\nExamples:\n  catalog datasets\n  catalog datasets imagenet --json\n\n" + _EXIT_CODES,
)

tasks = _listing(
    "tasks",
    "List tasks that sources name for papers, those of most papers first.\n\n"
    "\b\nExample:\n  catalog tasks segmentation\n\n" + _EXIT_CODES,
)

authors = _listing(
    "authors",
    "List authors as papers print their names, those of most papers first.\n\n"
    "\b\nExample:\n  catalog authors garcia\n\n" + _EXIT_CODES,
)
