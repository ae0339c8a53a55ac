"""Up to five papers side by side."""

import json
from collections import defaultdict
from typing import Any

from catalog.site.pages.paper_cards import COLUMNS, NUMBERS, decorate
from catalog.site.routes import MissingError, Page, Rows, Site

MOST = 5

PAPERS = f"""
SELECT {COLUMNS}, p.abstract,
       (SELECT count(*) FROM digest_entries e WHERE e.paper_id = p.id) AS digest_days
  FROM papers p WHERE p.key IN (SELECT value FROM json_each(:keys))
"""


async def compare(site: Site) -> Page:
    """Show the papers that the address names, their numbers in rows of one metric and dataset."""
    asked = site.request.args.getlist("paper")
    keys = list(dict.fromkeys(key.strip() for key in asked if key.strip()))[:MOST]
    found = {row["key"]: row for row in await site.rows(PAPERS, keys=json.dumps(keys))}
    missing = [key for key in keys if key not in found]
    if missing:
        raise MissingError(f"The catalog has no paper {', '.join(missing)}.")
    papers = await decorate(site, [found[key] for key in keys])
    numbers = await site.rows(NUMBERS, ids=json.dumps([paper["id"] for paper in papers]))
    return Page(
        "catalog_compare.html",
        {"papers": papers, "rows": side_by_side(papers, numbers), "most": MOST},
    )


def side_by_side(papers: Rows, numbers: Rows) -> list[dict[str, Any]]:
    """Lay own numbers out by metric, dataset and kind; what more papers have comes first."""
    cells: dict[Any, dict[int, Rows]] = defaultdict(lambda: defaultdict(list))
    for one in numbers:
        if one["role"] == "own" and one["metric"]:
            subject = (one["metric"], one["dataset"], one["kind"])
            cells[subject][one["paper_id"]].append(one)
    rows = [
        {
            "metric": metric,
            "dataset": dataset,
            "kind": kind,
            "cells": [found.get(paper["id"], []) for paper in papers],
            "papers": len(found),
        }
        for (metric, dataset, kind), found in cells.items()
    ]
    rows.sort(key=lambda row: (-row["papers"], row["dataset"] is None, row["metric"]))
    return rows
