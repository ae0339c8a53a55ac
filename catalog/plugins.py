"""The plugin manager: finds plugins, collects what they add, and reports faults.

Everything that the catalog can do by a name (a format, a reader, a page of the site, a command) is
an item that a plugin gives to a hook. What is built in comes from plugins of ours by the same
hooks; other packages name theirs in the entry-point group `paper_catalog`. See docs/plugins.md.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, NamedTuple, Protocol, TypeVar

import pluggy

from catalog.domain.safe_text import one_line
from catalog.plugin_search import find_entry_points

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint
    from pathlib import Path

GROUP = "paper_catalog"
"""The entry-point group in which a package names its plugins."""

hook = pluggy.HookimplMarker(GROUP)
"""Marks a function as the implementation of the hook of its name."""

spec = pluggy.HookspecMarker(GROUP)
"""Marks a function as the definition of a hook."""


class Named(Protocol):
    """Anything that a plugin adds: it has a name."""

    @property
    def name(self) -> str:
        """The name by which users and other plugins know it."""
        ...


N = TypeVar("N", bound=Named)


class Plugin(NamedTuple):
    """A plugin and the package that it belongs to."""

    name: str
    distribution: str = "paper-catalog"
    version: str | None = None
    """None for the version of this program."""
    is_built_in: bool = False


class Fault(NamedTuple):
    """A plugin, or one thing that it adds, that is left out, with the reason."""

    plugin: str
    why: str
    hint: str


class Item(NamedTuple):
    """One thing that a plugin adds."""

    plugin: Plugin
    name: str
    value: Any


class SitePage(NamedTuple):
    """A page of the site: its addresses, and the function that answers requests for it."""

    name: str
    """For `catalog plugins`, and to tell the page from others."""
    pattern: str
    r"""Regular expression of the addresses, from ^/ to $; its named groups are passed to `show`."""
    show: Callable[..., Awaitable[Any]]
    """Coroutine function from `catalog.site.routes.Site` to a `Page` of that module."""
    formats: tuple[str, ...] = ("json",)
    """Endings of the last group that ask for another format than HTML."""
    menu: str = ""
    """Text of a link in the site's menu, if it is to have one."""
    address: str = ""
    """Where that link leads."""

    @property
    def trouble(self) -> str:
        """The fault of the page, for its author; empty if there is none."""
        try:
            re.compile(self.pattern)
        except re.error as error:
            return f"{self.pattern!r} is no regular expression: {error}"
        if not self.pattern.startswith("^/") or not self.pattern.endswith("$"):
            return f"the pattern {self.pattern!r} does not reach from ^/ to $"
        return "" if callable(self.show) else "its `show` cannot be called"


class ExportFormat(NamedTuple):
    """A format of `catalog export`."""

    name: str
    title: str
    ending: str
    """Of its files, with the dot."""
    write: Callable[[Any, BinaryIO], int]
    """Write what it is given to a stream, and return how many there were: papers, as
    `catalog.exports.contract.Papers`, or one table, as `TableRows` of that module."""
    writes: Literal["papers", "tables"] = "papers"
    counted: str = "papers"
    """What it counts."""


class Hooks:
    """The hooks of reading; those of loading are in `etl.plugins`."""

    @spec
    def register_exports(self) -> Iterable[ExportFormat]:  # type: ignore[empty-body]
        """Return formats of `catalog export`, as `ExportFormat`."""

    @spec
    def register_pages(self) -> Iterable[SitePage]:  # type: ignore[empty-body]
        """Return pages of the site, as `SitePage`."""


