"""Read the papers of an author, under all spellings of the name, with whom and on what."""

from collections.abc import Sequence

from msgspec import Struct

from catalog.domain.search_words import name_key
from catalog.reads.asking import Read, column, dialect, first, rows
from catalog.reads.cards import Card, cards
from catalog.reads.search import NEWEST_FIRST
from catalog.reads.standing import IS_PAPER

SIZE = 20
"""Papers of a page."""

SHOWN = 12
"""Coauthors, datasets and tasks."""


class Counted(Struct, frozen=True, kw_only=True):
    """Somebody or something that papers of the author share."""

    name: str
    papers: int
    slug: str | None = None


class AuthorPapers(Struct, kw_only=True):
    """The papers of an author."""

    name: str
    """As most of the papers print it."""
    spellings: list[str]
    """Other ways in which papers print it."""
    total: int
    with_code: int
    numbers: int
    """Numbers that the papers report."""
    first_year: int | None
    last_year: int | None
    number: int
    """Which page it is, from 1."""
    more: bool
    papers: list[Card]
    coauthors: list[Counted]
    datasets: list[Counted]
    tasks: list[Counted]


class _Name(Struct):
    id: int
    name: str
    papers: int


class _Totals(Struct):
    total: int
    with_code: int
    first_year: int | None
    last_year: int | None


NAMES = """
SELECT a.id, a.name,
       (SELECT count(DISTINCT s.paper_id) FROM authorships s WHERE s.author_id = a.id) AS papers
  FROM authors a WHERE a.name = :name OR a.key = :key ORDER BY papers DESC, a.name
"""

OF_THEM = "p.id IN (SELECT s.paper_id FROM authorships s WHERE s.author_id IN :names)"

TOTALS = f"""
SELECT count(*) AS total, count(CASE WHEN p.has_code THEN 1 END) AS with_code,
       min(p.year) AS first_year, max(p.year) AS last_year
  FROM papers p WHERE {OF_THEM} AND {IS_PAPER}
"""

PAPERS = f"""
SELECT p.id FROM papers p WHERE {OF_THEM} AND {IS_PAPER}
 ORDER BY {{newest}}, p.id DESC LIMIT :size OFFSET :offset
"""

NUMBERS = """
SELECT count(*) FROM results r WHERE r.state <> 'rejected' AND r.paper_id IN (
       SELECT s.paper_id FROM authorships s WHERE s.author_id IN :names)
"""

COAUTHORS = """
SELECT a.name, b.papers FROM (
    SELECT o.author_id, count(DISTINCT o.paper_id) AS papers
      FROM authorships s JOIN authorships o ON o.paper_id = s.paper_id
     WHERE s.author_id IN :names AND o.author_id NOT IN (
           SELECT n.id FROM authors n WHERE n.id IN :names)
     GROUP BY o.author_id) AS b
  JOIN authors a ON a.id = b.author_id ORDER BY b.papers DESC, a.name LIMIT :most
"""

DATASETS = """
SELECT d.name, d.slug, b.papers FROM (
    SELECT r.dataset_id, count(DISTINCT r.paper_id) AS papers FROM results r
     WHERE r.dataset_id IS NOT NULL AND r.state <> 'rejected' AND r.role = 'own'
       AND r.paper_id IN (SELECT s.paper_id FROM authorships s WHERE s.author_id IN :names)
     GROUP BY r.dataset_id) AS b
  JOIN datasets d ON d.id = b.dataset_id ORDER BY b.papers DESC, d.name LIMIT :most
"""

TASKS = """
SELECT t.name, t.slug, b.papers FROM (
    SELECT w.task_id, count(DISTINCT w.paper_id) AS papers FROM paper_tasks w
     WHERE w.paper_id IN (SELECT s.paper_id FROM authorships s WHERE s.author_id IN :names)
     GROUP BY w.task_id) AS b
  JOIN tasks t ON t.id = b.task_id ORDER BY b.papers DESC, t.name LIMIT :most
"""


def author_papers(name: str, *, number: int = 1, size: int = SIZE) -> Read[AuthorPapers | None]:
    """Read the papers of an author, the newest first; None for a name that no paper prints."""
    names = yield from rows(NAMES, _Name, name=name, key=name_key(name))
    ids = [one.id for one in names]
    totals = yield from first(TOTALS, _Totals, names=ids)
    if totals is None or not totals.total:
        return None
    papers = yield from _page(ids, number, size)
    found = yield from cards(papers[:size])
    numbers = yield from column(NUMBERS, int, names=ids)
    return AuthorPapers(
        name=names[0].name,
        spellings=[one.name for one in names[1:]],
        total=totals.total,
        with_code=totals.with_code,
        numbers=numbers[0],
        first_year=totals.first_year,
        last_year=totals.last_year,
        number=number,
        more=len(papers) > size,
        papers=found,
        coauthors=(yield from rows(COAUTHORS, Counted, names=ids, most=SHOWN)),
        datasets=(yield from rows(DATASETS, Counted, names=ids, most=SHOWN)),
        tasks=(yield from rows(TASKS, Counted, names=ids, most=SHOWN)),
    )


def newest_of_author(name: str, *, size: int) -> Read[list[int]]:
    """List the ids of an author's newest papers."""
    names = yield from rows(NAMES, _Name, name=name, key=name_key(name))
    return (yield from _page([one.id for one in names], 1, size))[:size]


def _page(names: Sequence[int], number: int, size: int) -> Read[list[int]]:
    """List the ids of a page of papers, and one more where there are more."""
    sql = PAPERS.format(newest=NEWEST_FIRST[(yield from dialect())])
    offset = (number - 1) * size
    return (yield from column(sql, int, names=names, size=size + 1, offset=offset))
