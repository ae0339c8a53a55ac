"""The command `catalog corrections`: a person's decisions on numbers, papers and names."""

import click

from etl.commands.corrections_list import list_, retract
from etl.commands.corrections_of_names import apart, same
from etl.commands.corrections_of_numbers import accept, add, decide_alike, edit, reject
from etl.commands.corrections_transfer import export, take


@click.group()
def corrections() -> None:
    """Correct what the catalog read: numbers, papers, names.

    A correction is yours, not a document's: it stays when documents are loaded again or forgotten,
    when the extractor gets newer, and when papers are merged or split. Retracting it restores what
    the machine had.
    """


for command in (accept, reject, edit, add, same, apart, decide_alike, list_, retract, export, take):
    corrections.add_command(command)
