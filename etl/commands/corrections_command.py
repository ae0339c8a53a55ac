"""The command `catalog corrections`: a person's decisions on numbers, papers and names."""

import datetime as dt
import json
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any, Literal, TypeVar

import click

from catalog.commands.arguments import Day, named, waiting
from catalog.commands.output import as_options
from catalog.domain.exit_codes import ExitCode
from catalog.domain.formatting import plural
from catalog.domain.safe_text import json_safe, one_line, printable
from catalog.reads.corrections_made import told

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from catalog.domain.correction_rules import Subject
    from catalog.reads.finding import FoundPaper
    from etl.ingest.correction_exchange import Conflict
    from etl.ingest.corrections import StoredResult
    from etl.ingest.paper_writer import Writer

Function = TypeVar("Function", bound=Callable[..., Any])

COLUMNS = ("id", "kind", "paper", "was", "is", "why", "by", "on")

why_option = click.option("--why", help="Your reason, stored with the correction.")
at_option = click.option(
    "--at",
    type=click.IntRange(min=0),
    help="Where the number begins in the abstract, if it stands there more than once.",
)


def field_options(function: Function) -> Function:
    """Add the options that set fields of a number."""
    for name, help_ in (
        ("--baseline", "What a difference or factor is compared with."),
        ("--model", "Model or variant that has the value."),
        ("--unit", 'Unit, e.g. %, x, pp, ms; "" for a bare score.'),
        ("--dataset", 'Dataset; "" for none.'),
        ("--metric", 'Metric; "" for none.'),
    ):
        function = click.option(name, help=help_)(function)
    function = click.option("--value-max", type=float, help="Upper end of a range.")(function)
    function = click.option("--value", type=float, help="The number, without its unit.")(function)
    for name, choices, help_ in (
        ("--role", ["own", "other"], "Whose value it is: the paper's, or prior work's."),
        ("--sign", ["+", "-"], "Whether the metric is higher or lower than what it is compared "
         "with."),
        ("--kind", ["absolute", "delta", "ratio"], "A value, a difference or a factor."),
    ):  # fmt: skip
        function = click.option(name, type=click.Choice(choices), help=help_)(function)
    return function


@click.group()
def corrections() -> None:
    """Correct what the catalog read: numbers, papers, names.

    A correction is yours, not a document's: it stays when documents are loaded again or forgotten,
    when the extractor gets newer, and when papers are merged or split. Retracting it restores what
    the machine had.
    """


def deciding(url: str, command: str, wait: float) -> "AbstractContextManager[Writer]":
    """Open a writer under the lock; say on standard error whom it waits for."""
    from etl.ingest.deciding import deciding as open_writer

    def tell(message: str) -> None:
        click.echo(printable(message), err=True)

    return open_writer(url, command, wait=wait, tell=tell)


def paper_named(writer: "Writer", name: str) -> "FoundPaper":
    """Find the paper that a user names."""
    from catalog.reads.drivers import run
    from catalog.reads.finding import find_paper

    return run(writer.connection, find_paper(name))


def number_named(writer: "Writer", paper: str, number: str, at: int | None) -> "StoredResult":
    """Find the number of a paper that a user names."""
    from etl.ingest.judging import find_result

    return find_result(writer.connection, paper_named(writer, paper).id, number, at)


def done(said: str, *numbers: int) -> None:
    """Say what was decided, and how to undo it."""
    listed = " ".join(map(str, numbers))
    click.echo(f"{printable(said)} To undo this: catalog corrections retract {listed}")


@corrections.command()
@click.argument("paper", callback=named)
@click.argument("number", callback=named)
@at_option
@why_option
@waiting
@click.pass_obj
def accept(url: str, paper: str, number: str, at: int | None, why: str | None, wait: float) -> None:
    """Accept NUMBER of PAPER as right: it counts as sure from now on.

    NUMBER is written as in the abstract, e.g. 82.2%, or # and its id.

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 75 another command holds the
    lock, 130 interrupted.
    """
    from etl.ingest import judging
    from etl.ingest.corrections import described
    from etl.ingest.deciding import signed

    with deciding(url, "corrections accept", wait) as writer:
        stored = number_named(writer, paper, number, at)
        made = judging.accept(writer, stored, signed(why))
    done(f"Accepted {described(stored.result)}.", made)


