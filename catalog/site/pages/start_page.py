"""The start page: search, the latest digest, what is new, counts, papers per month."""

from typing import Any

from catalog.reads.named_queries import HEADLINE
from catalog.site.charts import Bar, months_chart
from catalog.site.pages.paper_cards import COLUMNS, decorate
from catalog.site.routes import Page, Rows, Site

SHOWN = 12

COUNTS = """
SELECT (SELECT count(*) FROM papers) AS papers,
       (SELECT count(*) FROM papers WHERE has_code = 1) AS with_code,
       (SELECT count(*) FROM results) AS results,
       (SELECT count(*) FROM repositories) AS repositories,
       (SELECT count(*) FROM datasets) AS datasets,
       (SELECT count(*) FROM metrics) AS metrics,
       (SELECT count(DISTINCT day) FROM digests) AS digest_days
"""

LATEST = f"""
SELECT {COLUMNS}, min(e.rank) AS rank, max(e.upvotes) AS upvotes
  FROM digest_entries e JOIN papers p ON p.id = e.paper_id
 WHERE e.digest_id IN (SELECT id FROM digests WHERE day = :day)
 GROUP BY p.id ORDER BY max(e.upvotes) DESC, min(e.rank), p.id LIMIT {SHOWN}
"""

NEWEST = f"SELECT {COLUMNS} FROM papers p ORDER BY p.first_seen_on DESC, p.id DESC LIMIT {SHOWN}"

MONTHS = """
SELECT month, count(*) AS papers, sum(has_code) AS with_code
  FROM papers WHERE month IS NOT NULL GROUP BY month ORDER BY month DESC LIMIT 24
"""

BOARDS = f"""
SELECT d.name AS dataset, d.slug AS dataset_slug, m.name AS metric, m.slug AS metric_slug, b.results
  FROM (SELECT r.dataset_id, r.metric_id, count(*) AS results FROM results r
         WHERE {HEADLINE} AND r.dataset_id IS NOT NULL AND r.metric_id IS NOT NULL
         GROUP BY r.dataset_id, r.metric_id ORDER BY results DESC LIMIT 6) AS b
  JOIN metrics m ON m.id = b.metric_id JOIN datasets d ON d.id = b.dataset_id
 ORDER BY b.results DESC, d.name, m.name
"""

LAST_RUN = """
SELECT command, started_at, finished_at, state, documents, papers_added, papers_changed,
       results_added, links_added, problems
  FROM runs WHERE state IN ('done', 'problems') AND documents > 0 ORDER BY started_at DESC LIMIT 1
"""
"""The last run that loaded something; one that extracted again brings nothing new."""


async def start(site: Site) -> Page:
    """Show where things stand."""
    counts = await site.row(COUNTS) or {}
    months = without_gaps((await site.rows(MONTHS))[::-1])
    data = {
        "counts": counts,
        "latest": await _latest(site),
        "last_run": await site.row(LAST_RUN),
        "months": months,
        "boards": await site.rows(BOARDS),
    }
    return Page("catalog_start.html", data, extra={"chart": _chart(months)})


async def _latest(site: Site) -> dict[str, Any]:
    """Give the papers of the latest digest day; without digests, the newest papers."""
    day = await site.value("SELECT max(day) FROM digests")
    if day is None:
        return {"day": None, "papers": await decorate(site, await site.rows(NEWEST)), "in_all": 0}
    in_all = await site.value(
        "SELECT count(DISTINCT paper_id) FROM digest_entries "
        "WHERE digest_id IN (SELECT id FROM digests WHERE day = :day)",
        day=day,
    )
    papers = await decorate(site, await site.rows(LATEST, day=day))
    return {"day": day, "papers": papers, "in_all": in_all}


def without_gaps(months: Rows) -> Rows:
    """Add the months that have no paper, and keep the last two years.

    >>> [row["month"] for row in without_gaps([
    ...     {"month": "2024-11", "papers": 1, "with_code": 0},
    ...     {"month": "2025-01", "papers": 2, "with_code": 1}])]
    ['2024-11', '2024-12', '2025-01']
    """
    known = {row["month"]: row for row in months}
    numbers = [int(name[:4]) * 12 + int(name[5:7]) - 1 for name in known]
    names = [
        f"{number // 12:04}-{number % 12 + 1:02}"
        for number in range(min(numbers, default=0), max(numbers, default=-1) + 1)
    ]
    return [known.get(name, {"month": name, "papers": 0, "with_code": 0}) for name in names][-24:]


def _chart(months: Rows) -> str:
    bars = [Bar(row["month"], row["papers"], row["with_code"]) for row in months]
    return months_chart(bars) if bars else ""
