"""Rows on standard output: a table for people, CSV or JSON for programs."""

import csv
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import click

from catalog.text import one_line

Function = TypeVar("Function", bound=Callable[..., Any])
WIDEST = 200
"""Characters of a cell that a table shows; a terminal cuts by its own width."""


def as_options(function: Function) -> Function:
    """Add --csv and --json; the function gets `form`: "table", "csv" or "json"."""
    function = click.option(
        "--json", "form", flag_value="json", help="Print JSON, one array of objects."
    )(function)
    return click.option(
        "--csv", "form", flag_value="csv", help="Print CSV with a header line (RFC 4180)."
    )(function)


def write_rows(form: str | None, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows in the form asked for; how many there were."""
    if form == "csv":
        return _write_csv(columns, rows)
    if form == "json":
        return _write_json(columns, rows)
    return _write_table(columns, rows)


def _write_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow(row)
        count += 1
    return count


def _write_json(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    click.echo("[", nl=False)
    for count, row in enumerate(rows, start=1):
        start = "\n" if count == 1 else ",\n"
        record = dict(zip(columns, row, strict=True))
        click.echo(start + json.dumps(record, ensure_ascii=False, default=_plain), nl=False)
    click.echo("\n]" if count else "]")
    return count


def _plain(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def _write_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    held = [[_cell(value) for value in row] for row in rows]
    terminal = sys.stdout.isatty()
    console = Console(width=None if terminal else 20 + sum(_widths(columns, held)), highlight=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for index, column in enumerate(columns):
        numbers = bool(held) and all(row[index][1] for row in held)
        table.add_column(
            column, justify="right" if numbers else "left", overflow="ellipsis", no_wrap=True
        )
    for row in held:
        table.add_row(*(Text(text) for text, _ in row))
    console.print(table)
    return len(held)


def _cell(value: Any) -> tuple[str, bool]:
    """A value as text on one line, and whether it is a number or nothing."""
    if value is None:
        return "", True
    if isinstance(value, float):
        return f"{value:g}" if abs(value) < 1e6 else f"{value:,.0f}", True
    return one_line(str(value), WIDEST), isinstance(value, int)


def _widths(columns: Sequence[str], rows: list[list[tuple[str, bool]]]) -> list[int]:
    """Room for each column where no terminal sets the width."""
    return [
        3 + max([len(column), *(len(row[i][0]) for row in rows)])
        for i, column in enumerate(columns)
    ]