@corrections.command()
@click.argument("paper", callback=named)
@click.argument("number", callback=named)
@at_option
@why_option
@waiting
@click.pass_obj
def reject(url: str, paper: str, number: str, at: int | None, why: str | None, wait: float) -> None:
    """Reject NUMBER of PAPER: it vanishes from pages, boards and digests.

    It stays so whatever a newer extractor makes of the number at this place. NUMBER is written as
    in the abstract, e.g. 82.2%, or # and its id.

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 75 another command holds the
    lock, 130 interrupted.
    """
    from etl.ingest import judging
    from etl.ingest.corrections import described
    from etl.ingest.deciding import signed

    with deciding(url, "corrections reject", wait) as writer:
        stored = number_named(writer, paper, number, at)
        made = judging.reject(writer, stored, signed(why))
        offer = offer_alike(writer, made)
    done(f"Rejected {described(stored.result)}.", made)
    tell_offer(offer)


@corrections.command()
@click.argument("paper", callback=named)
@click.argument("number", required=False)
@field_options
@click.option("--title", help="Title of the paper.")
@click.option("--day", type=Day(), help="Day of publication.")
@click.option("--repository", help="Address of the paper's code; none if it has none.")
@at_option
@why_option
@waiting
@click.pass_obj
def edit(
    url: str,
    /,
    paper: str,
    number: str | None,
    title: str | None,
    day: dt.datetime | None,
    repository: str | None,
    at: int | None,
    why: str | None,
    wait: float,
    **fields: Any,
) -> None:
    """Change fields of NUMBER of PAPER, or the paper's title, day or repository.

    \b
    Examples:
      catalog corrections edit 2503.12345 0.3 --metric rFID --dataset ImageNet-1K
      catalog corrections edit 2503.12345 --title "The Title As Printed"
      catalog corrections edit 2503.12345 --repository https://github.com/owner/name

    The number keeps the rest of its fields, also under a newer extractor.

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 75 another command holds the
    lock, 130 interrupted.
    """
    wanted = {name: value for name, value in fields.items() if value is not None}
    of_paper = paper_fields(title, day, repository)
    if wanted and not number:
        raise click.UsageError("name the number to change, as the abstract prints it")
    if number and of_paper:
        raise click.UsageError("change a number, or the paper, not both at once")
    if not wanted and not of_paper:
        raise click.UsageError("name a field to change, as in: --metric rFID")
    from etl.ingest import judging
    from etl.ingest.corrections import decide_on_paper, described, results_of
    from etl.ingest.deciding import signed

    made: list[int] = []
    offer: str | None = None
    with deciding(url, "corrections edit", wait) as writer:
        if number:
            stored = number_named(writer, paper, number, at)
            made.append(judging.edit(writer, stored, wanted, signed(why)))
            now = next(
                (one for one in results_of(writer.connection, stored.paper_id)
                 if one.id == stored.id), stored
            )  # fmt: skip
            offer = offer_alike(writer, made[0])
            said = f"Changed {described(stored.result)} to {described(now.result)}."
        else:
            found = paper_named(writer, paper)
            for kind, value in of_paper.items():
                made.append(decide_on_paper(writer, kind, found.id, value, signed(why)))
            said = f"Changed {', '.join(of_paper)} of {one_line(found.label, 100)}."
    done(said, *made)
    tell_offer(offer)


def paper_fields(
    title: str | None, day: dt.datetime | None, repository: str | None
) -> dict[Any, str | None]:
    """Check what a paper is to have: field -> value, None for no repository.

    Raises:
        click.UsageError: one of them cannot be.

    """
    from catalog.domain.addresses import repository as address_of
    from catalog.domain.plain_text import plain

    found: dict[Any, str | None] = {}
    if title is not None:
        if not plain(title):
            raise click.UsageError("the title is empty")
        found["title"] = title
    if day is not None:
        found["day"] = day.date().isoformat()
    if repository is not None:
        try:
            none = repository.strip().casefold() == "none"
            found["repository"] = None if none else address_of(repository).url
        except ValueError as error:
            raise click.UsageError(str(error)) from error
    return found


@corrections.command()
@click.argument("paper", callback=named)
@click.argument("number", callback=named)
@field_options
@at_option
@why_option
@waiting
@click.pass_obj
def add(
    url: str,
    /,
    paper: str,
    number: str,
    at: int | None,
    why: str | None,
    wait: float,
    **fields: Any,
) -> None:
    """Add NUMBER to PAPER, as its abstract prints it, where the extractor missed it.

    Value and unit are read from the number; the other fields are yours to give.

    \b
    Example:
      catalog corrections add 2503.12345 "82.2%" --metric "top-1 accuracy" --dataset ImageNet-1K

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 75 another command holds the
    lock, 130 interrupted.
    """
    from etl.ingest import judging
    from etl.ingest.corrections import described, results_of
    from etl.ingest.deciding import signed

    wanted = {name: value for name, value in fields.items() if value is not None}
    with deciding(url, "corrections add", wait) as writer:
        found = paper_named(writer, paper)
        made = judging.add(writer, found.id, number, at, wanted, signed(why))
        added = [one for one in results_of(writer.connection, found.id) if one.state == "added"]
        shown = next((one.result for one in added if one.result.text == number), None)
    done(f"Added {described(shown) or number}.", made)


