"""Read identifiers from addresses of papers, and build addresses from identifiers."""

import re
from collections.abc import Callable
from typing import Protocol, TypeAlias
from urllib.parse import quote, unquote

from catalog.domain.addresses import classify
from catalog.domain.late_patterns import late_pattern
from catalog.domain.schemes import (
    PrintedIdentifier,
    read_arxiv,
    read_bare,
    read_corr,
    read_doi,
    read_openalex,
    read_openreview,
    read_pwc,
)

Reader: TypeAlias = Callable[[str, str], PrintedIdentifier]

_ADDRESS = late_pattern(
    r"(?:https?:/{1,3})?(?:[^/@\s]*@)?(?P<host>localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)+)\.?(?::\d+)?"
    r"(?P<path>/[^?#\s]*)(?:\?(?P<query>[^#\s]*))?(?:#\S*)?",
    re.ASCII | re.IGNORECASE,
)
"""An address; the scheme may be missing, or have lost a slash inside another address."""


def _pages(*pages: tuple[Reader, str]) -> list[tuple[Reader, re.Pattern[str]]]:
    flags = re.ASCII | re.IGNORECASE
    return [(read, late_pattern(rf"{pattern}(?:[/?].*)?", flags)) for read, pattern in pages]


_NUMBER = r"(?P<id>(?:arxiv:)?(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?(?:/|%2f)\d{7})(?:v\d+)?)"
"""An arXiv number; other pages of its readers, e.g. of a day, stand under the same paths."""
_ANY_DOI = r"(?P<id>10\.[^?]*)"
_ARXIV = _pages((read_arxiv, r"/(?:abs|pdf|html|format|e-print|src|ps)/(?P<id>[^?]*)"))
_AR5IV = _pages((read_arxiv, rf"/(?:(?:abs|html|pdf)/)?{_NUMBER}"))
_PAPERS = _pages((read_arxiv, rf"/papers/{_NUMBER}(?:\.\w+)?"))

_HOSTS = {
    "arxiv.org": _ARXIV,
    "xxx.lanl.gov": _ARXIV,
    "ar5iv.org": _AR5IV,
    "ar5iv.labs.arxiv.org": _AR5IV,
    "alphaxiv.org": _pages((read_arxiv, rf"/(?:[\w-]+/){{1,2}}{_NUMBER}(?:\.\w+)?")),
    "huggingface.co": _PAPERS,
    "hf.co": _PAPERS,
    "arxiv-vanity.com": _PAPERS,
    "scirate.com": _pages((read_arxiv, rf"/arxiv/{_NUMBER}")),
    "semanticscholar.org": _pages(
        (read_arxiv, rf"/(?:[\w-]+/){{0,4}}arxiv[:/]{_NUMBER}"),
        (read_doi, rf"/(?:[\w-]+/){{0,4}}doi:{_ANY_DOI}"),
    ),
    "dblp.org": _pages(
        (read_corr, r"/rec/(?:\w+/)?journals/corr/abs-(?P<id>\d{4}-\d{4,5})(?:\.\w+)?")
    ),
    "doi.org": _pages((read_doi, rf"/{_ANY_DOI}")),
    "openalex.org": _pages(
        (read_openalex, r"/(?:works/)?(?P<id>W\d+)"),
        (read_doi, rf"/works/(?:doi:|https?:/+(?:dx\.)?doi\.org/){_ANY_DOI}"),
    ),
    "openreview.net": _pages(
        (
            read_openreview,
            r"/(?:forum|pdf|attachment|references/pdf)/?\?(?:[^&]*&)*?id=(?P<id>[\w-]+)(?:&.*)?",
        )
    ),
    "paperswithcode.com": _pages((read_pwc, r"/paper/(?P<id>[\w.~%-]*[\w~%-])")),
}
"""Host, also of its subdomains -> readers of its pages."""

_ADDRESSES = {
    "arxiv": "https://arxiv.org/abs/{}",
    "doi": "https://doi.org/{}",
    "openalex": "https://openalex.org/{}",
    "openreview": "https://openreview.net/forum?id={}",
    "pwc": "https://paperswithcode.com/paper/{}",
}
"""Scheme -> the address under which it keeps a paper."""

_PDFS = {
    "arxiv": "https://arxiv.org/pdf/{}",
    "openreview": "https://openreview.net/pdf?id={}",
}
"""Scheme -> the address of a paper's PDF; of other schemes none is known."""


def of_address(address: str) -> PrintedIdentifier | None:
    """Read the identifier in an address of arXiv, of its mirrors and readers, or of a registry.

    Addresses of publishers may lead to a whole volume: see `of_publisher`.

    >>> of_address("http://arxiv.org/pdf/1805.10616v4.pdf").value
    '1805.10616'
    >>> of_address("https://publisher.example/doi/10.1000/182") is None
    True

    Raises:
        ValueError: it is such an address, but what stands in it is no identifier.

    """
    match = _ADDRESS.fullmatch(address)
    if match is None:
        return None
    rest = f"{match['path']}?{match['query']}" if match["query"] else match["path"]
    for read, page in _readers(match["host"].lower()):
        if found := page.fullmatch(rest):
            return read(found["id"], address)
    return None


def _readers(host: str) -> list[tuple[Reader, re.Pattern[str]]]:
    """Return the readers of addresses for a host, or for the domain that it belongs to."""
    while host and host not in _HOSTS:
        host = host.partition(".")[2]
    return _HOSTS.get(host, [])


