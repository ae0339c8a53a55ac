"""The command `catalog load`, which loads files and folders into the catalog."""

import datetime as dt
import json
import logging
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from catalog.commands.arguments import Day, waiting
from catalog.domain.exit_codes import ExitCode
from catalog.domain.formatting import plural
from catalog.domain.safe_text import one_line, printable
from etl.commands.reader_option import offline_option, reader_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.domain.records import Problem
    from etl.extract.reader import ChosenReader
    from etl.ingest.inputs import Found
    from etl.ingest.loading import Outcome
    from etl.ingest.paper_writer import Counts

FEW = 10
"""Documents that are reported one by one; of more, only those with problems, unless -v."""
TABLE = "csv"
"""The format whose columns --map names."""
SHOWN_PROBLEMS = 20
"""Problems that are printed; the others are counted, and listed by `catalog status`."""


BASES = {
    "name": " (the year is from the document's name)",
    "weekday": " (no year is printed; assumed the last one with this weekday: set it with --year)",
    "reading": " (no year is printed; assumed the last such day: set it with --year)",
    "weekend": " (the list of a weekend repeats Friday's)",
}
"""Basis of a digest's day -> explanation, if the document does not print all of it."""


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
        _tell_skipped(found, verbose=verbose)
        for path, why in found.unreadable.items():
            _tell_unreadable(path, why)
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
                _tell(outcome, year, quiet=estimate or is_quiet)
            _tell_moved(outcomes)
            _tell_unread(outcomes)
            run.total.problems += len(found.unreadable)
            total = run.total
    if reader and estimate:
        tell_estimate(reader, as_json=as_json)
    elif as_json:
        click.echo(json.dumps(_summary(outcomes, total, found, dry_run), default=str))
    else:
        click.echo(_sentence(total, dry_run))
        if found.unreadable:
            click.echo(f"Left out: {_left_out(found)}")
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


def _left_out(found: "Found") -> str:
    """Name what could not be loaded, or the first of it."""
    names = [printable(str(path)) for path in found.unreadable]
    more = f" and {len(names) - FEW:,} more" if len(names) > FEW else ""
    return f"{', '.join(names[:FEW])}{more}"


def _tell_skipped(found: "Found", *, verbose: bool) -> None:
    """Tell of what is no document one by one, or together where there is much of it."""
    for why, paths in _by_reason(found.skipped).items():
        if len(paths) > FEW and not verbose:
            first = printable(str(paths[0]))
            click.echo(
                f"{len(paths):,} files skipped: {why}: {first}, ... (-v lists all)", err=True
            )
        else:
            for path in paths:
                click.echo(f"{printable(str(path))}: skipped: {why}", err=True)


def _by_reason(skipped: dict[Path, str]) -> dict[str, list[Path]]:
    grouped: dict[str, list[Path]] = {}
    for path, why in skipped.items():
        grouped.setdefault(why, []).append(path)
    return grouped


def _tell_unreadable(path: Path, why: str) -> None:
    click.echo(
        f"Error: cannot load {printable(str(path))}\n  why:  {printable(why)}\n"
        "  hint: check the file and its permissions; the other files are loaded",
        err=True,
    )


def _tell_moved(outcomes: list["Outcome"]) -> None:
    """Say how many documents have moved, where they are not reported one by one."""
    moved = [outcome for outcome in outcomes if outcome.moved_from]
    if moved and len(outcomes) > FEW:
        old, new = printable(moved[0].moved_from or ""), printable(moved[0].name)
        click.echo(f"{plural(len(moved), 'document')} moved, first {old} to {new}", err=True)


def _tell_unread(outcomes: list["Outcome"]) -> None:
    """Say once for each format which fields of its documents are new and were not read."""
    from etl.formats.toolkit.unread_fields import listed

    unread: dict[str, Counter[str]] = {}
    for outcome in outcomes:
        unread.setdefault(outcome.format, Counter()).update(outcome.unread)
    for name, fields in unread.items():
        if fields:
            click.echo(
                f"{name}: new fields that were not read: {printable(listed(fields))}\n"
                "  hint: a newer version may read them; if not, please report them",
                err=True,
            )


