"""Identifiers of papers and repositories: recognise, normalise, refuse."""

import re
from urllib.parse import unquote, urlsplit

from msgspec import Struct

_NEW_ARXIV = re.compile(r"(?P<id>(?P<yy>\d\d)(?P<mm>\d\d)\.(?P<number>\d{4,5}))(v\d+)?", re.ASCII)
_OLD_ARXIV = re.compile(
    r"(?P<archive>[a-z]+(-[a-z]+)*)(\.[A-Z]{2})?/(?P<number>(?P<yy>\d\d)(?P<mm>\d\d)\d{3})(v\d+)?",
    re.ASCII,
)
_ARXIV_PREFIX = re.compile(
    r"(https?://)?([a-z-]+\.)?arxiv\.org/(abs|pdf|html|format|e-print)/|oai:arxiv\.org:|arxiv:\s*"
    r"|(https?://)?huggingface\.co/papers/"
    r"|(https?://(dx\.)?doi\.org/)?10\.48550/arxiv\.",
    re.IGNORECASE,
)
_DOI_PREFIX = re.compile(r"(https?://)?(dx\.|www\.)?doi\.org/|doi:\s*", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/[^\s\x00-\x1f\x7f]+", re.ASCII)
SHOWN = 100
"""Characters of a wrong value that a message shows."""
FIRST_NEW_NUMBERS = 704
"""April 2007, as year and month: old identifiers end before it, new ones begin."""
FIRST_LONG_NUMBERS = 1501
"""Year and month from which arXiv's numbers have five digits, four before
(https://info.arxiv.org/help/arxiv_identifier.html)."""


def arxiv_id(text: str) -> str:
    """Return the arXiv identifier in `text`, without prefix and version.

    >>> arxiv_id("http://arxiv.org/abs/1706.03762v5")
    '1706.03762'
    >>> arxiv_id("arXiv:cs.AI/0112017v1")
    'cs/0112017'
    >>> arxiv_id("10.48550/arXiv.2412.14475")
    '2412.14475'

    The archive is part of an old identifier, a subject class behind it is not.

    Raises:
        ValueError: no identifier of either form (before and since April 2007); also one whose
            number has too few digits for its month, as after a way through a spreadsheet.

    """
    bare = _without(_ARXIV_PREFIX, text).partition("?")[0].partition("#")[0]
    bare = bare.rstrip("/").removesuffix(".pdf")
    if match := _NEW_ARXIV.fullmatch(bare):
        _check_digits(match, text)
        found, since, until = match["id"], FIRST_NEW_NUMBERS, 9999
    elif match := _OLD_ARXIV.fullmatch(bare):
        found, since, until = f"{match['archive']}/{match['number']}", 9107, FIRST_NEW_NUMBERS - 1
    else:
        raise _no_arxiv_id(text)
    month = int(match["yy"] + match["mm"])
    in_era = since <= month <= until or (since > until and not until < month < since)
    if not in_era or not 1 <= int(match["mm"]) <= 12:
        raise _no_arxiv_id(text)
    return found


def _without(prefix: re.Pattern[str], text: str) -> str:
    """The text without space around it and without the prefix, if it begins with it."""
    text = text.strip()
    match = prefix.match(text)
    return text[match.end() :] if match else text


def _check_digits(match: re.Match[str], text: str) -> None:
    digits = 5 if int(match["yy"] + match["mm"]) >= FIRST_LONG_NUMBERS else 4
    if len(match["number"]) != digits:
        msg = (
            f"{text[:SHOWN]!r} is no arXiv identifier: numbers of {match['yy']}{match['mm']} have "
            f"{digits} digits"
        )
        if len(match["number"]) < digits:
            msg += "; it may have passed for a decimal number on its way"
        raise ValueError(msg)


def _no_arxiv_id(text: str) -> ValueError:
    return ValueError(
        f"no arXiv identifier in {text[:SHOWN]!r}: expected e.g. 1706.03762 or cs/0112017"
    )


def doi(text: str) -> str:
    """Return the DOI in `text`, without prefix, in lower case: DOIs do not tell case apart.

    >>> doi("https://doi.org/10.1103/PhysRevD.76.013009")
    '10.1103/physrevd.76.013009'

    Raises:
        ValueError: it is none.

    """
    bare = unquote(_without(_DOI_PREFIX, text))
    if not _DOI.fullmatch(bare):
        msg = f"no DOI in {text[:SHOWN]!r}: expected e.g. 10.7717/peerj.4375"
        raise ValueError(msg)
    return bare.lower()


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
        """The same for every spelling: hosts do not tell case apart."""
        return f"{self.host}/{self.owner}/{self.name}".lower()

    @property
    def url(self) -> str:
        """Address of its front page."""
        return f"https://{self.host}/{self.owner}/{self.name}"


_GITHUB_OWNER = re.compile(r"[A-Za-z0-9](?:-?[A-Za-z0-9])*-?", re.ASCII)
_REPOSITORY = re.compile(r"[A-Za-z0-9._-]+", re.ASCII)
_NO_OWNERS = {
    *("about", "apps", "collections", "contact", "customer-stories", "enterprise", "events"),
    *("explore", "features", "join", "login", "marketplace", "new", "notifications"),
    *("organizations", "orgs", "pricing", "readme", "search", "security", "settings", "site"),
    *("sponsors", "stars", "topics", "trending", "users"),
}
"""First parts of GitHub paths that are pages of its own."""


def repository(address: str) -> RepositoryName:
    """Return the GitHub or GitLab repository that an address leads into.

    >>> repository("https://github.com/jshilong/SEPC/tree/main/docs?tab=readme#use").full_name
    'jshilong/SEPC'
    >>> repository("github.com/Owner/name.git").url
    'https://github.com/Owner/name'

    Raises:
        ValueError: another host, an owner without a repository, or a page of the host's own.

    """
    address = address.strip()
    if "://" not in address:
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError as error:
        msg = f"{address[:SHOWN]!r} is no address: {error}"
        raise ValueError(msg) from error
    if parts.scheme not in {"http", "https"} or not (
        host == "github.com" or host.startswith("gitlab.") or host == "gitlab.com"
    ):
        msg = f"{address[:SHOWN]!r} leads to no GitHub or GitLab repository"
        raise ValueError(msg)
    path = [part for part in parts.path.split("/") if part]
    name = path[1].rstrip(".,;:)}]'\"") if len(path) > 1 else ""
    name = name.removesuffix(".git")
    owner_fits = _GITHUB_OWNER if host == "github.com" else _REPOSITORY
    if (
        not name.strip(".")
        or path[0].lower() in _NO_OWNERS
        or not owner_fits.fullmatch(path[0])
        or not _REPOSITORY.fullmatch(name)
    ):
        msg = f"{address[:SHOWN]!r} names no repository: expected owner/name after the host"
        raise ValueError(msg)
    return RepositoryName(host, path[0], name)
