"""Decide on numbers and papers: `catalog corrections accept`, `reject`, `edit`, `add`, `alike`."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import click

from catalog.commands.arguments import Day, named
from catalog.domain.formatting import plural
from catalog.domain.safe_text import one_line, printable
from etl.commands.corrections_shared import deciding, decision_options, done

if TYPE_CHECKING:
    from catalog.reads.finding import FoundPaper
    from etl.ingest.correction_subjects import StoredResult
    from etl.ingest.paper_writer import Writer

at_option = click.option(
    "--at",
    type=click.IntRange(min=0),
    help="Where the number begins in the abstract, if it stands there more than once.",
)


def field_options(function: Callable[..., Any]) -> Callable[..., Any]:
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


def number_of_paper(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add what a judgement of a number takes: PAPER, NUMBER, --at, --why and --wait."""
    paper = click.argument("paper", callback=named)
    number = click.argument("number", callback=named)
    return paper(number(at_option(decision_options(function))))


@click.command()
@number_of_paper
def accept(url: str, paper: str, number: str, at: int | None, why: str | None, wait: float) -> None:
    """Accept NUMBER of PAPER as right: it counts as sure from now on.

    NUMBER is written as in the abstract, e.g. 82.2%, or # and its id.

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 75 another command holds the
    lock, 130 interrupted.
    """
    _judge(url, "accept", (paper, number, at), why, wait)


@click.command()
@number_of_paper
def reject(url: str, paper: str, number: str, at: int | None, why: str | None, wait: float) -> None:
    """Reject NUMBER of PAPER: it vanishes from pages, boards and digests.

    It stays so whatever a newer extractor makes of the number at this place. NUMBER is written as
    in the abstract, e.g. 82.2%, or # and its id.

    Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 75 another command holds the
    lock, 130 interrupted.
    """
    _judge(url, "reject", (paper, number, at), why, wait)


def _judge(
    url: str,
    kind: Literal["accept", "reject"],
    which: tuple[str, str, int | None],
    why: str | None,
    wait: float,
) -> None:
    """Accept or reject the number `which`: its paper, its text, and where it begins."""
    from etl.ingest import judging
    from etl.ingest.correction_subjects import described
    from etl.ingest.deciding import signed

    decide, said = (
        (judging.accept, "Accepted") if kind == "accept" else (judging.reject, "Rejected")
    )
    with deciding(url, f"corrections {kind}", wait) as writer:
        stored = number_named(writer, *which)
        made = decide(writer, stored, signed(why))
        offer = offer_alike(writer, made)
    done(f"{said} {described(stored.result)}.", made)
    tell_offer(offer)


@click.command()
@click.argument("paper", callback=named)
@click.argument("number", required=False)
@field_options
@click.option("--title", help="Title of the paper.")
@click.option("--day", type=Day(), help="Day of publication.")
@click.option("--repository", help="Address of the paper's code; none if it has none.")
@at_option
@decision_options
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
    wanted = _given(fields)
    of_paper = paper_fields(title, day, repository)
    if wanted and not number:
        raise click.UsageError("name the number to change, as the abstract prints it")
    if number and of_paper:
        raise click.UsageError("change a number, or the paper, not both at once")
    if not wanted and not of_paper:
        raise click.UsageError("name a field to change, as in: --metric rFID")
    from etl.ingest import judging
    from etl.ingest.correction_subjects import described, results_of
    from etl.ingest.corrections import decide_on_paper
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


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a number that the user gave."""
    return {name: value for name, value in fields.items() if value is not None}


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


@click.command()
@click.argument("paper", callback=named)
@click.argument("number", callback=named)
@field_options
@at_option
@decision_options
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
    from etl.ingest.correction_subjects import described, results_of
    from etl.ingest.deciding import signed

    wanted = _given(fields)
    with deciding(url, "corrections add", wait) as writer:
        found = paper_named(writer, paper)
        made = judging.add(writer, found.id, number, at, wanted, signed(why))
        added = [one for one in results_of(writer.connection, found.id) if one.state == "added"]
        shown = next((one.result for one in added if one.result.text == number), None)
    done(f"Added {described(shown) or number}.", made)


@click.command("alike")
@click.argument("number", type=int)
@click.option("--dry-run", is_flag=True, help="Say how many there are; decide nothing.")
@decision_options
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


def paper_named(writer: "Writer", name: str) -> "FoundPaper":
    """Find the paper that a user names."""
    from catalog.reads.drivers import run
    from catalog.reads.finding import find_paper

    return run(writer.connection, find_paper(name))


def number_named(writer: "Writer", paper: str, number: str, at: int | None) -> "StoredResult":
    """Find the number of a paper that a user names."""
    from etl.ingest.judging import find_result

    return find_result(writer.connection, paper_named(writer, paper).id, number, at)
