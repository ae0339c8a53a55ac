"""The commands `catalog mark` and `catalog marks`: star, read, tags and note."""

import datetime as dt
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

from catalog.commands.arguments import waiting
from catalog.commands.output import as_options, write_rows
from catalog.domain.formatting import plural
from catalog.domain.safe_text import json_safe, one_line, printable

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from catalog.marks.edit import MarkTarget
    from catalog.marks.exchange import Listed

Function = TypeVar("Function", bound=Callable[..., Any])
COLUMNS = ("key", "title", "starred", "read", "tags", "note")


def _tags(_context: click.Context, _option: click.Parameter, typed: tuple[str, ...]) -> list[str]:
    from catalog.domain.tags import tag_of

    try:
        return [tag_of(tag) for tag in typed]
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _note(_context: click.Context, _option: click.Parameter, typed: str | None) -> str | None:
    from catalog.marks.edit import note_of

    if typed is None:
        return None
    try:
        return note_of(sys.stdin.read() if typed == "-" else typed)
    except (UnicodeDecodeError, ValueError) as error:
        why = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        raise click.BadParameter(f"{why}; to delete a note, use --no-note") from error


def _flags(function: Function) -> Function:
    """Add the options that both commands share for selecting marks."""
    read = click.option("--read/--unread", default=None, help="Read, or unread.")
    star = click.option("--star/--no-star", default=None, help="With a star, or without.")
    return star(read(function))


@click.command()
@click.argument("papers", nargs=-1, metavar="PAPER...")
@_flags
@click.option("--tag", "tags", multiple=True, callback=_tags, help="Add a tag; may be repeated.")
@click.option(
    "--untag", "untags", multiple=True, callback=_tags, help="Remove a tag; may be repeated."
)
@click.option("--note", callback=_note, help="Replace the note; - reads it from standard input.")
@click.option("--no-note", is_flag=True, help="Delete the note.")
@click.option("--list", "list_", is_flag=True, help="List marked papers, as `catalog marks` does.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one array of objects.")
@waiting
@click.pass_context
def mark(
    context: click.Context,
    papers: tuple[str, ...],
    star: bool | None,
    read: bool | None,
    tags: list[str],
    untags: list[str],
    note: str | None,
    no_note: bool,
    list_: bool,
    as_json: bool,
    wait: float,
) -> None:
    """Mark papers with a star, as read, with tags and a note; without options show marks.

    PAPER is its key, an identifier in any form, or words of its title. Your marks stay when
    documents are loaded again or forgotten, and when papers are merged or split. The opposite
    option undoes a mark. Find marked papers with `catalog search star:yes read:no
    tag:to-reproduce`, or on the site.

    \b
    Examples:
      catalog mark 2503.12345 --star --tag to-reproduce
      catalog mark 2503.12345 2503.54321 --read
      catalog mark 2503.12345 --note "Table 2 is what we need."

    Exit codes: 0 done, 1 no paper was found, or several, and nothing changed, 2 wrong usage,
    75 another command holds the lock, 130 interrupted.
    """
    if list_:
        if papers or untags or note or no_note:
            raise click.UsageError("with --list, give only --star, --read, --tag and --json")
        form = "json" if as_json else None
        context.invoke(marks, star=star, read=read, tags=tags, form=form, file=None, wait=wait)
        return
    if not papers or not all(name.strip() for name in papers):
        raise click.UsageError("name a paper, or list marked ones with: catalog marks")
    if note and no_note:
        raise click.UsageError("give --note or --no-note, not both")
    if both := set(tags) & set(untags):
        raise click.UsageError(f"give --tag or --untag for {sorted(both)[0]}, not both")
    from catalog.marks.edit import Change

    wanted = Change(
        star=star,
        read=read,
        tags=tuple(tags),
        untags=tuple(untags),
        note="" if no_note else note,
    )
    _write(as_json, _changed(context.obj, papers, wanted, wait))


def _changed(url: str, names: Sequence[str], wanted: Any, wait: float) -> "list[Listed]":
    """Change the marks of papers if anything is wanted; return what is on them then."""
    from catalog.database.engine import reading
    from catalog.marks.edit import change

    if not wanted:
        with reading(url) as engine, engine.connect() as connection:
            return _shown(connection, [_find(connection, name) for name in names])
    with _writing(url, wait) as connection:
        for name in names:
            change(connection, _find(connection, name), wanted, _now())
        return _shown(connection, [_find(connection, name) for name in names])


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@contextmanager
def _writing(url: str, wait: float) -> "Iterator[Connection]":
    """Open a transaction under the catalog's lock; say so if it has to wait for it."""
    from sqlalchemy.exc import DBAPIError

    from catalog.database.database_failure import cannot_open
    from catalog.database.engine import opened, reading
    from catalog.database.locks import locked
    from catalog.database.schema_revision import require_current
    from catalog.domain.errors import LockedError

    with reading(url):
        pass  # it is there, and of our revision
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(url, "mark", wait=0))
        except LockedError as error:
            if not wait:
                raise
            click.echo(f"Waiting up to {wait:g} seconds: {printable(error.why)}.", err=True)
            stack.enter_context(locked(url, "mark", wait=wait))
        engine = stack.enter_context(opened(url, busy_timeout=int(wait * 1000)))
        require_current(engine, doing="write to")
        try:
            with engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise cannot_open(engine.url, error) from error


