"""List and retract corrections: `catalog corrections list` and `retract`."""

import datetime as dt

import click

from catalog.commands.arguments import waiting
from catalog.commands.output import as_options
from etl.commands.corrections_shared import deciding

COLUMNS = ("id", "kind", "paper", "was", "is", "why", "by", "on")


@click.command("list")
@click.option("--all", "everything", is_flag=True, help="Also list retracted ones.")
@as_options
@click.pass_obj
def list_(url: str, everything: bool, form: str | None) -> None:
    """List the corrections in force.

    Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
    """
    import msgspec

    from catalog.commands.output import write_rows
    from catalog.database.engine import reading
    from catalog.reads.corrections_made import CorrectionRow, corrections, shown
    from catalog.reads.drivers import run

    with reading(url) as engine, engine.connect() as connection:
        found = run(connection, corrections(retracted=everything))
    if form:
        columns = CorrectionRow.__struct_fields__
        write_rows(form, columns, [msgspec.structs.astuple(one) for one in found])
        return
    if not found:
        click.echo("There is no correction. To make one: catalog review", err=True)
        return
    write_rows(form, COLUMNS, [shown(one) for one in found])


@click.command()
@click.argument("numbers", type=int, nargs=-1, required=True, metavar="NUMBER...")
@waiting
@click.pass_obj
def retract(url: str, numbers: tuple[int, ...], wait: float) -> None:
    """Retract corrections by NUMBER, so that what the machine had counts again.

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 75 another command holds the
    lock, 130 interrupted.
    """
    from etl.ingest.corrections import retract as take_back

    with deciding(url, "corrections retract", wait) as writer:
        for number in dict.fromkeys(numbers):
            take_back(writer, number, dt.datetime.now(dt.UTC))
    for number in dict.fromkeys(numbers):
        click.echo(f"Correction {number} has been retracted.")
