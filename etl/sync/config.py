"""Read the configuration of scheduled runs, a small TOML file."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from msgspec import Meta, Struct, field

from catalog.domain.errors import CatalogError
from etl.configured_reader import convert, parse_toml, read_text, refused
from etl.extract.reader import ReaderSettings
from etl.fetch.http import LOOPBACK
from etl.plugins import sync_sources
from etl.sync.settings import Days, Seconds, SourceSettings


class Http(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of requests to publishers: attempts, seconds, size."""

    attempts: Annotated[int, Meta(ge=1, le=20)] = 5
    timeout: Annotated[float, Meta(gt=0, le=600)] = 30.0
    longest_wait: Seconds = 600.0
    max_megabytes: Annotated[int, Meta(ge=1, le=4096)] = 64


class Store(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of the response archive: days and size to keep."""

    keep_days: Days = 400
    max_megabytes: Annotated[int, Meta(ge=1)] = 2048


class Digest(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """Settings of the mail that goes out after each run."""

    to: tuple[str, ...]
    from_: str
    host: str
    port: Annotated[int, Meta(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password_env: str = "CATALOG_SMTP_PASSWORD"  # noqa: S105 - the name of a variable
    ca_file: str | None = None
    timeout: Annotated[float, Meta(gt=0, le=600)] = 30.0
    site: str | None = None
    query: str | None = None
    enabled: bool = True


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole configuration; sources by their names."""

    contact: str
    http: Http = field(default_factory=Http)
    store: Store = field(default_factory=Store)
    sources: dict[str, Any] = field(default_factory=dict)
    digest: Digest | None = None
    reader: ReaderSettings | None = None
    defaults: dict[str, Any] = field(default_factory=dict)
    """Defaults of commands' options, which `etl.option_defaults` reads."""


def default_path(database: Path | None) -> Path:
    """Return the file's default path, beside the database."""
    return (database.parent if database else Path()) / "catalog.toml"


def template(contact: str) -> str:
    """Write a commented configuration with every kind of source.

    `contact` is a string in TOML's syntax.
    """
    text = (files("etl.sync") / "template.toml").read_text("utf-8")
    parts = "\n".join(source.template for source in sync_sources().values())
    return text.replace('"@CONTACT@"', contact).replace("@SOURCES@", parts)


def read_config(path: Path, *, asks: bool = True) -> Config:
    """Read the file; with `asks` false the contact may be empty.

    Raises:
        CatalogError: it is missing, no TOML, or says something that is not understood.

    """
    return parse_config(read_text(path), str(path), asks=asks)


def parse_config(text: str, name: str, *, asks: bool = True) -> Config:
    """Parse the file's text; `name` is for messages, `asks` as for `read_config`.

    Raises:
        CatalogError: it is no TOML, or says something that is not understood.

    """
    raw = parse_toml(text, name)
    config = convert(raw, Config, name)
    if asks and (not config.contact.strip() or not config.contact.isprintable()):
        raise refused(
            name,
            "contact is empty, and publishers want to know how to reach whoever sends requests",
            "set contact to your mail address or web page",
        )
    if config.digest:
        _require_mail(config.digest, f"{name}: [digest]")
    config.sources.update(
        {
            key: _source(key, value, f"{name}: [sources.{key}]")
            for key, value in config.sources.items()
        }
    )
    return config


def _require_mail(digest: Digest, name: str) -> None:
    """Check what a mail goes to, comes from, and searches for, before a run fetches anything."""
    from catalog.publish.mail import mailbox

    if not digest.to:
        raise refused(
            name, "to names nobody", 'name at least one address: to = ["you@example.org"]'
        )
    for written in (digest.from_, *digest.to):
        try:
            mailbox(written)
        except CatalogError as error:
            raise refused(name, f"{written!r}: {error.why}", error.hint) from error
    if digest.query:
        _require_search(digest.query, name)


def _require_search(query: str, name: str) -> None:
    from catalog.domain.search_language import understand
    from catalog.reads.search_filters import FILTERS

    found = understand(query, FILTERS)
    if found.refused or found.is_empty:
        why = "; ".join(found.refused) or "it has no word and no filter to search for"
        raise refused(
            name, f"query is {query!r}: {why}", "correct query; try it with: catalog search QUERY"
        )


def _source(key: str, value: object, name: str) -> SourceSettings:
    if not key or len(key) > 50 or not all(c.isalnum() or c in "-_" for c in key):
        raise refused(
            name, f"{key!r} is not a valid name: use letters, digits, - and _, at most 50"
        )
    if not isinstance(value, dict):
        raise refused(name, "it is not a table")
    kind, known = value.get("kind", key), sync_sources()
    if not isinstance(kind, str) or kind not in known:
        raise refused(name, f"{kind!r} is not a kind of source; the kinds are {', '.join(known)}")
    source: SourceSettings = convert({**value, "kind": kind}, known[kind].settings, name)
    base = getattr(source, "base", None)
    if base is not None:
        try:
            parts = urlsplit(base)
        except ValueError as error:
            raise refused(name, f"base is {base!r}: {error}") from error
        local = parts.scheme == "http" and parts.hostname in LOOPBACK
        if not parts.hostname or not (parts.scheme == "https" or local):
            raise refused(name, f"base is {base!r}: expected an https address")
    return source


def hosts_of(config: Config) -> frozenset[str]:
    """Return the hosts of the configured publishers, with their ports: redirects may go there."""
    bases = (getattr(source, "base", None) for source in config.sources.values())
    return frozenset(urlsplit(base).netloc.lower() for base in bases if base)
