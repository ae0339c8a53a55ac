"""The command `catalog sync`, which the scheduler runs every morning."""

import datetime as dt
import json
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from catalog.commands.arguments import Day, WaitSeconds
from catalog.domain.exit_codes import ExitCode
from catalog.domain.safe_text import printable
from etl.commands.reader_option import reader_options

if TYPE_CHECKING:
    from etl.extract.reader import ChosenReader
    from etl.fetch import World
    from etl.sync.config import Config
    from etl.sync.source_run import SourceReport, Window

DAY = Day()


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--config",
    "config_file",
    envvar="CATALOG_CONFIG",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The configuration; also set by CATALOG_CONFIG.  [default: catalog.toml beside the "
    "database]",
)
@click.option("--init", is_flag=True, help="Write a commented configuration, and exit.")
@click.option("--contact", help="With --init: your mail address or web page, for publishers.")
@click.option(
    "--print-schedule",
    type=click.Choice(["cron", "systemd"]),
    help="Print a schedule that runs this every morning, and exit.",
)
@click.option(
    "--from", "first", type=DAY, metavar="YYYY-MM-DD", help="First day of a range to fetch again."
)
@click.option(
    "--to", "last", type=DAY, metavar="YYYY-MM-DD", help="Last day of that range.  [default: today]"
)
@click.option(
    "--offline", is_flag=True, help="Load archived answers instead of asking publishers and models."
)
@click.option(
    "--accept",
    is_flag=True,
    help="Apply answers that hold much less than before, which are kept apart otherwise.",
)
@reader_options()
@click.option("--quiet", is_flag=True, help="Print nothing unless something is wrong.")
@click.option(
    "--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as one JSON object.")
@click.option(
    "--wait",
    type=WaitSeconds(),
    default=600,
    show_default=True,
    help="Seconds to wait for another command that writes.",
)
@click.option("-v", "--verbose", is_flag=True, help="Log more.")
@click.pass_obj
def sync(
    url: str,
    sources: tuple[str, ...],
    config_file: Path | None,
    init: bool,
    contact: str | None,
    print_schedule: str | None,
    first: dt.datetime | None,
    last: dt.datetime | None,
    offline: bool,
    accept: bool,
    reader: "ChosenReader | None",
    quiet: bool,
    log_format: str,
    as_json: bool,
    wait: float,
    verbose: bool,
) -> None:
    """Fetch what is new from the configured sources and load it.

    Without SOURCE, all enabled sources run. One that fails does not stop the others, and continues
    next time from where it was.

    \b
    Examples:
      catalog sync --init --contact you@example.org
      catalog sync
      catalog sync hf-daily --from 2025-03-01 --to 2025-03-31
      catalog sync --print-schedule systemd

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 3 done except for the problems
    listed, 75 other commands hold the locks, 130 interrupted.
    """
    from catalog.database.database_address import sqlite_file
    from etl.fetch import World
    from etl.sync.config import default_path, read_config
    from etl.sync.logs import logging_to_stderr

    path = config_file or default_path(sqlite_file(url))
    if init:
        _init(path, contact)
        return
    if print_schedule:
        _print_schedule(print_schedule, url, path)
        return
    config = read_config(path, asks=not offline)
    level = logging.WARNING if quiet else logging.DEBUG if verbose else logging.INFO
    with logging_to_stderr(log_format, level):
        world = World()
        report = run(
            url,
            config,
            sources,
            window=_window(first, last),
            offline=offline,
            wait=wait,
            world=world,
            accept=accept,
            reader=_ready(reader),
        )
        unsent = not offline and not sources and mail(url, config, world, wait=wait)
    _tell(report, as_json=as_json, quiet=quiet or log_format == "json")
    sys.exit(ExitCode.DONE_WITH_PROBLEMS if unsent else exit_code(report))


def run(
    url: str,
    config: "Config",
    sources: tuple[str, ...],
    *,
    window: "Window | None",
    offline: bool,
    wait: float,
    world: "World",
    accept: bool = False,
    reader: "ChosenReader | None" = None,
) -> list["SourceReport"]:
    """Run the sources of a configuration; return a report on each."""
    from importlib.metadata import version

    from etl.fetch import fetcher
    from etl.sync.config import hosts_of
    from etl.sync.runner import SyncRequest, limits_of, run_sources

    request = SyncRequest(
        url=url,
        config=config,
        names=sources,
        window=window,
        offline=offline,
        wait=wait,
        accept=accept,
        reader=reader,
    )
    asked = fetcher(
        contact=config.contact,
        version=version("paper-catalog"),
        world=world,
        limits=limits_of(config.http),
        hosts=hosts_of(config),
    )
    with asked as ready:
        return list(run_sources(request, ready, world))


