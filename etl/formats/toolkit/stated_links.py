"""Clean and classify the addresses that a document states beside the abstract."""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from catalog.domain.addresses import classify
from catalog.domain.late_patterns import late_pattern
from catalog.domain.records import LinkRecord

_CLINGING = ".,;:!?'\"*`"
_BRACKETS = {")": "(", "]": "[", "}": "{", ">": "<"}
_SIMPLE = late_pattern(r"https?://[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_HOST = late_pattern(r"[^\W_][\w-]*(\.[\w-]+)*\.[^\W\d_][\w-]+(:\d{1,5})?")
_NUMBERED = late_pattern(
    r"(?P<host>\[[0-9a-f:.]+\]|[0-9.]+)(?::\d{1,5})?", re.IGNORECASE | re.ASCII
)
"""A host by its number, as demonstrations often stand on one."""
LONGEST = 2_000
"""Characters; browsers refuse longer addresses, and none of a paper is a tenth of it."""


def link(
    address: str,
    found_in: str,
    *,
    is_official: bool | None = None,
    framework: str | None = None,
    stars: int | None = None,
) -> LinkRecord:
    """Make the record of an address in a field of the document.

    >>> link(" https://github.com/RED-Search/Qilin/ ", "githubRepo").url
    'https://github.com/RED-Search/Qilin'
    >>> link("https://github.com/DFIR-Metric", "githubRepo").kind
    'other'

    Raises:
        ValueError: it is no address of the web: "this https URL" stands in lists in place of one.

    """
    url = _cleaned(address)
    found = classify(url)
    repo = found.repository
    return LinkRecord(
        url=repo.url if repo and found.is_front else url,
        kind=found.kind,
        repo=repo.full_name if repo else None,
        found_in=found_in,
        is_official=is_official,
        framework=framework,
        stars=stars if repo else None,
    )


def links_in(text: str | None, found_in: str) -> Iterator[LinkRecord]:
    """Find every address in a remark such as arXiv's comments, each once."""
    seen = set()
    for match in _SIMPLE.finditer(text or ""):
        try:
            found = link(match.group(), found_in)
        except ValueError:  # "http://." and the like: the remark only looks like an address
            continue
        if found.url not in seen:
            seen.add(found.url)
            yield found


def without_clinging(address: str) -> str:
    """Remove the punctuation after an address; brackets that it opens itself stay.

    >>> without_clinging("https://en.wikipedia.org/wiki/Transformer_(deep_learning)).")
    'https://en.wikipedia.org/wiki/Transformer_(deep_learning)'
    """
    url, before = address.strip(), ""
    while url != before:
        before = url
        url = url.rstrip(_CLINGING)
        opening = _BRACKETS.get(url[-1:])
        if opening and url.count(url[-1]) > url.count(opening):
            url = url[:-1]
    return url


def _is_host(host: str) -> bool:
    if found := _NUMBERED.fullmatch(host):
        try:
            ip_address(found["host"].strip("[]"))
        except ValueError:
            return False
        return True
    return _HOST.fullmatch(host) is not None


def _cleaned(address: str) -> str:
    """Return the address with a scheme, without what surrounds it."""
    url = without_clinging(address)
    if "://" not in url[:10]:
        url = f"https://{url}"
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        host = ""
    if len(url) > LONGEST or re.search(r"[\s\x00-\x1f\x7f]", url) or not _is_host(host):
        msg = f"{address[:100]!r} is no address of the web: expected e.g. https://github.com/a/b"
        raise ValueError(msg)
    if parts.scheme.lower() not in {"http", "https"}:
        msg = f"{address[:100]!r} is no address of the web: its scheme is {parts.scheme!r}"
        raise ValueError(msg)
    return url
