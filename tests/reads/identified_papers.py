"""Three invented papers with identifiers of every scheme, and the forms that people use."""

import datetime as dt

from sqlalchemy.orm import Session

from catalog.models import Identifier, Paper
from tests.reads.papers_with_code import save

QUILL, INK, ROOST = "2503.12345", "10.1000/ink(1)", "t-5eed00000001"
"""Keys: a paper of arXiv and everywhere else, one with a DOI only, one of OpenReview only."""

PAPERS = {
    QUILL: (
        "A Scheme of Quills for Everyone",
        [
            ("arxiv", "2503.12345"),
            ("doi", "10.1000/quill"),
            ("openreview", "rJXMpikCZ"),
            ("openalex", "W2741809807"),
            ("pwc", "a-scheme-of-quills"),
        ],
    ),
    INK: ("Schrödinger's Ink: a Scheme", [("doi", "10.1000/ink(1)")]),
    ROOST: ("The Scheme of a Roost, or: 50% of Quills", [("openreview", "Roost_1")]),
}

FORMS = {
    "2503.12345": QUILL,
    "2503.12345v2": QUILL,
    "arXiv:2503.12345v2": QUILL,
    "https://arxiv.org/abs/2503.12345v2?context=cs.CL": QUILL,
    "https://arxiv.org/pdf/2503.12345v2.pdf": QUILL,
    "https://arxiv.org/html/2503.12345v1#S1": QUILL,
    "https://www.alphaxiv.org/abs/2503.12345": QUILL,
    "https://huggingface.co/papers/2503.12345": QUILL,
    "10.48550/arXiv.2503.12345": QUILL,
    "doi:10.1000/QUILL": QUILL,
    "https://doi.org/10.1000/quill": QUILL,
    "https://publisher.example/doi/pdf/10.1000/quill": QUILL,
    "https://openreview.net/forum?id=rJXMpikCZ&noteId=x": QUILL,
    "https://openreview.net/pdf?id=rJXMpikCZ": QUILL,
    "https://openalex.org/W2741809807": QUILL,
    "w2741809807": QUILL,
    "https://paperswithcode.com/paper/a-scheme-of-quills": QUILL,
    "https://api.semanticscholar.org/arXiv:2503.12345": QUILL,
    "(<https://arxiv.org/abs/2503.12345>).": QUILL,
    "10.1000/INK(1)": INK,
    "https://doi.org/10.1000/ink%281%29": INK,
    "T-5EED00000001": ROOST,
    "openreview:Roost_1": ROOST,
}
"""A printed form -> key of the paper."""

UNPREFIXED = {"rJXMpikCZ": QUILL, "a-scheme-of-quills": QUILL, "Roost_1": ROOST}
"""Identifiers that could be words: found where a paper is named, not where words are sought."""


def fill(session: Session) -> None:
    """Fill an empty catalog."""
    day = dt.date(2025, 3, 11)
    for key, (title, names) in PAPERS.items():
        paper = Paper(
            key=key, label=title, title=title, abstract="We write with quills.",
            title_key=_folded(title), first_seen_on=day, year=2025, month="2025-03",
            arxiv_id=dict(names).get("arxiv"), has_code=False, has_results=False,
        )  # fmt: skip
        save(session, paper)
        save(session, *(Identifier(paper_id=paper.id, scheme=s, value=v) for s, v in names))


def _folded(title: str) -> str:
    return "".join(c for c in title.lower().replace("ö", "o") if c.isalnum())
