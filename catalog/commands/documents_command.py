"""The command `catalog documents`, which lists what the catalog was loaded from."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from catalog.commands.output import as_options, write_rows
from catalog.domain.formatting import plural

if TYPE_CHECKING:
    from catalog.reads.documents import ListedDocument

COLUMNS = ("document", "state", "records", "problems", "day", "format", "read_at")
STATES = {"loading": "interrupted", "replacing": "interrupted", "complete": "loaded"}
"""State in the catalog -> word for people."""


@click.command()
@click.argument("words", nargs=-1, metavar="[PART OF A NAME]...")
@click.option("--gone", is_flag=True, help="Only documents whose file is gone from its path.")
@click.option(
    "--limit",
    type=click.IntRange(1, 1_000_000),
    default=1_000,
    show_default=True,
    help="Most rows.",
)
@as_options
@click.pass_obj
def documents(url: str, words: tuple[str, ...], gone: bool, limit: int, form: str | None) -> None:
    """List the documents that the catalog was loaded from, with their state.

    loaded: all of it is in the catalog; interrupted: loading it again goes on where it was; copy:
    it has the same bytes as another document; gone: the file is not at its path any more. What it
    supplied stays until "catalog forget"; "catalog relocate" says where the file is now.

    \b
    Examples:
      catalog documents
      catalog documents digests/2025 --json
      catalog documents --gone

    Exit codes: 0 done, also where there is none, 1 failed, 2 wrong usage, 130 interrupted.
    """
    from catalog.database.engine import reading
    from catalog.reads.documents import documents as listed
    from catalog.reads.drivers import run

    part = " ".join(words)
    with reading(url) as engine, engine.connect() as connection:
        found = run(connection, listed(part))
    shown = [one for one in found if _is_gone(one)] if gone else found
    if not shown:
        which = " whose file is gone" if gone else ""
        about = f" whose name holds {part!r}" if part else ""
        click.echo(f"The catalog has no document{which}{about}.", err=True)
    if shown or form:
        write_rows(form, COLUMNS, [_row(one) for one in shown[:limit]])
    if len(shown) > limit:
        left = plural(len(shown) - limit, "more document")
        click.echo(f"{left}; list them with --limit {len(shown)}", err=True)


def _row(one: "ListedDocument") -> tuple[object, ...]:
    state = f"copy of {one.copy_of}" if one.copy_of else STATES.get(one.state, one.state)
    if _is_gone(one):
        state += ", gone"
    read_at = one.read_at.isoformat(timespec="seconds")
    return one.name, state, one.records, one.problems, one.day, one.format, read_at


def _is_gone(one: "ListedDocument") -> bool:
    return one.name.startswith("/") and not Path(one.name).exists()
