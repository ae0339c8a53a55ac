"""Search papers: the results, their order, their number, and remarks.

Every door asks this one read; the language is `catalog.domain.search_language`, the filters are in
`catalog.reads.search_filters`, misspelt words are for `catalog.reads.did_you_mean`.
"""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, structs

from catalog.domain.search_language import Search, understand
from catalog.domain.search_tree import ALL, Node, both, lengthened, loosened
from catalog.reads.asking import Dialect, Read, Value, column, dialect, rows, value
from catalog.reads.cards import Card, cards
from catalog.reads.code import of_paper
from catalog.reads.did_you_mean import RARE, meant_names, respellings
from catalog.reads.finding import find_identified
from catalog.reads.search_filters import FILTERS
from catalog.reads.search_hits import Piece, hits_in
from catalog.reads.search_sql import (
    DOCUMENT,
    HITS,
    IN_DOCUMENT,
    IN_INDEX,
    Parts,
    expression,
    hit_condition,
    joined,
    parts_of,
)
from catalog.reads.standing import IS_PAPER

SIZE = 20
"""Papers of a page."""

FREQUENT: dict[Dialect, int] = {"sqlite": 50_000, "postgresql": 5_000}
"""Hits from which on a ranking would be slow and mean little: the newest come first."""

EVERY = 2**62
"""More rows than there can be."""

COUNTED, COUNTED_HITS = 20_000, 1_000
"""Papers that are counted: by filters alone, and where each has to be looked for in the index."""

Order = Literal["best", "newest", "oldest", "title", "stars", "upvotes", "results"]
"""Best first; or by the day, the title, the most stars of its code, upvotes or numbers."""


class Hit(Card, kw_only=True):
    """A paper that a search found."""

    title_hit: list[Piece] = []
    """The title, with the words searched for apart; empty where none stands in it."""
    abstract_hit: list[Piece] = []
    """The part of the abstract that has most of them."""


class AppliedFilter(Struct, frozen=True):
    """A filter of the search."""

    name: str
    value: str
    is_excluding: bool = False


class FoundPage(Struct, kw_only=True):
    """One page of what was found, and what became of the words that were typed."""

    q: str
    """What was typed."""
    total: int = 0
    """How many fit and are shown, on this page or another one."""
    is_total_exact: bool = True
    """Otherwise there are at least so many."""
    number: int = 1
    """Which page it is, from 1."""
    more: bool = False
    filters: list[AppliedFilter] = []
    remarks: list[str] = []
    """Remarks on parts that were not understood as typed, and on what was done about it."""
    refused: list[str] = []
    """Those of the remarks that tell of a filter whose value cannot be; it was left out."""
    did_you_mean: list[str] = []
    """Searches that find more, spelt as the catalog spells it."""
    is_empty: bool = False
    """There was nothing to search for."""


class Found(FoundPage, kw_only=True):
    """One page of found papers."""

    papers: list[Hit] = []
    order: Order = "best"
    is_identifier: bool = False
    """What was typed is the identifier of the one paper found."""


class Matched(Struct, frozen=True, kw_only=True):
    """The ids of the papers on one page."""

    papers: list[int] = []
    total: int = 0
    is_total_exact: bool = True
    order: Order = "best"
    tree: Node = ALL
    """What was searched for in the end."""
    remarks: list[str] = []


class _Counted(Struct):
    id: int
    total: int


# CROSS JOIN: SQLite shall begin with the hits, whatever it guesses of the conditions.
RANKED = {
    "sqlite": """
WITH hits AS MATERIALIZED (
    SELECT rowid AS id, rank FROM papers_fts
     WHERE papers_fts MATCH :match AND rank MATCH 'bm25(6.0, 1.0, 1.0)')
SELECT p.id, count(*) OVER () AS total FROM hits CROSS JOIN papers p ON p.id = hits.id
 WHERE {where} ORDER BY hits.rank, p.id LIMIT :size OFFSET :offset""",
    "postgresql": f"""
SELECT p.id, count(*) OVER () AS total
  FROM papers p, to_tsquery('paper_words', :match) AS wanted
 WHERE {DOCUMENT} @@ wanted AND {{where}}
 ORDER BY ts_rank(setweight(to_tsvector('paper_words', coalesce(p.title, '')), 'A') || {DOCUMENT},
                  wanted) DESC, p.id LIMIT :size OFFSET :offset""",
}

