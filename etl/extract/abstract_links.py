"""Find the addresses in an abstract, trim what surrounds them, and classify them."""

import re
from collections.abc import Iterator

from catalog.domain.addresses import classify
from catalog.domain.records import LinkRecord

BARE_HOSTS = (
    r"(?:www\.)?(?:github\.com|gitlab\.[a-z.-]+[a-z]|huggingface\.co|hf\.co|bitbucket\.org|aka\.ms|"
    r"bit\.ly|doi\.org|dx\.doi\.org|arxiv\.org|git\.io|tinyurl\.com|goo\.gl|zenodo\.org|osf\.io|"
    r"kaggle\.com|youtu\.be|youtube\.com|sites\.google\.com|drive\.google\.com|"
    r"anonymous\.4open\.science|modelscope\.cn|codeberg\.org|sourceforge\.net|openreview\.net)/"
)
"""Hosts that make an address also where no scheme stands before them."""

PAGES = r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:github|gitlab)\.io\b"
WWW = r"www\.[a-z0-9-]+\.[a-z]{2,}"
STOP = r"\s{}<>|\"^`\u201c\u201d"
BODY = rf"(?:\\[_%#&~]|[^{STOP}\\])*"

WITH_SCHEME = re.compile(rf"https?://\w{BODY}")
ANY_SCHEME = re.compile(rf"https?://\w{BODY}", re.I)
BARE = re.compile(rf"(?<![\w@/.-])(?:{BARE_HOSTS}|{PAGES}|{WWW}){BODY}", re.I)
SIGN = re.compile(
    r"\.(?:io|com/|org/|(?<=www\.)|(?<=gitlab\.)|(?<=/hf\.)co|(?<=huggingface\.)co|(?<=aka\.)ms"
    r"|(?<=bit\.)ly|(?<=4open\.)science|(?<=youtu\.)be|(?<=modelscope\.)cn|(?<=sourceforge\.)net)"
)
"""Stands in every address without a scheme; all begin at a point, which is found at once."""
SCHEME = re.compile(r"^https?://(?:www\.)?", re.I)
TRAILING = ".,;:!?'\"*$\u2019"
LONGEST = 2_000
"""Bytes; what is longer leads nowhere, and fits into no index of PostgreSQL."""
BRACKETS = {")": "(", "]": "["}


def find_links(text: str) -> list[LinkRecord]:
    """List every address in the text, in order; one that is printed twice counts once.

    >>> [link.repo for link in find_links("Code: \\\\url{https://github.com/a/b.git}.")]
    ['a/b']
    """
    return list(_links(text))


def _matches(text: str) -> list[re.Match[str]]:
    """Yield the spans that look like an address, in order.

    Each pattern is searched only where a sign of it stands.
    """
    found: list[re.Match[str]] = []
    if "://" in text:
        pattern = ANY_SCHEME if "HTTP" in text or "Http" in text else WITH_SCHEME
        found += pattern.finditer(text)
    rest = text
    for match in found:
        rest = rest[: match.start()] + " " * len(match.group()) + rest[match.end() :]
    if SIGN.search(rest.lower()):
        found += BARE.finditer(rest)
        found.sort(key=lambda match: match.start())
    return found


def _links(text: str) -> Iterator[LinkRecord]:
    seen: set[str] = set()
    for match in _matches(text):
        shown = _trim(_cut_second(match.group()))
        if not shown or "." not in shown:
            continue
        url = _clean(shown)
        if len(url.encode("utf-8", "replace")) > LONGEST:
            continue
        found = classify(url)
        start = match.start()
        key = SCHEME.sub("", url).rstrip("/").lower()
        if key in seen:
            continue
        seen.add(key)
        yield LinkRecord(
            url=url,
            kind=found.kind,
            repo=found.repository.full_name if found.repository else None,
            text=shown,
            start=start,
            end=start + len(shown),
        )


def _cut_second(found: str) -> str:
    """Cut where a Markdown link or a second address begins inside the first."""
    for sign in ("](", ")[", "),http", ";http", ",http"):
        at = found.find(sign, 8)
        if at > 0:
            found = found[:at]
    return found


def _trim(found: str) -> str:
    """Drop punctuation, unbalanced brackets and a possessive from the end, in linear time."""
    end = len(found)
    depth = {mark: found.count(mark) - found.count(BRACKETS[mark]) for mark in BRACKETS}
    while end:
        last = found[end - 1]
        if last in TRAILING or (last == "\\"):
            end -= 1
        elif last in BRACKETS and depth[last] > 0:
            depth[last] -= 1
            end -= 1
        elif found.startswith(("'s", "\u2019s"), end - 2) and end > 2:
            end -= 2
        else:
            break
    return found[:end]


def _clean(shown: str) -> str:
    """Return the address with a scheme and without backslashes.

    It gets https for the hosts that redirect to it.
    """
    url = shown.replace("\\", "")
    if not url.lower().startswith("http"):
        url = "https://" + url
    if url[:7].lower() == "http://" and classify(url).kind != "other":
        url = "https://" + url[7:]
    return url
