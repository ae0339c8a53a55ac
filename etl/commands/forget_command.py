"""The command `catalog forget`, which undoes a load."""

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
    """Undo a load: delete what only DOCUMENT supplied.

    DOCUMENT is its path or address, or the end of either. What other documents supply, too, stays;
    if a copy of the document was skipped before, its content stays under the copy's name.

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
        click.echo(
            f"Forgot {printable(name)}; its content stays, since {printable(heir)} has the same."
        )
    else:
        click.echo(
            f"Forgot {printable(name)}: {plural(counts.papers_removed, 'paper')} removed, "
            f"{counts.papers_changed:,} changed."
        )