RANKED_ONLY = """
SELECT rowid FROM papers_fts
 WHERE papers_fts MATCH :match AND rank MATCH 'bm25(6.0, 1.0, 1.0)'
 ORDER BY rank, rowid LIMIT :size OFFSET :offset
"""
"""Without conditions the index of SQLite does it alone."""

NEWEST = """
SELECT p.id FROM papers p WHERE {where}
 ORDER BY {newest}, p.id DESC LIMIT :size OFFSET :offset
"""
NEWEST_FIRST = {
    "sqlite": "p.first_seen_on DESC",
    "postgresql": "p.first_seen_on DESC NULLS LAST",
}

FEW = """
WITH found AS MATERIALIZED (
    SELECT p.id, p.first_seen_on FROM papers p WHERE {where} LIMIT :most)
SELECT p.id, count(*) OVER () AS total FROM found p
 ORDER BY {newest}, p.id DESC LIMIT :size OFFSET :offset
"""
"""Where few papers fit, one query finds and counts them."""

SORTED = """
WITH found AS MATERIALIZED (SELECT p.id FROM papers p WHERE {where} LIMIT :most)
SELECT p.id, count(*) OVER () AS total FROM found f CROSS JOIN papers p
 WHERE p.id = f.id ORDER BY {order}, p.id DESC LIMIT :size OFFSET :offset
"""
"""Papers in an order that was asked for; as many are counted as may be sorted, and one more."""

ORDERS: dict[Order, str] = {
    "oldest": "CASE WHEN p.first_seen_on IS NULL THEN 1 ELSE 0 END, p.first_seen_on",
    "title": "lower(p.label)",
    "stars": f"coalesce({of_paper('o.stars')}, -1) DESC",
    "upvotes": """coalesce((SELECT max(e.upvotes) FROM digest_entries e
          WHERE e.paper_id = p.id), -1) DESC""",
    "results": """(SELECT count(*) FROM results r
          WHERE r.paper_id = p.id AND r.state <> 'rejected') DESC""",
}
"""Order -> its SQL; the best come as the index ranks them, the newest as by default."""

LONGER = "No paper has exactly these words; these papers have words that begin like the last one."
SOME = "No paper has all of these words; these papers have some of them."


def search(
    typed: str,
    *,
    size: int = SIZE,
    number: int = 1,
    order: Order = "best",
    sortable: int = EVERY,
) -> Read[Found]:
    """Search papers by words, filters and identifiers; return one page.

    More than `sortable` papers come as usual, whatever order was asked for.
    """
    named = yield from find_identified(typed)
    if named is not None:
        paper = [Hit(**structs.asdict(card)) for card in (yield from cards([named.id]))]
        return Found(q=typed, papers=paper, total=len(paper), is_identifier=True)
    asked = understand(typed, FILTERS)
    found = Found(
        q=typed,
        number=number,
        filters=[AppliedFilter(one.name, one.value, not wanted) for one, wanted in asked.filters],
        refused=asked.refused,
        remarks=[remark.text for remark in asked.remarks],
        is_empty=asked.is_empty,
    )
    if asked.is_empty:
        return found
    meant = yield from meant_names(asked)
    offset = (number - 1) * size
    matched = yield from match(
        meant.search, size=size + 1, offset=offset, order=order, sortable=sortable
    )
    found.papers = yield from _dressed(matched.papers[:size], matched.tree)
    found.more = len(matched.papers) > size
    found.total, found.is_total_exact = matched.total, matched.is_total_exact
    found.order = matched.order
    found.remarks += [*meant.remarks, *matched.remarks]
    is_little = bool(matched.remarks or (asked.words and matched.total <= RARE))
    found.did_you_mean = yield from respellings(asked, meant, is_little=is_little)
    return found


def find_all(typed: str, *, size: int, filters: tuple[Node, ...] = ()) -> Read[Matched]:
    """Find the papers of a saved search, without guessing."""
    asked = understand(typed, FILTERS)
    meant = yield from meant_names(asked)
    search = structs.replace(meant.search, tree=both(meant.search.tree, *filters))
    matched = yield from match(search, size=size, may_guess=False)
    remarks = [remark.text for remark in asked.remarks]
    return structs.replace(matched, remarks=[*remarks, *meant.remarks])


def match(
    asked: Search,
    *,
    size: int,
    offset: int = 0,
    may_guess: bool = True,
    order: Order = "best",
    sortable: int = EVERY,
) -> Read[Matched]:
    """Find the papers of a search; if none has its words, those that nearly have."""
    trees: list[tuple[Node | None, str]] = [(asked.tree, "")]
    if may_guess:
        trees += [(lengthened(asked.tree), LONGER), (loosened(asked.tree), SOME)]
    found = Matched(tree=asked.tree)
    page = {"size": size, "offset": offset}
    for tree, remark in trees:
        if tree is None:
            continue
        found, hits = yield from _match(tree, page, order, sortable)
        if hits:
            return structs.replace(found, remarks=[remark] if remark else [])
    return found