def _find(connection: "Connection", name: str) -> "MarkTarget":
    """Find a paper with its marks, even if it is not in the catalog."""
    from catalog.domain.errors import CatalogError
    from catalog.marks.edit import target_of, waiting_target
    from catalog.reads.drivers import run
    from catalog.reads.finding import find_paper

    try:
        return target_of(connection, run(connection, find_paper(name)).id)
    except CatalogError:
        found = waiting_target(connection, name)
        if found is None:
            raise
        return found


def _shown(connection: "Connection", targets: "Sequence[MarkTarget]") -> "list[Listed]":
    """Return what is on these papers, each once, in order, even if that is nothing."""
    from catalog.marks.exchange import listed_at

    return [listed_at(connection, target) for target in dict.fromkeys(targets)]


def _write(as_json: bool, found: "Sequence[Listed]") -> None:
    from catalog.reads.marks import Mark, sentence

    if as_json:
        _write_json(found)
        return
    for one in found:
        key = one.key or (one.names[0] if one.names else "")
        click.echo(f"{printable(key)}  {one_line(one.title, 160)}")
        where = "" if one.key else " (not in the catalog)"
        mark = Mark(starred=one.starred, read=one.read, tags=one.tags, note=one.note)
        click.echo(f"  {printable(sentence(mark))}{where}")
        for line in (one.note or "").splitlines():
            click.echo(f"  | {printable(line)}" if line else "  |")


def _write_json(found: "Sequence[Listed]") -> None:
    import msgspec

    lines = [json_safe(msgspec.json.encode(one).decode()) for one in found]
    click.echo("[\n" + ",\n".join(lines) + "\n]" if lines else "[]")


@click.command()
@_flags
@click.option(
    "--tag", "tags", multiple=True, callback=_tags, help="Only with this tag; may be repeated."
)
@click.option("--import", "file", type=click.File("rb"),
              help="Import marks that a catalog wrote with --json; - reads stdin.")  # fmt: skip
@as_options
@waiting
@click.pass_obj
def marks(
    url: str,
    star: bool | None,
    read: bool | None,
    tags: list[str],
    file: IO[bytes] | None,
    form: str | None,
    wait: float,
) -> None:
    """List the papers that you marked, the last changed first.

    \b
    Examples:
      catalog marks --star --unread                    the reading list
      catalog marks --json > marks.json                to keep, or to carry to another catalog
      catalog --db other.db marks --import marks.json

    Imported marks are merged with existing ones; marks of papers that are not in the catalog are
    kept until the papers are loaded.

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 75 another command holds the
    lock, 130 interrupted.
    """
    from catalog.database.engine import reading
    from catalog.marks.exchange import listed

    if file is not None:
        if form or tags or star is not None or read is not None:
            raise click.UsageError("with --import, give no other option than --wait")
        _take_in(url, file, wait)
        return
    with reading(url) as engine, engine.connect() as connection:
        found = [
            one
            for one in listed(connection)
            if star in {None, one.starred}
            and read in {None, one.read}
            and set(tags) <= set(one.tags)
        ]
    if not found:
        click.echo("No paper has such marks. To mark one: catalog mark PAPER --star", err=True)
    if form == "json":
        _write_json(found)
    elif found or form:
        write_rows(form, COLUMNS, [_row(one, form) for one in found])


def _row(one: "Listed", form: str | None) -> tuple[Any, ...]:
    """Make a row of the list; "no" is empty in the table for people."""
    key = one.key or f"{one.names[0]} (not in the catalog)"
    flags = (one.starred, one.read)
    said = flags if form else tuple("yes" if flag else "" for flag in flags)
    return (key, one.title, *said, " ".join(one.tags), one.note)


def _take_in(url: str, file: IO[bytes], wait: float) -> None:
    from catalog.marks.exchange import read_marks, take_in

    found = read_marks(file.read())
    with _writing(url, wait) as connection:
        count, waits = take_in(connection, found, _now())
    kept = f"; {plural(waits, 'paper')} not in the catalog yet" if waits else ""
    click.echo(f"Imported the marks of {plural(count, 'paper')}{kept}.")
