"""Read the owner's marked papers, by the parts of the reading list."""

from msgspec import Struct

from catalog.reads.asking import Read, column, first, rows
from catalog.reads.cards import Card, cards

SIZE = 50
"""Papers of a page."""

PARTS = {
    "to-read": "starred_at IS NOT NULL AND read_at IS NULL",
    "starred": "starred_at IS NOT NULL",
    "read": "read_at IS NOT NULL",
    "notes": "noted",
    "all": "(starred_at IS NOT NULL OR read_at IS NOT NULL OR noted OR tagged)",
}
"""Part of the list -> which papers it shows."""

MARKED = """
WITH each AS (
    SELECT m.paper_id, m.starred_at, m.read_at, m.changed_at, m.note IS NOT NULL AS noted,
           EXISTS (SELECT 1 FROM mark_tags t WHERE t.mark_id = m.id) AS tagged
      FROM marks m WHERE m.paper_id IS NOT NULL),
marked AS (
    SELECT paper_id, min(starred_at) AS starred_at, min(read_at) AS read_at,
           max(changed_at) AS changed_at, max(CASE WHEN noted THEN 1 ELSE 0 END) = 1 AS noted,
           max(CASE WHEN tagged THEN 1 ELSE 0 END) = 1 AS tagged
      FROM each GROUP BY paper_id)
"""
"""One row a paper, also where its marks were taken back."""

COUNTED = ", ".join(
    f'count(CASE WHEN {condition} THEN 1 END) AS "{name}"' for name, condition in PARTS.items()
)
COUNTS = f"{MARKED} SELECT {COUNTED} FROM marked"

WITH_TAG = """
 AND k.paper_id IN (SELECT m.paper_id FROM mark_tags t JOIN marks m ON m.id = t.mark_id
                     WHERE t.tag = :tag)
"""

PAPERS = f"""
{MARKED} SELECT k.paper_id FROM marked k
 WHERE {{part}} {{with_tag}} ORDER BY k.changed_at DESC, k.paper_id LIMIT :size OFFSET :offset
"""

TAGS = """
SELECT t.tag, count(DISTINCT m.paper_id) AS papers
  FROM mark_tags t JOIN marks m ON m.id = t.mark_id
 WHERE m.paper_id IS NOT NULL GROUP BY t.tag ORDER BY t.tag
"""

WAITING = """
SELECT m.label, min(n.scheme || ':' || n.value) AS name
  FROM marks m JOIN mark_names n ON n.mark_id = m.id AND n.rank = 0
 WHERE m.paper_id IS NULL AND (m.starred_at IS NOT NULL OR m.read_at IS NOT NULL
    OR m.note IS NOT NULL OR EXISTS (SELECT 1 FROM mark_tags t WHERE t.mark_id = m.id))
 GROUP BY m.id, m.label ORDER BY m.label LIMIT 100
"""


class PartCounts(Struct, rename={"to_read": "to-read"}):
    """The number of papers of each part."""

    to_read: int
    starred: int
    read: int
    notes: int
    all: int


class TagCount(Struct):
    """A tag, and the number of its papers."""

    tag: str
    papers: int


class Waiting(Struct):
    """A mark whose paper is not in the catalog."""

    label: str
    name: str
    """Scheme and value by which the paper will be known."""


class ReadingList(Struct, kw_only=True):
    """One page of one part of the list."""

    show: str
    tag: str
    counts: PartCounts
    tags: list[TagCount]
    papers: list[Card]
    waiting: list[Waiting]
    number: int
    """Which page it is, from 1."""
    more: bool


def reading_list(show: str = "", tag: str = "", number: int = 1) -> Read[ReadingList]:
    """Read a page of the list, the last changed first.

    Without a part of `PARTS` it is what is to be read, or all where nothing is, or with a tag.
    """
    counts = (yield from first(COUNTS, PartCounts)) or PartCounts(0, 0, 0, 0, 0)
    default = "to-read" if counts.to_read and not tag else "all"
    part = show if show in PARTS else default
    sql = PAPERS.format(part=PARTS[part], with_tag=WITH_TAG if tag else "")
    bounds = {"size": SIZE + 1, "offset": (number - 1) * SIZE}
    chosen = {"tag": tag} if tag else {}
    papers = (yield from column(sql, int, **bounds, **chosen)) if counts.all else []
    return ReadingList(
        show=part,
        tag=tag,
        counts=counts,
        tags=(yield from rows(TAGS, TagCount)),
        papers=(yield from cards(papers[:SIZE])),
        waiting=(yield from rows(WAITING, Waiting)),
        number=number,
        more=len(papers) > SIZE,
    )