@corrections.command()
@click.argument("subject", type=click.Choice(["dataset", "metric"]))
@click.argument("name", callback=named)
@click.argument("other", callback=named)
@why_option
@waiting
@click.pass_obj
def same(url: str, subject: "Subject", name: str, other: str, why: str | None, wait: float) -> None:
    """Say that two names of datasets, or of metrics, are one: NAME goes under OTHER.

    \b
    Example:
      catalog corrections same dataset "ImageNet ILSVRC 2012" ImageNet-1K

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 75 another command holds the
    lock, 130 interrupted.
    """
    _decide_on_names(url, "same", (subject, name, other), why, wait)


@corrections.command()
@click.argument("subject", type=click.Choice(["dataset", "metric"]))
@click.argument("name", callback=named)
@click.argument("other", callback=named)
@why_option
@waiting
@click.pass_obj
def apart(
    url: str, subject: "Subject", name: str, other: str, why: str | None, wait: float
) -> None:
    """Say that two names are two, though the catalog took NAME for OTHER.

    \b
    Example:
      catalog corrections apart metric rFID FID

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 75 another command holds the
    lock, 130 interrupted.
    """
    _decide_on_names(url, "apart", (subject, name, other), why, wait)


def _decide_on_names(
    url: str,
    kind: Literal["same", "apart"],
    names: "tuple[Subject, str, str]",
    why: str | None,
    wait: float,
) -> None:
    from etl.ingest.corrections import decide_on_names
    from etl.ingest.deciding import signed

    with deciding(url, f"corrections {kind}", wait) as writer:
        made = decide_on_names(writer, kind, *names, signed(why))
    how = "goes under" if kind == "same" else "is another than"
    done(f"{one_line(names[1], 100)} {how} {one_line(names[2], 100)}.", made)


@corrections.command("alike")
@click.argument("number", type=int)
@click.option("--dry-run", is_flag=True, help="Say how many there are; decide nothing.")
@why_option
@waiting
@click.pass_obj
def decide_alike(url: str, number: int, dry_run: bool, why: str | None, wait: float) -> None:
    """Decide on all numbers that were read in the same way as correction NUMBER did.

    A rejected number whose "rFID" was read as FID stands for all others that read rFID as FID; an
    edited one for all whose name was read as the one that you changed. What people have judged
    before stays.

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 75 another command holds the
    lock, 130 interrupted.
    """
    from etl.ingest.alike_numbers import alike
    from etl.ingest.alike_numbers import decide_alike as decide
    from etl.ingest.deciding import looking, signed

    if dry_run:
        with looking(url) as writer:
            found = alike(writer.connection, number)
        click.echo(f"{printable(found.offer)}?" if found else "No other number is alike.")
        return
    with deciding(url, "corrections alike", wait) as writer:
        made = decide(writer, number, signed(why))
    done(f"Decided on {plural(len(made), 'number')} alike.", *made)


def offer_alike(writer: "Writer", number: int) -> str | None:
    """Return the hint that other numbers were read in the same way; None where none was."""
    from etl.ingest.alike_numbers import alike

    found = alike(writer.connection, number)
    return f"{found.offer}: catalog corrections alike {number}" if found else None


def tell_offer(offer: str | None) -> None:
    """Print such a hint."""
    if offer:
        click.echo(printable(offer), err=True)


@corrections.command("list")
@click.option("--all", "everything", is_flag=True, help="Also list retracted ones.")
@as_options
@click.pass_obj
def list_(url: str, everything: bool, form: str | None) -> None:
    """List the corrections in force.

    Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
    """
    import msgspec

    from catalog.commands.output import write_rows
    from catalog.database.engine import reading
    from catalog.reads.corrections_made import CorrectionRow, corrections, shown
    from catalog.reads.drivers import run

    with reading(url) as engine, engine.connect() as connection:
        found = run(connection, corrections(retracted=everything))
    if form:
        columns = CorrectionRow.__struct_fields__
        write_rows(form, columns, [msgspec.structs.astuple(one) for one in found])
        return
    if not found:
        click.echo("There is no correction. To make one: catalog review", err=True)
        return
    write_rows(form, COLUMNS, [shown(one) for one in found])


@corrections.command()
@click.argument("numbers", type=int, nargs=-1, required=True, metavar="NUMBER...")
@waiting
@click.pass_obj
def retract(url: str, numbers: tuple[int, ...], wait: float) -> None:
    """Retract corrections by NUMBER, so that what the machine had counts again.

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 75 another command holds the
    lock, 130 interrupted.
    """
    from etl.ingest.corrections import retract as take_back

    with deciding(url, "corrections retract", wait) as writer:
        for number in dict.fromkeys(numbers):
            take_back(writer, number, dt.datetime.now(dt.UTC))
    for number in dict.fromkeys(numbers):
        click.echo(f"Correction {number} has been retracted.")


