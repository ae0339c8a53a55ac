"""`catalog reextract`: the extractor run again where it has changed."""

import datetime as dt
import sys
from typing import TYPE_CHECKING

import click

from catalog.commands.arguments import waiting
from catalog.domain.formatting import plural
from etl.commands.reader_option import reader_option

if TYPE_CHECKING:
    from etl.extract.reader import ChosenReader


@click.command()
@click.option("--all", "everything", is_flag=True, help="Also where this version already did.")
@click.option(
    "--jobs", type=click.IntRange(min=1), help="Processes that extract.  [default: one a core]"
)
@click.option(
    "--executor", metavar="tcp://HOST:PORT", help="Scheduler of a Dask cluster that extracts."
)
@reader_option
@waiting
@click.pass_obj
def reextract(
    url: str,
    everything: bool,
    jobs: int | None,
    executor: str | None,
    reader: "ChosenReader | None",
    wait: float,
) -> None:
    """Run the extractor again on papers that another version of it has read.

    Papers that older rules of merging made are also computed again from their records: titles and
    names become plain text, and what is one paper is decided anew.

    Results keep their place in the catalog where they are found again; what is not found again
    goes. Works in batches; a run that was cut off goes on where it was.

    Exit codes: 0 done, 1 failed, 2 wrong usage, 75 another command holds the lock,
    130 interrupted.
    """
    from etl.ingest.loading import reextract as again
    from etl.ingest.run import running

    def now() -> dt.datetime:
        return dt.datetime.now(dt.UTC)

    done = 0
    with running(url, "reextract", clock=now, create=False, wait=wait) as run:
        rereading = again(run, everything=everything, jobs=jobs, executor=executor, reader=reader)
        for done in rereading:
            if sys.stderr.isatty():
                click.echo(f"\r{plural(done, 'paper')}", err=True, nl=False)
    if sys.stderr.isatty():
        click.echo(err=True)
    total = run.total
    click.echo(
        f"Read {plural(done, 'paper')} again: papers +{total.papers_added:,} "
        f"~{total.papers_changed:,} -{total.papers_removed:,}, results +{total.results_added:,}."
    )
