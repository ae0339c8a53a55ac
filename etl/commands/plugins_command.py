"""The command `catalog plugins`, which lists plugins and their faults."""

import json
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import click

from catalog.domain.exit_codes import ExitCode
from catalog.domain.safe_text import printable

if TYPE_CHECKING:
    from catalog.plugins import Item

Found = dict[str, dict[str, list[str]]]
"""Plugin -> what it adds, by the word for it."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def plugins(*, as_json: bool) -> None:
    """List plugins and the formats, sources, readers, pages, exports and commands that each adds.

    Built-in plugins come first. A plugin that is broken, or adds something whose name is taken, is
    left out, with the reason on standard error.

    Exit codes: 0 done, 1 failed, 2 wrong usage, 3 something was left out, 130 interrupted.
    """
    from catalog.plugins import PLUGINS

    found = _found()
    listed = [
        {
            "name": plugin.name,
            "distribution": plugin.distribution,
            "version": plugin.version or version("paper-catalog"),
            "is_built_in": plugin.is_built_in,
            **found[plugin.name],
        }
        for plugin in PLUGINS.plugins()
    ]
    if as_json:
        left_out = [fault._asdict() for fault in PLUGINS.faults]
        click.echo(json.dumps({"plugins": listed, "left_out": left_out}))
    else:
        for shown in listed:
            _show(shown)
    sys.exit(ExitCode.DONE_WITH_PROBLEMS if PLUGINS.faults else ExitCode.DONE)


def _found() -> Found:
    """Ask every plugin for all that it adds, so that faults show."""
    from catalog.plugins import PLUGINS

    PLUGINS.check_hooks()
    added = _items()
    return {
        plugin.name: {
            word: [name for name, item in items.items() if item.plugin == plugin]
            for word, items in added.items()
        }
        for plugin in PLUGINS.plugins()
    }


def _items() -> "dict[str, dict[str, Item]]":
    from catalog.plugins import PLUGINS, ExportFormat, SitePage
    from etl.extract.reader import Reader
    from etl.formats.contract import Format
    from etl.plugins import Command, SyncSource

    return {
        "formats": PLUGINS.items("register_formats", Format),
        "sources": PLUGINS.items("register_sync_sources", SyncSource),
        "readers": PLUGINS.items("register_readers", Reader),
        "pages": PLUGINS.items("register_pages", SitePage),
        "exports": PLUGINS.items("register_exports", ExportFormat),
        "commands": PLUGINS.items("register_commands", Command),
    }


def _show(plugin: dict[str, Any]) -> None:
    """Print a plugin, with a line for each kind of thing that it adds."""
    origin = "built in" if plugin["is_built_in"] else f"from {plugin['distribution']}"
    click.echo(printable(f"{plugin['name']} {plugin['version']} ({origin})"))
    for word in ("formats", "sources", "readers", "pages", "exports", "commands"):
        if plugin[word]:
            click.echo(printable(f"  {word + ':':<10}{', '.join(plugin[word])}"))
