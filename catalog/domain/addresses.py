"""Classify web addresses, and find the repositories that they lead into.

One classifier for everybody: addresses in abstracts, in the fields of sources, typed by people.
"""

import re
from urllib.parse import urlsplit

from msgspec import Struct

from catalog.domain.records import LinkKind

SHOWN = 100
"""Characters of a wrong value that a message shows."""

_GITHUB_OWNER = re.compile(r"[A-Za-z0-9](?:-?[A-Za-z0-9])*-?", re.ASCII)
_GITLAB_OWNER = re.compile(r"[A-Za-z0-9._-]+", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9._-]+(?![\w%])")
"""A repository's name, whatever punctuation clings to it."""
_HUGGING_FACE = {"huggingface.co", "hf.co"}
_NO_OWNERS = {
    *("about", "apps", "collections", "contact", "customer-stories", "enterprise", "events"),
    *("explore", "features", "join", "login", "marketplace", "new", "notifications"),
    *("organizations", "orgs", "pricing", "readme", "search", "security", "settings", "site"),
    *("sponsors", "stars", "topics", "trending", "users"),
}
"""First parts of GitHub paths that are pages of its own."""


class RepositoryName(Struct, frozen=True):
    """A repository on a host, as printed."""

    host: str
    owner: str
    name: str

    @property
    def full_name(self) -> str:
        """Owner and name with a slash between."""
        return f"{self.owner}/{self.name}"

    @property
    def key(self) -> str:
        """The same text for every spelling, since hosts ignore case."""
        return f"{self.host}/{self.owner}/{self.name}".lower()

    @property
    def url(self) -> str:
        """Address of the repository's front page."""
        return f"https://{self.host}/{self.owner}/{self.name}"


class Address(Struct, frozen=True):
    """An address and what it leads to."""

    kind: LinkKind
    repository: RepositoryName | None = None
    """The repository that it leads into, for the kinds github and gitlab; else None."""
    is_front: bool = False
    """Whether it is the repository's front page, not a page below it."""


def classify(address: str) -> Address:
    """Classify an address; without a scheme it is taken for a web address.

    >>> classify("https://gitlab.inria.fr/a/b/-/tree/main").repository.full_name
    'a/b'
    >>> [classify(url).kind for url in ("a.github.io/x", "hf.co/a/b", "github.com/topics/llm")]
    ['github-pages', 'huggingface', 'other']
    """
    try:
        host, path = _split(address)
    except ValueError:
        return Address("other")
    if host.endswith(".github.io"):
        return Address("github-pages")
    if host in _HUGGING_FACE:
        return Address("huggingface")
    if not _holds_repositories(host) or (found := _repository(host, path)) is None:
        return Address("other")
    return Address("github" if host == "github.com" else "gitlab", found, len(path) == 2)


def repository(address: str) -> RepositoryName:
    """Return the GitHub or GitLab repository that an address leads into.

    >>> repository("https://github.com/jshilong/SEPC/tree/main/docs?tab=readme#use").full_name
    'jshilong/SEPC'
    >>> repository("github.com/Owner/name.git").url
    'https://github.com/Owner/name'

    Raises:
        ValueError: another host, an owner without a repository, or a page of the host's own.

    """
    host, path = _split(address)
    shown = f"{address.strip()[:SHOWN]!r}"
    if not _holds_repositories(host):
        msg = f"{shown} leads to no GitHub or GitLab repository"
        raise ValueError(msg)
    found = _repository(host, path)
    if found is None:
        msg = f"{shown} names no repository: expected owner/name after the host"
        raise ValueError(msg)
    return found


def _split(address: str) -> tuple[str, list[str]]:
    """Split a web address into its host and the parts of its path.

    Raises:
        ValueError: it is none.

    """
    address = address.strip()
    if "://" not in address:
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError as error:
        msg = f"{address[:SHOWN]!r} is not an address: {error}"
        raise ValueError(msg) from error
    if parts.scheme not in {"http", "https"}:
        msg = f"{address[:SHOWN]!r} leads to no GitHub or GitLab repository"
        raise ValueError(msg)
    return host, [part for part in parts.path.split("/") if part]


def _holds_repositories(host: str) -> bool:
    """Return true if the host is GitHub, GitLab, or a GitLab of somebody's own."""
    return host == "github.com" or (host.startswith("gitlab.") and not host.endswith(".io"))


def _repository(host: str, path: list[str]) -> RepositoryName | None:
    """Return the repository that a path leads into on a host of repositories."""
    if len(path) < 2 or path[0].lower() in _NO_OWNERS:
        return None
    owner_fits = _GITHUB_OWNER if host == "github.com" else _GITLAB_OWNER
    match = _NAME.match(path[1])
    name = match.group().rstrip(".").removesuffix(".git") if match else ""
    if not name or not owner_fits.fullmatch(path[0]):
        return None
    return RepositoryName(host, path[0], name)
