"""One paper: abstract with its numbers marked, results, links, digest days, sources."""

from typing import Any

from catalog.publish.bibtex import bibtex
from catalog.reads.marks import IN_ORDER, ROWS, united
from catalog.site.routes import Elsewhere, MissingError, Page, Site

PAPER = """
SELECT id, key, label, title, abstract, arxiv_id, published_on, updated_on, first_seen_on,
       has_code, has_results, extractor_version
  FROM papers
"""

RESULTS = """
SELECT r.id, r.value, r.value_max, r.error, r.unit, r.kind, r.role, r.model, r.baseline, r.text,
       r.metric_text, r.dataset_text, r.sentence, r.span_start, r.span_end, r.rule, r.confidence,
       r.origin, r.state, m.name AS metric, m.slug AS metric_slug, d.name AS dataset,
       d.slug AS dataset_slug, t.name AS task
  FROM results r
  LEFT JOIN metrics m ON m.id = r.metric_id
  LEFT JOIN datasets d ON d.id = r.dataset_id
  LEFT JOIN tasks t ON t.id = r.task_id
 WHERE r.paper_id = :id AND r.state <> 'rejected'
 ORDER BY r.origin, r.span_start, r.id
"""

LINKS = """
SELECT l.url, l.kind, l.found_in, l.is_official, f.name AS framework, l.span_start, l.span_end,
       o.full_name, o.key AS repository_key, o.stars, o.language, o.licence, o.state, o.archived
  FROM links l
  LEFT JOIN repositories o ON o.id = l.repository_id
  LEFT JOIN frameworks f ON f.id = l.framework_id
 WHERE l.paper_id = :id
 ORDER BY l.repository_id IS NULL, l.is_official DESC, o.stars DESC, l.id
"""

DIGESTS = """
SELECT g.day, g.source, e.rank, e.upvotes, e.comments, e.day_basis
  FROM digest_entries e JOIN digests g ON g.id = e.digest_id
 WHERE e.paper_id = :id ORDER BY g.day, g.source
"""

SOURCES = """
SELECT c.id, c.name, c.format, c.read_at, count(*) AS records
  FROM paper_sources s JOIN documents c ON c.id = s.document_id
 WHERE s.paper_id = :id GROUP BY c.id ORDER BY c.read_at, c.name
"""

AUTHORS = """
SELECT a.name FROM authorships s JOIN authors a ON a.id = s.author_id
 WHERE s.paper_id = :id ORDER BY s.position
"""

CATEGORIES = """
SELECT c.code FROM paper_categories s JOIN categories c ON c.id = s.category_id
 WHERE s.paper_id = :id ORDER BY s.is_primary DESC, c.code
"""

TASKS = """
SELECT t.name, t.slug FROM paper_tasks s JOIN tasks t ON t.id = s.task_id
 WHERE s.paper_id = :id ORDER BY t.name
"""

MARK = f"{ROWS} WHERE m.paper_id = :id {IN_ORDER}"

IDENTIFIERS = "SELECT scheme, value FROM identifiers WHERE paper_id = :id ORDER BY scheme, value"

ADDRESSES = {
    "arxiv": "https://arxiv.org/abs/{}",
    "doi": "https://doi.org/{}",
    "openreview": "https://openreview.net/forum?id={}",
    "openalex": "https://openalex.org/{}",
    "pwc": "https://paperswithcode.com/paper/{}",
}
"""Where an identifier's scheme keeps the page of a paper."""


async def paper(site: Site, key: str) -> Page | Elsewhere:
    """Show a paper under its public key; its other identifiers lead there."""
    found = await site.row(PAPER + "WHERE key = :key", key=key)
    if found is None:
        other = await site.value(
            "SELECT p.key FROM identifiers i JOIN papers p ON p.id = i.paper_id "
            "WHERE i.value = lower(:key) OR i.value = :key LIMIT 1",
            key=key,
        )
        if other is None:
            raise MissingError(f"The catalog has no paper {key}.")
        return Elsewhere(f"/paper/{other}")
    data = await everything(site, found)
    return Page(
        "catalog_paper.html",
        data,
        {"bib": ("application/x-bibtex; charset=utf-8", lambda: bibtex(data["paper"]))},
    )


async def by_id(site: Site, paper_id: int) -> dict[str, Any]:
    """Give what the page shows, for Datasette's own row page."""
    found = await site.row(PAPER + "WHERE id = :id", id=paper_id)
    if found is None:  # pragma: no cover - Datasette has just read the row
        raise MissingError(f"The catalog has no paper with id {paper_id}.")
    return await everything(site, found)


async def everything(site: Site, found: dict[str, Any]) -> dict[str, Any]:
    """Gather all that the catalog knows about a paper."""
    me = {"id": found["id"]}
    found["authors"] = [row["name"] for row in await site.rows(AUTHORS, **me)]
    found["categories"] = [row["code"] for row in await site.rows(CATEGORIES, **me)]
    found["tasks"] = await site.rows(TASKS, **me)
    identifiers = await site.rows(IDENTIFIERS, **me)
    for one in identifiers:
        one["url"] = ADDRESSES[one["scheme"]].format(one["value"])
    sources = await site.rows(SOURCES, **me)
    for one in sources:
        one["name"] = one["name"].rstrip("/").rpartition("/")[2] or one["name"]
    return {
        "paper": found,
        "mark": united(await site.rows(MARK, **me)),
        "identifiers": identifiers,
        "results": await site.rows(RESULTS, **me),
        "links": await site.rows(LINKS, **me),
        "digests": await site.rows(DIGESTS, **me),
        "sources": sources,
    }
