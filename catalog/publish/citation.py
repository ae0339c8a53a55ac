"""Decide how a paper is cited, the same in BibTeX, RIS and CSL-JSON."""

import datetime as dt
import re
from hashlib import sha256
from typing import Literal

from msgspec import Struct

from catalog.domain.identifiers import pdf_address
from catalog.domain.person_names import PersonName, split_name
from catalog.reads.paper import Paper

_JOURNAL = re.compile(
    r"journal|transactions|letters|review|magazine|nature|science|proceedings of the national|"
    r"^(?:t?jmlr|tmlr|tpami|tip|tnnls|ijcv|tacl|jair|pnas|neurocomputing|access)\b|arxiv",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")


class Citation(Struct, frozen=True, kw_only=True):
    """An item of a list of references: the facts by which a paper is cited."""

    key: str
    """The citation key, made of the paper's key alone, so that it is the same in every export."""
    kind: Literal["preprint", "conference", "journal"]
    title: str
    authors: list[PersonName]
    year: int | None
    day: dt.date | None
    """Of the preprint; None where the year is that of a venue."""
    venue: str | None
    arxiv_id: str | None
    arxiv_class: str | None
    doi: str | None
    url: str | None
    pdf: str | None
    abstract: str | None
    keywords: list[str]
    note: str | None


def citation(paper: Paper) -> Citation:
    """Choose what is cited of a paper: its venue where it has one, else its preprint."""
    names = {name.scheme: name for name in reversed(paper.identifiers)}
    day = paper.published_on or paper.first_seen_on
    printed = _YEAR.search(paper.venue or "")
    year = int(printed[1]) if printed else day.year if day else None
    ordered = [
        names[one] for one in ("arxiv", "doi", "openreview", "openalex", "pwc") if one in names
    ]
    return Citation(
        key=citation_key(paper),
        kind=_kind(paper.venue),
        title=paper.label,
        authors=[split_name(name) for name in paper.authors],
        year=year,
        day=day if day and day.year == year else None,
        venue=paper.venue,
        arxiv_id=paper.arxiv_id,
        arxiv_class=paper.categories[0] if paper.arxiv_id and paper.categories else None,
        doi=names["doi"].value if "doi" in names else None,
        url=ordered[0].url if ordered else None,
        pdf=next(filter(None, map(pdf_address, ordered)), None),
        abstract=paper.abstract,
        keywords=paper.keywords,
        note=f"Withdrawn: {paper.withdrawn_reason or 'no reason given'}"
        if paper.withdrawn
        else None,
    )


def _kind(venue: str | None) -> Literal["preprint", "conference", "journal"]:
    if not venue:
        return "preprint"
    return "journal" if _JOURNAL.search(venue) else "conference"


def citation_key(paper: Paper) -> str:
    """Make the key by which texts cite a paper, of letters that every tool takes.

    >>> citation_key(Paper(id=1, key="2503.00001", label="", arxiv_id="2503.00001"))
    'arxiv-2503.00001'
    >>> citation_key(Paper(id=1, key="10.1000/a(1)", label=""))
    'doi-10.1000-a-1-c41b77'
    """
    scheme = "arxiv-" if paper.arxiv_id else "doi-" if paper.key.startswith("10.") else ""
    plain = re.sub(r"[^A-Za-z0-9.]+", "-", paper.key).strip("-")
    is_unique = scheme != "doi-" or plain == paper.key.replace("/", "-")
    mark = "" if is_unique else f"-{sha256(paper.key.encode()).hexdigest()[:6]}"
    return f"{scheme}{plain}{mark}"
