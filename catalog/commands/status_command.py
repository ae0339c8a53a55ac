"""`catalog status`: what is in the catalog, how it got there, and what is wrong."""

import datetime as dt
import json
from typing import Any

import click

from catalog.domain.exit_codes import ExitCode
from catalog.domain.formatting import plural
from catalog.domain.safe_text import json_safe, one_line, printable

COUNTS = {
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
"""Table -> what a row of it is called; its own name stands for several."""
RUNS = """SELECT id, command, state, started_at, finished_at, documents, skipped, records,
    papers_added, papers_changed, papers_removed, problems, message
    FROM runs ORDER BY id DESC LIMIT 10"""
PROBLEMS = """SELECT d.name AS document, b.place, b.why, b.raw
    FROM problems b JOIN documents d ON d.id = b.document_id
    WHERE b.closed_run_id IS NULL ORDER BY b.id"""
UNFINISHED = """SELECT name, state, records_done FROM documents
    WHERE state IN ('loading', 'replacing') ORDER BY name"""
UNREAD = """SELECT count(*) AS unread FROM papers
    WHERE abstract IS NOT NULL AND extractor_version IS NULL"""
LATEST = "SELECT max(day) AS latest_digest FROM digests"


@click.command()
@click.option("--problems", is_flag=True, help="List what could not be used, with its text.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def status(url: str, problems: bool, as_json: bool) -> None:
    """Show counts, the last runs, what could not be used, and how fresh each source is.

    Exit codes: 0 all is well, 1 a document was not loaded to its end, the last run failed, or a
    scheduled source is stale, 2 wrong usage, 130 interrupted.
    """
    from sqlalchemy import text

    from catalog.database.engine import current_revision, reading
    from catalog.reads.freshness import freshness, sentence

    now = dt.datetime.now(dt.UTC)

    with reading(url) as engine, engine.connect() as connection:

        def rows(sql: str) -> list[dict[str, Any]]:
            return [dict(row) for row in connection.execute(text(sql)).mappings()]

        state: dict[str, Any] = {
            "schema": current_revision(engine),
            "counts": {
                name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()  # noqa: S608 - names of ours
                for name in COUNTS
            },
            **rows(LATEST)[0],
            **rows(UNREAD)[0],
            "runs": rows(RUNS),
            "unfinished": rows(UNFINISHED),
            "problems": rows(PROBLEMS),
            "sources": freshness(connection, now),
        }
    last = state["runs"][0]["state"] if state["runs"] else None
    stale = any(source["stale"] for source in state["sources"])
    state["ok"] = not state["unfinished"] and last not in {"failed"} and not stale
    if as_json:
        click.echo(json_safe(json.dumps(state, ensure_ascii=False, default=str, indent=2)))
    else:
        _print(state, problems)
        for source in state["sources"]:
            click.echo(printable(sentence(source, now)))
    if not state["ok"]:
        click.get_current_context().exit(ExitCode.FAILED)


def _print(state: dict[str, Any], problems: bool) -> None:
    click.echo(f"Schema {state['schema']}, latest digest {state['latest_digest'] or 'none'}")
    for name, count in state["counts"].items():
        click.echo(f"{count:>12,} {COUNTS[name] if count == 1 else name.replace('_', ' ')}")
    if state["unread"]:
        click.echo(f"{plural(state['unread'], 'abstract')} not read yet: catalog reextract")
    if state["runs"]:
        click.echo("Last runs:")
    for run in state["runs"]:
        click.echo(
            f"  {str(run['started_at'])[:16]}  {run['command']:<15} {run['state']:<11} "
            f"{plural(run['documents'], 'document')}, {run['skipped']:,} skipped, papers "
            f"+{run['papers_added']:,} ~{run['papers_changed']:,} -{run['papers_removed']:,}, "
            f"{plural(run['problems'], 'problem')}"
            + (f": {one_line(run['message'], 80)}" if run["message"] else "")
        )
    for document in state["unfinished"]:
        click.echo(
            f"Not loaded to its end: {printable(document['name'])}, "
            f"{plural(document['records_done'], 'piece')} so far; load it again to go on."
        )
    if not state["problems"]:
        return
    if not problems:
        click.echo(f"{plural(len(state['problems']), 'open problem')}: catalog status --problems")
        return
    click.echo("Open problems:")
    for problem in state["problems"]:
        where = f"{problem['document']}, {problem['place']}"
        click.echo(f"  {printable(where)}: {printable(problem['why'])}")
        click.echo(f"    {one_line(problem['raw'], 200)}")