@corrections.command()
@click.option("--labels", is_flag=True, help="Write an answer key: judged papers and numbers.")
@click.option("--partly", is_flag=True,
              help="With --labels: also papers that were judged in part.")  # fmt: skip
@click.option("--abstracts", type=click.File("w", encoding="utf-8"),
              help="With --labels: file for the abstracts of these papers.")  # fmt: skip
@click.pass_obj
def export(url: str, labels: bool, partly: bool, abstracts: IO[str] | None) -> None:
    """Write the corrections in force to standard output, one JSON object a line.

    \b
    Examples:
      catalog corrections export > mine.jsonl
      catalog corrections export --labels --abstracts abstracts.jsonl > labels.jsonl

    Another catalog takes them with `catalog corrections import`. An answer key holds the papers of
    which every number was judged, with the numbers that you vouch for.

    Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
    """
    import msgspec

    from etl.ingest.correction_exchange import exported
    from etl.ingest.deciding import looking

    if not labels and (partly or abstracts):
        raise click.UsageError("give --partly and --abstracts only with --labels")
    with looking(url) as writer:
        if labels:
            _write_labels(writer, abstracts, partly=partly)
            return
        for one in exported(writer.connection):
            click.echo(json_safe(msgspec.json.encode(one).decode()))


def _write_labels(writer: "Writer", abstracts: IO[str] | None, *, partly: bool) -> None:
    """Write an answer key; say how many papers were left out."""
    from etl.ingest.judged_numbers import labels

    left = 0
    for one in labels(writer):
        if not one.is_whole and not partly:
            left += 1
            continue
        key = {"id": one.id, "metrics": one.metrics, "links": one.links}
        click.echo(json_safe(json.dumps(key, ensure_ascii=False)))
        if abstracts:
            text = {"id": one.id, "title": one.title, "abstract": one.abstract}
            abstracts.write(json_safe(json.dumps(text, ensure_ascii=False)) + "\n")
    if left:
        click.echo(
            f"Left out {plural(left, 'paper')} of which only some numbers were judged; "
            "--partly writes these as well.",
            err=True,
        )


@corrections.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--theirs", is_flag=True, help="In a conflict, take theirs and retract ours.")
@click.option("--dry-run", is_flag=True, help="Show what would be done; change nothing.")
@waiting
@click.pass_obj
def take(url: str, file: IO[bytes], theirs: bool, dry_run: bool, wait: float) -> None:
    """Import the corrections of FILE, which another catalog exported; - reads standard input.

    Where this catalog has decided otherwise, both decisions are shown, and ours stays. Corrections
    of papers that are not in the catalog wait for them.

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 3 done except for the conflicts
    listed, 75 another command holds the lock, 130 interrupted.
    """
    from etl.ingest.correction_exchange import read_exchanged, take_in

    given = read_exchanged(file.read())
    with deciding(url, "corrections import", wait) as writer:
        outcome = take_in(writer, given, dt.datetime.now(dt.UTC), theirs=theirs)
        if dry_run:
            writer.connection.rollback()
    for conflict in outcome.conflicts:
        click.echo(_conflict(conflict), err=True)
    replaced = f"; retracted {len(outcome.replaced)} of ours" if outcome.replaced else ""
    left = f"; left out {plural(len(outcome.conflicts), 'conflict')}" if outcome.conflicts else ""
    would = "Would import" if dry_run else "Imported"
    added = plural(len(outcome.added), "correction")
    click.echo(f"{would} {added}, {outcome.known} known{replaced}{left}.")
    if outcome.conflicts:
        click.echo("To take theirs instead: catalog corrections import --theirs FILE", err=True)
        raise SystemExit(ExitCode.DONE_WITH_PROBLEMS)


def _conflict(conflict: "Conflict") -> str:
    """Describe two different decisions on one thing."""
    ours, theirs = conflict.ours, conflict.theirs
    verb = "retracted here" if conflict.is_retracted else "ours"
    return printable(
        f"Conflict: {one_line(ours.label, 160)}\n"
        f"  {verb}: {ours.kind} by {one_line(ours.made_by, 60)} on {ours.made_at.date()}, "
        f"{told(ours.kind, ours.value)}\n"
        f"  theirs: {theirs.kind} by {one_line(theirs.by, 60)} on {theirs.at.date()}, "
        f"{told(theirs.kind, _kept(theirs.value))}"
    )


def _kept(value: Any) -> str | None:
    from catalog.domain.correction_rules import written

    return value if value is None or isinstance(value, str) else written(value)
