"""What the owner has marked: the reading list, stars, notes, tags."""

from typing import Any

from catalog.site.pages.paper_cards import COLUMNS, decorate
from catalog.site.routes import Page, Rows, Site

SIZE = 50

SHOWN = {
    "to-read": "starred_at IS NOT NULL AND read_at IS NULL",
    "starred": "starred_at IS NOT NULL",
    "read": "read_at IS NOT NULL",
    "notes": "noted",
    "all": "(starred_at IS NOT NULL OR read_at IS NOT NULL OR noted OR tagged)",
}
"""Part of the page -> which papers it shows."""

NAMES = {
    "to-read": "To read",
    "starred": "Starred",
    "read": "Read",
    "notes": "Notes",
    "all": "All",
}

MARKED = """
WITH marked AS (
    SELECT m.paper_id, min(m.starred_at) AS starred_at, min(m.read_at) AS read_at,
           max(m.changed_at) AS changed_at, max(m.note IS NOT NULL) AS noted,
           max(EXISTS (SELECT 1 FROM mark_tags t WHERE t.mark_id = m.id)) AS tagged
      FROM marks m WHERE m.paper_id IS NOT NULL GROUP BY m.paper_id)
"""
"""One row a paper, also where its marks were taken back."""

COUNTED = ", ".join(
    f'count(CASE WHEN {condition} THEN 1 END) AS "{name}"' for name, condition in SHOWN.items()
)
COUNTS = f"{MARKED} SELECT {COUNTED} FROM marked"

WITH_TAG = """
 AND k.paper_id IN (SELECT m.paper_id FROM mark_tags t JOIN marks m ON m.id = t.mark_id
                     WHERE t.tag = :tag)
"""

PAPERS = f"""
{MARKED} SELECT {COLUMNS} FROM marked k JOIN papers p ON p.id = k.paper_id
 WHERE {{shown}} {{with_tag}} ORDER BY k.changed_at DESC, p.id LIMIT :size OFFSET :offset
"""

TAGS = """
SELECT t.tag, count(DISTINCT m.paper_id) AS papers
  FROM mark_tags t JOIN marks m ON m.id = t.mark_id
 WHERE m.paper_id IS NOT NULL GROUP BY t.tag ORDER BY t.tag
"""

WAITING = """
SELECT m.label, min(n.scheme || ':' || n.value) AS name
  FROM marks m JOIN mark_names n ON n.mark_id = m.id AND n.place = 0
 WHERE m.paper_id IS NULL AND (m.starred_at IS NOT NULL OR m.read_at IS NOT NULL
    OR m.note IS NOT NULL OR EXISTS (SELECT 1 FROM mark_tags t WHERE t.mark_id = m.id))
 GROUP BY m.id ORDER BY m.label LIMIT 100
"""


async def marks(site: Site) -> Page:
    """Show marked papers, the last changed first: the reading list, or what is asked for."""
    counts = await site.row(COUNTS) or {}
    tag = site.argument("tag")
    asked = site.argument("show")
    default = "to-read" if counts.get("to-read") and not tag else "all"
    shown = asked if asked in SHOWN else default
    papers = await _papers(site, shown, tag) if counts.get("all") else []
    data: dict[str, Any] = {
        "show": shown,
        "tag": tag,
        "counts": counts,
        "tags": await site.rows(TAGS),
        "papers": await decorate(site, papers[:SIZE]),
        "waiting": await site.rows(WAITING),
        "number": site.page_number(),
        "more": len(papers) > SIZE,
    }
    return Page("catalog_marks.html", data, extra={"names": NAMES})


async def _papers(site: Site, shown: str, tag: str) -> Rows:
    """One page of papers, and one more if there are more."""
    sql = PAPERS.format(shown=SHOWN[shown], with_tag=WITH_TAG if tag else "")
    bounds = {"size": SIZE + 1, "offset": (site.page_number() - 1) * SIZE}
    return await site.rows(sql, **({"tag": tag} if tag else {}), **bounds)
