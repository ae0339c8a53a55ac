"""The command `catalog leaderboard`, which lists leaderboards or ranks one."""

import shlex
from typing import TYPE_CHECKING, Any

import click

from catalog.commands.output import as_options, write_rows
from catalog.domain.formatting import amount, number, plural
from catalog.domain.safe_text import printable
from catalog.publish.json_text import json_text

if TYPE_CHECKING:
    import datetime as dt

    from catalog.reads.board_context import Changes
    from catalog.reads.boards import Board, Entry
    from catalog.reads.moved import Movement

BOARDS = ("dataset", "metric", "papers", "results")
RANKING = (
    *("rank", "value", "unit", "title", "model", "note", "parameters", "code", "first_seen_on"),
    "key",
)
MOVED = ("dataset", "metric", "before", "best", "unit", "title", "model", "day", "key")
CHANGED = ("change", "rank", "value", "unit", "title", "model", "day", "key")
LESSER = ("code", "first_seen_on", "parameters", "model")
"""Columns that a narrow terminal leaves out, after those that are empty."""


@click.command()
@click.argument("dataset", default="")
@click.argument("metric", default="")
@click.option("--with-code", is_flag=True, help="Only papers that have code.")
@click.option("--year", type=click.IntRange(1900, 9999), help="Only papers of this year.")
@click.option(
    "--max-parameters",
    type=click.FloatRange(0, min_open=True),
    metavar="MILLIONS",
    help="Only models of at most this many million parameters; unknown sizes are left out.",
)
@click.option(
    "--confidence",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Only numbers of at least this confidence, in per cent.",
)
@click.option(
    "--origin",
    type=click.Choice(["abstract", "papers-with-code", "curator"]),
    help="Only numbers of this origin.",
)
@click.option("--unit", default="", help="Rank in this unit instead of the most frequent one.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Show what changed since a day: boards with a new best value, of all or of DATASET; with "
    "a METRIC the first ten ranks.",
)
@click.option("--limit", type=click.IntRange(1, 200), default=50, show_default=True,
              help="Maximum number of rows.")  # fmt: skip
@as_options
@click.pass_obj
def leaderboard(
    url: str,
    dataset: str,
    metric: str,
    with_code: bool,
    year: int | None,
    max_parameters: float | None,
    confidence: float | None,
    origin: str | None,
    unit: str,
    since: "dt.datetime | None",
    limit: int,
    form: str | None,
) -> None:
    """Rank papers on a DATASET by a METRIC; without these, list the leaderboards.

    The name of a task instead of a DATASET lists the leaderboards of the task.

    Names, aliases and slugs are accepted in any case. Only absolute values of a paper's own method
    are ranked, in one unit; differences and factors are listed separately in the JSON.

    \b
    Examples:
      catalog leaderboard
      catalog leaderboard COCO
      catalog leaderboard "image classification"
      catalog leaderboard ImageNet "top-1 accuracy" --max-parameters 100 --with-code
      catalog leaderboard --since 2025-05-01
      catalog leaderboard COCO --since 2025-05-01

    Exit codes: 0 done, 1 there is no such leaderboard, 2 wrong usage, 130 interrupted.
    """
    from catalog.database.engine import reading
    from catalog.reads.board_context import changes
    from catalog.reads.boards import Filters
    from catalog.reads.did_you_mean import nearest_known
    from catalog.reads.drivers import run
    from catalog.reads.moved import moved_since
    from catalog.reads.named_boards import board_named, boards_instead
    from catalog.reads.tasks import listed_boards

    filters = Filters(
        origin=origin or "",
        confidence=None if confidence is None else confidence / 100,
        code=with_code,
        year=year,
        max_parameters=max_parameters,
        unit=unit,
    )
    with reading(url) as engine, engine.connect() as connection:
        if not metric:
            found = run(connection, listed_boards(dataset))
            if since and (found or not dataset):
                _write_moved(form, run(connection, moved_since(since.date(), limit, dataset)))
                return
            rows = [(one.dataset, one.metric, one.papers, one.results) for one in found[:limit]]
            near = [] if rows else run(connection, nearest_known("dataset", dataset))
            _write_boards(form, rows, dataset, near)
            return
        board = run(connection, board_named(dataset, metric, filters))
        instead = run(connection, boards_instead(board))
    if since:
        _write_changes(form, changes(board, since.date()), board.unit)
        return
    if form == "json":
        click.echo(json_text(board), nl=False)
        return
    if form is None:
        click.echo(_heading(board), err=True)
    for other in instead:
        names = shlex.join(map(printable, (other.dataset, other.metric)))
        click.echo(f"Did you mean: catalog leaderboard {names}", err=True)
    if form is None and not board.ranking:
        return
    rows = [_row(one, form, board.unit) for one in board.ranking[:limit]]
    write_rows(form, RANKING, rows, lesser=(*_empty(rows), *LESSER) if rows else LESSER)


