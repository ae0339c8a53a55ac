"""The command `catalog prune`, which limits the archive of received answers."""

import datetime as dt
import json
from pathlib import Path

import click

from catalog.commands.arguments import waiting
from catalog.domain.formatting import plural

MEGABYTE = 1_000_000


@click.command()
@click.option(
    "--keep-days",
    type=click.IntRange(0, 100_000),
    help="Delete older versions of an answer.  [400]",
)
@click.option(
    "--max-megabytes",
    type=click.IntRange(min=0),
    help="Delete the oldest beyond this size.  [2048]",
)
@click.option(
    "--config",
    "config_file",
    envvar="CATALOG_CONFIG",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Configuration with the limits.  [default: catalog.toml beside the database]",
)
@click.option("--dry-run", is_flag=True, help="Report what would be deleted, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as one JSON object.")
@waiting
@click.pass_obj
def prune(
    url: str,
    keep_days: int | None,
    max_megabytes: int | None,
    config_file: Path | None,
    dry_run: bool,
    as_json: bool,
    wait: float,
) -> None:
    """Delete old answers of publishers, and of language models, from the archive.

    Of publishers the latest answer to each request stays as long as the size allows. Of language
    models answers are deleted beyond the size that [reader] of the configuration sets: first those
    about abstracts that no paper has, then the oldest. Papers are not touched. After each `catalog
    sync` this is done by itself, with the limits in [store] and [reader].

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 75 another command holds the
    lock, 130 interrupted.
    """
    from msgspec import structs

    from catalog.database.database_address import sqlite_file
    from etl.ingest import readings
    from etl.ingest.run import running
    from etl.sync import response_archive
    from etl.sync.config import Config, default_path, read_config
    from etl.sync.runner import readings_bound

    def now() -> dt.datetime:
        return dt.datetime.now(dt.UTC)

    path = config_file or default_path(sqlite_file(url))
    config = read_config(path, asks=False) if config_file or path.exists() else Config(contact="")
    bounds = config.store
    days = bounds.keep_days if keep_days is None else keep_days
    most = bounds.max_megabytes if max_megabytes is None else max_megabytes
    with (
        running(url, "prune", clock=now, create=False, dry=dry_run, wait=wait) as run,
        run.engine.begin() as connection,
    ):
        done = response_archive.prune(
            connection,
            before=now() - dt.timedelta(days=days),
            max_bytes=most * MEGABYTE,
            dry=dry_run,
        )
        asked = readings.prune(connection, max_bytes=readings_bound(config), dry=dry_run)
    if as_json:
        facts = {"dry_run": dry_run, **structs.asdict(done), "readings": structs.asdict(asked)}
        click.echo(json.dumps(facts))
        return
    verb = "Would delete" if dry_run else "Deleted"
    click.echo(
        f"{verb} {plural(done.answers, 'answer')}, {done.bytes / MEGABYTE:,.1f} MB; "
        f"{done.left:,} left, {done.bytes_left / MEGABYTE:,.1f} MB."
    )
    if asked.readings or asked.left:
        click.echo(
            f"{verb} {plural(asked.readings, 'answer')} of language models; "
            f"{asked.left:,} left, {asked.bytes_left / MEGABYTE:,.1f} MB."
        )
