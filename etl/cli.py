"""The root of the `catalog` command: global options, and where each subcommand lives."""

from importlib import import_module
from typing import Any

import click

DEFAULT_URL = "sqlite:///catalog.db"

COMMANDS = {
    "demo": "etl.commands.demo:demo",
    "load": "etl.commands.load:load",
    "forget": "etl.commands.forget:forget",
    "extract": "etl.commands.extract:extract",
    "reextract": "etl.commands.reextract:reextract",
    "serve": "catalog.commands.serve:serve",
    "search": "catalog.commands.search:search",
    "show": "catalog.commands.show:show",
    "query": "catalog.commands.query:query",
    "status": "catalog.commands.status:status",
    "db": "catalog.commands.db:db",
}
"""Command name -> module and attribute; imported when called, so that `--help` answers at once."""


class LazyGroup(click.Group):
    """A group that imports a subcommand only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the work: bring in, read, look after."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command; None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


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
    help="SQLAlchemy URL of the catalog; CATALOG_URL in the environment does the same.",
)
@click.version_option(package_name="paper-catalog")
@click.pass_context
def main(context: click.Context, **options: Any) -> None:
    """A catalog of machine-learning papers that one person can own."""
    context.obj = options["url"]
