"""Read names as publishers print them: arXiv classes, identifiers in addresses."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from catalog.domain.identifiers import from_doi, of_address, parse
from catalog.domain.late_patterns import late_pattern
from catalog.domain.records import Identifier

_CLASS = late_pattern(r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]+(?:-[a-z]+)*)?", re.ASCII)


def arxiv_classes(names: Iterable[str], primary: str | None = None) -> tuple[str, ...]:
    """Return the arXiv classes among subject classes, the primary one first, each once.

    MSC and ACM classes stand among them in some answers and are left out.

    >>> arxiv_classes(["68T50", "cs.CL", "I.2.7", "cs.LG"], primary="cs.LG")
    ('cs.LG', 'cs.CL')
    """
    held = [primary, *names] if primary else names
    return _classes(tuple(held))


@lru_cache(maxsize=10_000)
def _classes(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the classes among names; most papers have those of many others."""
    return tuple(dict.fromkeys(filter(_CLASS.fullmatch, names)))


def from_dois(text: str) -> Iterator[Identifier]:
    """Return the identifiers in arXiv's DOI field, which has several where there is an erratum."""
    parts = re.split(r"[\s;]+|,(?=\s*10\.)", text.strip()) if "10." in text else [text]
    for part in parts:
        if part:
            yield from_doi(part.rstrip(",."))


def version_in(text: str) -> int | None:
    """Return the version in an arXiv identifier or its address; None where there is none.

    >>> version_in("http://arxiv.org/abs/1805.10616v4"), version_in("oai:arXiv.org:1805.10616")
    (4, None)
    """
    found = parse(text)
    return found.version if found and found.scheme == "arxiv" else None


def from_address(address: str | None) -> Identifier | None:
    """Return the identifier in a paper's address; None if it has none that we know.

    >>> from_address("http://arxiv.org/pdf/1805.10616v4.pdf").value
    '1805.10616'
    >>> from_address("https://paperswithcode.com/paper/a-slug").scheme
    'pwc'

    Raises:
        ValueError: it is an address of arXiv or of a DOI, but what it states is none.

    """
    found = of_address(address.strip()) if address else None
    return found.identifier if found else None
