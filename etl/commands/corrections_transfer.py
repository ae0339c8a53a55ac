"""Carry corrections between catalogs: `catalog corrections export` and `import`."""

import datetime as dt
import json
from typing import IO, TYPE_CHECKING, Any

import click

from catalog.commands.arguments import waiting
from catalog.domain.exit_codes import ExitCode
from catalog.domain.formatting import plural
from catalog.domain.safe_text import json_safe, one_line, printable
from catalog.reads.corrections_made import told
from etl.commands.corrections_shared import deciding

if TYPE_CHECKING:
    from etl.ingest.correction_exchange import Conflict
    from etl.ingest.paper_writer import Writer


@click.command()
@click.option("--labels", is_flag=True, help="Write an answer key: judged papers and numbers.")
@click.option("--partly", is_flag=True,
              help="With --labels: also papers that were judged in part.")  # fmt: skip
@click.option("--abstracts", type=click.File("w", encoding="utf-8"),
              help="With --labels: file for the abstracts of these papers.")  # fmt: skip
@click.pass_obj
def export(url: str, labels: bool, partly: bool, abstracts: IO[str] | None) -> None:
    """Write the corrections in force to standard output, one JSON object a line.

    \b
    Examples:
      catalog corrections export > mine.jsonl
      catalog corrections export --labels --abstracts abstracts.jsonl > labels.jsonl

    Another catalog takes them with `catalog corrections import`. An answer key holds the papers of
    which every number was judged, with the numbers that you vouch for.

    Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
    """
    import msgspec

    from etl.ingest.correction_exchange import exported
    from etl.ingest.deciding import looking

    if not labels and (partly or abstracts):
        raise click.UsageError("give --partly and --abstracts only with --labels")
    with looking(url) as writer:
        if labels:
            _write_labels(writer, abstracts, partly=partly)
            return
        for one in exported(writer.connection):
            click.echo(json_safe(msgspec.json.encode(one).decode()))


def _write_labels(writer: "Writer", abstracts: IO[str] | None, *, partly: bool) -> None:
    """Write an answer key; say how many papers were left out."""
    from etl.ingest.judged_numbers import labels

    left = 0
    for one in labels(writer):
        if not one.is_whole and not partly:
            left += 1
            continue
        key = {"id": one.id, "metrics": one.metrics, "links": one.links}
        click.echo(json_safe(json.dumps(key, ensure_ascii=False)))
        if abstracts:
            text = {"id": one.id, "title": one.title, "abstract": one.abstract}
            abstracts.write(json_safe(json.dumps(text, ensure_ascii=False)) + "\n")
    if left:
        click.echo(
            f"Left out {plural(left, 'paper')} of which only some numbers were judged; "
            "--partly writes these as well.",
            err=True,
        )


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--theirs", is_flag=True, help="In a conflict, take theirs and retract ours.")
@click.option("--dry-run", is_flag=True, help="Show what would be done; change nothing.")
@waiting
@click.pass_obj
def take(url: str, file: IO[bytes], theirs: bool, dry_run: bool, wait: float) -> None:
    """Import the corrections of FILE, which another catalog exported; - reads standard input.

    Where this catalog has decided otherwise, both decisions are shown, and ours stays. Corrections
    of papers that are not in the catalog wait for them.

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 3 done except for the conflicts
    listed, 75 another command holds the lock, 130 interrupted.
    """
    from etl.ingest.correction_exchange import read_exchanged, take_in

    given = read_exchanged(file.read())
    with deciding(url, "corrections import", wait) as writer:
        outcome = take_in(writer, given, dt.datetime.now(dt.UTC), theirs=theirs)
        if dry_run:
            writer.connection.rollback()
    for conflict in outcome.conflicts:
        click.echo(_conflict(conflict), err=True)
    replaced = f"; retracted {len(outcome.replaced)} of ours" if outcome.replaced else ""
    left = f"; left out {plural(len(outcome.conflicts), 'conflict')}" if outcome.conflicts else ""
    would = "Would import" if dry_run else "Imported"
    added = plural(len(outcome.added), "correction")
    click.echo(f"{would} {added}, {outcome.known} known{replaced}{left}.")
    if outcome.conflicts:
        click.echo("To take theirs instead: catalog corrections import --theirs FILE", err=True)
        raise SystemExit(ExitCode.DONE_WITH_PROBLEMS)


def _conflict(conflict: "Conflict") -> str:
    """Describe two different decisions on one thing."""
    ours, theirs = conflict.ours, conflict.theirs
    verb = "retracted here" if conflict.is_retracted else "ours"
    return printable(
        f"Conflict: {one_line(ours.label, 160)}\n"
        f"  {verb}: {ours.kind} by {one_line(ours.made_by, 60)} on {ours.made_at.date()}, "
        f"{told(ours.kind, ours.value)}\n"
        f"  theirs: {theirs.kind} by {one_line(theirs.by, 60)} on {theirs.at.date()}, "
        f"{told(theirs.kind, _kept(theirs.value))}"
    )


def _kept(value: Any) -> str | None:
    from catalog.domain.correction_rules import written

    return value if value is None or isinstance(value, str) else written(value)
