"""The hooks for other packages, and everything that plugins add, by name.

A plugin is a module with functions marked by `hook`, each with the name of one of the hooks below;
see docs/plugins.md.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.plugins import PLUGINS, ExportFormat, SitePage, exports, hook, spec

if TYPE_CHECKING:
    from etl.extract.reader import ChosenReader, Reader, ReaderSettings
    from etl.formats.contract import Format, Head
    from etl.sync.source_run import SourceRun


class Command(NamedTuple):
    """A subcommand of `catalog`, imported only when it is called."""

    name: str
    target: str
    """Where its `click.Command` is, as module:attribute."""
    help: str
    """Its line in the list of commands."""

    def load(self) -> Any:
        """Import the command."""
        module, _, attribute = self.target.partition(":")
        return getattr(import_module(module), attribute)


class SyncSource(NamedTuple):
    """A kind of source that `catalog sync` fetches from."""

    name: str
    """Its kind in the configuration."""
    title: str
    settings: type[Any]
    """Its table there: a subclass of `etl.sync.settings.SourceSettings`."""
    sync: "Callable[[SourceRun, Any], dt.datetime | None]"
    """Fetch and load what is new; the instant before which nothing may be asked, if there is one.
    It raises CatalogError where that fails."""
    template: str
    """Its part of the file that `catalog sync --init` writes, as TOML with comments."""
    goes_last: bool = False
    """Whether it asks about papers that other sources load, and so comes after them."""


class Hooks:
    """The hooks of loading; those of pages and exports are in `catalog.plugins`."""

    @spec
    def register_formats(self) -> "Iterable[Format]":  # type: ignore[empty-body]
        """Return formats of documents, as `etl.formats.Format`."""

    @spec
    def register_sync_sources(self) -> Iterable[SyncSource]:  # type: ignore[empty-body]
        """Return kinds of sources that `catalog sync` fetches from, as `SyncSource`."""

    @spec
    def register_readers(self) -> "Iterable[Reader]":  # type: ignore[empty-body]
        """Return readers of abstracts, as `etl.extract.reader.Reader`."""

    @spec
    def register_commands(self) -> Iterable[Command]:  # type: ignore[empty-body]
        """Return subcommands of `catalog`, as `Command`."""


PLUGINS.add_hooks(Hooks)
PLUGINS.add_built_in("etl.builtin_plugin")


def formats() -> "dict[str, Format]":
    """Return every format by its name."""
    from etl.formats.contract import Format

    return PLUGINS.named("register_formats", Format)


def recognise(head: "Head") -> "Format | None":
    """Return the format of a document from its beginning; None if no format recognises it."""
    return next((known for known in formats().values() if known.recognises(head)), None)


def sync_sources() -> dict[str, SyncSource]:
    """Return every kind of source by its name."""
    return PLUGINS.named("register_sync_sources", SyncSource)


def readers() -> "dict[str, Reader]":
    """Return every reader by its name."""
    from etl.extract.reader import Reader

    return PLUGINS.named("register_readers", Reader)


def choose_reader(
    asked: str | None = None, settings: "ReaderSettings | None" = None
) -> "ChosenReader":
    """Choose a reader by NAME or NAME:ARGUMENT; None chooses that of the settings.

    Raises:
        CatalogError: there is none of this name, or its argument is missing or too much.

    """
    from etl.extract.reader import BUILT_IN, choose

    configured = settings.name if settings else BUILT_IN
    return choose(asked or configured, readers(), settings)


def commands() -> dict[str, Command]:
    """Return every command by its name."""
    return PLUGINS.named("register_commands", Command)


__all__ = [
    "Command",
    "ExportFormat",
    "Hooks",
    "SitePage",
    "SyncSource",
    "choose_reader",
    "commands",
    "exports",
    "formats",
    "hook",
    "readers",
    "recognise",
    "sync_sources",
]
