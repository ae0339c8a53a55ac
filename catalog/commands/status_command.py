"""The command `catalog status`: counts, runs, problems, freshness."""

import datetime as dt
from typing import TYPE_CHECKING

import click

from catalog.domain.exit_codes import ExitCode
from catalog.domain.formatting import plural
from catalog.domain.safe_text import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.reads.status import RunSummary, Status

SHOWN = 3
"""Runs that are shown; --json has ten."""


@click.command()
@click.option(
    "--problems", is_flag=True, help="List the records that could not be used, with their text."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def status(url: str, problems: bool, as_json: bool) -> None:
    """Show how much there is, what is to do, the last runs, and how fresh each source is.

    Exit codes: 0 all is well, 1 a document was not loaded completely, the last run failed, or a
    scheduled source is stale, 2 wrong usage, 130 interrupted.
    """
    from catalog.database.engine import reading
    from catalog.database.schema_revision import current_revision
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

    groups = (
        ("Content", list(_content(found, schema))),
        ("To do", list(_to_do(found, problems))),
        ("Last runs", [_run(run) for run in found.runs[:SHOWN]]),
        ("Sources", [sentence(source, now) for source in found.sources]),
    )
    for title, lines in groups:
        if lines:
            click.secho(title, bold=True)
        for line in lines:
            click.echo(f"  {line}")
    if problems:
        _print_problems(found)


def _content(found: "Status", schema: str | None) -> "Iterator[str]":
    """Say how much there is, a line for each kind of thing."""
    counts = found.counts
    repositories = plural(counts["repositories"], "repository", "repositories")
    yield f"{plural(counts['papers'], 'paper')}, {plural(counts['results'], 'result')}"
    yield f"{plural(counts['metrics'], 'metric')}, {plural(counts['datasets'], 'dataset')}"
    yield f"{plural(counts['links'], 'link')}, {repositories}"
    entries = plural(counts["digest_entries"], "entry", "entries")
    latest = f", the latest of {found.latest_digest}" if found.latest_digest else ""
    yield f"{plural(counts['digests'], 'digest')} with {entries}{latest}"
    yield f"{plural(counts['documents'], 'document')}; schema {schema}"


def _to_do(found: "Status", problems: bool) -> "Iterator[str]":
    """Say what a person should look at, with the command for it."""
    if found.unread:
        yield f"{plural(found.unread, 'abstract')} not read yet; read them with: catalog reextract"
    if found.outdated:
        papers = plural(found.outdated, "paper was", "papers were")
        yield f"{papers} computed by older rules; update with: catalog reextract"
    for document in found.unfinished:
        yield (
            f"Incomplete: {printable(document.name)}, "
            f"{plural(document.records_done, 'record')} so far; load it again to continue."
        )
    if found.problems and not problems:
        yield (
            f"{plural(len(found.problems), 'open problem')}; list with: catalog status --problems"
        )


def _run(run: "RunSummary") -> str:
    """Write a run on one line: what it did, without what it did not do."""
    counts = (
        (plural(run.documents, "document"), True),
        (f"{run.skipped:,} skipped", run.skipped),
        (f"+{plural(run.papers_added, 'paper')}", run.papers_added),
        (f"~{run.papers_changed:,} changed", run.papers_changed),
        (f"-{run.papers_removed:,} removed", run.papers_removed),
        (plural(run.problems, "problem"), run.problems),
    )
    told = ", ".join(text for text, is_told in counts if is_told)
    message = f": {one_line(run.message, 80)}" if run.message else ""
    return f"{str(run.started_at)[:16]}  {run.command} {run.state}: {told}{message}"


def _print_problems(found: "Status") -> None:
    """Print the open problems with their text."""
    if not found.problems:
        return
    click.secho("Open problems", bold=True)
    for problem in found.problems:
        where = f"{problem.document}, {problem.location}"
        click.echo(f"  {printable(where)}: {printable(problem.why)}")
        click.echo(f"    {one_line(problem.raw, 200)}")
