"""The command `catalog copy`, which makes a catalog equal to another one."""

import json
import sys
from typing import TYPE_CHECKING

import click

from catalog.commands.arguments import WaitSeconds
from catalog.domain.formatting import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.maintenance.copy import CopiedTable


@click.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--replace", is_flag=True, help="Overwrite TO even if it is a different catalog.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as one JSON object.")
@click.option("--wait", type=WaitSeconds(), default=60, show_default=True,
              help="Seconds to wait for another command that writes to TO.")  # fmt: skip
def copy(source: str, target: str, replace: bool, as_json: bool, wait: float) -> None:
    """Make the catalog TO equal to FROM: from PostgreSQL to SQLite, back, or file to file.

    TO is created if it does not exist. An existing one is updated: only rows that differ are
    written, in one transaction, even while it is served. Every table is verified by its number of
    rows and a checksum. FROM is only read, and can be loaded into meanwhile. Marks and
    corrections that you made in TO stay; if a mark was changed in both, the later change wins.

    \b
    Examples:
      catalog copy postgresql+psycopg://me@server/catalog catalog.db
      catalog copy catalog.db postgresql+psycopg://me@server/catalog

    Exit codes: 0 TO is equal to FROM, 1 failed and nothing changed, 2 wrong usage, 75 another
    command writes to TO, 130 interrupted.
    """
    from catalog.maintenance.copy import copy as run_copy

    tell = _line if sys.stderr.isatty() else lambda _: None
    kept: list[int] = []
    told = run_copy(source, target, wait=wait, replace=replace, tell=tell, kept=kept.extend)
    if kept:
        _apply(target, kept, wait)
    if as_json:
        tables = {
            table.table: {
                "rows": table.rows,
                "added": table.added,
                "removed": table.removed,
                "sha256": table.sha256,
            }
            for table in told
        }
        click.echo(json.dumps({"tables": tables}))
        return
    rows, added, removed = (
        sum(getattr(table, name) for table in told) for name in ("rows", "added", "removed")
    )
    click.echo(f"Copied: {len(told)} tables, {plural(rows, 'row')}; +{added:,} -{removed:,}.")


def _apply(target: str, kept: "Sequence[int]", wait: float) -> None:
    """Apply the corrections that only TO knew to what came from FROM."""
    from etl.ingest.corrections import apply_again
    from etl.ingest.deciding import deciding

    with deciding(target, "copy", wait=wait) as writer:
        apply_again(writer, *kept)
    click.echo(f"Kept {plural(len(kept), 'correction')} that were made in {target}.", err=True)


def _line(told: "CopiedTable") -> None:
    """Print the counts of a table."""
    click.echo(
        f"{told.table:<20} {told.rows:>12,} rows  +{told.added:,} -{told.removed:,}  "
        f"{told.sha256[:12]}",
        err=True,
    )
