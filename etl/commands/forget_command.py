"""The command `catalog forget`, which undoes a load."""

import datetime as dt
import json

import click

from catalog.commands.arguments import named, waiting
from catalog.domain.formatting import plural
from catalog.domain.safe_text import printable

FEW = 10
"""Documents that are named; of more, the number."""


@click.command()
@click.argument("document", callback=named)
@click.option("--dry-run", is_flag=True, help="Report what would go, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as one JSON object.")
@waiting
@click.pass_obj
def forget(url: str, document: str, dry_run: bool, as_json: bool, wait: float) -> None:
    """Undo a load: delete what only DOCUMENT supplied.

    DOCUMENT is its path or address, or the end of either; or a folder, for all documents in it.
    What other documents supply, too, stays; if a copy of the document was skipped before, its
    content stays under the copy's name.

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 75 another command holds the
    lock, 130 interrupted.
    """
    from msgspec import structs, to_builtins

    from etl.ingest.forgetting import forget as forget_documents
    from etl.ingest.run import running

    def now() -> dt.datetime:
        return dt.datetime.now(dt.UTC)

    with running(url, "forget", clock=now, dry=dry_run, create=False, wait=wait) as run:
        forgotten, counts = forget_documents(run, document)
    if as_json:
        done = {"dry_run": dry_run, "documents_forgotten": to_builtins(forgotten)}
        click.echo(json.dumps({**done, **structs.asdict(counts)}))
        return
    verb = "Would forget" if dry_run else "Forgot"
    for one in forgotten[:FEW]:
        click.echo(f"{verb} {printable(one.document)}{_kept_by(one.copy)}")
    if len(forgotten) > FEW:
        click.echo(f"{verb} {len(forgotten) - FEW:,} more, {len(forgotten):,} documents in all")
    click.echo(
        f"{'Would change' if dry_run else 'Done'}: {plural(counts.papers_removed, 'paper')} "
        f"removed, {counts.papers_changed:,} changed"
    )


def _kept_by(copy: str | None) -> str:
    return f"; its content stays, since {printable(copy)} has the same" if copy else ""
