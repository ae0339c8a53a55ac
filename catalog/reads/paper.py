"""Read one paper with everything that belongs to it."""

import datetime as dt

import msgspec
from msgspec import Struct

from catalog.domain.identifiers import address
from catalog.reads.asking import Read, column, first, rows
from catalog.reads.cards import authors_of
from catalog.reads.code import BEST_FIRST, Repository, code_of
from catalog.reads.marks import Mark, marks_of
from catalog.reads.numbers import Number, numbers_of


class PaperIdentifier(Struct):
    """One name of a paper in a scheme, with its address there."""

    scheme: str
    value: str
    url: str = ""


class Task(Struct):
    """A task that a source names for a paper."""

    name: str
    slug: str


class Link(Struct, kw_only=True):
    """An address that a paper or a source names."""

    url: str
    kind: str
    repository: str | None
    """Owner and name, where it leads to a repository."""
    repository_key: str | None
    stars: int | None
    language: str | None
    licence: str | None
    state: str | None
    archived: bool | None
    framework: str | None
    found_in: str
    is_official: bool | None
    span_start: int | None
    span_end: int | None


class DigestDay(Struct, kw_only=True):
    """A digest that contains the paper."""

    day: dt.date
    source: str
    rank: int | None
    upvotes: int | None
    comments: int | None
    day_basis: str


class Source(Struct, kw_only=True):
    """A document that describes the paper."""

    id: int
    name: str
    """Path or address."""
    format: str
    read_at: dt.datetime
    records: int


class SameTitle(Struct):
    """Another paper with the same title."""

    key: str
    label: str


class SharedIdentifier(Struct, kw_only=True):
    """An identifier that records of this paper and of another one state."""

    scheme: str
    value: str
    key: str
    """Of the other paper."""
    label: str


class Paper(Struct, kw_only=True):
    """One paper with everything that the catalog knows about it."""

    id: int
    key: str
    label: str
    """The title; without one the first words of the abstract."""
    title: str | None = None
    abstract: str | None = None
    arxiv_id: str | None = None
    published_on: dt.date | None = None
    updated_on: dt.date | None = None
    first_seen_on: dt.date | None = None
    has_code: bool = False
    has_results: bool = False
    withdrawn: bool = False
    withdrawn_reason: str | None = None
    version: int | None = None
    """The latest version; `updated_on` is its day."""
    abstract_version: int | None = None
    """The version that the abstract, and so the numbers, are of."""
    comment: str | None = None
    venue: str | None = None
    organization: str | None = None
    keywords: list[str] = []
    extractor_version: str | None = None
    authors: list[str] = []
    categories: list[str] = []
    tasks: list[Task] = []
    identifiers: list[PaperIdentifier] = []
    results: list[Number] = []
    links: list[Link] = []
    """Those to repositories first, the paper's code before the others."""
    digests: list[DigestDay] = []
    sources: list[Source] = []
    alike: list[SameTitle] = []
    shared: list[SharedIdentifier] = []
    repository: Repository | None = None
    mark: Mark | None = None

    @property
    def about_versions(self) -> str | None:
        """The latest version, and of which one the numbers are; None where nothing is known."""
        if self.version is None:
            return None
        of = f" of {self.updated_on}" if self.updated_on else ""
        read = self.abstract_version
        told = f"v{self.version}{of}"
        return f"{told}; numbers read from v{read}" if read else told


class StoredRecord(Struct, kw_only=True):
    """The record of a paper in one document."""

    document: str
    format: str
    position: int
    record: dict[str, object]
    """As the document supplied it: a JSON object of the format's own fields."""


PAPER = """
SELECT id, key, label, title, abstract, arxiv_id, published_on, updated_on, first_seen_on,
       has_code, has_results, withdrawn, withdrawn_reason, version, abstract_version, comment,
       venue, organization, extractor_version
  FROM papers WHERE id = :id
"""

CATEGORIES = """
SELECT c.code FROM paper_categories s JOIN categories c ON c.id = s.category_id
 WHERE s.paper_id = :id ORDER BY CASE WHEN s.is_primary THEN 0 ELSE 1 END, c.code
"""

TASKS = """
SELECT t.name, t.slug FROM paper_tasks s JOIN tasks t ON t.id = s.task_id
 WHERE s.paper_id = :id ORDER BY t.name
"""

KEYWORDS = """
SELECT k.name FROM paper_keywords s JOIN keywords k ON k.id = s.keyword_id
 WHERE s.paper_id = :id ORDER BY k.name
"""