def _match(
    tree: Node, page: Mapping[str, int], order: Order, sortable: int
) -> Read[tuple[Matched, int]]:
    """Find papers that have all of it; and how many have its words, 1 where there are no words."""
    database = yield from dialect()
    parts = parts_of(tree, database)
    where = joined(parts.conditions, "AND")
    values: dict[str, Value] = {**where.values, **page}
    if order not in {"best", "newest"}:
        found = yield from _sorted(tree, parts, order, {**values, "most": sortable + 1})
        if found.total <= sortable:
            return found, found.total if parts.match is not None else 1
    if parts.match is None:  # words are only in papers
        return (yield from _newest(tree, database, f"({where.sql}) AND {IS_PAPER}", values)), 1
    most = FREQUENT[database]
    values["match"] = expression(parts.match, database)
    counted = yield from value(HITS[database], int, match=values["match"], most=most + 1)
    hits = counted or 0
    if not hits:
        return Matched(tree=tree), 0
    if hits > most:
        is_hit = hit_condition(parts.match, database)
        narrowed = f"{where.sql} AND {is_hit}" if parts.conditions else is_hit
        least = 0 if parts.conditions else most
        return (yield from _newest(tree, database, narrowed, values, least=least)), hits
    if order == "newest":
        return (yield from _sorted(tree, parts, order, values)), hits
    if database == "sqlite" and not parts.conditions:
        papers = yield from column(RANKED_ONLY, int, **values)
        return Matched(papers=papers, total=hits, tree=tree), hits
    found = yield from _ranked(RANKED[database].replace("{where}", where.sql), values)
    return structs.replace(found, tree=tree), hits


def _sorted(tree: Node, parts: Parts, order: Order, values: dict[str, Value]) -> Read[Matched]:
    """Find papers in an order that was asked for."""
    database = yield from dialect()
    is_wanted = IS_PAPER
    if parts.match is not None:  # words are only in papers
        is_wanted = IN_INDEX if database == "sqlite" else IN_DOCUMENT
        values = {**values, "match": expression(parts.match, database)}
    wanted = f"({joined(parts.conditions, 'AND').sql}) AND {is_wanted}"
    if order == "newest":
        return (yield from _newest(tree, database, wanted, values))
    sql = SORTED.replace("{where}", wanted).replace("{order}", ORDERS[order])
    return structs.replace((yield from _ranked(sql, values)), order=order, tree=tree)


def _ranked(sql: str, values: dict[str, Value]) -> Read[Matched]:
    """Find papers by a query that counts them all; behind the last page, from its first row."""
    found = yield from rows(sql, _Counted, **values)
    told = found
    if not found and values["offset"]:
        told = yield from rows(sql, _Counted, **{**values, "size": 1, "offset": 0})
    return Matched(papers=[row.id for row in found], total=told[0].total if told else 0)


def _newest(
    tree: Node, database: Dialect, where: str, values: dict[str, Value], *, least: int = 0
) -> Read[Matched]:
    """Find papers without a ranking; `least` is how many there are, if known."""
    few, many = (
        sql.replace("{newest}", NEWEST_FIRST[database]).replace("{where}", where)
        for sql in (FEW, NEWEST)
    )
    if not least:
        most = COUNTED_HITS if any(name.startswith("match") for name in values) else COUNTED
        found = yield from _ranked(few, {**values, "most": most + 1})
        if found.total <= most:
            return structs.replace(found, order="newest", tree=tree)
        least = most
    papers = yield from column(many, int, **values)
    return Matched(papers=papers, total=least, is_total_exact=False, order="newest", tree=tree)


def _dressed(papers: list[int], tree: Node) -> Read[list[Hit]]:
    """Read what stands beside the titles, and where the words stand."""
    found = yield from cards(papers)
    database = yield from dialect()
    match = parts_of(tree, database).match
    pieces = (yield from hits_in(papers, match)) if match is not None and papers else {}
    return [
        Hit(
            **structs.asdict(card),
            title_hit=pieces[card.id].title if card.id in pieces else [],
            abstract_hit=pieces[card.id].abstract if card.id in pieces else [],
        )
        for card in found
    ]
