"""The command `catalog extract`, which shows what is extracted from abstracts."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click
from click.core import ParameterSource

from catalog.domain.errors import CatalogError
from catalog.domain.exit_codes import ExitCode
from catalog.domain.formatting import plural
from catalog.domain.safe_text import json_safe, printable
from etl.commands.reader_option import offline_option, reader_options

if TYPE_CHECKING:
    from catalog.domain.records import Extraction
    from etl.extract.reader import ChosenReader

Job = tuple[str | None, str, str | None]
"""Identifier, abstract, title."""


@click.command()
@click.argument(
    "file", default="-", type=click.Path(dir_okay=False, allow_dash=True), metavar="[FILE|-]"
)
@click.option("--jsonl", is_flag=True, help="Read and write one JSON object per line.")
@click.option("--title", help="Title of the paper, which may name its dataset or method.")
@click.option(
    "--explain", is_flag=True, help="Explain for every number which rule decided, and what lost."
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    help="Processes that extract; 1 answers line by line.  [default: one per core]",
)
@reader_options(estimates=True)
@offline_option
@click.pass_obj
def extract(
    url: str,
    file: str,
    *,
    jsonl: bool,
    title: str | None,
    explain: bool,
    jobs: int | None,
    reader: "ChosenReader | None",
) -> None:
    """Show the results and links that would be extracted from an abstract.

    FILE contains one abstract as plain text; "-", the default, is standard input. With --jsonl each
    line is an object with "abstract" and, if known, "id" and "title"; each line of the output has
    "id", "metrics" and "links". A line that cannot be read is reported on standard error,
    and the other lines are read.

    Exit codes: 0 done, 1 nothing could be read, 2 wrong usage, 3 done except for the lines
    reported, 130 interrupted.
    """
    if jsonl and explain:
        raise click.UsageError("--explain takes a single abstract, without --jsonl")
    context = click.get_current_context()
    if reader and explain and reader.reader.explain is None:
        if context.get_parameter_source("reader") is not ParameterSource.DEFAULT:
            raise click.UsageError(f"{reader.name} cannot explain: leave out --reader")
        reader = None
    if reader and reader.inquiry:
        from etl.ingest.readings import answers_of

        reader = reader.keeping(context.with_resource(answers_of(url)))
    if reader and reader.asking.only_estimate:
        _estimate(file, reader, jsonl=jsonl)
        return
    if jsonl:
        sys.exit(_extract_lines(file, jobs, reader))
    text = _read(file)
    if not text.strip():
        why, hint = f"{_shown(file)} is empty", "give a file, or pipe a text in"
        raise CatalogError("cannot extract", why=why, hint=hint)
    _show(text.strip("\n"), title, reader, explain=explain)


def _estimate(file: str, reader: "ChosenReader", *, jsonl: bool) -> None:
    """Print what would be asked about these abstracts."""
    from etl.commands.asked_report import tell_estimate

    if not jsonl:
        reader.ask([(_read(file).strip("\n"), None)])
    else:
        with _opened(file) as lines:
            for job in _jobs(lines, lambda problem: click.echo(problem, err=True)):
                reader.ask([_text(job)])
    tell_estimate(reader, as_json=False)


def _shown(file: str) -> str:
    return "standard input" if file == "-" else repr(file)


def _unreadable(file: str, error: OSError) -> CatalogError:
    why = error.strerror or str(error)
    return CatalogError(f"cannot read {_shown(file)}", why=why, hint="check the path")


def _read(file: str) -> str:
    """Read the whole text.

    Raises:
        CatalogError: the file cannot be read, or is no text.

    """
    if file == "-" and sys.stdin.isatty():
        click.echo("Type or paste an abstract, then press Ctrl-D.", err=True)
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise _unreadable(file, error) from error
    if b"\0" in raw:
        raise CatalogError(
            f"cannot read {_shown(file)}",
            why="it is not text in UTF-8",
            hint="give an abstract as plain text",
        )
    return raw.decode("utf-8", "replace")


def _extract_lines(file: str, jobs: int | None, reader: "ChosenReader | None") -> ExitCode:
    """Extract from every line and write to standard output; return the exit code."""
    from etl.ingest.pool import extractor

    done = refused = 0

    def refuse(problem: str) -> None:
        nonlocal refused
        refused += 1
        click.echo(f"{_shown(file)}, {printable(problem)}", err=True)

    with _opened(file) as lines, extractor(jobs, reader=reader) as read:
        for (paper_id, _, _), extraction in read.stream(_jobs(lines, refuse), _text):
            if extraction.failure:
                refuse(f"{paper_id or 'an abstract'}: {extraction.failure}")
            else:
                _write(paper_id, extraction)
                done += 1
    if not refused:
        return ExitCode.DONE
    click.echo(f"{plural(refused, 'line')} could not be read, {done} could.", err=True)
    return ExitCode.DONE_WITH_PROBLEMS if done else ExitCode.FAILED


def _opened(file: str) -> AbstractContextManager[IO[bytes]]:
    try:
        return nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb")
    except OSError as error:
        raise _unreadable(file, error) from error


def _text(job: Job) -> tuple[str, str | None]:
    _, abstract, title = job
    return abstract, title


def _write(paper_id: str | None, extraction: "Extraction") -> None:
    from etl.extract.json_output import as_object

    click.echo(json_safe(json.dumps(as_object(paper_id, extraction), ensure_ascii=False)))


def _jobs(lines: Iterable[bytes], refuse: Callable[[str], None]) -> Iterator[Job]:
    """Yield the readable lines, and pass errors of the others to `refuse`."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield _job(line)
        except ValueError as error:
            refuse(f"line {number}: {error}")


def _job(line: bytes) -> Job:
    """Parse one line; the ValueError says what was expected."""
    try:
        row = json.loads(line)
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"not JSON ({error})") from None
    if not isinstance(row, dict):
        raise ValueError(f"expected an object, got {type(row).__name__}")
    abstract, title, paper_id = row.get("abstract"), row.get("title"), row.get("id")
    if not isinstance(abstract, str):
        raise ValueError('expected a text under "abstract"')
    if title is not None and not isinstance(title, str):
        raise ValueError('expected a text or null under "title"')
    return (None if paper_id is None else str(paper_id)), abstract, title


def _show(text: str, title: str | None, reader: "ChosenReader | None", *, explain: bool) -> None:
    from etl.commands.extract_view import show, show_explanation
    from etl.plugins import choose_reader

    reader = reader or choose_reader()
    reader.ask([(text, title)])
    (found,) = reader([(text, title)])
    if found.failure:
        hint = "please report this, with the abstract"
        raise CatalogError("cannot read this abstract", why=found.failure, hint=hint)
    show(text, found)
    if explain and reader.reader.explain is not None:
        show_explanation(reader.reader.explain(text, title))