class Plugins:
    """The plugins of this process, loaded once, when they are first needed."""

    def __init__(self, found: Callable[[], "Iterable[EntryPoint]"]) -> None:
        self.faults: list[Fault] = []
        self._find = found
        self._manager = pluggy.PluginManager(GROUP)
        self._manager.add_hookspecs(Hooks)
        self._known: dict[str, Plugin] = {}
        self._items: dict[str, dict[str, Item]] = {}
        self._values: dict[str, dict[str, Any]] = {}
        self._waiting: list[str] = []
        self._is_found = False

    def add_hooks(self, hooks: type) -> None:
        """Add definitions of further hooks."""
        self._manager.add_hookspecs(hooks)

    def add_built_in(self, module: str) -> None:
        """Add a built-in plugin, which comes before others and is imported when needed."""
        self._waiting.append(module)
        self._items.clear()
        self._values.clear()

    def plugins(self) -> list[Plugin]:
        """List every plugin that works, built-in ones first."""
        self._look_around()
        return sorted(self._known.values(), key=lambda known: not known.is_built_in)

    def items(self, hook_name: str, kind: type[Any]) -> dict[str, Item]:
        """Collect what all plugins add by a hook, by name, leaving out faults and duplicates."""
        if hook_name not in self._items:
            found: dict[str, Item] = {}
            for plugin in self.plugins():
                for value in self._given(plugin, hook_name, kind):
                    self._take(found, Item(plugin, value.name, value), hook_name)
            self._items[hook_name] = found
        return self._items[hook_name]

    def named(self, hook_name: str, kind: type[N]) -> dict[str, N]:
        """Collect the same items without their origins."""
        found = self.items(hook_name, kind)
        if hook_name not in self._values:
            self._values[hook_name] = {name: item.value for name, item in found.items()}
        return self._values[hook_name]

    def folder(self, plugin: Plugin) -> "Path | None":
        """Return the folder of a plugin's code, or None."""
        from pathlib import Path

        file = getattr(self._manager.get_plugin(plugin.name), "__file__", None)
        return Path(file).parent if file else None

    def check_hooks(self) -> None:
        """Report functions that are marked as hooks but have no hook's name."""
        for plugin in self.plugins():
            loaded = self._manager.get_plugin(plugin.name)
            for caller in self._manager.get_hookcallers(loaded) or ():
                if not caller.has_spec():
                    self._report(plugin.name, f"{caller.name} is no hook", "see docs/plugins.md")

    def _look_around(self) -> None:
        """Load waiting built-in plugins and, the first time, those of other packages."""
        while self._waiting:
            module = self._waiting.pop(0)
            name = module.partition(".")[0]
            self._register(Plugin(name, is_built_in=True), import_module(module))
        if self._is_found:
            return
        self._is_found = True
        for entry in sorted(self._find(), key=lambda entry: entry.name):
            self._load(entry)

    def _load(self, entry: "EntryPoint") -> None:
        plugin = Plugin(entry.name, *_brought(entry))
        if entry.name in self._known:
            self._report(entry.name, "another plugin has this name", "uninstall one of the two")
            return
        try:
            self._register(plugin, entry.load())
        except (Exception, SystemExit) as error:  # whatever its author has not thought of
            self._report(entry.name, _shown(error), f"update or uninstall {plugin.distribution}")

    def _register(self, plugin: Plugin, loaded: object) -> None:
        self._manager.register(loaded, plugin.name)
        self._known[plugin.name] = plugin

    def _given(self, plugin: Plugin, hook_name: str, kind: type[N]) -> Iterator[N]:
        """Yield what one plugin adds by a hook, as far as it has the right type."""
        caller = getattr(self._manager.hook, hook_name)
        for implementation in caller.get_hookimpls():
            if implementation.plugin_name != plugin.name:
                continue
            try:
                values = list(implementation.function())
            except (Exception, SystemExit) as error:
                self._report(plugin.name, f"{hook_name} failed: {_shown(error)}", _UPDATE)
                continue
            for value in values:
                if not isinstance(value, kind):
                    why = f"{hook_name} gave {value!r:.80}, expected {kind.__name__}"
                    self._report(plugin.name, why, _UPDATE)
                elif trouble := getattr(value, "trouble", ""):
                    why = f"{hook_name} gave {value.name!r}: {trouble}"
                    self._report(plugin.name, why, _UPDATE)
                else:
                    yield value

    def _take(self, found: dict[str, Item], item: Item, hook_name: str) -> None:
        """Add an item unless its name is taken."""
        if item.name in found:
            other = found[item.name].plugin
            whose = "is built in" if other.is_built_in else f"is that of the plugin {other.name}"
            why = f"{hook_name} gave {item.name!r}, a name that {whose}"
            self._report(item.plugin.name, why, "ask its author for another name")
        else:
            found[item.name] = item

    def _report(self, plugin: str, why: str, hint: str) -> None:
        """Record a fault, and log it once."""
        fault = Fault(plugin, why, hint)
        if fault not in self.faults:
            import logging

            self.faults.append(fault)
            logging.getLogger("catalog.plugins").warning(
                "Plugin %s: left out: %s\n  hint: %s", *fault
            )


_UPDATE = "update its package, or tell its author"


def _brought(entry: "EntryPoint") -> tuple[str, str]:
    """Return the package of an entry point, and its version."""
    return (entry.dist.name, entry.dist.version) if entry.dist else ("unknown", "")


def _shown(error: BaseException) -> str:
    """Format an error on one line."""
    return one_line(f"{type(error).__name__}: {error}", 300)


PLUGINS = Plugins(lambda: find_entry_points(GROUP))
"""The plugins of this process."""

PLUGINS.add_built_in("catalog.builtin_plugin")


def pages() -> dict[str, SitePage]:
    """Return every page of the site by its name."""
    return PLUGINS.named("register_pages", SitePage)


def exports() -> dict[str, ExportFormat]:
    """Return every export format by its name."""
    return PLUGINS.named("register_exports", ExportFormat)


def template_folders() -> "list[Path]":
    """List the `templates` folders of plugins that add pages."""
    brought = {item.plugin for item in PLUGINS.items("register_pages", SitePage).values()}
    folders = (PLUGINS.folder(plugin) for plugin in sorted(brought) if not plugin.is_built_in)
    return [folder / "templates" for folder in folders if folder is not None]
