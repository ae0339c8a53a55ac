"""The command `catalog demo`, which loads and serves the bundled sample."""

import datetime as dt
import sys
from importlib.resources import as_file, files
from pathlib import Path

import click

from catalog.domain.exit_codes import ExitCode
from catalog.domain.formatting import plural
from catalog.domain.safe_text import printable


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True)
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@click.option(
    "--file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("catalog-demo.db"),
    show_default=True,
    help="Database file of the sample.",
)
@click.option("--no-serve", is_flag=True, help="Load only, and print the database's path.")
@click.pass_context
def demo(context: click.Context, port: int, no_open: bool, file: Path, no_serve: bool) -> None:
    """Load the bundled sample into a database of its own and serve it.

    The sample has some forty real papers: titles, figures and addresses are theirs, the sentences
    are ours. Your own catalog is not touched.

    Exit codes: 0 done, 1 failed, 2 wrong usage, 75 another command holds the lock,
    130 interrupted.
    """
    from etl.commands.serve_command import serve
    from etl.ingest.inputs import find_inputs
    from etl.ingest.loading import Options, load_inputs
    from etl.ingest.run import running

    url = str(file.resolve())

    def now() -> dt.datetime:
        return dt.datetime.now(dt.UTC)

    with as_file(files("catalog") / "sample") as folder:
        pages = [str(page) for page in sorted(folder.glob("*.txt"))]
        found = find_inputs(pages, format_name=None, name=None, spool=folder)
        with running(url, "demo", clock=now) as run:
            outcomes = list(load_inputs(run, found.inputs, Options(), clock=now))
    loaded = sum(outcome.action != "skip" for outcome in outcomes)
    unchanged = len(outcomes) - loaded
    shown = printable(str(file))
    click.echo(f"Sample in {shown}: {plural(loaded, 'page')} loaded, {unchanged} unchanged.")
    click.echo(f"Try it in the terminal, too: catalog --db {shown} search transformer")
    if no_serve:
        sys.exit(ExitCode.DONE)
    context.obj = url
    context.invoke(serve, port=port, open_browser=not no_open)
