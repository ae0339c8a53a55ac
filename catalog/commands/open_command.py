"""The command `catalog open`, which opens a paper's page, PDF or code in the browser."""

from typing import TYPE_CHECKING

import click

from catalog.commands.arguments import named
from catalog.domain.errors import CatalogError
from catalog.domain.formatting import path, web
from catalog.domain.identifiers import pdf_address
from catalog.domain.safe_text import printable

if TYPE_CHECKING:
    from catalog.reads.paper import Paper

ORDER = ("arxiv", "doi", "openreview", "openalex", "pwc")
"""Schemes of identifiers, the one whose page tells most first."""


@click.command("open")
@click.argument("paper", callback=named)
@click.option("--page", "part", flag_value="page", default=True, help="Open its page (default).")
@click.option("--pdf", "part", flag_value="PDF", help="Open its PDF, where the publisher has one.")
@click.option("--code", "part", flag_value="code", help="Open its repository.")
@click.option(
    "--print", "only_print", is_flag=True, help="Print the address instead of opening it."
)
@click.option(
    "--site",
    envvar="CATALOG_SITE",
    help="Address where the catalog is served, for --page; without it, the publisher's page opens.",
)
@click.pass_obj
def open_(url: str, paper: str, part: str, only_print: bool, site: str | None) -> None:
    """Open a paper's page, PDF or code in the browser.

    PAPER is its key, an identifier or address in any form, or words of its title.

    \b
    Examples:
      catalog open 2503.12345 --pdf
      catalog open "scale-aware modulation" --code --print

    Exit codes: 0 done, 1 no such paper, address or browser, 2 wrong usage,
    130 interrupted.
    """
    import webbrowser

    from catalog.database.engine import reading
    from catalog.reads.drivers import run
    from catalog.reads.finding import find_paper
    from catalog.reads.paper import paper as read_paper

    with reading(url) as engine, engine.connect() as connection:
        key = run(connection, find_paper(paper))
        found = run(connection, read_paper(key.id))
    address = web(address_of(found, part, site)) if found else None
    if address is None:
        raise CatalogError(
            f"cannot open the {part} of {key.key}",
            why="the catalog has no address for it",
            hint=f"list the addresses it has: catalog show {key.key}",
        )
    if only_print:
        click.echo(printable(address))
    elif not webbrowser.open(address):
        raise CatalogError(
            f"cannot open {address}",
            why="no browser was found on this machine",
            hint="print the address with --print, and open it elsewhere",
        )


def address_of(paper: "Paper", part: str, site: str | None) -> str | None:
    """Return the address of a paper's page, PDF or code; None if none is known."""
    names = sorted(paper.identifiers, key=lambda name: ORDER.index(name.scheme))
    if part == "code":
        return paper.repository.url if paper.repository else None
    if part == "PDF":
        return next(filter(None, map(pdf_address, names)), None)
    if site:
        return site.rstrip("/") + path("paper", paper.key)
    return names[0].url if names else None
