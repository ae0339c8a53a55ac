"""Write rows to standard output: a table for people, CSV or JSON for programs."""

import csv
import io
import json
import math
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any, TypeVar

import click

from catalog.domain.safe_text import json_safe, one_line, printable, spreadsheet_safe

Function = TypeVar("Function", bound=Callable[..., Any])
GAP = 3
"""Between two columns of a table."""
NARROWEST = 8
"""Room below which no column is cut; a table of many columns is cut as a whole."""
TITLE = "title"
"""The column that goes on in another line, rather than being cut."""
READABLE = 45
"""Room in which titles can be read."""
WIDEST = 200
"""Characters of a cell that a table shows; a terminal cuts by its own width."""


def as_options(function: Function) -> Function:
    """Add --csv and --json; the function receives `form`: "table", "csv" or "json"."""
    function = click.option(
        "--json", "form", flag_value="json", help="Print JSON, one array of objects."
    )(function)
    return click.option(
        "--csv",
        "form",
        flag_value="csv",
        help="Print CSV with a header line (RFC 4180); an apostrophe is put before text that a "
        "spreadsheet would run as a formula.",
    )(function)


def on_terminal(text: str) -> str:
    """Make the text safe where standard output is a terminal; a pipe gets it as it is."""
    return printable(text) if sys.stdout.isatty() else text


def write_path(path: Path) -> None:
    """Print the path of a file that a command has written; a pipe gets it byte by byte."""
    if sys.stdout.isatty():
        click.echo(printable(str(path)))
    else:
        click.echo(os.fsencode(path))  # of a text click would strip escape sequences


def write_rows(
    form: str | None,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    lesser: Sequence[str] = (),
) -> int:
    """Write rows in a form; return how many there were.

    A terminal that is too narrow for titles leaves out `lesser` columns, the first one first.
    """
    if form == "csv":
        return _write_csv(columns, rows)
    if form == "json":
        return _write_json(columns, rows)
    with paged():
        return _write_table(columns, rows, lesser)


@contextmanager
def paged() -> Iterator[None]:
    """Show what is printed in a pager, where a terminal is too low for it.

    PAGER names another one than `less`; PAGER=cat prints all at once.
    """
    terminal = sys.stdout
    if not terminal.isatty():
        yield
        return
    shown = _Shown()
    try:
        with redirect_stdout(shown):
            yield
    finally:
        text = shown.getvalue()
        if text.count("\n") < shutil.get_terminal_size().lines:
            terminal.write(text)
        else:
            os.environ.setdefault("LESS", "FRX")  # leave where all fits, keep colours and text
            click.echo_via_pager(text)


class _Shown(io.StringIO):
    """Text that is shown on a terminal in the end."""

    def isatty(self) -> bool:
        """Return true, so that colours stay."""
        return True


def _write_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([on_terminal(spreadsheet_safe(column)) for column in columns])
    count = 0
    for row in rows:
        writer.writerow([_csv_value(value) for value in row])
        count += 1
    return count


def _csv_value(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return on_terminal(spreadsheet_safe(value)) if isinstance(value, str) else value


def _write_json(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    click.echo("[", nl=False)
    for count, row in enumerate(rows, start=1):
        start = "\n" if count == 1 else ",\n"
        record = {name: _json_value(value) for name, value in zip(columns, row, strict=True)}
        line = json.dumps(record, ensure_ascii=False, allow_nan=False, default=_plain)
        click.echo(start + json_safe(line), nl=False)
    click.echo("\n]" if count else "]")
    return count


def _json_value(value: Any) -> Any:
    """Convert a value to JSON; infinite numbers become null."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _plain(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def _write_table(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], lesser: Sequence[str]
) -> int:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    held = [[_cell(value) for value in row] for row in rows]
    terminal = sys.stdout.isatty()
    widths = _widths(columns, held)
    console = Console(
        width=shutil.get_terminal_size().columns if terminal else 20 + sum(widths),
        highlight=False,
        force_terminal=terminal,
    )
    if terminal:
        kept = _kept(columns, widths, console.width, lesser)
        columns = [columns[index] for index in kept]
        held = [[row[index] for index in kept] for row in held]
        widths = fitting(columns, [widths[index] for index in kept], console.width)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for index, column in enumerate(columns):
        numbers = bool(held) and all(row[index][1] for row in held)
        table.add_column(
            Text(one_line(column, WIDEST)),
            justify="right" if numbers else "left",
            overflow="fold" if column == TITLE else "ellipsis",
            no_wrap=column != TITLE,
            max_width=widths[index] - GAP,
        )
    for row in held:
        table.add_row(*(Text(text) for text, _ in row))
    console.print(table)
    return len(held)


def _cell(value: Any) -> tuple[str, bool]:
    """Format a value on one line, and tell whether to align it as a number."""
    if value is None:
        return "", True
    if isinstance(value, float):
        return f"{value:g}" if abs(value) < 1e6 else f"{value:,.0f}", True
    if isinstance(value, bytes):
        return one_line(value[:WIDEST].hex(), WIDEST), False
    return one_line(str(value), WIDEST), isinstance(value, int)


def _widths(columns: Sequence[str], rows: list[list[tuple[str, bool]]]) -> list[int]:
    """Compute the width of each column and of the gap after it."""
    from rich.cells import cell_len

    return [
        GAP + max([len(column), *(cell_len(row[i][0]) for row in rows)])
        for i, column in enumerate(columns)
    ]


def _kept(
    columns: Sequence[str], widths: Sequence[int], room: int, lesser: Sequence[str]
) -> list[int]:
    """Choose the columns to show: lesser ones go while a title has too little room.

    >>> _kept(["key", "title", "stars"], [15, 60, 10], 60, ["stars"])
    [0, 1]
    """
    kept = list(range(len(columns)))
    for name in lesser:
        fit = fitting([columns[i] for i in kept], [widths[i] for i in kept], room)
        titles = [fit[at] < min(READABLE, widths[i]) for at, i in enumerate(kept)
                  if columns[i] == TITLE]  # fmt: skip
        if not any(titles):
            break
        kept = [i for i in kept if columns[i] != name]
    return kept


def fitting(columns: Sequence[str], widths: Sequence[int], room: int) -> list[int]:
    """Fit the columns into the width, cutting titles before days, and keys never.

    >>> fitting(["key", "day", "title"], [15, 13, 60], 60)
    [15, 13, 32]
    >>> fitting(["key", "title"], [15, 15], 20)
    [15, 8]
    """
    fit = list(widths)
    cut = [i for i, column in enumerate(columns) if not column.endswith("key")]
    while sum(fit) > room and cut:
        widest = max(cut, key=fit.__getitem__)
        if fit[widest] <= NARROWEST:
            break
        fit[widest] -= 1
    return fit
