"""The option --reader, which chooses a reader of abstracts."""

from typing import TYPE_CHECKING

import click

from catalog.domain.errors import CatalogError

if TYPE_CHECKING:
    from etl.extract.reader import ChosenReader


def _chosen(
    _context: click.Context, _option: click.Parameter, value: str | None
) -> "ChosenReader | None":
    from etl.plugins import choose_reader

    try:
        return None if value is None else choose_reader(value)
    except CatalogError as error:
        raise click.BadParameter(f"{error.why}; {error.hint}") from error


reader_option = click.option(
    "--reader",
    metavar="NAME[:ARGUMENT]",
    callback=_chosen,
    help="Reader of abstracts; catalog plugins lists them.  [default: builtin]",
)
