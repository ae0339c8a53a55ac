"""Addresses that a source states beside the abstract: cleaned, classified, or refused."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from catalog.domain.addresses import classify
from catalog.domain.records import LinkRecord

_CLINGING = ".,;:!?)}]>'\"*`"
_SIMPLE = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]+(:\d+)?", re.IGNORECASE | re.ASCII)
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
    """The record of an address that a field of the source holds.

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
    """Every address in a remark such as arXiv's comments, each once."""
    seen = set()
    for match in _SIMPLE.finditer(text or ""):
        try:
            found = link(match.group(), found_in)
        except ValueError:  # "http://." and the like: the remark only looks like an address
            continue
        if found.url not in seen:
            seen.add(found.url)
            yield found


def _cleaned(address: str) -> str:
    """The address with a scheme, without what clings to it."""
    url = address.strip().rstrip(_CLINGING)
    if "://" not in url[:10]:
        url = f"https://{url}"
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        host = ""
    if len(url) > LONGEST or re.search(r"[\s\x00-\x1f\x7f]", url) or not _HOST.fullmatch(host):
        msg = f"{address[:100]!r} is no address of the web: expected e.g. https://github.com/a/b"
        raise ValueError(msg)
    if parts.scheme.lower() not in {"http", "https"}:
        msg = f"{address[:100]!r} is no address of the web: its scheme is {parts.scheme!r}"
        raise ValueError(msg)
    return url
