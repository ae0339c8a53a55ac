"""Run a command: print errors that the user can put right, and set the exit code."""

import errno
from collections.abc import Callable
from typing import Any, NoReturn

import click

from catalog.domain.errors import CatalogError
from catalog.domain.exit_codes import ExitCode
from catalog.interrupts import stoppable

NOT_UTF8 = CatalogError(
    "cannot use an argument",
    why="it is not UTF-8",
    hint="give it in UTF-8; check the terminal's locale",
)


def run(command: Callable[[click.Context], Any], context: click.Context) -> Any:
    """Run a command; of an error that the user can put right print what it is, and exit."""
    try:
        with stoppable():
            return command(context)
    except CatalogError as error:
        _exit(context, f"Error: {error}", error.exit_code)
    except UnicodeEncodeError as error:
        if "surrogates" not in error.reason:
            raise
        _exit(context, f"Error: {NOT_UTF8}", ExitCode.FAILED)
    except OSError as error:
        if error.errno == errno.EPIPE:  # click knows what to do: the reader has gone
            raise
        _exit(context, f"Error: {_broken_off(error)}", ExitCode.FAILED)
    except KeyboardInterrupt:
        _exit(
            context,
            "Interrupted. What was committed stays; run the same command again to continue.",
            ExitCode.INTERRUPTED,
        )


def _exit(context: click.Context, message: str, code: ExitCode) -> NoReturn:
    click.echo(message, err=True)
    context.exit(code)


def _broken_off(error: OSError) -> CatalogError:
    name = f": {error.filename}" if error.filename else ""
    return CatalogError(
        "cannot go on",
        why=f"{error.strerror or error}{name}",
        hint="check the disk, the folder for temporary files, and permissions; then run it again",
    )
