"""Pages about one dataset, one metric, one repository."""

from typing import Any

from catalog.domain.formatting import path
from catalog.site.datasette_internals.facets import MANY
from catalog.site.pages.paper_cards import COLUMNS, decorate
from catalog.site.routes import Elsewhere, MissingError, Page, Rows, Site

OWN = "r.state <> 'rejected' AND r.role = 'own' AND r.kind = 'absolute' AND r.value IS NOT NULL"

METRICS_OF_DATASET = f"""
SELECT m.name, m.slug, m.higher_is_better, count(*) AS results,
       count(DISTINCT r.paper_id) AS papers, min(r.value) AS lowest, max(r.value) AS highest
  FROM results r JOIN metrics m ON m.id = r.metric_id
 WHERE r.dataset_id = :id AND {OWN}
 GROUP BY m.id ORDER BY papers DESC, results DESC, m.name LIMIT 200
"""

DATASETS_OF_METRIC = f"""
SELECT d.name, d.slug, count(*) AS results, count(DISTINCT r.paper_id) AS papers,
       min(r.value) AS lowest, max(r.value) AS highest
  FROM results r JOIN datasets d ON d.id = r.dataset_id
 WHERE r.metric_id = :id AND {OWN}
 GROUP BY d.id ORDER BY papers DESC, results DESC, d.name LIMIT 200
"""

NEWEST = f"""
SELECT {COLUMNS} FROM papers p
 WHERE {{plus}}p.id IN (
        SELECT r.paper_id FROM results r WHERE r.{{column}} = :id AND r.state <> 'rejected')
 ORDER BY p.first_seen_on DESC, p.id DESC LIMIT 12
"""

TOTALS = """
SELECT count(*) AS results, count(DISTINCT paper_id) AS papers
  FROM results r WHERE r.{column} = :id AND r.state <> 'rejected'
"""

PAPERS_OF_REPOSITORY = f"""
SELECT {COLUMNS}, max(l.is_official) AS is_official
  FROM links l JOIN papers p ON p.id = l.paper_id
 WHERE l.repository_id = :id GROUP BY p.id
 ORDER BY p.first_seen_on DESC, p.id DESC LIMIT 100
"""


async def dataset(site: Site, slug: str) -> Page | Elsewhere:
    """Show a dataset: its boards, by metric, and the newest papers."""
    found = await site.row("SELECT id, name, slug FROM datasets WHERE slug = :slug", slug=slug)
    if found is None:
        raise MissingError(f"The catalog has no dataset {slug}.")
    aliases = await _aliases(site, "dataset_aliases", "dataset_id", found["id"])
    totals = await _totals(site, "dataset_id", found["id"])
    return Page(
        "catalog_dataset.html",
        {
            "dataset": found,
            "aliases": aliases,
            "totals": totals,
            "boards": await site.rows(METRICS_OF_DATASET, id=found["id"]),
            "papers": await _newest(site, "dataset_id", found["id"], totals["papers"]),
        },
    )


async def metric(site: Site, slug: str) -> Page:
    """Show a metric: which way is better, its boards, by dataset, and the newest papers."""
    found = await site.row(
        "SELECT id, name, slug, family, higher_is_better FROM metrics WHERE slug = :slug", slug=slug
    )
    if found is None:
        raise MissingError(f"The catalog has no metric {slug}.")
    totals = await _totals(site, "metric_id", found["id"])
    return Page(
        "catalog_metric.html",
        {
            "metric": found,
            "aliases": await _aliases(site, "metric_aliases", "metric_id", found["id"]),
            "totals": totals,
            "boards": await site.rows(DATASETS_OF_METRIC, id=found["id"]),
            "papers": await _newest(site, "metric_id", found["id"], totals["papers"]),
        },
    )


async def repository(site: Site, key: str) -> Page | Elsewhere:
    """Show a repository and the papers that name it; "owner/name" means GitHub's."""
    wanted = key.lower().rstrip("/")
    found = await site.row("SELECT * FROM repositories WHERE key = :key", key=wanted)
    if found is None and wanted.count("/") == 1:
        return Elsewhere(path("repository", f"github.com/{wanted}"))
    if found is None:
        raise MissingError(f"The catalog has no repository {key}.")
    papers = await site.rows(PAPERS_OF_REPOSITORY, id=found["id"])
    return Page(
        "catalog_repository.html",
        {"repository": found, "papers": await decorate(site, papers)},
    )


async def _totals(site: Site, column: str, subject: int) -> dict[str, Any]:
    return await site.row(TOTALS.format(column=column), id=subject) or {}


async def _newest(site: Site, column: str, subject: int, papers: int) -> Rows:
    """Give the newest papers; of many, by going through all papers from the newest on."""
    sql = NEWEST.format(column=column, plus="+" if papers > MANY else "")
    return await decorate(site, await site.rows(sql, id=subject))


async def _aliases(site: Site, table: str, column: str, subject: int) -> list[str]:
    rows = await site.rows(
        f"SELECT alias FROM {table} WHERE {column} = :id ORDER BY alias LIMIT 100",
        id=subject,
    )
    return [row["alias"] for row in rows]
