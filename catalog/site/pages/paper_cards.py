"""Papers in lists: what stands beside each title."""

import json
from collections import defaultdict
from typing import Any

from catalog.domain.headline import headline, names
from catalog.reads.marks import IN_ORDER, ROWS, by_paper
from catalog.site.routes import Rows, Site

COLUMNS = "p.id, p.key, p.label, p.first_seen_on, p.published_on, p.arxiv_id, p.has_code"

NUMBERS = """
SELECT r.paper_id, r.id, r.value, r.value_max, r.unit, r.kind, r.role, r.text, r.confidence,
       m.name AS metric, m.slug AS metric_slug, m.family, d.name AS dataset,
       d.slug AS dataset_slug
  FROM results r
  LEFT JOIN metrics m ON m.id = r.metric_id
  LEFT JOIN datasets d ON d.id = r.dataset_id
 WHERE r.paper_id IN (SELECT value FROM json_each(:ids)) AND r.state <> 'rejected'
 ORDER BY r.paper_id, r.span_start, r.id
"""

REPOSITORIES = """
SELECT l.paper_id, o.full_name, o.key, o.url, o.stars, o.state, o.language
  FROM links l JOIN repositories o ON o.id = l.repository_id
 WHERE l.paper_id IN (SELECT value FROM json_each(:ids))
 ORDER BY l.paper_id, l.is_official DESC, o.stars DESC, o.id
"""

AUTHORS = """
SELECT s.paper_id, a.name
  FROM authorships s JOIN authors a ON a.id = s.author_id
 WHERE s.paper_id IN (SELECT value FROM json_each(:ids))
 ORDER BY s.paper_id, s.position
"""


MARKS = f"{ROWS} WHERE m.paper_id IN (SELECT value FROM json_each(:ids)) {IN_ORDER}"


async def decorate(site: Site, papers: Rows) -> Rows:
    """Add headline numbers, the repository and marks to papers, in place; give them back."""
    ids = json.dumps([paper["id"] for paper in papers])
    numbers: dict[int, Rows] = defaultdict(list)
    for row in await site.rows(NUMBERS, ids=ids):
        numbers[row.pop("paper_id")].append(row)
    repositories: dict[int, dict[str, Any]] = {}
    for row in await site.rows(REPOSITORIES, ids=ids):
        repositories.setdefault(row.pop("paper_id"), row)
    authors: dict[int, Rows] = defaultdict(list)
    for row in await site.rows(AUTHORS, ids=ids):
        authors[row["paper_id"]].append(row)
    marks = by_paper(await site.rows(MARKS, ids=ids))
    for paper in papers:
        paper["mark"] = marks.get(paper["id"])
        paper["authors"] = names(authors.get(paper["id"], []))
        found = numbers.get(paper["id"], [])
        paper["numbers"] = headline(found)
        paper["numbers_in_all"] = len(found)
        paper["repository"] = repositories.get(paper["id"])
    return papers
