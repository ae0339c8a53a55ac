"""The command `catalog add`, which fetches one paper."""

import json
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from catalog.commands.arguments import named, waiting
from catalog.domain.safe_text import printable
from etl.commands.reader_option import offline_option, reader_options

if TYPE_CHECKING:
    from etl.extract.reader import ChosenReader


@click.command()
@click.argument("paper", metavar="ID|URL", callback=named)
@click.option(
    "--config",
    "config_file",
    envvar="CATALOG_CONFIG",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Configuration with contact and limits.  [default: catalog.toml beside the database, if "
    "it exists; otherwise CATALOG_CONTACT is the contact]",
)
@click.option(
    "--arxiv",
    envvar="CATALOG_ARXIV_API",
    help="Address of arXiv's API.  [default: https://export.arxiv.org/api/query]",
)
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as one JSON object.")
@reader_options()
@offline_option
@waiting
@click.pass_obj
def add(
    url: str,
    paper: str,
    config_file: Path | None,
    arxiv: str | None,
    as_json: bool,
    reader: "ChosenReader | None",
    wait: float,
) -> None:
    """Fetch one paper and load it, by arXiv identifier, DOI, or an address that contains one.

    \b
    Examples:
      catalog add 2503.00001
      catalog add https://huggingface.co/papers/2503.00001
      catalog add 10.1000/xyz

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 75 another command holds the
    lock, 130 interrupted.
    """
    from importlib.metadata import version

    from catalog.database.database_address import sqlite_file
    from catalog.database.locks import locked
    from etl.fetch import World, fetcher
    from etl.ingest.run import prepared
    from etl.sync import add_paper
    from etl.sync.config import Config, default_path, read_config
    from etl.sync.logs import logging_to_stderr
    from etl.sync.runner import SyncRequest, limits_of, start_source_run

    asked = add_paper.question(paper, **({"arxiv": arxiv} if arxiv else {}))
    path = config_file or default_path(sqlite_file(url))
    if config_file or path.exists():
        config = read_config(path)
    else:
        config = Config(contact=os.environ.get("CATALOG_CONTACT", ""))
    world = World()
    request = SyncRequest(url=url, config=config, wait=wait, reader=reader)
    asking = fetcher(
        contact=config.contact,
        version=version("paper-catalog"),
        world=world,
        limits=limits_of(config.http),
    )
    with (
        logging_to_stderr("text", logging.WARNING),
        asking as ready,
        prepared(url, "add", wait=wait) as engine,
        locked(url, "add", wait=wait, part="add"),
        start_source_run(request, engine, ready, world, name="add") as source_run,
    ):
        add_paper.add(source_run, asked, paper)
        report = source_run.report
    facts = {
        "document": asked.address,
        "papers_added": report.papers_added,
        "papers_changed": report.papers_changed,
    }
    if as_json:
        click.echo(json.dumps(facts))
    elif report.papers_added:
        click.echo(f"Added {printable(paper)}.")
    else:
        changed = "has been updated" if report.papers_changed else "is up to date"
        click.echo(f"{printable(paper)} was in the catalog already and {changed}.")