def _tell(outcome: "Outcome", year: int | None, *, quiet: bool) -> None:
    """Report on standard error what became of a document."""
    name = printable(outcome.name)
    if outcome.why:
        click.echo(
            f"Error: cannot load {name}\n  why:  {printable(outcome.why)}\n"
            f"  hint: {printable(outcome.hint or 'check the file')}",
            err=True,
        )
        return
    for line in _problem_lines(outcome):
        click.echo(f"{name}: {line}", err=True)
    if not quiet:
        click.echo(f"{name}: {_what_happened(outcome, year)}", err=True)


def _problem_lines(outcome: "Outcome") -> "Iterator[str]":
    """Tell of problems one by one, of more than a few of one kind together."""
    from etl.ingest.loading import ALIKE
    from etl.ingest.problem_kinds import kind_of

    grouped = [kind for kind, found in outcome.kinds.items() if found.count > ALIKE]
    for kind in grouped:
        found = outcome.kinds[kind]
        yield f"{found.count:,} problems of one kind, first: {_problem_line(found.first)}"
    single = [found for found in outcome.problems if kind_of(found.why) not in grouped]
    yield from map(_problem_line, single[:SHOWN_PROBLEMS])
    told = sum(outcome.kinds[kind].count for kind in grouped) + len(single[:SHOWN_PROBLEMS])
    left = sum(found.count for found in outcome.kinds.values()) - told
    if left > 0:
        yield f"{plural(left, 'more problem')}; list them with: catalog status --problems"
    elif grouped:
        yield "list them all with: catalog status --problems"


def _problem_line(found: "Problem") -> str:
    return f"{printable(found.where)}: {printable(found.why)}: {one_line(found.raw, 60)}"


def _what_happened(outcome: "Outcome", year: int | None) -> str:
    if outcome.action == "skip" and outcome.moved_from:
        return f"moved here from {printable(outcome.moved_from)}, otherwise unchanged"
    if outcome.action == "skip":
        return "skipped: unchanged"
    if outcome.action == "copy":
        return f"skipped: it has the same bytes as {printable(outcome.copy_of or '')}"
    verb = {"load": "loaded", "replace": "replaced", "resume": "resumed"}[outcome.action]
    if outcome.action == "replace" and not any(_changes(outcome.counts)):
        return f"read again as {outcome.format}: nothing changed"
    if outcome.moved_from:
        verb = f"moved here from {printable(outcome.moved_from)}; {verb}"
    parts = [f"{verb} as {outcome.format}, {plural(outcome.counts.records, 'new record')}"]
    if outcome.day:
        basis = BASES.get(outcome.day_basis or "", "")
        if year and year != outcome.day.year:
            basis = f" (--year {year} was not used: the document states its year)"
        parts.append(f"digest of {outcome.day}{basis}")
    return ", ".join(parts)


def _changes(counts: "Counts") -> list[int]:
    """Return the counts that tell of a change in the catalog."""
    papers = [counts.papers_added, counts.papers_changed, counts.papers_removed]
    return [counts.records, *papers, counts.entries_added, counts.results_added, counts.links_added]


def _sentence(total: "Counts", dry_run: bool) -> str:
    start = "Would change" if dry_run else "Done"
    return (
        f"{start}: {plural(total.documents, 'document')}, {total.skipped:,} skipped, "
        f"{plural(total.records, 'new record')}; "
        f"papers +{total.papers_added:,} ~{total.papers_changed:,} -{total.papers_removed:,}; "
        f"digest entries +{total.entries_added:,}, results +{total.results_added:,}, "
        f"links +{total.links_added:,}; {plural(total.problems, 'problem')}"
    )


def _summary(
    outcomes: list["Outcome"], total: "Counts", found: "Found", dry_run: bool
) -> dict[str, Any]:
    from msgspec import structs, to_builtins

    return {
        "dry_run": dry_run,
        **structs.asdict(total),
        "documents_read": [to_builtins(outcome) for outcome in outcomes],
        "passed_over": [str(path) for path in found.skipped],
        "unreadable": {str(path): why for path, why in found.unreadable.items()},
    }
