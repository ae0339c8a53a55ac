"""The configuration of scheduled runs: one small TOML file."""

import datetime as dt
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct, field

from catalog.domain.errors import CatalogError
from etl.fetch.http import LOOPBACK

Days = Annotated[int, Meta(ge=0, le=36_500)]
Hours = Annotated[int, Meta(ge=1, le=24 * 366)]
Seconds = Annotated[float, Meta(ge=0, le=3600)]
Count = Annotated[int, Meta(ge=1, le=1_000_000)]


class Http(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How publishers are asked."""

    attempts: Annotated[int, Meta(ge=1, le=20)] = 5
    timeout: Annotated[float, Meta(gt=0, le=600)] = 30.0
    longest_wait: Seconds = 600.0
    max_megabytes: Annotated[int, Meta(ge=1, le=4096)] = 64


class Store(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of what was received is kept."""

    keep_days: Days = 400
    max_megabytes: Annotated[int, Meta(ge=1)] = 2048


class HfDaily(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Hugging Face daily papers."""

    kind: Literal["hf-daily"] = "hf-daily"
    enabled: bool = True
    stale_after_hours: Hours = 36
    base: str = "https://huggingface.co"
    since: dt.date | None = None
    first_days: Days = 7
    observe_days: Days = 3
    weekends: bool = False
    pause: Seconds = 0.5


class ArxivOai(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """arXiv by OAI-PMH."""

    kind: Literal["arxiv-oai"] = "arxiv-oai"
    enabled: bool = True
    stale_after_hours: Hours = 36
    base: str = "https://oaipmh.arxiv.org/oai"
    sets: tuple[str, ...] = ("cs:cs:LG", "cs:cs:CV", "cs:cs:CL", "cs:cs:AI", "stat:stat:ML")
    since: dt.date | None = None
    first_days: Days = 3
    overlap_days: Days = 1
    pause: Annotated[float, Meta(ge=3, le=3600)] = 3.0


class ArxivRss(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """arXiv's announcements of the day."""

    kind: Literal["arxiv-rss"] = "arxiv-rss"
    enabled: bool = True
    stale_after_hours: Hours = 36
    base: str = "https://rss.arxiv.org/rss"
    categories: tuple[str, ...] = ("cs.LG", "cs.CV", "cs.CL")
    pause: Annotated[float, Meta(ge=3, le=3600)] = 3.0


class Folder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A folder that somebody puts files in."""

    path: str
    kind: Literal["folder"] = "folder"
    enabled: bool = True
    stale_after_hours: Hours = 36
    settle_seconds: Seconds = 10.0


class GitHub(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Stars, licence and state of the repositories that papers name."""

    kind: Literal["github"] = "github"
    enabled: bool = True
    stale_after_hours: Hours = 36
    base: str = "https://api.github.com"
    token_env: str = "GITHUB_TOKEN"  # noqa: S105 - the name of a variable
    most: Count = 1000
    again_after_hours: Hours = 20
    recent_days: Days = 90
    old_again_after_days: Days = 30
    pause: Seconds = 0.1


SourceConfig = HfDaily | ArxivOai | ArxivRss | Folder | GitHub
KINDS: dict[str, type[SourceConfig]] = {
    "hf-daily": HfDaily,
    "arxiv-oai": ArxivOai,
    "arxiv-rss": ArxivRss,
    "folder": Folder,
    "github": GitHub,
}


class Digest(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """The mail that goes out after each run."""

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
    """The whole file; sources under their names."""

    contact: str
    http: Http = field(default_factory=Http)
    store: Store = field(default_factory=Store)
    sources: dict[str, Any] = field(default_factory=dict)
    digest: Digest | None = None


def default_path(database: Path | None) -> Path:
    """Where the file is unless an option says otherwise: beside the database."""
    return (database.parent if database else Path()) / "catalog.toml"


def read_config(path: Path, *, asks: bool = True) -> Config:
    """Read the file; the contact may be empty where no publisher is asked.

    Raises:
        CatalogError: it is missing, no TOML, or says something that is not understood.

    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as error:
        raise CatalogError(
            f"cannot read {path}",
            why="there is no such file",
            mend='write a commented one with "catalog sync --init", or name yours with --config',
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogError(f"cannot read {path}", why=str(error), mend="check the file") from error
    return parse_config(text, str(path), asks=asks)


def parse_config(text: str, name: str, *, asks: bool = True) -> Config:
    """Read the text of the file; `name` is for messages, `asks` as for `read_config`.

    Raises:
        CatalogError: it is no TOML, or says something that is not understood.

    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _refused(name, f"it is no TOML: {error}") from error
    config = _convert(raw, Config, name)
    if asks and (not config.contact.strip() or not config.contact.isprintable()):
        raise _refused(
            name,
            "contact is empty: publishers ask for an address where they can reach who asks",
            "write your mail address or web page there",
        )
    config.sources.update(
        {
            key: _source(key, value, f"{name}: [sources.{key}]")
            for key, value in config.sources.items()
        }
    )
    return config


def _source(key: str, value: object, name: str) -> SourceConfig:
    if not key or len(key) > 50 or not all(c.isalnum() or c in "-_" for c in key):
        raise _refused(name, f"{key!r} is no name: letters, digits, - and _")
    if not isinstance(value, dict):
        raise _refused(name, "it is no table")
    kind = value.get("kind", key)
    if kind not in KINDS:
        raise _refused(name, f"{kind!r} is no kind of source; known are {', '.join(KINDS)}")
    source = _convert(value, KINDS[kind], name)
    base = getattr(source, "base", None)
    if base is not None:
        parts = urlsplit(base)
        local = parts.scheme == "http" and parts.hostname in LOOPBACK
        if not parts.hostname or not (parts.scheme == "https" or local):
            raise _refused(name, f"base is {base!r}: expected an https address")
    return source


T = TypeVar("T")


def _convert(raw: object, kind: type[T], name: str) -> T:
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise _refused(name, str(error)) from error


def _refused(name: str, why: str, mend: str = "") -> CatalogError:
    return CatalogError(
        f"cannot use {name}",
        why=why,
        mend=mend or 'correct it; "catalog sync --init" shows every setting',
    )
