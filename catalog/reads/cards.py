"""Papers in lists, with the same facts beside each title at every door."""

import datetime as dt
from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from catalog.domain.claims import is_number_sure, is_sure
from catalog.domain.headline import first_names, headline, names
from catalog.reads.asking import Read, rows
from catalog.reads.code import Repository, code_of
from catalog.reads.marks import Mark, marks_of
from catalog.reads.numbers import Number, numbers_of


class Card(Struct, kw_only=True):
    """A paper as lists show it."""

    id: int
    key: str
    label: str
    arxiv_id: str | None = None
    first_seen_on: dt.date | None = None
    published_on: dt.date | None = None
    has_code: bool = False
    withdrawn: bool = False
    """Withdrawn papers have no headline numbers."""
    authors: str = ""
    """The first authors, and how many more there are."""
    first_authors: list[str] = []
    """Their names, each by itself."""
    numbers: list[Number] = []
    """The headline: the few numbers that say most."""
    numbers_in_all: int = 0
    repository: Repository | None = None
    mark: Mark | None = None


class _PaperRow(Struct, kw_only=True):
    id: int
    key: str
    label: str
    arxiv_id: str | None
    first_seen_on: dt.date | None
    published_on: dt.date | None
    has_code: bool
    withdrawn: bool


class _AuthorRow(Struct):
    paper_id: int
    name: str


PAPERS = """
SELECT p.id, p.key, p.label, p.arxiv_id, p.first_seen_on, p.published_on, p.has_code,
       p.withdrawn
  FROM papers p WHERE p.id IN :papers
"""

AUTHORS = """
SELECT s.paper_id, a.name
  FROM authorships s JOIN authors a ON a.id = s.author_id
 WHERE s.paper_id IN :papers ORDER BY s.paper_id, s.position
"""


def cards(papers: Sequence[int]) -> Read[list[Card]]:
    """Read papers as lists show them, in the order of their ids; unknown ids are left out."""
    found = {row.id: row for row in (yield from rows(PAPERS, _PaperRow, papers=papers))}
    authors = yield from authors_of(papers)
    numbers = yield from numbers_of(papers)
    code = yield from code_of(papers)
    marks = yield from marks_of(papers)
    return [
        Card(
            id=row.id,
            key=row.key,
            label=row.label,
            arxiv_id=row.arxiv_id,
            first_seen_on=row.first_seen_on,
            published_on=row.published_on,
            has_code=row.has_code,
            withdrawn=row.withdrawn,
            authors=names(authors.get(row.id, [])),
            first_authors=first_names(authors.get(row.id, [])),
            numbers=[] if row.withdrawn else headline(map(_shown, numbers.get(row.id, []))),
            numbers_in_all=len(numbers.get(row.id, [])),
            repository=code.get(row.id),
            mark=marks.get(row.id),
        )
        for row in (found[paper] for paper in papers if paper in found)
    ]


def _shown(number: Number) -> Number:
    """Return a number as headlines show it: without what is inferred or not sure."""
    if number.metric_inferred:
        number = replace(number, metric=None, metric_slug=None)
    if is_sure(number) or not is_number_sure(number):
        return number
    return replace(
        number,
        dataset=None,
        dataset_slug=None,
        dataset_text=None,
        row_confidence=number.confidence,
    )


def authors_of(papers: Sequence[int]) -> Read[Mapping[int, list[str]]]:
    """Read the names of papers' authors, in the order of the title page."""
    found: dict[int, list[str]] = {}
    for row in (yield from rows(AUTHORS, _AuthorRow, papers=papers)):
        found.setdefault(row.paper_id, []).append(row.name)
    return found
