"""The reader that the configuration names; light, so that commands can look into it at once."""

import os
import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from catalog.domain.errors import CatalogError
from etl.extract.reader import ChosenReader, ReaderSettings
from etl.plugins import choose_reader

T = TypeVar("T")


def read_text(path: Path) -> str:
    """Read the configuration's text.

    Raises:
        CatalogError: it cannot be read.

    """
    try:
        return path.read_text(encoding="utf-8-sig")  # as editors of Windows begin it
    except FileNotFoundError as error:
        raise CatalogError(
            f"cannot read {path}",
            why="there is no such file",
            hint='write a commented one with "catalog sync --init", or name yours with --config',
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogError(f"cannot read {path}", why=str(error), hint="check the file") from error


def parse_toml(text: str, name: str) -> dict[str, Any]:
    """Parse TOML; `name` is for messages.

    Raises:
        CatalogError: it is none.

    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise refused(name, f"it is not valid TOML: {error}") from error


def convert(raw: object, kind: type[T], name: str) -> T:
    """Convert a table to a struct.

    Raises:
        CatalogError: it says something that is not understood.

    """
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise refused(name, str(error)) from error


def refused(name: str, why: str, hint: str = "") -> CatalogError:
    """Make the error of a configuration that cannot be used."""
    return CatalogError(
        f"cannot use {name}",
        why=why,
        hint=hint or 'correct the file; "catalog sync --init" writes one with every setting',
    )


def reader_settings(config: Path | None, url: str | None) -> ReaderSettings | None:
    """Read the table [reader] of the configuration; None where there is none.

    The configuration is the file that is given, that CATALOG_CONFIG names, or catalog.toml beside
    the database.

    Raises:
        CatalogError: the file cannot be read, or says something that is not understood.

    """
    named = os.environ.get("CATALOG_CONFIG")
    path = config or (Path(named) if named else _beside(url))
    if not path.exists():
        return None
    table = parse_toml(read_text(path), str(path)).get("reader")
    return None if table is None else convert(table, ReaderSettings, f"{path}: [reader]")


def _beside(url: str | None) -> Path:
    """Return the path of catalog.toml beside a database; here for one on a server."""
    file = (url or "").removeprefix("sqlite:///").partition("?")[0]
    return Path(file).with_name("catalog.toml") if file and file != url else Path("catalog.toml")


def reader_of_kept_answers(url: str) -> ChosenReader:
    """Choose the configured reader for a command that asks nobody; it reads by kept answers.

    Raises:
        CatalogError: the configuration says something that is not understood.

    """
    chosen = choose_reader(None, reader_settings(None, url))
    chosen.asking.offline = True
    return chosen
