"""The `catalog` command: global options, and lazily imported subcommands."""

from typing import Any

import click

from etl.plugins import commands

DEFAULT_URL = "sqlite:///catalog.db"


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
            from catalog.commands.arguments import did_you_mean

            ctx.fail(f"There is no command {name!r}.{did_you_mean(name, commands())}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their help, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(known.name, known.help) for known in commands().values()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; print errors that the user can put right, and set the exit code."""
        from etl.command_errors import run

        return run(super().invoke, ctx)


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


if __name__ == "__main__":
    main(prog_name="catalog")
