"""Parse and show the address of a database: a URL, or a path to an SQLite file."""

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from catalog.domain.errors import CatalogError
from catalog.installed import adding

FILE = "file:"
"""The beginning of a file's address in SQLite's own form: https://sqlite.org/uri.html"""

POSTGRES = "postgresql+psycopg://"
"""The beginning of a PostgreSQL address: its server and its driver."""


def parse_url(url: str) -> URL:
    """Parse an SQLAlchemy URL, SQLite's own `file:` address, or a plain path to an SQLite file.

    Raises:
        CatalogError: it is none of them.

    >>> str(parse_url("sqlite:///file:catalog.db?uri=true"))
    'sqlite:///catalog.db'
    """
    is_url = "://" in url and not url.startswith(FILE)
    try:
        parsed = make_url(url) if is_url else URL.create("sqlite", database=url)
        parsed.get_dialect().import_dbapi()
    except (ArgumentError, ImportError, ValueError) as error:
        raise CatalogError(
            f"cannot use the database {url.split('@')[-1]}",
            why=str(error),
            hint=_address_hint(url),
        ) from error
    return _plain_file(parsed) if parsed.get_backend_name() == "sqlite" else parsed


def _address_hint(url: str) -> str:
    """Write how to name a database, and what to write instead of PostgreSQL's own scheme."""
    how = f"give --db an address such as sqlite:///catalog.db or {POSTGRES}HOST/NAME"
    if url.startswith("postgres://"):
        how = f"write {POSTGRES} in place of postgres://"
    return f"{how}; where the driver of PostgreSQL is missing, {adding('postgres')}"


def _plain_file(url: URL) -> URL:
    """Convert an SQLite URL to one of a plain path: one file has one name in every command.

    Raises:
        CatalogError: it has options, which would hold for some connections and not for others,
            or names another machine.

    """
    name, options = str(url.database or ""), dict(url.query)
    what = f"cannot use the database {name}"
    if name.startswith(FILE):
        parts = urlsplit(name)
        if parts.netloc not in {"", "localhost"}:
            why = f"its address names another machine, {parts.netloc}"
            raise CatalogError(what, why=why, hint=f"write {FILE}///PATH, with three slashes")
        name = unquote(parts.path)
        options |= dict(parse_qsl(parts.query, keep_blank_values=True))
    options.pop("uri", None)
    if options:
        raise CatalogError(
            what,
            why=f"its address has options: {', '.join(sorted(options))}",
            hint="leave the options out; each command itself decides how it opens the file",
        )
    return URL.create("sqlite", database=name)


def require_file(url: str) -> None:
    """Refuse an SQLite database in memory, which no other command would ever see.

    Raises:
        CatalogError: `url` names no file and no server.

    """
    if parse_url(url).get_backend_name() == "sqlite" and sqlite_file(url) is None:
        raise CatalogError(
            f"cannot use the database {url or repr(url)}",
            why="it names no file, so the catalog would be in memory and lost with the command",
            hint="give --db an address such as sqlite:///catalog.db",
        )


def sqlite_file(url: str) -> Path | None:
    """Return the path of an SQLite file; None for a server or a database in memory."""
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
        return None
    return Path(str(parsed.database))


def shown(url: URL) -> str:
    """Format a database's URL for messages: the file, or the URL without password."""
    if url.get_backend_name() != "sqlite":
        return url.render_as_string(hide_password=True)
    name = str(url.database or ":memory:")
    return unquote(name.removeprefix("file://")) if name.startswith("file://") else name
