"""The command `catalog status`: counts, runs, problems, freshness."""

import datetime as dt
from typing import TYPE_CHECKING

import click

from catalog.domain.exit_codes import ExitCode
from catalog.domain.formatting import plural
from catalog.domain.safe_text import one_line, printable

if TYPE_CHECKING:
    from catalog.reads.status import RunSummary, Status

NAMES = {
    "papers": "paper",
    "results": "result",
    "digests": "digest",
    "digest_entries": "digest entry",
    "links": "link",
    "repositories": "repository",
    "metrics": "metric",
    "datasets": "dataset",
    "documents": "document",
}
"""Table -> name of one of its rows; the table's name is the plural."""


@click.command()
@click.option(
    "--problems", is_flag=True, help="List the records that could not be used, with their text."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def status(url: str, problems: bool, as_json: bool) -> None:
    """Show counts, the last runs, open problems, and how fresh each source is.

    Exit codes: 0 all is well, 1 a document was not loaded completely, the last run failed, or a
    scheduled source is stale, 2 wrong usage, 130 interrupted.
    """
    from catalog.database.engine import current_revision, reading
    from catalog.reads.drivers import run
    from catalog.reads.status import status as read_status

    now = dt.datetime.now(dt.UTC)
    with reading(url) as engine, engine.connect() as connection:
        found = run(connection, read_status(now))
        schema = current_revision(engine)
    if as_json:
        _print_json(found, schema)
    else:
        _print(found, schema, now, problems)
    if not found.ok:
        click.get_current_context().exit(ExitCode.FAILED)


def _print_json(found: "Status", schema: str | None) -> None:
    import msgspec

    from catalog.publish.json_text import json_text

    told = {"schema": schema, **msgspec.to_builtins(found)}
    click.echo(json_text(told), nl=False)


def _print(found: "Status", schema: str | None, now: dt.datetime, problems: bool) -> None:
    from catalog.reads.freshness import sentence

    click.echo(f"Schema {schema}, latest digest {found.latest_digest or 'none'}")
    for name, count in found.counts.items():
        click.echo(f"{count:>12,} {NAMES[name] if count == 1 else name.replace('_', ' ')}")
    if found.unread:
        click.echo(
            f"{plural(found.unread, 'abstract')} not read yet; read them with: catalog reextract"
        )
    if found.outdated:
        papers = plural(found.outdated, "paper was", "papers were")
        click.echo(f"{papers} computed by older rules; update with: catalog reextract")
    if found.runs:
        click.echo("Last runs:")
    for run in found.runs:
        click.echo(_run(run))
    for document in found.unfinished:
        click.echo(
            f"Incomplete: {printable(document.name)}, "
            f"{plural(document.records_done, 'record')} so far; load it again to continue."
        )
    _print_problems(found, problems)
    for source in found.sources:
        click.echo(sentence(source, now))


def _run(run: "RunSummary") -> str:
    return (
        f"  {str(run.started_at)[:16]}  {run.command:<15} {run.state:<11} "
        f"{plural(run.documents, 'document')}, {run.skipped:,} skipped, papers "
        f"+{run.papers_added:,} ~{run.papers_changed:,} -{run.papers_removed:,}, "
        f"{plural(run.problems, 'problem')}"
        + (f": {one_line(run.message, 80)}" if run.message else "")
    )


def _print_problems(found: "Status", problems: bool) -> None:
    """Print the open problems with their text, or their number."""
    if not found.problems:
        return
    if not problems:
        click.echo(
            f"{plural(len(found.problems), 'open problem')}; list with: catalog status --problems"
        )
        return
    click.echo("Open problems:")
    for problem in found.problems:
        where = f"{problem.document}, {problem.location}"
        click.echo(f"  {printable(where)}: {printable(problem.why)}")
        click.echo(f"    {one_line(problem.raw, 200)}")
