"""The command `catalog digest`: the papers of a day or period as text, page, feed or mail."""

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from catalog.commands.arguments import searchable
from catalog.commands.output import paged
from catalog.domain.exit_codes import ExitCode
from catalog.domain.safe_text import one_line, printable

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from catalog.domain.periods import Period
    from catalog.reads.digest import Issue
    from etl.sync.config import Digest
    from etl.sync.digest_delivery import Sent

FORMS = ("text", "html", "markdown", "json", "atom", "email")


@click.command()
@click.argument("day", required=False)
@click.option("--format", "form", type=click.Choice(FORMS), default="text", show_default=True)
@click.option("--query", help="A saved search, as in the search box, instead of the whole day.")
@click.option("--site", help="Address where the catalog is served, for links.")
@click.option("--send", is_flag=True, help="Mail it as configured in [digest].")
@click.option("--dry-run", is_flag=True, help="With --send: print the mail instead of sending it.")
@click.option(
    "--again",
    "repeated",
    metavar="ADDRESS",
    multiple=True,
    help="With --send: send it to this address alone, even if it has it or may have it.  "
    "[repeatable]",
)
@click.option(
    "--config",
    "config_file",
    envvar="CATALOG_CONFIG",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The configuration.  [default: catalog.toml beside the database]",
)
@click.pass_obj
def digest(
    url: str,
    day: str | None,
    form: str,
    query: str | None,
    site: str | None,
    send: bool,
    dry_run: bool,
    repeated: tuple[str, ...],
    config_file: Path | None,
) -> None:
    """Show the papers of a day: headline numbers with their sentences, code, stars, upvotes.

    DAY is a day such as 2025-03-11, today, yesterday, a week such as 2025-W11, a month, a year,
    "week", "month" or "year" for the current one, or "latest", the default. With --query, show the
    papers of that time that the search finds, without DAY those of all days. A mail is of the last
    day that is over, if no DAY is given, and of the search that [digest] sets, if no --query is.

    \b
    Examples:
      catalog digest yesterday
      catalog digest 2025-03-11 --format html > today.html
      catalog digest 2025-W11 --query "code:yes"
      catalog digest --query "diffusion code:yes"
      catalog digest --send --dry-run

    Exit codes: 0 done, 1 failed, or there is no such digest, 2 wrong usage, 3 sent except
    to those listed, 130 interrupted.
    """
    from catalog.publish.digest_text import write

    if dry_run and not send:
        raise click.UsageError("--dry-run can be used with --send only")
    if repeated and (dry_run or not send):
        raise click.UsageError("--again can be used with --send only, without --dry-run")
    when = _period(day)
    config = _config(url, config_file) if send or form == "email" else None
    if config:
        site = site or config.site
        query = query if query is not None else config.query or None
    if query is not None:
        searchable(query)
    from catalog.database.engine import reading

    with reading(url) as engine, engine.connect() as connection:
        if config and when is None:
            when = _last_day_over(connection)
        issue = _issue(connection, when, query, site)
    if config:
        _require_papers(issue)
    for remark in issue.remarks:
        click.echo(one_line(remark, 1000), err=True)
    if send and not dry_run and config:
        sys.exit(_send(url, issue, config, repeated))
    if config:
        _show_mail(issue, config)
    else:
        with paged():
            click.echo(write(issue, form), nl=False)


def _period(text: str | None) -> "Period | None":
    """Read the day or period that was asked for; None for the latest day."""
    from catalog.domain.periods import parse_period

    if text in {None, "latest"}:
        return None
    try:
        return parse_period(str(text), dt.datetime.now(dt.UTC).date())
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _config(url: str, file: Path | None) -> "Digest":
    from catalog.database.database_address import sqlite_file
    from catalog.domain.errors import CatalogError
    from etl.sync.config import default_path, read_config

    path = file or default_path(sqlite_file(url))
    found = read_config(path, asks=False).digest
    if found is None:
        raise CatalogError(
            "cannot make a mail",
            why=f"{path} has no [digest]",
            hint='add [digest] with to, from and host; "catalog sync --init" writes an example',
        )
    return found


