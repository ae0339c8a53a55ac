"""The root of the `catalog` command: global options, and where each subcommand lives."""

import errno
from importlib import import_module
from typing import Any

import click

from catalog.domain.errors import CatalogError
from catalog.domain.exit_codes import ExitCode
from catalog.domain.safe_text import printable
from catalog.interrupts import stoppable

DEFAULT_URL = "sqlite:///catalog.db"

COMMANDS = {
    "demo": (
        "etl.commands.demo_command:demo",
        "Load the bundled sample into a database and serve it.",
    ),
    "load": ("etl.commands.load_command:load", "Read files or folders into the catalog."),
    "forget": (
        "etl.commands.forget_command:forget",
        "Undo a load: what only that document supplied goes.",
    ),
    "sync": ("etl.commands.sync_command:sync", "Fetch what is new from the configured sources."),
    "add": ("etl.commands.add_command:add", "Fetch one paper and load it."),
    "prune": (
        "etl.commands.prune_command:prune",
        "Take old answers of publishers out of the store.",
    ),
    "extract": (
        "etl.commands.extract_command:extract",
        "Show what would be extracted from an abstract.",
    ),
    "reextract": (
        "etl.commands.reextract_command:reextract",
        "Run the extractor again where it changed.",
    ),
    "merge": ("etl.commands.corrections_command:merge", "Say that two papers are one."),
    "split": ("etl.commands.corrections_command:split", "Say that one paper is two."),
    "corrections": (
        "etl.commands.corrections_command:corrections",
        "List and retract what you decided.",
    ),
    "serve": ("catalog.commands.serve_command:serve", "Browse the catalog in a web browser."),
    "search": (
        "catalog.commands.search_command:search",
        "Find papers by words of title and abstract.",
    ),
    "show": (
        "catalog.commands.show_command:show",
        "Show one paper with its numbers, links and days.",
    ),
    "open": (
        "catalog.commands.open_command:open_",
        "Open a paper's page, PDF or code in the browser.",
    ),
    "leaderboard": (
        "catalog.commands.leaderboard_command:leaderboard",
        "Rank what papers report on a dataset.",
    ),
    "query": (
        "catalog.commands.query_command:query",
        "Run an SQL query; nothing can be changed by it.",
    ),
    "mark": ("catalog.commands.mark_command:mark", "Put a star, read, tags and a note on papers."),
    "marks": ("catalog.commands.mark_command:marks", "List the papers that you marked."),
    "digest": ("etl.commands.digest_command:digest", "Show or mail a day's papers."),
    "mcp": ("catalog.commands.mcp_command:mcp", "Offer the catalog to language models (MCP)."),
    "status": (
        "catalog.commands.status_command:status",
        "Show counts, last runs and open problems.",
    ),
    "copy": (
        "catalog.commands.copy_command:copy",
        "Make a catalog equal to another, e.g. on a server.",
    ),
    "db": ("catalog.commands.db_command:db", "Create, upgrade and inspect the database."),
}
"""Command name -> where it is and its line of help; imported when called, so help is quick."""


NOT_UTF8 = CatalogError(
    "cannot use an argument",
    why="it is not UTF-8",
    mend="give it in UTF-8; check the terminal's locale",
)


def _broken_off(error: OSError) -> CatalogError:
    name = f": {error.filename}" if error.filename else ""
    return CatalogError(
        "cannot go on",
        why=printable(f"{error.strerror or error}{name}"),
        mend="check the disk, the folder for temporary files, and permissions; then run it again",
    )


class LazyGroup(click.Group):
    """A group that imports a subcommand only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the work: bring in, read, look after."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command; None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table above, without importing one of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what the user can mend becomes a message and an exit code."""
        try:
            with stoppable():
                return super().invoke(ctx)
        except CatalogError as error:
            click.echo(f"Error: {printable(str(error))}", err=True)
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
            click.echo("Interrupted: what was committed stays, run it again to go on.", err=True)
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
    help="File or SQLAlchemy URL of the catalog; CATALOG_URL in the environment does the same.",
)
@click.version_option(package_name="paper-catalog")
@click.pass_context
def main(context: click.Context, url: str) -> None:
    """A catalog of machine-learning papers that one person can own."""
    context.obj = url


if __name__ == "__main__":
    main(prog_name="catalog")
