"""One paper, fetched now: by its arXiv number, its DOI, or an address that holds one of them."""

import re
from urllib.parse import quote, urlsplit

from msgspec import Struct

from catalog.domain.errors import CatalogError
from catalog.domain.identifiers import arxiv_id, doi
from etl.fetch import Answer, Pace
from etl.sync.response_archive import Receipt
from etl.sync.source_run import Course

ARXIV = "https://export.arxiv.org/api/query"
OPENALEX = "https://api.openalex.org/works"
ARXIV_DOI = "10.48550/arxiv."
PAGES = re.compile(
    r"(?:(?:www|export)\.)?arxiv\.org/(?:abs|pdf|html)/(?P<arxiv>.+)"
    r"|(?:www\.)?(?:alphaxiv\.org/(?:abs|overview)|huggingface\.co/papers)/(?P<page>[^/]+)"
    r"|(?:dx\.)?doi\.org/(?P<doi>.+)"
)
"""Addresses that hold a paper's identifier."""


class Question(Struct, frozen=True):
    """Whom to ask for a paper, and in which format the answer comes."""

    address: str
    format: str
    pace: Pace


def question(name: str, *, arxiv: str = ARXIV, openalex: str = OPENALEX) -> Question:
    """Whom to ask for the paper that somebody names.

    >>> question("https://arxiv.org/pdf/2503.00001v2.pdf").address
    'https://export.arxiv.org/api/query?id_list=2503.00001&max_results=1'
    >>> question("https://huggingface.co/papers/2503.00001").address
    'https://export.arxiv.org/api/query?id_list=2503.00001&max_results=1'

    Raises:
        CatalogError: it is neither identifier nor an address that holds one.

    """
    bare = name.strip()
    parts = urlsplit(bare)
    if parts.scheme in {"http", "https"}:
        found = PAGES.fullmatch(f"{(parts.hostname or '').lower()}{parts.path.rstrip('/')}")
        if found is None:
            raise _unknown(name)
        bare = next(part for part in found.groups() if part)
    bare = re.sub(r"(?i)^(arxiv:|doi:)\s*|\.pdf$", "", bare)
    try:
        if bare.startswith("10.") and not bare.lower().startswith(ARXIV_DOI):
            return Question(
                f"{openalex}/doi:{quote(doi(bare), safe='/:')}", "openalex", Pace("openalex", 0.1)
            )
        number = arxiv_id(bare[len(ARXIV_DOI) :] if bare.startswith("10.") else bare)
    except ValueError as error:
        raise _unknown(name) from error
    address = f"{arxiv}?id_list={quote(number, safe='/')}&max_results=1"
    return Question(address, "arxiv-atom", Pace("arxiv", 3.0))


def add(course: Course, asked: Question, name: str) -> None:
    """Fetch and load one paper.

    Raises:
        CatalogError: the publisher does not know it, or cannot be asked.

    """
    answer: Answer = course.ask(asked.address, pace=asked.pace, accept=frozenset({200, 404}))
    if answer.status == 404:
        raise _nobody(name)
    kept = course.keep(
        Receipt(
            source="add",
            address=asked.address,
            document=asked.address,
            format=asked.format,
            day=answer.received_at.date(),
            body=answer.body,
            received_at=answer.received_at,
        )
    )
    if asked.format == "arxiv-atom" and b"<entry" not in answer.body:
        raise _nobody(name)
    course.load([kept])


def _unknown(name: str) -> CatalogError:
    return CatalogError(
        f"cannot add {name}",
        why="it is neither an arXiv number, nor a DOI, nor an address that holds one",
        mend="give e.g. 2503.00001, 10.1000/xyz, https://arxiv.org/abs/2503.00001",
    )


def _nobody(name: str) -> CatalogError:
    return CatalogError(
        f"cannot add {name}",
        why="the publisher knows no such paper",
        mend="check the number; a paper of today is known tomorrow",
    )
