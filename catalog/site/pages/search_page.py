"""Search: ranked, highlighted, tolerant, with filters in words."""

import json
from typing import Any

from markupsafe import Markup, escape

from catalog.domain.formatting import path
from catalog.domain.search_language import Wanted, prefix, understand
from catalog.publish.atom import CONTENT_TYPE, Entry, atom
from catalog.reads.finding import find_identified
from catalog.reads.search import conditions, filter_values
from catalog.site.pages.paper_cards import COLUMNS, decorate
from catalog.site.routes import Elsewhere, Page, Rows, Site

SIZE = 20
FREQUENT = 50_000
"""Hits from which on a ranking would be slow and mean little: the newest come first."""

OPEN, CLOSE = "\x02", "\x03"
"""Around a hit, in text from the index; papers do not hold these characters."""

HITS = f"""
SELECT count(*) FROM (SELECT 1 FROM papers_fts WHERE papers_fts MATCH :match LIMIT {FREQUENT + 1})
"""

RANKED = f"""
WITH hits AS MATERIALIZED (
    SELECT rowid AS id, rank FROM papers_fts
     WHERE papers_fts MATCH :match AND rank MATCH 'bm25(6.0, 1.0)')
SELECT {COLUMNS} FROM hits CROSS JOIN papers p ON p.id = hits.id {{where}}
 ORDER BY hits.rank, p.id LIMIT :size OFFSET :offset
"""

RANKED_ONLY = f"""
WITH hits AS MATERIALIZED (
    SELECT rowid AS id, rank FROM papers_fts
     WHERE papers_fts MATCH :match AND rank MATCH 'bm25(6.0, 1.0)'
     ORDER BY rank LIMIT :size OFFSET :offset)
SELECT {COLUMNS} FROM hits JOIN papers p ON p.id = hits.id ORDER BY hits.rank, p.id
"""

NEWEST = f"""
SELECT {COLUMNS} FROM papers p {{where}}
 ORDER BY p.first_seen_on DESC, p.id DESC LIMIT :size OFFSET :offset
"""

IS_HIT = "EXISTS (SELECT 1 FROM papers_fts WHERE rowid = p.id AND papers_fts MATCH :match)"

SNIPPETS = f"""
SELECT rowid AS id, highlight(papers_fts, 0, '{OPEN}', '{CLOSE}') AS title,
       snippet(papers_fts, 1, '{OPEN}', '{CLOSE}', '…', 32) AS abstract
  FROM papers_fts
 WHERE papers_fts MATCH :match AND rowid IN (SELECT value FROM json_each(:ids))
"""


async def find(site: Site) -> Page | Elsewhere:
    """Search papers by words and filters."""
    typed = site.argument("q")
    if named := await site.ask(find_identified(typed)):
        return Elsewhere(path("paper", named.key))
    wanted = understand(typed)
    data: dict[str, Any] = {"q": typed, "filters": wanted.filters, "remarks": wanted.remarks}
    if wanted.match or wanted.filters:
        data |= await _search(site, wanted)
    else:
        data |= {"papers": [], "hits": 0, "at_least": False, "order": "", "more": False}
    data["number"] = site.page_number()
    return Page("catalog_search.html", data, {"atom": (CONTENT_TYPE, lambda: _feed(site, data))})


async def _search(site: Site, wanted: Wanted) -> dict[str, Any]:
    """Find papers: those with all the words, else with beginnings of the last, else with any."""
    match, hits, remark = wanted.match, 0, ""
    if match:
        attempts = [
            (match, ""),
            (prefix(match), "No paper has these very words: the last one may go on."),
            (
                match.replace('" "', '" OR "'),
                "No paper has all of these words: these have some of them.",
            ),
        ]
        for match, remark in attempts:  # noqa: B007 - used after the loop
            hits = await site.value(HITS, match=match)
            if hits:
                break
    where = conditions(wanted.filters)
    values = filter_values(wanted.filters)
    papers, order = await _papers(site, match, hits, where, values)
    exact = bool(match) and not where
    return {
        "papers": await _dressed(site, papers[:SIZE], match),
        "hits": hits if exact else None,
        "at_least": hits > FREQUENT,
        "order": order,
        "more": len(papers) > SIZE,
        "remarks": wanted.remarks + ([remark] if remark and hits else []),
    }


async def _papers(
    site: Site, match: str, hits: int, where: list[str], values: dict[str, Any]
) -> tuple[Rows, str]:
    """Give one page of papers, and one more if there are more."""
    bounds = {"size": SIZE + 1, "offset": (site.page_number() - 1) * SIZE}
    if match and not hits:
        return [], ""
    if match and hits <= FREQUENT:
        sql = RANKED.format(where=_where(where)) if where else RANKED_ONLY
        return await site.rows(sql, match=match, **values, **bounds), "best"
    narrowed = [*where, IS_HIT] if match else where
    sql = NEWEST.format(where=_where(narrowed))
    return await site.rows(sql, **({"match": match} if match else {}), **values, **bounds), "newest"


def _where(conditions: list[str]) -> str:
    return "WHERE " + " AND ".join(conditions) if conditions else ""


async def _dressed(site: Site, papers: Rows, match: str) -> Rows:
    """Add what stands beside the titles, and the hits in title and abstract."""
    await decorate(site, papers)
    found = {}
    if match and papers:
        ids = json.dumps([paper["id"] for paper in papers])
        found = {row["id"]: row for row in await site.rows(SNIPPETS, match=match, ids=ids)}
    for paper in papers:
        hit = found.get(paper["id"], {})
        paper["path"] = path("paper", paper["key"])
        paper["title_hit"] = str(highlighted(hit.get("title") or "")) or None
        paper["abstract_hit"] = str(highlighted(hit.get("abstract") or "")) or None
    return papers


def highlighted(found: str) -> Markup:
    """Turn the index's marks into HTML, everything else escaped.

    >>> print(highlighted("a \\x02<b>\\x03 c"))
    a <mark>&lt;b&gt;</mark> c
    """
    shown = str(escape(found)).replace(OPEN, "<mark>").replace(CLOSE, "</mark>")
    return Markup(shown)  # noqa: S704 - escaped above


def _feed(site: Site, data: dict[str, Any]) -> str:
    address = site.absolute(f"/search.atom?{site.request.query_string}")
    items = [
        Entry(site.absolute(paper["path"]), paper["label"], paper["first_seen_on"] or "")
        for paper in data["papers"]
    ]
    return atom(address, f"Papers: {data['q']}", items)
