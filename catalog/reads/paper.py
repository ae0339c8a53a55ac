"""Read one paper with everything that belongs to it."""

import datetime as dt
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from catalog.domain.formatting import utc
from catalog.domain.identifiers import address
from catalog.reads.asking import Read, grouped, rows
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
    stated_stars: int | None
    """Stars that a source states beside the address; `stars` are those of the repository."""
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
    observed_at: dt.datetime | None
    """When upvotes and comments were seen, UTC."""

    def __post_init__(self) -> None:
        """Give the instant its time zone."""
        self.observed_at = utc(self.observed_at) if self.observed_at else None


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


class Disagreement(Struct, kw_only=True):
    """A number of the abstract that two readers read differently."""

    text: str
    """The number as printed."""
    field: str
    """What they differ in: metric, dataset, kind, role, value, or result."""
    builtin: str | None
    other: str | None
    builtin_stands: bool
    span_start: int
    span_end: int

    @property
    def readings(self) -> tuple[str, str]:
        """Both readings in words, the built-in one first."""
        nothing = "no result" if self.field == "result" else "none named"
        return self.builtin or nothing, self.other or nothing


class Paper(Struct, kw_only=True):
    """One paper with everything that the catalog knows about it."""

    id: int
    key: str
    label: str
    """The title; without one the first words of the abstract."""
    is_row: bool = False
    """Whether it is no paper, but a row of a table that names none."""
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
    disagreements: list[Disagreement] = []
    """Numbers that the reader and the built-in one read differently."""
    authors: list[str] = []
    categories: list[str] = []
    tasks: list[Task] = []
    identifiers: list[PaperIdentifier] = []
    disputed: list[PaperIdentifier] = []
    """Identifiers that its sources state, but that do not name it."""
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
    def reader(self) -> str:
        """The reader of the abstract, e.g. llm:gpt-5-mini; builtin for the built-in one."""
        name, _, version = (self.extractor_version or "").partition(" ")
        return name if version else "builtin"

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


PAPERS = """
SELECT id, key, label, is_row, title, abstract, arxiv_id, published_on, updated_on, first_seen_on,
       has_code, has_results, withdrawn, withdrawn_reason, version, abstract_version, comment,
       venue, organization, extractor_version
  FROM papers WHERE id IN :papers
"""

CATEGORIES = """
SELECT s.paper_id, c.code AS name FROM paper_categories s JOIN categories c ON c.id = s.category_id
 WHERE s.paper_id IN :papers
 ORDER BY s.paper_id, CASE WHEN s.is_primary THEN 0 ELSE 1 END, c.code
"""

TASKS = """
SELECT s.paper_id, t.name, t.slug FROM paper_tasks s JOIN tasks t ON t.id = s.task_id
 WHERE s.paper_id IN :papers ORDER BY s.paper_id, t.name
"""

KEYWORDS = """
SELECT s.paper_id, k.name FROM paper_keywords s JOIN keywords k ON k.id = s.keyword_id
 WHERE s.paper_id IN :papers ORDER BY s.paper_id, k.name
"""

NAMES = """
SELECT paper_id, scheme, value FROM {table}
 WHERE paper_id IN :papers ORDER BY paper_id, scheme, value
"""

LINKS = f"""
SELECT l.paper_id, l.url, l.kind, o.full_name AS repository, o.key AS repository_key, o.stars,
       l.stars AS stated_stars, o.language, o.licence, o.state, o.archived, f.name AS framework,
       l.found_in, l.is_official, l.span_start, l.span_end
  FROM links l
  LEFT JOIN repositories o ON o.id = l.repository_id
  LEFT JOIN frameworks f ON f.id = l.framework_id
 WHERE l.paper_id IN :papers
 ORDER BY l.paper_id, CASE WHEN o.id IS NULL THEN 1 ELSE 0 END, {BEST_FIRST},
       l.span_start IS NULL, l.span_start, l.url
"""

DIGESTS = """
SELECT e.paper_id, g.day, g.source, e.rank, e.upvotes, e.comments, e.day_basis, e.observed_at
  FROM digest_entries e JOIN digests g ON g.id = e.digest_id
 WHERE e.paper_id IN :papers ORDER BY e.paper_id, g.day, g.source
"""

SOURCES = """
SELECT s.paper_id, c.id, c.name, c.format, c.read_at, count(*) AS records
  FROM paper_sources s JOIN documents c ON c.id = s.document_id
 WHERE s.paper_id IN :papers GROUP BY s.paper_id, c.id, c.name, c.format, c.read_at
 ORDER BY s.paper_id, c.read_at, c.name
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

DISAGREEMENTS = """
SELECT text, field, builtin, other, builtin_stands, span_start, span_end
  FROM disagreements WHERE paper_id = :id ORDER BY span_start, field
"""

RECORDS = """
SELECT c.name AS document, c.format, s.position, s.record
  FROM paper_sources s JOIN documents c ON c.id = s.document_id
 WHERE s.paper_id = :id ORDER BY c.name, s.position
"""


def paper(paper_id: int) -> Read[Paper | None]:
    """Read a paper by its id, with the papers that may be confused with it; None if unknown."""
    for found in (yield from papers([paper_id])):
        found.sources = (yield from grouped(SOURCES, Source, [paper_id])).get(paper_id, [])
        found.alike = yield from rows(ALIKE, SameTitle, id=paper_id)
        found.disagreements = yield from rows(DISAGREEMENTS, Disagreement, id=paper_id)
        found.shared = yield from rows(SHARED, SharedIdentifier, id=paper_id)
        found.mark = (yield from marks_of([paper_id])).get(paper_id)
        return found
    return None


def papers(ids: Sequence[int]) -> Read[list[Paper]]:
    """Read papers with all that is published of them, in the order of the ids given.

    Left out is what only the page of one paper shows: documents, like papers, the owner's mark.
    """
    found = {one.id: one for one in (yield from rows(PAPERS, Paper, papers=ids))}
    authors = yield from authors_of(ids)
    categories = yield from grouped(CATEGORIES, _Name, ids)
    tasks = yield from grouped(TASKS, Task, ids)
    keywords = yield from grouped(KEYWORDS, _Name, ids)
    identifiers = yield from identifiers_of(ids)
    disputed = yield from grouped(NAMES.format(table="disputed_identifiers"), PaperIdentifier, ids)
    results = yield from numbers_of(ids)
    links = yield from grouped(LINKS, Link, ids)
    repositories = yield from code_of(ids)
    digests = yield from grouped(DIGESTS, DigestDay, ids)
    for number, one in found.items():
        one.authors = authors.get(number, [])
        one.categories = [category.name for category in categories.get(number, [])]
        one.tasks = tasks.get(number, [])
        one.keywords = [keyword.name for keyword in keywords.get(number, [])]
        one.identifiers = identifiers.get(number, [])
        one.disputed = list(map(_addressed, disputed.get(number, [])))
        one.results = results.get(number, [])
        one.links = links.get(number, [])
        one.repository = repositories.get(number)
        one.digests = digests.get(number, [])
    return [found[number] for number in ids if number in found]


def identifiers_of(papers: Sequence[int]) -> Read[dict[int, list[PaperIdentifier]]]:
    """Read the identifiers of papers, with the addresses of their pages."""
    found = yield from grouped(NAMES.format(table="identifiers"), PaperIdentifier, papers)
    return {number: list(map(_addressed, names)) for number, names in found.items()}


def _addressed(identifier: PaperIdentifier) -> PaperIdentifier:
    """Add the address of an identifier's page."""
    identifier.url = address(identifier) or ""
    return identifier


class _Name(Struct):
    name: str


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
