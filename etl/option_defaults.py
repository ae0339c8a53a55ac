"""Read defaults of commands' options from catalog.toml: the tables [defaults.COMMAND]."""

import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from catalog.commands.arguments import did_you_mean
from catalog.domain.errors import CatalogError

SETTINGS = "catalog.toml"


def settings_file(url: str) -> Path:
    """Return the file of settings: the one that CATALOG_CONFIG names, or that beside the database.

    >>> str(settings_file("sqlite:////data/papers.db")), str(settings_file("catalog.db"))
    ('/data/catalog.toml', 'catalog.toml')
    """
    if named := os.environ.get("CATALOG_CONFIG"):
        return Path(named)
    scheme, separator, rest = url.partition("://")
    if not separator:
        return Path(url.removeprefix("file:")).parent / SETTINGS
    folder = Path(rest[1:].partition("?")[0]).parent if scheme == "sqlite" else Path()
    return folder / SETTINGS


def read_defaults(file: Path, known: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Read the tables of commands; nothing where there is no such file.

    Raises:
        CatalogError: it is no TOML, or names a command that there is not.

    """
    try:
        settings = tomllib.loads(file.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:
        why = str(error)
        if isinstance(error, tomllib.TOMLDecodeError):
            why = f"it is not valid TOML: {error}"
        raise _refused(file, why) from error
    tables = settings.get("defaults", {})
    if not isinstance(tables, dict):
        raise _refused(file, "defaults is not a table")
    names = list(known)
    for name, table in tables.items():
        if name not in names:
            raise _refused(file, f"there is no command {name}.{did_you_mean(name, names)}")
        if not isinstance(table, dict):
            raise _refused(file, f"defaults.{name} is not a table")
    return tables


def default_map(command: click.Command, table: Mapping[str, Any], file: Path) -> dict[str, Any]:
    """Convert a command's table to click's map of defaults; those of a group are nested.

    Raises:
        CatalogError: it names an option or a command that there is not.

    """
    if not isinstance(command, click.Group):
        try:
            return option_values(command, table)
        except KeyError as error:
            raise _refused(file, error.args[0]) from error
    found = {}
    for name, below in table.items():
        if name not in command.commands or not isinstance(below, dict):
            near = did_you_mean(name, command.commands)
            raise _refused(file, f"{command.name} has no command {name}.{near}")
        found[name] = default_map(command.commands[name], below, file)
    return found


def option_values(command: click.Command, table: Mapping[str, Any]) -> dict[str, Any]:
    """Give values by the names of parameters instead of those of options.

    Raises:
        KeyError: there is no such option; its argument is the message.

    """
    options = {
        name.removeprefix("--"): option
        for option in command.params
        if isinstance(option, click.Option)
        for name in option.opts
        if name.startswith("--")
    }
    found: dict[str, Any] = {}
    for name, value in table.items():
        option = options.get(name.replace("_", "-"))
        if option is None or option.name is None:
            near = did_you_mean(name, options)
            raise KeyError(f"{command.name} has no option {name}.{near}")
        is_choice = option.is_flag and not isinstance(option.flag_value, bool)
        if value is True and is_choice:
            found[option.name] = option.flag_value
        elif value is not False or not is_choice:
            found[option.name] = value
    return found


def _refused(file: Path, why: str) -> CatalogError:
    return CatalogError(
        f"cannot use {file}", why=why, hint="correct it; docs/commands.md tells of [defaults]"
    )
