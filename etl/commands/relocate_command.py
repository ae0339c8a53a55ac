"""The command `catalog relocate`, which tells the catalog that documents have another path now."""

import datetime as dt
import json

import click

from catalog.commands.arguments import named, waiting
from catalog.domain.formatting import plural
from catalog.domain.safe_text import printable


@click.command()
@click.argument("old", callback=named)
@click.argument("new", callback=named)
@click.option("--dry-run", is_flag=True, help="Report what would be renamed, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as one JSON object.")
@waiting
@click.pass_obj
def relocate(url: str, old: str, new: str, dry_run: bool, as_json: bool, wait: float) -> None:
    """Tell the catalog that a file or folder has moved from OLD to NEW.

    Documents are known by their paths: a file that is loaded from another path replaces nothing.
    After this, what is loaded from NEW replaces what came from OLD. A file that was moved unchanged
    is recognised without it.

    \b
    Example:
      catalog relocate ~/Downloads/digests ~/papers/digests

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 75 another command holds the
    lock, 130 interrupted.
    """
    from etl.ingest.moved_documents import relocate as relocate_documents
    from etl.ingest.run import running

    def now() -> dt.datetime:
        return dt.datetime.now(dt.UTC)

    with (
        running(url, "relocate", clock=now, dry=dry_run, create=False, wait=wait) as run,
        run.writer() as (writer, transaction),
        transaction(),
    ):
        moved = relocate_documents(writer.connection, old, new)
    if as_json:
        click.echo(json.dumps({"dry_run": dry_run, "relocated": dict(moved)}))
        return
    verb = "Would relocate" if dry_run else "Relocated"
    first, now_at = map(printable, moved[0])
    click.echo(f"{verb} {plural(len(moved), 'document')}: {first} is {now_at} now")
