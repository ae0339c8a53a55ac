"""`catalog forget`: a load undone."""

import datetime as dt
import json

import click

from catalog.commands.arguments import named, waiting
from catalog.domain.formatting import plural
from catalog.domain.safe_text import printable


@click.command()
@click.argument("document", callback=named)
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as one JSON object.")
@waiting
@click.pass_obj
def forget(url: str, document: str, as_json: bool, wait: float) -> None:
    """Undo a load: what only DOCUMENT supplied goes.

    DOCUMENT is its path or address, or an end of it. What other documents supply too stays; a copy
    of it that was noted takes its place.

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 75 another command holds the
    lock, 130 interrupted.
    """
    from msgspec import structs

    from etl.ingest.loading import forget as forget_document
    from etl.ingest.run import running

    def now() -> dt.datetime:
        return dt.datetime.now(dt.UTC)

    with running(url, "forget", clock=now, create=False, wait=wait) as run:
        name, heir, counts = forget_document(run, document)
    if as_json:
        click.echo(json.dumps({"document": name, "copy": heir, **structs.asdict(counts)}))
    elif heir:
        click.echo(f"Forgot {printable(name)}; its content stays, as {printable(heir)} has it too.")
    else:
        click.echo(
            f"Forgot {printable(name)}: {plural(counts.papers_removed, 'paper')} went, "
            f"{counts.papers_changed:,} changed."
        )
