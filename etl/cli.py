"""The `catalog` command: global options, and lazily imported subcommands."""

import errno
from typing import Any

import click

from catalog.commands.arguments import did_you_mean
from catalog.domain.errors import CatalogError
from catalog.domain.exit_codes import ExitCode
from catalog.garbage_collection import end_without_collection, rare_collections
from catalog.interrupts import stoppable
from etl.plugins import commands

DEFAULT_URL = "sqlite:///catalog.db"

NOT_UTF8 = CatalogError(
    "cannot use an argument",
    why="it is not UTF-8",
    hint="give it in UTF-8; check the terminal's locale",
)


def _broken_off(error: OSError) -> CatalogError:
    name = f": {error.filename}" if error.filename else ""
    return CatalogError(
        "cannot go on",
        why=f"{error.strerror or error}{name}",
        hint="check the disk, the folder for temporary files, and permissions; then run it again",
    )


class LazyGroup(click.Group):
    """A group that imports a subcommand only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order of the work: load, read, maintain."""
        return list(commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None for an unknown name."""
        known = commands().get(cmd_name)
        if known is None:
            return None
        command: click.Command = known.load()
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called; of an unknown one, name the nearest."""
        name = args[0]
        if not name.startswith("-") and name not in commands() and not ctx.resilient_parsing:
            ctx.fail(f"There is no command {name!r}.{did_you_mean(name, commands())}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their help, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(known.name, known.help) for known in commands().values()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; print errors that the user can put right, and set the exit code."""
        try:
            with stoppable(), rare_collections():
                return super().invoke(ctx)
        except CatalogError as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(error.exit_code)
        except UnicodeEncodeError as error:
            if "surrogates" not in error.reason:
                raise
            click.echo(f"Error: {NOT_UTF8}", err=True)
            ctx.exit(ExitCode.FAILED)
        except OSError as error:
            if error.errno == errno.EPIPE:  # click knows what to do: the reader has gone
                raise
            click.echo(f"Error: {_broken_off(error)}", err=True)
            ctx.exit(ExitCode.FAILED)
        except KeyboardInterrupt:
            click.echo(
                "Interrupted. What was committed stays; run the same command again to continue.",
                err=True,
            )
            ctx.exit(ExitCode.INTERRUPTED)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--db",
    "url",
    envvar="CATALOG_URL",
    default=DEFAULT_URL,
    show_default=True,
    help="File or SQLAlchemy URL of the catalog; also set by CATALOG_URL.",
)
@click.version_option(package_name="paper-catalog")
@click.pass_context
def main(context: click.Context, url: str) -> None:
    """A catalog of machine-learning papers that one person can own."""
    context.obj = url
    context.default_map = _defaults(context, url)


def _defaults(context: click.Context, url: str) -> dict[str, Any]:
    """Read the defaults of the options of the command that is called."""
    from etl.option_defaults import default_map, read_defaults, settings_file

    file, name = settings_file(url), context.invoked_subcommand or ""
    if not file.exists():
        return {}
    table, known = read_defaults(file, commands()).get(name), commands().get(name)
    return {name: default_map(known.load(), table, file)} if known and table else {}


end_without_collection()

if __name__ == "__main__":
    main(prog_name="catalog")