def _write_moved(form: str | None, found: "Movement") -> None:
    """Write the boards with a new best value, old and new."""
    if form == "json":
        click.echo(json_text(found), nl=False)
        return
    if not found.boards:
        click.echo(f"No leaderboard has a new best value since {found.since}.", err=True)
    rows = [
        (one.dataset, one.metric, _told(one.before.value, form), _told(one.best.value, form),
         one.unit, one.best.label, one.best.model, one.best.day, one.best.key)
        for one in found.boards
    ]  # fmt: skip
    if rows or form:
        write_rows(form, MOVED, rows, lesser=("key", "model", "day"))


def _write_changes(form: str | None, found: "Changes", unit: str) -> None:
    """Write the results that entered and left the first ranks of a board in this unit."""
    if form == "json":
        click.echo(json_text(found), nl=False)
        return
    told = [("entered", one) for one in found.entered] + [("left", one) for one in found.left]
    if not told:
        click.echo(f"The first {found.top} ranks are as they were on {found.since}.", err=True)
    rows = [
        (change, one.rank, _told(one.compared, form), unit or None, one.label, one.model, one.day,
         one.key)
        for change, one in told
    ]  # fmt: skip
    if rows or form:
        write_rows(form, CHANGED, rows, lesser=("key", "model", "day"))


def _told(value: float | None, form: str | None) -> float | str | None:
    """Write a value briefly in the table for people."""
    return value if form else number(value)


def _empty(rows: list[tuple[Any, ...]]) -> list[str]:
    """List the columns in which no row says anything."""
    return [name for at, name in enumerate(RANKING) if all(row[at] in {None, ""} for row in rows)]


def _write_boards(
    form: str | None, rows: list[tuple[Any, ...]], dataset: str, near: list[str]
) -> None:
    if not rows:
        about = f" of {printable(dataset)}" if dataset else ""
        click.echo(f"There is no leaderboard{about}: no result names both a dataset and a metric.",
                   err=True)  # fmt: skip
    for name in near:
        click.echo(f"Did you mean: catalog leaderboard {shlex.quote(printable(name))}", err=True)
    if rows or form:
        write_rows(form, BOARDS, rows)


def _heading(board: "Board") -> str:
    """Write what is ranked, whether higher or lower is better, and how much there is."""
    directions = {
        True: "higher is better",
        False: "lower is better",
        None: "unknown whether higher is better, highest first",
    }
    direction = directions[board.metric.higher_is_better]
    unit = f", in {board.unit}" if board.unit else ""
    beside = (
        f"; {plural(len(board.relative), 'relative claim')} not ranked" if board.relative else ""
    )
    count = plural(board.in_all, "number")
    thin = "; fewer than three papers: claims, not a ranking" if board.is_thin else ""
    hidden = (
        f"; {board.hidden:,} hidden as not sure or bounds (--confidence 0)" if board.hidden else ""
    )
    about = f"{board.dataset.name}, {board.metric.name}: {direction}{unit}"
    return printable(f"{about}; {count}{beside}{thin}{hidden}")


def _row(one: "Entry", form: str | None, unit: str) -> tuple[Any, ...]:
    """Make a row of a result on a board in this unit; numbers are short in the table for people."""
    value = one.compared if form else amount(one)
    size = one.parameters if form else number(one.parameters) if one.parameters else None
    note = "metric inferred" if one.metric_inferred else None
    told = (one.rank, value, (unit or None) if form else None, one.label, one.model, note, size)
    return (*told, one.repository, one.day, one.key)
