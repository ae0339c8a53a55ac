"""Leaderboards: all of them, and one."""

import json
from typing import Any

from catalog.domain.formatting import path
from catalog.domain.ranking import has_percent, leaders, ranked, scale, unit_of
from catalog.reads.named_queries import BUSIEST_BOARDS
from catalog.site.charts import Point, best_over_time
from catalog.site.routes import MissingError, Page, Rows, Site

RESULTS = """
SELECT r.id, r.paper_id, r.value, r.value_max, r.error, r.unit, r.kind, r.role, r.model,
       r.baseline, r.text, r.dataset_text, r.sentence, r.origin, r.confidence, r.state,
       p.key, p.label, p.first_seen_on AS day, p.has_code
  FROM results r JOIN papers p ON p.id = r.paper_id
 WHERE r.dataset_id = :dataset AND r.metric_id = :metric AND r.state <> 'rejected'
   AND r.kind {kind} AND r.role = 'own'
   AND (:origin = '' OR r.origin = :origin)
   AND (:confidence = '' OR coalesce(r.confidence, 1) >= CAST(:confidence AS real) / 100)
   AND (:code = '' OR p.has_code = 1)
   AND (:year = '' OR p.year = CAST(:year AS integer))
 ORDER BY r.value {direction}, r.id LIMIT {most}
"""

BESIDE = """
SELECT p.id,
       (SELECT min(s.value) FROM results s
         WHERE s.paper_id = p.id AND s.kind = 'absolute' AND s.state <> 'rejected'
           AND s.metric_id = (SELECT id FROM metrics WHERE name = 'parameters')) AS parameters,
       (SELECT o.full_name FROM links l JOIN repositories o ON o.id = l.repository_id
         WHERE l.paper_id = p.id ORDER BY o.stars DESC LIMIT 1) AS repository
  FROM papers p WHERE p.id IN (SELECT value FROM json_each(:ids))
"""

MOST = 2_000
"""Results that a board ranks: the best ones, where there are more."""

FILTERS = ("origin", "confidence", "code", "year", "max_parameters")
SHOWN = 200


async def boards(site: Site) -> Page:
    """List the fullest boards; a dataset or a metric narrows them."""
    wanted = {name: site.argument(name) for name in ("dataset", "metric")}
    found = await site.rows(BUSIEST_BOARDS.sql, **wanted)
    return Page("catalog_boards.html", {"boards": found, "wanted": wanted})


async def board(site: Site, dataset: str, metric: str) -> Page:
    """Show who leads on a dataset by a metric."""
    on = await site.row("SELECT id, name, slug FROM datasets WHERE slug = :slug", slug=dataset)
    by = await site.row(
        "SELECT id, name, slug, higher_is_better FROM metrics WHERE slug = :slug", slug=metric
    )
    if on is None or by is None:
        raise MissingError(f"The catalog has no leaderboard {dataset} / {metric}.")
    wanted = {name: site.argument(name) for name in FILTERS}
    found = await _results(site, on, by, wanted, relative=False)
    if wanted["max_parameters"]:
        await _beside(site, found)
    found = [row for row in found if row["value"] is not None and _fits(row, wanted)]
    in_percent = has_percent(found)
    units = sorted({unit_of(row, in_percent) for row in found})
    unit = site.argument("unit") if site.argument("unit") in units else scale(found)
    higher = None if by["higher_is_better"] is None else bool(by["higher_is_better"])
    ranking = ranked(found, unit=unit, higher_is_better=higher)
    best = leaders(ranking, higher_is_better=higher)
    await _beside(site, ranking[:SHOWN])
    for row in ranking:
        row["led"] = row["id"] in best
    data = {
        "dataset": on,
        "metric": by,
        "unit": unit,
        "units": units,
        "wanted": wanted,
        "in_all": len(ranking),
        "ranking": ranking[:SHOWN],
        "is_cut": len(found) >= MOST,
        "relative": await _results(site, on, by, wanted, relative=True),
    }
    years = await _years(site, on["id"], by["id"])
    chart = best_over_time(_points(ranking), unit)
    return Page("catalog_board.html", data, extra={"chart": chart, "years": years})


async def _results(
    site: Site,
    dataset: dict[str, Any],
    metric: dict[str, Any],
    wanted: dict[str, str],
    *,
    relative: bool,
) -> Rows:
    """Give the best results; differences and factors the largest first."""
    sql = RESULTS.format(
        kind="IN ('delta', 'ratio')" if relative else "= 'absolute'",
        most=SHOWN if relative else MOST,
        direction="ASC" if metric["higher_is_better"] == 0 and not relative else "DESC",
    )
    asked = {name: wanted[name] for name in FILTERS if name != "max_parameters"}
    return await site.rows(sql, dataset=dataset["id"], metric=metric["id"], **asked)


async def _beside(site: Site, rows: Rows) -> None:
    """Add the model's size and the code's repository to results."""
    ids = json.dumps(sorted({row["paper_id"] for row in rows}))
    found = {row["id"]: row for row in await site.rows(BESIDE, ids=ids)}
    for row in rows:
        row["parameters"] = found[row["paper_id"]]["parameters"]
        row["repository"] = found[row["paper_id"]]["repository"]


async def _years(site: Site, dataset: int, metric: int) -> list[int]:
    rows = await site.rows(
        "SELECT DISTINCT p.year FROM results r JOIN papers p ON p.id = r.paper_id "
        "WHERE r.dataset_id = :dataset AND r.metric_id = :metric AND p.year IS NOT NULL "
        "ORDER BY p.year DESC",
        dataset=dataset,
        metric=metric,
    )
    return [row["year"] for row in rows]


def _fits(row: dict[str, Any], wanted: dict[str, str]) -> bool:
    """Tell whether a result is of a model small enough; unknown sizes are not."""
    try:
        most = float(wanted["max_parameters"]) * 1e6
    except ValueError:
        return True
    return row["parameters"] is not None and row["parameters"] <= most


def _points(ranking: Rows) -> list[Point]:
    return [
        Point(row["day"], row["compared"], row["label"], path("paper", row["key"]), row["led"])
        for row in ranking[:400]
        if row["day"]
    ]
