"""Rewrite Datasette's queries that SQLite answers slowly or in unstable order.

Datasette gives no way to say them otherwise. All mean what they were meant to.
"""

import re

from catalog.reads.code import of_paper

HINT = "/* many */ id IN"
"""Marks a condition that many papers meet: `catalog.site.datasette_internals.facets` writes it."""

NEXT_PAGE = re.compile(
    r"^(?P<what>select .+ from papers )where (?P<where>.*)"
    r"\(first_seen_on < :(?P<day>p\d+) or first_seen_on is null"
    r" or \(first_seen_on = :(?P=day) and \(\(id > :(?P<id>p\d+)\)\)\)\) "
    r"order by first_seen_on desc, id limit (?P<limit>\d+)$",
    re.DOTALL,
)

NAME = r'[\["]?\w+[\]"]?'
"""A column or table, in whichever quotes: those of Datasette 0.65 or 1.0, or none."""

FIRST_PAGE = re.compile(
    rf"^(?P<what>select id(?:, {NAME})* from (?P<table>{NAME}) )(?P<where>where .*)?"
    rf"(?P<order>order by {NAME}(?: desc)?) (?P<limit>limit \d+)$",
    re.DOTALL,
)

COUNTED_VIEWS = {
    "select count(*) from v_results ": "select count(*) from results where state <> 'rejected'",
}
"""Counts of whole views, without what they join: every result has its paper."""

BY_STARS = re.compile(
    rf"^select (?P<what>\*|{NAME}(?:, {NAME})*) from (?P<view>v_papers|v_results) "
    r"order by \"?stars\"?(?P<down> desc)? limit (?P<limit>\d+)(?: offset (?P<offset>\d+))?$"
)
"""Plain columns only: a query that people write may call another column `stars`."""

STARRED = f"""(select k.paper_id as starred_id, g.stars as most
  from repositories g cross join links k
 where k.repository_id = g.id and g.stars is not null
   and k.id = {of_paper("l.id", "k.paper_id")})"""
"""Each paper whose repository has stars, once, beside them; the most stars can come first."""

NOT_PLAIN = re.compile(r"\b(?:union|intersect|except|group)\b", re.IGNORECASE)
"""Words of queries that people write themselves, after which id may be no column."""


def rewritten(sql: str) -> str:
    """Rewrite a query to a quick form that orders all rows, if it is one of these."""
    return COUNTED_VIEWS.get(sql) or in_order(next_page(by_stars(first_page(sql))))


def first_page(sql: str) -> str:
    """Order rows of equal value by id on the first page, as Datasette does on all others.

    Otherwise the second page begins amid rows that the first has in another order: some would be
    shown twice, and some never. Of filtered rows the ids are sorted, which indexes hold, and then
    the few rows of the page are read: SQLite would read all of them to sort them.

    >>> first_page("select id, name from authors order by name desc limit 101")
    'select id, name from authors order by name desc, id limit 101'
    """
    found = FIRST_PAGE.match(sql)
    where = found["where"] or "" if found else ""
    if found is None or NOT_PLAIN.search(where):
        return sql
    order = f"{found['order']}, id {found['limit']}"
    if where:
        where = f"where id in (select id from {found['table']} {where}{order}) "
    return f"{found['what']}{where}{order}"


def in_order(sql: str) -> str:
    """Keep SQLite from sorting ids when it shows the first of many rows in order.

    The plus does it (sqlite.org/optoverview.html, "disqualifying WHERE clause terms"). Counts and
    facets of the same rows are quicker by id.

    >>> in_order("select a from t where /* many */ id IN (select 1) order by first_seen_on")
    'select a from t where +id IN (select 1) order by first_seen_on'
    """
    return sql.replace(HINT, "+id IN") if " order by first_seen_on" in sql else sql


def by_stars(sql: str) -> str:
    """Start from the repositories, which an index orders by stars, instead of the papers.

    Otherwise SQLite would find the stars of every row before it shows the first. What has none
    comes last, or first where the few come first: as in any order, null is less than a number.
    """
    found = BY_STARS.match(sql)
    if found is None:
        return sql
    view, down = found["view"], found["down"] or ""
    what = f"{view}.*" if found["what"] == "*" else found["what"]
    offset = int(found["offset"] or 0)
    limit = int(found["limit"]) + offset
    starred = (
        f"select * from (select {what} from {STARRED} cross join {view} "
        f"where paper_id = starred_id order by most{down} limit {limit})"
    )
    others = f"select * from (select {what} from {view} where stars is null limit {limit})"
    first, second = (starred, others) if down else (others, starred)
    return f"{first} union all {second} limit {found['limit']} offset {offset}"


def next_page(sql: str) -> str:
    """Start a later page of papers at its day in the index, not at the newest paper.

    Days come down to the oldest, then the papers without a day: two questions, asked one after the
    other, of which the second is rarely needed.
    """
    found = NEXT_PAGE.match(sql)
    if found is None:
        return sql
    what, where, limit = found["what"], found["where"], found["limit"]
    day, last = found["day"], found["id"]
    return (
        f"select * from ({what}where {where}first_seen_on <= :{day} "
        f"and (first_seen_on < :{day} or id > :{last}) "
        f"order by first_seen_on desc, id limit {limit}) union all "
        f"select * from ({what}where {where}first_seen_on is null order by id limit {limit}) "
        f"limit {limit}"
    )