_IN_PATH = late_pattern(r"(?<=[/=:])10\.\d{4,9}/.+")
_IN_QUERY = late_pattern(r"(?:^|&)(?:id|doi|article|uri)=(10\.\d{4,9}/[^&]+)")
_BEHIND_DOI = late_pattern(
    r"(?:/(?:full|fulltext|full-text|abstract|pdf|epdf|meta|html|references|summary)(?:\.\w+)?"
    r"|(?:\.full|\.abstract)?(?:\.pdf|\.html?|\.xml)|\.full|\.abstract|/)$"
)
_PREPRINT = late_pattern(r"(10\.1101/[\d.]+)v(\d{1,4})")
"""A version of bioRxiv's or medRxiv's."""
_ANTHOLOGY = late_pattern(
    r"/(?:anthology/)?(?P<id>\d{4}\.[a-z0-9_]+-[a-z0-9]+\.\d+|[A-Z](?P<yy>\d\d)-\d{4})"
    r"(?:v\d+)?(?:\.\w+)?/?",
    re.ASCII | re.IGNORECASE,
)
_NATURE = late_pattern(r"/articles/(?P<id>[a-z]{1,10}[\d-]+[\w-]*)(?:\.pdf)?/?", re.ASCII)


def of_publisher(address: str) -> PrintedIdentifier | None:
    """Read the DOI in a publisher's address, or derive it.

    >>> of_publisher("https://link.springer.com/content/pdf/10.1007/s11263-015-0816-y.pdf").value
    '10.1007/s11263-015-0816-y'
    >>> of_publisher("https://aclanthology.org/2020.acl-main.1/").value
    '10.18653/v1/2020.acl-main.1'
    """
    match = _ADDRESS.fullmatch(address)
    if match is None or classify(address).kind != "other":
        return None
    host, path, query = match["host"].lower(), unquote(match["path"]), unquote(match["query"] or "")
    if found := _IN_PATH.search(path):
        return _printed_doi(found.group())
    if found := _IN_QUERY.search(query):
        return _printed_doi(found[1])
    if host.endswith(("aclanthology.org", "aclweb.org")) and (found := _ANTHOLOGY.fullmatch(path)):
        return _of_anthology(found)
    if host.endswith("nature.com") and (found := _NATURE.fullmatch(path)):
        return read_doi(f"10.1038/{found['id']}", address)
    return None


def _printed_doi(text: str) -> PrintedIdentifier | None:
    """Read a DOI followed by the name of a page; None if nothing of it is left."""
    bare = _BEHIND_DOI.sub("", _BEHIND_DOI.sub("", text))
    if preprint := _PREPRINT.fullmatch(bare):
        return PrintedIdentifier(scheme="doi", value=preprint[1], version=int(preprint[2]) or None)
    try:
        return read_doi(bare, text)
    except ValueError:
        return None


def _of_anthology(match: re.Match[str]) -> PrintedIdentifier | None:
    """Return the DOI of a paper in the ACL Anthology, which assigns them since 2012.

    https://aclanthology.org/info/ids/; until 2015 under another prefix.
    """
    year = 2000 + int(match["yy"]) if match["yy"] else int(match["id"][:4])
    if not 2012 <= year < 2060:  # of "P79-1001" the year is 1979
        return None
    prefix = "10.3115" if year < 2016 else "10.18653"
    return read_doi(f"{prefix}/v1/{match['id']}", match.group())


_SITE = late_pattern(r"(?:/[^/]+)*?/paper/(?P<id>.+)", re.DOTALL)


def of_site(address: str) -> PrintedIdentifier | None:
    """Read the paper's key in the address of its page on a catalog's site.

    >>> of_site("http://127.0.0.1:8001/paper/t-0123456789ab.json").value
    't-0123456789ab'
    """
    match = _ADDRESS.fullmatch(address)
    page = _SITE.fullmatch(match["path"]) if match else None
    if page is None:
        return None
    return read_bare(re.sub(r"\.(?:json|bib)$", "", unquote(page["id"])))


class Named(Protocol):
    """Anything with a scheme and a value: an identifier as printed, in a record, in a row."""

    @property
    def scheme(self) -> str:
        """The scheme, one of `catalog.domain.schemes`."""

    @property
    def value(self) -> str:
        """The identifier without version and prefix."""


def address(name: Named) -> str | None:
    """Build the address of a paper by its identifier; None for the catalog's own keys.

    >>> address(PrintedIdentifier(scheme="arxiv", value="1706.03762", version=5))
    'https://arxiv.org/abs/1706.03762v5'
    >>> address(PrintedIdentifier(scheme="doi", value="10.1000/a<b>."))
    'https://doi.org/10.1000/a%3Cb%3E%2E'
    """
    return _ADDRESSES[name.scheme].format(_written(name)) if name.scheme in _ADDRESSES else None


def pdf_address(name: Named) -> str | None:
    """Build the address of a paper's PDF, if the scheme has one.

    >>> pdf_address(PrintedIdentifier(scheme="openreview", value="rJXMpikCZ"))
    'https://openreview.net/pdf?id=rJXMpikCZ'
    """
    return _PDFS[name.scheme].format(_written(name)) if name.scheme in _PDFS else None


def _written(name: Named) -> str:
    """Write an identifier as it is written in addresses."""
    if name.scheme == "doi":
        return _quoted(name.value)
    version = name.version if isinstance(name, PrintedIdentifier) else None
    return f"{name.value}v{version}" if name.scheme == "arxiv" and version else name.value


def _quoted(doi: str) -> str:
    """Quote a DOI for an address, also a final character that could end a sentence."""
    if doi[-1].isalnum():
        return quote(doi, safe="/:@!$,;()")
    return quote(doi[:-1], safe="/:@!$,;()") + "".join(f"%{byte:02X}" for byte in doi[-1].encode())
