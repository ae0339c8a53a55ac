"""The options that choose a reader of abstracts, and limit what it may ask elsewhere."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from catalog.domain.errors import CatalogError

if TYPE_CHECKING:
    from etl.extract.reader import ChosenReader

Command = Callable[..., Any]

ESTIMATE = click.option(
    "--estimate",
    is_flag=True,
    help="Print how much would be asked of a language model and what it would cost; ask nothing.",
)
LIMITS = (
    click.option(
        "--max-requests",
        type=click.IntRange(min=0),
        help="Most requests to a language model.",
    ),
    click.option(
        "--max-tokens",
        type=click.IntRange(min=0),
        help="Most tokens of a language model, sent and received.",
    ),
)
READER = click.option(
    "--reader",
    metavar="NAME[:ARGUMENT]",
    help="Reader of abstracts; catalog plugins lists them.  [default: that of [reader] in the "
    "configuration, otherwise builtin]",
)


def reader_options(*, estimates: bool = False) -> Callable[[Command], Command]:
    """Add the options of reading to a command, which is given one `reader` for them.

    It is None for the built-in reader. Where the command has an option --config or --offline, they
    count here too. What was asked is told on standard error when the command ends.
    """

    def decorate(command: Command) -> Command:
        @wraps(command)
        def run(
            *given: Any,
            reader: str | None,
            max_requests: int | None,
            max_tokens: int | None,
            estimate: bool = False,
            **named: Any,
        ) -> Any:
            limits = {"max_requests": max_requests, "max_tokens": max_tokens}
            chosen = _chosen(
                reader,
                {name: value for name, value in limits.items() if value is not None},
                config=named.get("config_file"),
                offline=named.pop("reader_offline", named.get("offline", False)),
                estimate=estimate,
            )
            quiet = named.get("quiet", False)
            return _run(lambda: command(*given, reader=chosen, **named), chosen, quiet=quiet)

        options = [READER, *LIMITS, *((ESTIMATE,) if estimates else ())]
        for option in reversed(options):
            run = option(run)
        return run

    return decorate


def offline_option(command: Command) -> Command:
    """Add --offline to a command that has no such option of its own."""
    return click.option(
        "--offline",
        "reader_offline",
        is_flag=True,
        help="Use kept answers of language models, and ask for none.",
    )(command)


def _run(command: Callable[[], Any], chosen: "ChosenReader | None", *, quiet: bool) -> Any:
    """Run a command with progress of what it asks; tell of it however the command ends."""
    if chosen is None or chosen.inquiry is None:
        return command()
    from etl.commands.asked_report import tell_asked
    from etl.commands.progress import asking_progress

    try:
        with asking_progress(chosen.argument) as tell:
            chosen.asking.tell = tell
            return command()
    finally:
        tell_asked(chosen, quiet=quiet)


def _chosen(
    asked: str | None,
    limits: dict[str, int],
    *,
    config: Path | None,
    offline: bool,
    estimate: bool,
) -> "ChosenReader | None":
    """Choose the reader; None for the built-in one."""
    from etl.configured_reader import reader_settings

    settings = reader_settings(config, click.get_current_context().find_object(str))
    if asked is None and settings is None:
        if estimate:
            raise click.UsageError("--estimate is for readers that ask elsewhere: give --reader")
        return None
    from msgspec.structs import replace

    from etl.extract.reader import ReaderSettings
    from etl.plugins import choose_reader

    try:
        chosen = choose_reader(asked, replace(settings or ReaderSettings(), **limits))
    except CatalogError as error:
        raise click.BadParameter(f"{error.why}; {error.hint}", param_hint="--reader") from error
    if estimate and chosen.inquiry is None:
        raise click.UsageError(f"--estimate is for readers that ask elsewhere, not {chosen.name}")
    chosen.asking.offline, chosen.asking.only_estimate = offline, estimate
    if asked and chosen.inquiry and not offline and not estimate:
        chosen.inquiry.connect()  # a name that is wrong is told at once, not after a long load
    return chosen