def _last_day_over(connection: "Connection") -> "Period":
    """Find the newest day whose digest is complete, which a mail is of."""
    from catalog.domain.errors import CatalogError
    from catalog.domain.periods import of_day
    from catalog.reads.digest import newest_day
    from catalog.reads.drivers import run

    day = run(connection, newest_day(before=dt.datetime.now(dt.UTC).date()))
    if day is None:
        raise CatalogError(
            "cannot make a mail",
            why="no digest of a day that is over was loaded",
            hint="name a DAY, or fetch digests with: catalog sync",
        )
    return of_day(day)


def _issue(
    connection: "Connection", when: "Period | None", query: str | None, site: str | None
) -> "Issue":
    from catalog.domain.errors import CatalogError
    from catalog.domain.periods import of_day
    from catalog.reads.digest import newest_day, of_period, of_search
    from catalog.reads.drivers import run

    if query is not None:
        return run(connection, of_search(query, when, site=site))
    newest = None if when else run(connection, newest_day())
    period = when or (of_day(newest) if newest else None)
    issue = run(connection, of_period(period, site=site)) if period else None
    if issue is None or not issue.items:
        raise CatalogError(
            f"cannot find a digest of {when.name}" if when else "cannot find a digest",
            why=f"no digest of {when.name} was loaded" if when else "no digest was loaded",
            hint='list the days with: catalog query "SELECT DISTINCT day FROM digests"'
            if when
            else "load a digest with: catalog load FILE, or fetch them with: catalog sync",
        )
    return issue


def _require_papers(issue: "Issue") -> None:
    """Refuse a mail without papers, which a scheduled run does not send either."""
    from catalog.domain.errors import CatalogError

    if not issue.items:
        raise CatalogError(
            "cannot make a mail",
            why=f"it would have no papers: {issue.subject}",
            hint="name another DAY, or another search with --query",
        )


def _show_mail(issue: "Issue", config: "Digest") -> None:
    """Print the mail as it would be sent to the first address."""
    from catalog.publish.mail import compose
    from etl.sync.digest_delivery import recipients

    to = recipients(config)
    now = dt.datetime.now(dt.UTC)
    click.echo(compose(issue, sender=config.from_, to=to[0], now=now).as_bytes(), nl=False)
    told = printable(", ".join(to))
    click.echo(f"Not sent. With --send alone it goes to {told}, once to each.", err=True)


def _send(url: str, issue: "Issue", config: "Digest", repeated: tuple[str, ...]) -> ExitCode:
    """Send an issue to all addresses that have not got it, or once more to some."""
    from msgspec import structs

    from etl.fetch import World
    from etl.ingest.run import prepared
    from etl.sync.digest_delivery import deliver, forget, recipients

    known = recipients(config)
    if unknown := [address for address in repeated if address.lower() not in known]:
        raise click.BadParameter(
            f"{printable(unknown[0])} is no address of [digest]: {printable(', '.join(known))}",
            param_hint="'--again'",
        )
    if repeated:
        config = structs.replace(config, to=repeated)
    with prepared(url, "digest", wait=60) as engine:
        forget(engine, issue, repeated)
        sent = deliver(engine, issue, config, World())
    tell(sent)
    if sent.failed or sent.uncertain:
        reached = sent.sent or sent.already or sent.uncertain
        return ExitCode.DONE_WITH_PROBLEMS if reached else ExitCode.FAILED
    return ExitCode.DONE


def tell(sent: "Sent") -> None:
    """Report on standard error what was sent."""
    from etl.sync.digest_delivery import UNCERTAIN, hint_of

    for address in sent.sent:
        click.echo(f"Sent {printable(sent.subject)} to {printable(address)}.", err=True)
    for address in sent.already:
        click.echo(
            f"Skipped {printable(address)}: {printable(sent.subject)} was sent there before.",
            err=True,
        )
    for address in sent.uncertain:
        click.echo(
            f"Skipped {printable(address)}: {printable(sent.subject)} may have arrived there: "
            f"{UNCERTAIN}.\n  hint: {printable(hint_of(sent.issue, address))}",
            err=True,
        )
    for error, addresses in sent.failures():
        click.echo(
            f"Error: cannot send {printable(sent.subject)} to {printable(', '.join(addresses))}\n"
            f"  why:  {printable(f'{error.what}: {error.why}')}\n  hint: {printable(error.hint)}",
            err=True,
        )