def _ready(reader: "ChosenReader | None") -> "ChosenReader | None":
    """Return the reader if there is somebody to ask; else None, for the built-in one.

    A model that is out of reach must not keep the papers of a day out of the catalog.
    """
    from catalog.domain.errors import CatalogError

    if reader is None or reader.inquiry is None or reader.asking.offline:
        return reader
    try:
        reader.inquiry.connect()
    except CatalogError as error:
        log = logging.getLogger("catalog.sync")
        log.error(
            "%s: %s; the built-in reader reads\n  hint: %s", error.what, error.why, error.hint
        )
        return None
    return reader


def exit_code(report: list["SourceReport"]) -> ExitCode:
    """Choose the exit code for these reports."""
    if report and all(source.locked for source in report):
        return ExitCode.LOCKED
    if report and all(source.error and not source.documents for source in report):
        return ExitCode.FAILED
    if all(source.well for source in report):
        return ExitCode.DONE
    return ExitCode.DONE_WITH_PROBLEMS


def mail(url: str, config: "Config", world: "World", *, wait: float) -> bool:
    """Send the configured digest; return true if it did not reach everybody."""
    from catalog.domain.errors import CatalogError
    from etl.ingest.run import prepared
    from etl.sync.digest_delivery import UNCERTAIN, deliver, due, hint_of

    if config.digest is None or not config.digest.enabled:
        return False
    log = logging.getLogger("catalog.sync")
    try:
        with prepared(url, "digest", wait=wait) as engine:
            issue = due(engine, config.digest, world.today)
            if issue is None:
                return False
            sent = deliver(engine, issue, config.digest, world)
    except CatalogError as error:
        log.error("digest: %s: %s\n  hint: %s", error.what, error.why, error.hint)
        return True
    if sent.sent:
        log.info("digest: sent %s to %s", sent.subject, ", ".join(sent.sent))
    for address in sent.uncertain:
        log.warning(
            "digest: %s may have arrived at %s or not: %s\n  hint: %s",
            *(sent.subject, address, UNCERTAIN, hint_of(sent.issue, address)),
        )
    for why, addresses in sent.failures():
        log.error(
            "digest: %s did not reach %s: %s: %s\n  hint: %s",
            *(sent.subject, ", ".join(addresses), why.what, why.why, why.hint),
        )
    return bool(sent.failed or sent.uncertain)


def _window(first: dt.datetime | None, last: dt.datetime | None) -> "Window | None":
    from etl.sync.source_run import Window

    if first is None:
        if last is not None:
            raise click.UsageError("--to can be used with --from only")
        return None
    end = last.date() if last else dt.datetime.now(dt.UTC).date()
    if end < first.date():
        raise click.UsageError("--from is later than --to")
    return Window(first=first.date(), last=end)


def _init(path: Path, contact: str | None) -> None:
    from catalog.domain.errors import CatalogError
    from etl.sync.config import template

    text = template(json.dumps(contact or "", ensure_ascii=False))
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise CatalogError(
            f"cannot write {path}",
            why="it exists already",
            hint="name another file with --config, or move this one",
        ) from error
    except OSError as error:
        why = error.strerror or str(error)
        raise CatalogError(f"cannot write {path}", why=why, hint="check the folder") from error
    todo = "" if contact else " Before the first run, set contact in it: publishers ask for one."
    click.echo(f"Wrote {printable(str(path))}.{todo}", err=True)


def _print_schedule(form: str, url: str, path: Path) -> None:
    from catalog.database.database_address import parse_url, sqlite_file
    from etl.sync import schedule

    file = sqlite_file(url)
    whole = f"sqlite:///{file.resolve()}" if file else str(parse_url(url))
    line = schedule.command(Path(sys.argv[0]).resolve(), whole, path.resolve())
    click.echo(schedule.cron(line) if form == "cron" else schedule.systemd(line), nl=False)


def _tell(report: list["SourceReport"], *, as_json: bool, quiet: bool) -> None:
    """Print the reports."""
    from msgspec import to_builtins

    if as_json:
        done: list[Any] = [{**to_builtins(s), "well": s.well} for s in report]
        click.echo(json.dumps({"exit_code": exit_code(report), "sources": done}))
    elif not quiet:
        for source in report:
            click.echo(sentence(source))


def sentence(report: "SourceReport") -> str:
    """Write one line about a source."""
    if report.skipped:
        return printable(f"{report.name}: skipped: {report.skipped}")
    state = f"failed: {report.error}" if report.error else "done"
    return printable(
        f"{report.name}: {state}; documents {report.documents}, papers +{report.papers_added} "
        f"~{report.papers_changed} -{report.papers_removed}, requests {report.requests}"
    )
