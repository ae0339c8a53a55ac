"""The command `catalog export`, which writes the catalog to files of other programs."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from catalog.commands.arguments import did_you_mean, searchable
from catalog.domain.formatting import plural
from catalog.domain.safe_text import one_line, printable
from catalog.plugins import ExportFormat, exports

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from catalog.exports.export import Exported
    from catalog.reads.chosen_papers import Chosen


class FormatName(click.ParamType[ExportFormat]):
    """The name of an export format, of ours or of a plugin."""

    name = "format"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> ExportFormat:
        """Return the format."""
        if isinstance(value, ExportFormat):
            return value
        known = exports()
        if value not in known:
            near = did_you_mean(str(value), known)
            self.fail(f"{value!r} is none of {', '.join(known)}.{near}", param, ctx)
        return known[str(value)]

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Complete the name in a shell."""
        return [
            CompletionItem(name, help=form.title)
            for name, form in exports().items()
            if name.startswith(incomplete)
        ]


@click.command()
@click.argument("form", metavar="FORMAT", type=FormatName(), required=False)
@click.argument("target", metavar="[FILE|FOLDER]", type=click.Path(path_type=Path), required=False)
@click.option("--where", default="", help="Only papers that this search finds.")
@click.option(
    "--table", "-t", "tables", multiple=True, metavar="NAME",
    help="Only this table or view; may be repeated. For csv, jsonl and parquet.",
)  # fmt: skip
@click.pass_obj
def export(
    url: str, form: ExportFormat | None, target: Path | None, where: str, tables: tuple[str, ...]
) -> None:
    """Write the catalog to a FILE or FOLDER in a FORMAT; without FORMAT, list the formats.

    csv, jsonl and parquet write a folder with a file for each table and view, and datapackage.json,
    which describes them; with one --table they write a file. The others write a file of papers.
    Without FILE, or with -, it goes to standard output; a FILE.gz is compressed. The same catalog
    gives the same bytes. What is written is whole, or not there at all.

    \b
    Examples:
      catalog export csv tables/
      catalog export parquet results.parquet --table v_results
      catalog export bibtex refs.bib --where 'diffusion code:yes year:2025'
      catalog export catalog-jsonl papers.jsonl.gz

    Exit codes: 0 done, 1 failed and nothing was written, 2 wrong usage, 130 interrupted.
    """
    if form is None:
        _list_formats()
        return
    target = None if target is None or str(target) == "-" else target
    where = searchable(where) if where else ""
    _check(form, target, tables)
    from catalog.database.engine import reading, snapshot

    with reading(url) as engine, snapshot(engine) as connection:
        told = _written(connection, form, target, where, tables)
    _tell(told, form, target)


def _list_formats() -> None:
    known = exports()
    width = max(map(len, known))
    for name, form in known.items():
        click.echo(f"{name:<{width}}  {form.title}")


def _check(form: ExportFormat, target: Path | None, tables: tuple[str, ...]) -> None:
    """Refuse options that do not go together.

    Raises:
        click.UsageError: it cannot.

    """
    if form.writes == "papers" and tables:
        raise click.UsageError(f"{form.name} writes papers: --table is for csv, jsonl and parquet")
    if form.writes == "papers" and target and target.is_dir():
        raise click.UsageError(f"{target} is a folder: name a file, such as papers{form.ending}")
    if form.writes == "tables" and not _is_file(form, target, tables):
        if target is None:
            raise click.UsageError("name a folder to write to, or one --table")
        if target.suffix in {form.ending, ".gz"}:
            raise click.UsageError(
                f"{target} is a file: name one --table for it, or a folder for all tables"
            )
    if target is None and form.ending == ".parquet" and sys.stdout.isatty():
        raise click.UsageError("parquet is not for terminals: name a file")


def _is_file(form: ExportFormat, target: Path | None, tables: tuple[str, ...]) -> bool:
    """Tell whether one table goes to a file or to standard output."""
    if len(tables) != 1 or (target and target.is_dir()):
        return False
    return target is None or target.suffix in {form.ending, ".gz"} or target.exists()


def _written(
    connection: "Connection",
    form: ExportFormat,
    target: Path | None,
    where: str,
    tables: tuple[str, ...],
) -> "Exported":
    from catalog.exports.contract import Papers
    from catalog.exports.export import export_folder, export_papers, export_table, opened_target

    chosen = _chosen(connection, where) if where or form.writes == "papers" else None
    papers = chosen.papers if chosen else None
    if form.writes == "tables" and target and not _is_file(form, target, tables):
        return export_folder(connection, form, tables, target, papers, where=where)
    with opened_target(target, sys.stdout.buffer) as stream:
        if form.writes == "tables":
            return export_table(connection, form, tables[0], stream, papers)
        return export_papers(form, Papers(connection, papers or (), bool(where)), stream)


def _chosen(connection: "Connection", where: str) -> "Chosen":
    """Choose the papers, and name parts of the search that were not understood as typed."""
    from catalog.reads.chosen_papers import chosen_papers
    from catalog.reads.drivers import run

    chosen = run(connection, chosen_papers(where))
    for remark in chosen.remarks:
        click.echo(one_line(remark, 1000), err=True)
    return chosen


def _tell(told: "Exported", form: ExportFormat, target: Path | None) -> None:
    """Say on standard error what was written, and what was left out."""
    for remark in told.remarks:
        click.echo(remark, err=True)
    if target is None:
        return
    where = printable(str(target))
    if len(told.counts) == 1:
        ((name, count),) = told.counts.items()
        noun = "row" if form.writes == "tables" else name.removesuffix("s")
        click.echo(f"Wrote {plural(count, noun)} to {where}.", err=True)
        return
    rows = sum(told.counts.values())
    click.echo(
        f"Wrote {plural(len(told.counts), 'table')} with {plural(rows, 'row')} to {where}.",
        err=True,
    )
    if told.left_out:
        names = ", ".join(told.left_out)
        click.echo(f"Left out your own tables: {names}. Name them with --table.", err=True)
