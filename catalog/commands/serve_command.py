"""The command `catalog serve`, which serves the site of one catalog."""

from pathlib import Path

import click

from catalog.commands.output import write_path


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
@click.pass_obj
def serve(
    url: str,
    host: str,
    port: int,
    allowed_hosts: tuple[str, ...],
    open_browser: bool,
    folder: Path | None,
) -> None:
    """Serve the catalog to browsers: pages, tables, facets, SQL, JSON and CSV.

    The site is read-only, and shows what other commands load meanwhile. When it listens on this
    machine only, it accepts only this machine's host names. Stop it with Ctrl-C.

    Exit codes: 0 stopped, 1 could not start, 2 wrong usage, 130 interrupted while starting.
    """
    from catalog.site.server import run, write_config

    if folder is None:
        run(url, host=host, port=port, open_browser=open_browser, allowed_hosts=allowed_hosts)
        return
    for file in write_config(folder, url):
        write_path(file)