IDENTIFIERS = "SELECT scheme, value FROM identifiers WHERE paper_id = :id ORDER BY scheme, value"

LINKS = f"""
SELECT l.url, l.kind, o.full_name AS repository, o.key AS repository_key, o.stars, o.language,
       o.licence, o.state, o.archived, f.name AS framework, l.found_in, l.is_official,
       l.span_start, l.span_end
  FROM links l
  LEFT JOIN repositories o ON o.id = l.repository_id
  LEFT JOIN frameworks f ON f.id = l.framework_id
 WHERE l.paper_id = :id
 ORDER BY CASE WHEN o.id IS NULL THEN 1 ELSE 0 END, {BEST_FIRST}, l.span_start IS NULL,
       l.span_start, l.url
"""

DIGESTS = """
SELECT g.day, g.source, e.rank, e.upvotes, e.comments, e.day_basis
  FROM digest_entries e JOIN digests g ON g.id = e.digest_id
 WHERE e.paper_id = :id ORDER BY g.day, g.source
"""

SOURCES = """
SELECT c.id, c.name, c.format, c.read_at, count(*) AS records
  FROM paper_sources s JOIN documents c ON c.id = s.document_id
 WHERE s.paper_id = :id GROUP BY c.id, c.name, c.format, c.read_at ORDER BY c.read_at, c.name
"""

ALIKE = """
SELECT DISTINCT p.key, p.label FROM paper_sources s
  JOIN paper_sources t ON t.title_hash = s.title_hash AND t.paper_id <> s.paper_id
  JOIN papers p ON p.id = t.paper_id WHERE s.paper_id = :id ORDER BY p.key
"""

SHARED = """
WITH stated AS (
SELECT scheme, value FROM disputed_identifiers WHERE paper_id = :id
UNION
SELECT i.scheme, i.value FROM identifiers i
  JOIN disputed_identifiers d ON d.scheme = i.scheme AND d.value = i.value
 WHERE i.paper_id = :id)
SELECT s.scheme, s.value, p.key, p.label FROM stated s
  JOIN disputed_identifiers o ON o.scheme = s.scheme AND o.value = s.value
  JOIN papers p ON p.id = o.paper_id WHERE p.id <> :id
UNION
SELECT s.scheme, s.value, p.key, p.label FROM stated s
  JOIN identifiers o ON o.scheme = s.scheme AND o.value = s.value
  JOIN papers p ON p.id = o.paper_id WHERE p.id <> :id
 ORDER BY 1, 2, 3
"""

RECORDS = """
SELECT c.name AS document, c.format, s.position, s.record
  FROM paper_sources s JOIN documents c ON c.id = s.document_id
 WHERE s.paper_id = :id ORDER BY c.name, s.position
"""


def paper(paper_id: int) -> Read[Paper | None]:
    """Read a paper by its id; None if there is none."""
    found = yield from first(PAPER, Paper, id=paper_id)
    if found is None:
        return None
    found.authors = (yield from authors_of([paper_id])).get(paper_id, [])
    found.categories = yield from column(CATEGORIES, str, id=paper_id)
    found.tasks = yield from rows(TASKS, Task, id=paper_id)
    found.keywords = yield from column(KEYWORDS, str, id=paper_id)
    found.identifiers = yield from rows(IDENTIFIERS, PaperIdentifier, id=paper_id)
    for identifier in found.identifiers:
        identifier.url = address(identifier) or ""
    found.results = (yield from numbers_of([paper_id])).get(paper_id, [])
    found.links = yield from rows(LINKS, Link, id=paper_id)
    found.repository = (yield from code_of([paper_id])).get(paper_id)
    found.digests = yield from rows(DIGESTS, DigestDay, id=paper_id)
    found.sources = yield from rows(SOURCES, Source, id=paper_id)
    found.alike = yield from rows(ALIKE, SameTitle, id=paper_id)
    found.shared = yield from rows(SHARED, SharedIdentifier, id=paper_id)
    found.mark = (yield from marks_of([paper_id])).get(paper_id)
    return found


def records_of(paper_id: int) -> Read[list[StoredRecord]]:
    """Read the records of a paper in all documents."""
    found = yield from rows(RECORDS, _RecordRow, id=paper_id)
    return [
        StoredRecord(
            document=row.document,
            format=row.format,
            position=row.position,
            record=msgspec.json.decode(row.record, type=dict[str, object]),
        )
        for row in found
    ]


class _RecordRow(Struct, kw_only=True):
    document: str
    format: str
    position: int
    record: str
