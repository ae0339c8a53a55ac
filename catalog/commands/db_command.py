"""The commands `catalog db`: upgrade, check, back up and restore the database."""

import datetime as dt
import sys
from pathlib import Path

import click

from catalog.commands.arguments import waiting
from catalog.commands.output import write_path
from catalog.domain.exit_codes import ExitCode
from catalog.domain.formatting import plural
from catalog.domain.safe_text import printable


@click.group()
def db() -> None:
    """Create, upgrade, check, back up and restore the database."""


@db.command()
@click.option("--no-backup", is_flag=True, help="Do not back up the file first.")
@waiting
@click.pass_obj
def upgrade(url: str, no_backup: bool, wait: float) -> None:
    """Upgrade the database to the newest schema, creating it if needed.

    An existing file is backed up beside itself first.

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 75 another command holds the
    lock, 130 interrupted.
    """
    from catalog.database.locks import locked

    with locked(url, "db upgrade", wait=wait):
        _upgrade(url, no_backup=no_backup)


def _upgrade(url: str, *, no_backup: bool) -> None:
    """Upgrade the database under its lock."""
    from catalog.database.database_address import sqlite_file
    from catalog.database.engine import opened
    from catalog.database.schema_revision import (
        current_revision,
        head_revision,
        holds_tables,
        known_revisions,
        require_current,
    )
    from catalog.database.schema_upgrade import upgrade as run_migrations
    from catalog.maintenance.backup import back_up, backup_name

    file = sqlite_file(url)
    head = head_revision()
    found = None
    if file is None or file.exists():
        with opened(url, read_only=file is not None) as engine:
            found = current_revision(engine)
            is_foreign = file is not None and found is None and holds_tables(engine)
            if is_foreign or (found is not None and found not in known_revisions()):
                require_current(engine, doing="upgrade")
    if found == head:
        click.echo(f"The schema is up to date ({head}).")
        return
    if file is not None and file.exists() and found is not None and not no_backup:
        target = backup_name(file, dt.datetime.now(dt.UTC))
        back_up(file, target)
        click.echo(f"Backup: {printable(str(target))}", err=True)
    run_migrations(url)
    done = f"Upgraded from schema {found} to" if found else "Created with schema"
    click.echo(f"{done} {head}.")
    if found and (count := _outdated(url)):
        papers = plural(count, "paper was", "papers were")
        click.echo(f"{papers} computed by older rules; update them with: catalog reextract")


def _outdated(url: str) -> int:
    """Count the papers that `catalog reextract` would compute again from their records."""
    from catalog.database.engine import reading
    from catalog.domain.merge import RULES
    from catalog.reads.asking import value
    from catalog.reads.drivers import run
    from catalog.reads.status import OUTDATED

    with reading(url) as engine, engine.connect() as connection:
        return run(connection, value(OUTDATED, int, rules=RULES)) or 0


@db.command()
@click.pass_obj
def current(url: str) -> None:
    """Print the schema's revision, and the revision that this version needs.

    Exit codes: 0 they are the same, 1 they are not, 2 wrong usage, 130 interrupted.
    """
    from catalog.database.database_address import sqlite_file
    from catalog.database.engine import opened
    from catalog.database.schema_revision import current_revision, head_revision
    from catalog.domain.errors import CatalogError

    file = sqlite_file(url)
    if file is not None and not file.exists():
        raise CatalogError(
            f"cannot read {file}",
            why="there is no such file",
            hint='name the catalog with --db, or create it with "catalog db upgrade"',
        )
    with opened(url, read_only=True) as engine:
        found, head = current_revision(engine), head_revision()
    click.echo(f"{found or 'none'} (this version needs {head})")
    sys.exit(ExitCode.DONE if found == head else ExitCode.FAILED)


@db.command()
@click.pass_obj
def check(url: str) -> None:
    """Check the file, the search index, and the agreement of redundant data.

    Exit codes: 0 all is well, 1 it is not, 2 wrong usage, 130 interrupted.
    """
    from sqlalchemy.exc import DBAPIError

    from catalog.database.engine import opened, reading
    from catalog.maintenance.check import SEARCH, Finding, check_search
    from catalog.maintenance.check import check as run_checks

    with reading(url) as engine, engine.connect() as connection:
        findings = list(run_checks(connection))
        is_sqlite = engine.dialect.name == "sqlite"
    if is_sqlite:
        try:
            with opened(url) as engine, engine.connect() as connection:
                findings.append(check_search(connection))
                connection.rollback()
        except DBAPIError as error:
            findings.append(Finding(SEARCH, f"not checked: {error.orig}"))
    for finding in findings:
        click.echo(
            f"{'ok     ' if finding.trouble is None else 'FAILED '} {finding.check}"
            + (f": {printable(finding.trouble)}" if finding.trouble else "")
        )
    if any(finding.trouble for finding in findings):
        click.echo(
            '  hint: load incomplete documents again; otherwise restore a backup with "catalog db '
            'restore", or load the documents into a new catalog',
            err=True,
        )
        sys.exit(ExitCode.FAILED)


@db.command()
@click.argument("target", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(url: str, target: Path | None) -> None:
    """Back up the catalog to TARGET, even while a load runs; by default beside itself.

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 130 interrupted.
    """
    from catalog.maintenance.backup import back_up, backup_name

    file = _file(url, "back up")
    target = target or backup_name(file, dt.datetime.now(dt.UTC))
    back_up(file, target)
    write_path(target)


@db.command()
@click.argument("source", metavar="BACKUP", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--no-backup", is_flag=True, help="Do not back up the current content first.")
@click.pass_obj
def restore(url: str, source: Path, no_backup: bool) -> None:
    """Replace the catalog's content by a backup's; the current content is backed up first.

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 75 a command is writing,
    130 interrupted.
    """
    from catalog.database.database_address import sqlite_file
    from catalog.database.locks import locked
    from catalog.maintenance.backup import backup_name
    from catalog.maintenance.backup import restore as restore_backup

    file = sqlite_file(url)
    if file is None:
        _file(url, "restore")
        return
    kept = None
    if file.exists() and not no_backup:
        kept = backup_name(file, dt.datetime.now(dt.UTC))
    with locked(url, "db restore", wait=0):
        kept = restore_backup(source, file, kept)
    before = f" The previous content is in {kept}." if kept else ""
    click.echo(printable(f"Restored {file} from {source}.{before}"))


def _file(url: str, doing: str) -> Path:
    """Return the SQLite file of an existing catalog."""
    from catalog.database.database_address import sqlite_file
    from catalog.domain.errors import CatalogError

    file = sqlite_file(url)
    if file is None:
        raise CatalogError(
            f"cannot {doing} {url.split('@')[-1]}",
            why="this command works on SQLite files only",
            hint="use the server's own tools, e.g. pg_dump and pg_restore",
        )
    if not file.exists():
        raise CatalogError(
            f"cannot {doing} {file}",
            why="there is no such file",
            hint="name the catalog with --db",
        )
    return file
