"""The command `catalog serve`, which serves the site of one catalog."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from catalog.commands.output import write_path

if TYPE_CHECKING:
    from catalog.site.edit_mode import EditMode


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535),
              help="Port to listen on; 0 means any free one.")  # fmt: skip
@click.option(
    "--allowed-host",
    "allowed_hosts",
    multiple=True,
    metavar="NAME",
    help="A further host name to accept, as a proxy forwards it; may be repeated.",
)
@click.option("--open/--no-open", "open_browser", default=False, help="Also open a browser.")
@click.option(
    "--write-config",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the site's configuration for plain datasette to this folder, and exit.",
)
@click.option("--edit", is_flag=True, help="Let the owner change marks and correct numbers.")
@click.option(
    "--password-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File with the hash of the password that --edit asks for; else CATALOG_PASSWORD_HASH.",
)
@click.option("--hash-password", is_flag=True,
              help="Ask for a password, print its hash, and exit.")  # fmt: skip
@click.pass_obj
def serve(
    url: str,
    host: str,
    port: int,
    allowed_hosts: tuple[str, ...],
    open_browser: bool,
    folder: Path | None,
    edit: bool,
    password_file: Path | None,
    hash_password: bool,
) -> None:
    """Serve the catalog to browsers: pages, tables, facets, SQL, JSON and CSV.

    The site is read-only, and shows what other commands load meanwhile. When it listens on this
    machine only, it accepts only this machine's host names. Stop it with Ctrl-C.

    With --edit, pages star, tag and note papers, accept, reject and edit numbers, and /review asks
    for one key a number. On another address than this machine's, and with --allowed-host, that
    needs a password.

    \b
    Examples:
      catalog serve --edit
      catalog serve --hash-password > password.txt
      catalog serve --edit --host 0.0.0.0 --password-file password.txt

    Exit codes: 0 stopped, 1 could not start, 2 wrong usage, 130 interrupted while starting.
    """
    from catalog.site.server import run, write_config

    if hash_password:
        _print_hash()
        return
    if password_file and not edit:
        raise click.UsageError("give --password-file only with --edit")
    if folder is None:
        mode = _edit_mode(url, host, allowed_hosts, password_file) if edit else None
        run(
            url,
            host=host,
            port=port,
            open_browser=open_browser,
            allowed_hosts=allowed_hosts,
            edit_mode=mode,
        )
        return
    for file in write_config(folder, url):
        write_path(file)


def _print_hash() -> None:
    """Ask for a password twice, and print its hash."""
    from catalog.site.passwords import hashed

    typed = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    try:
        click.echo(hashed(typed))
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _edit_mode(
    url: str, host: str, allowed_hosts: Sequence[str], password_file: Path | None
) -> "EditMode":
    """Make the edit mode; where others can reach the site, only with a password.

    Raises:
        CatalogError: there is none, or what was given is no hash of one.

    """
    from catalog.domain.errors import CatalogError
    from catalog.site.admission import is_loopback
    from catalog.site.edit_mode import EditMode
    from catalog.site.passwords import password_hash
    from etl.ingest.site_editor import SiteEditor

    password = password_hash(password_file, os.environ.get("CATALOG_PASSWORD_HASH"))
    if password is None and (allowed_hosts or not is_loopback(host)):
        raise CatalogError(
            "cannot let the catalog be edited without a password",
            why=f"others can reach the site at {', '.join([host, *allowed_hosts])}",
            hint="make one with: catalog serve --hash-password > FILE; then give "
            "--password-file FILE",
        )
    return EditMode(SiteEditor(url), password)
