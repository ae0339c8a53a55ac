"""The command `catalog reextract`, which repeats extraction after it has changed."""

import datetime as dt
import sys
from typing import TYPE_CHECKING

import click

from catalog.commands.arguments import waiting
from catalog.domain.exit_codes import ExitCode
from catalog.domain.formatting import plural
from etl.commands.reader_option import offline_option, reader_options

if TYPE_CHECKING:
    from etl.extract.reader import ChosenReader


@click.command()
@click.option("--all", "everything", is_flag=True, help="Also papers that this version has read.")
@click.option(
    "--jobs", type=click.IntRange(min=1), help="Processes that extract.  [default: one per core]"
)
@click.option(
    "--executor", metavar="tcp://HOST:PORT", help="Scheduler of a Dask cluster that extracts."
)
@reader_options(estimates=True)
@offline_option
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
    """Extract again from papers that another version of the extractor has read.

    Papers that were merged by older rules are also recomputed from their records: titles and names
    become plain text, and which records are one paper is decided again.

    Results that are found again keep their ids; others are deleted. The work is done in batches;
    after an interruption, the same command continues.

    Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done except for the problems listed by "catalog
    status --problems", 75 another command holds the lock,
    130 interrupted.
    """
    from etl.commands.asked_report import tell_estimate
    from etl.ingest.rereading import count_questions
    from etl.ingest.rereading import reextract as again
    from etl.ingest.run import running

    def now() -> dt.datetime:
        return dt.datetime.now(dt.UTC)

    done, estimate = 0, reader is not None and reader.asking.only_estimate
    with running(url, "reextract", clock=now, create=False, dry=estimate, wait=wait) as run:
        if reader is not None and estimate:
            count_questions(run, reader, everything=everything)
            tell_estimate(reader, as_json=False)
            return
        rereading = again(run, everything=everything, jobs=jobs, executor=executor, reader=reader)
        for done in rereading:
            if sys.stderr.isatty():
                click.echo(f"\r{plural(done, 'paper')}", err=True, nl=False)
    if sys.stderr.isatty():
        click.echo(err=True)
    total = run.total
    changes = (
        f"papers +{total.papers_added:,} ~{total.papers_changed:,} -{total.papers_removed:,}, "
        f"results +{total.results_added:,}"
    )
    is_changed = total.papers_added or total.papers_changed or total.papers_removed
    click.echo(f"Reread {plural(done, 'paper')}: {changes if is_changed else 'nothing changed'}.")
    if total.problems:
        click.echo(
            f"{plural(total.problems, 'abstract')} could not be read: catalog status --problems",
            err=True,
        )
        sys.exit(ExitCode.DONE_WITH_PROBLEMS)
