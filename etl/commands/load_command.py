"""The command `catalog load`, which loads files and folders into the catalog."""

import datetime as dt
import json
import logging
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from catalog.commands.arguments import Day, waiting
from catalog.domain.exit_codes import ExitCode
from catalog.domain.safe_text import printable
from etl.commands.load_report import (
    FEW,
    left_out,
    sentence,
    summary,
    tell,
    tell_moved,
    tell_skipped,
    tell_unread,
    tell_unreadable,
)
from etl.commands.reader_option import offline_option, reader_options

if TYPE_CHECKING:
    from etl.extract.reader import ChosenReader
    from etl.ingest.inputs import Found
    from etl.ingest.loading import Outcome

TABLE = "csv"
"""The format whose columns --map names."""


def _format(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    from etl.plugins import formats

    if value is not None and value not in formats():
        raise click.BadParameter(
            f"{value!r} is not a format; the formats are {', '.join(formats())}"
        )
    return value


def _columns(
    _context: click.Context, _option: click.Parameter, values: tuple[str, ...]
) -> dict[str, str]:
    """Read the options --map FIELD=COLUMN."""
    from etl.formats.csv_table import COLUMNS

    found: dict[str, str] = {}
    for value in values:
        name, sign, column = (part.strip() for part in value.partition("="))
        if not sign or not column:
            raise click.BadParameter(f"{value!r}: expected FIELD=COLUMN, e.g. title=Name")
        if name not in COLUMNS:
            raise click.BadParameter(f"{name!r} cannot be mapped; fields are {', '.join(COLUMNS)}")
        if name in found:
            raise click.BadParameter(f"{name} is mapped twice")
        found[name] = column
    return found


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH|-...")
@click.option("--format", "format_name", callback=_format, help="Format, if it is not recognised.")
@click.option(
    "--map",
    "columns",
    multiple=True,
    callback=_columns,
    metavar="FIELD=COLUMN",
    help="Column of a CSV or TSV that holds a field, e.g. title=Name; once for each field.",
)
@click.option(
    "--year", type=click.IntRange(1990, 9999), help="Year of a digest that prints only the day."
)
@click.option(
    "--day",
    type=Day(),
    metavar="YYYY-MM-DD",
    help="Day of the digest.",
)
@click.option("--again", is_flag=True, help="Also load documents that have not changed.")
@click.option(
    "--accept",
    is_flag=True,
    help="Replace a document also by one that holds much less than before.",
)
@click.option("--name", help="Name for the document in the catalog, e.g. for standard input.")
@click.option("--dry-run", is_flag=True, help="Report what would happen, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as one JSON object.")
@waiting
@click.option(
    "--jobs", type=click.IntRange(min=1), help="Processes that extract.  [default: one per core]"
)
@click.option(
    "--executor", metavar="tcp://HOST:PORT", help="Scheduler of a Dask cluster that extracts."
)
@reader_options(estimates=True)
@offline_option
@click.option(
    "--no-extract",
    is_flag=True,
    help="Do not extract results and links from abstracts; catalog reextract does so later.",
)
@click.option(
    "--longest",
    type=click.IntRange(min=1),
    default=32,
    show_default=True,
    metavar="MB",
    help="Longest line or item to accept.",
)
@click.option(
    "--unpacked",
    type=click.IntRange(min=1),
    default=64,
    show_default=True,
    metavar="GB",
    help="Largest decompressed size to accept.",
)
@click.option("-v", "--verbose", is_flag=True, help="Also report what was skipped, and why.")
@click.pass_obj
def load(
    url: str,
    paths: tuple[str, ...],
    format_name: str | None,
    columns: dict[str, str],
    year: int | None,
    day: dt.datetime | None,
    again: bool,
    accept: bool,
    name: str | None,
    dry_run: bool,
    as_json: bool,
    wait: float,
    jobs: int | None,
    executor: str | None,
    reader: "ChosenReader | None",
    no_extract: bool,
    longest: int,
    unpacked: int,
    verbose: bool,
) -> None:
    """Load files or folders into the catalog; - is standard input.

    Formats are recognised. A document that has not changed is skipped; a changed one replaces what
    it supplied before. The catalog is created if it does not exist.

    \b
    Examples:
      catalog load digests/
      catalog load 2025-03-11.txt --dry-run
      curl -s https://example.org/today.txt | catalog load - --name today
      catalog load list.tsv --map title=Name --map abstract=Summary

    Exit codes: 0 all loaded, 1 failed and nothing changed, 2 wrong usage, 3 loaded except for the
    problems listed, 75 another command holds the lock, 130 interrupted.
    """
    from etl.commands.asked_report import tell_estimate
    from etl.commands.progress import progress
    from etl.formats.toolkit.compression import Limits
    from etl.ingest.inputs import find_inputs
    from etl.ingest.loading import Options, load_inputs
    from etl.ingest.run import running

    estimate = reader is not None and reader.asking.only_estimate
    dry_run = dry_run or estimate
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    if name and len(paths) > 1:
        raise click.UsageError("--name can be used with a single document only")
    if columns and format_name not in {None, TABLE}:
        raise click.UsageError(f"--map is for tables: leave out --format, or give {TABLE}")
    format_name = TABLE if columns else format_name
    with tempfile.TemporaryDirectory(prefix="catalog-") as spool:
        found = find_inputs(paths, format_name=format_name, name=name, spool=Path(spool))
        tell_skipped(found, verbose=verbose)
        for path, why in found.unreadable.items():
            tell_unreadable(path, why)
        _require_digests(found, year, day)
        options = Options(
            year=year,
            day=day.date() if day else None,
            jobs=jobs,
            executor=executor,
            extract=not no_extract,
            reader=reader,
            again=again,
            accept=accept,
            longest=longest << 20,
            unpacked=Limits(total=unpacked << 30),
            columns=columns,
        )
        outcomes = []
        with running(url, "load", clock=_now, dry=dry_run, wait=wait) as run, progress() as tick:
            for outcome in load_inputs(run, found.inputs, options, clock=_now, tick=tick):
                outcomes.append(outcome)
                is_quiet = as_json or (len(found.inputs) > FEW and not verbose)
                tell(outcome, year, quiet=estimate or is_quiet)
            tell_moved(outcomes)
            tell_unread(outcomes)
            run.total.problems += len(found.unreadable)
            total = run.total
    if reader and estimate:
        tell_estimate(reader, as_json=as_json)
    elif as_json:
        click.echo(json.dumps(summary(outcomes, total, found, dry_run), default=str))
    else:
        click.echo(sentence(total, dry_run))
        if found.unreadable:
            click.echo(f"Left out: {left_out(found)}")
    sys.exit(_exit_code(outcomes, unreadable=bool(found.unreadable)))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _exit_code(outcomes: list["Outcome"], *, unreadable: bool) -> ExitCode:
    if outcomes and all(outcome.why and not outcome.counts.records for outcome in outcomes):
        return ExitCode.FAILED
    troubled = unreadable or any(outcome.why or outcome.problems for outcome in outcomes)
    return ExitCode.DONE_WITH_PROBLEMS if troubled else ExitCode.DONE


def _require_digests(found: "Found", year: int | None, day: dt.datetime | None) -> None:
    """Refuse a day or a year that no document can use, before anything is written."""
    formats = [item.format for item in found.inputs]
    if day and formats and not any(known.takes_day for known in formats):
        _refuse("--day", "digests", "records have days of their own", found)
    if year and formats and not any(known.takes_year for known in formats):
        _refuse("--year", "digests that print days without a year", "days have their year", found)


def _refuse(option: str, what_for: str, why: str, found: "Found") -> NoReturn:
    first = found.inputs[0]
    raise click.UsageError(
        f"{option} is for {what_for}: {printable(first.name)} is in the format "
        f"{first.format.name}, whose {why}; load it without {option}"
    )
