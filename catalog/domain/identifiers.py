"""Parse identifiers of papers in every form in which they are printed.

`parse` reads what people type or paste; `arxiv_id`, `doi` and `from_doi` read what documents
state. All share the same readers, so that a form that one of them knows is known to all.
"""

import re
from urllib.parse import unquote

from catalog.domain.paper_addresses import (
    address,
    of_address,
    of_publisher,
    of_site,
    pdf_address,
)
from catalog.domain.records import Identifier
from catalog.domain.schemes import (
    ARXIV_DOI,
    PrintedIdentifier,
    no_arxiv_id,
    no_doi,
    read_bare,
    read_openreview,
    read_pwc,
)

__all__ = [
    "PrintedIdentifier",
    "address",
    "arxiv_id",
    "doi",
    "from_doi",
    "normalised",
    "of_address",
    "parse",
    "pdf_address",
]

LONGEST = 2_000
"""Characters; no identifier is as long, nor an address that holds one."""

_FULL_WIDTH = {0xFF01 + place: 0x21 + place for place in range(94)}
_INVISIBLE = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
_TYPED = {**_FULL_WIDTH, **_INVISIBLE, 0x3000: " ", 0x2010: "-", 0x2011: "-"}
"""Characters of other keyboards and of PDF files -> those that identifiers are made of."""

_CLINGING = " \t\r\n\f\v\xa0.,;:!?…'\"`*“”‘’«»"
_BRACKETS = {">": "<", ")": "(", "]": "[", "}": "{"}

_PREFIX = re.compile(
    r"(?:arxiv preprint\s+|corr[,\s]+)?"
    r"(?:oai:arxiv\.org|(?P<scheme>arxiv|doi|openalex|openreview|pwc)|abs(?=/\d))"
    r"(?P<between>\s*:\s*|/|\s+)",
    re.ASCII | re.IGNORECASE,
)
"""Before identifiers: "arXiv:", "doi: ", "CoRR abs/"."""


def parse(text: str) -> PrintedIdentifier | None:
    """Parse the identifier that somebody typed or pasted, in any printed form.

    White space and punctuation around it, its case, percent signs, full-width letters and
    invisible characters do not matter. None means that it has the form of no identifier.

    >>> parse("<https://www.alphaxiv.org/abs/1706.03762v5>.")
    PrintedIdentifier(scheme='arxiv', value='1706.03762', version=5)
    >>> parse("https://dl.acm.org/doi/pdf/10.1145/3292500.3330701").value
    '10.1145/3292500.3330701'
    >>> parse("attention is all you need") is None
    True

    Raises:
        ValueError: it has the form of one, but can be none: a number of a thirteenth month.

    """
    bare = _tidied(text)
    for written in dict.fromkeys((bare, unquote(bare))):
        for read in (read_bare, of_address, _prefixed, of_site, of_publisher):
            if found := read(written):
                return found
    return None


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
    found = _stated(text)
    if found is None or found.scheme != "arxiv":
        raise no_arxiv_id(text)
    return found.value


def doi(text: str) -> str:
    """Return the DOI in `text`, without prefix, in lower case, since DOIs ignore case.

    >>> doi("https://doi.org/10.1103/PhysRevD.76.013009")
    '10.1103/physrevd.76.013009'

    Raises:
        ValueError: it is none.

    """
    found = from_doi(text)
    return found.value if found.scheme == "doi" else f"{ARXIV_DOI}{found.value}"


def from_doi(text: str) -> Identifier:
    """Return the identifier that a DOI gives; DOIs under 10.48550 are arXiv's.

    >>> from_doi("10.48550/arXiv.2412.14475")
    Identifier(scheme='arxiv', value='2412.14475')

    Raises:
        ValueError: it is no DOI, or too long.

    """
    if len(text) > LONGEST:
        msg = f"a DOI of {len(text):,} characters: expected at most {LONGEST:,}"
        raise ValueError(msg)
    found = _stated(text)
    identifier = found.identifier if found else None
    if identifier is None or identifier.scheme not in {"doi", "arxiv"} or "10." not in text:
        raise no_doi(text)
    return identifier


def normalised(stated: Identifier) -> Identifier:
    """Convert an identifier from any form to the one in which it is kept.

    >>> normalised(Identifier(scheme="openalex", value="https://openalex.org/w1")).value
    'W1'

    Raises:
        ValueError: it is empty, no arXiv identifier, or no DOI.

    """
    if stated.scheme == "arxiv":
        return Identifier(scheme="arxiv", value=arxiv_id(stated.value))
    if stated.scheme == "doi":
        return from_doi(stated.value)
    found = _stated(stated.value)
    value = found.value if found and found.scheme == stated.scheme else stated.value.strip()
    if not value:
        msg = f"an identifier of {stated.scheme} is empty"
        raise ValueError(msg)
    return Identifier(scheme=stated.scheme, value=value)


def _stated(text: str) -> PrintedIdentifier | None:
    """Read the identifier in a field of a document: bare, with a prefix, or an address."""
    if len(text) > LONGEST:
        return None
    bare = text.strip()
    return read_bare(bare) or of_address(bare) or _prefixed(bare)


def _prefixed(text: str) -> PrintedIdentifier | None:
    """Read an identifier behind the name of its scheme.

    >>> _prefixed("DOI: 10.1000/182").value, _prefixed("pwc:a-slug").value
    ('10.1000/182', 'a-slug')
    """
    match = _PREFIX.match(text)
    if match is None:
        return None
    scheme, rest = (match["scheme"] or "arxiv").lower(), text[match.end() :]
    if scheme in {"openreview", "pwc"}:
        return _own_name(scheme, rest) if ":" in match["between"] else None
    while again := _PREFIX.match(rest):  # "doi: DOI:10.1000/182"
        rest = rest[again.end() :]
    found = read_bare(rest) or of_address(rest)
    if found and (found.scheme == scheme or (scheme, found.scheme) == ("doi", "arxiv")):
        return found
    return None


def _own_name(scheme: str, text: str) -> PrintedIdentifier | None:
    """Read a name that only its prefix distinguishes from a word."""
    try:
        return (read_openreview if scheme == "openreview" else read_pwc)(text, text)
    except ValueError:
        return None


def _tidied(text: str) -> str:
    """Remove what surrounds an identifier: white space, punctuation, brackets.

    >>> _tidied(" (“10.1000/det(1)<x>”). ")
    '10.1000/det(1)<x>'
    """
    if len(text) > LONGEST:
        return ""
    bare, before = text.translate(_TYPED), ""
    while bare != before:
        before = bare
        bare = bare.strip(_CLINGING)
        opening = _BRACKETS.get(bare[-1:])
        if opening and bare[0] == opening:
            bare = bare[1:-1]
        elif opening and bare.count(bare[-1]) > bare.count(opening):
            bare = bare[:-1]
        elif bare[:1] in _BRACKETS.values():
            bare = bare[1:]
    return bare
