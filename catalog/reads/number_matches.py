"""Find the numbers that meet the conditions of a search, in order, and count them."""

from msgspec import Struct

from catalog.domain.claims import FLOOR
from catalog.reads.asking import Dialect, Read, Value, column, dialect, first, rows, value
from catalog.reads.number_conditions import BEST_FIRST, NumberConditions, NumberOrder
from catalog.reads.search import FREQUENT, NEWEST_FIRST, ORDERS
from catalog.reads.search_sql import HITS, IN_DOCUMENT, IN_INDEX, expression, hit_condition, joined
from catalog.reads.standing import IS_PAPER, SHOWS, STANDING

COUNTED = 5_000
"""Numbers up to which all are counted and put in order; of more the newest come first."""


class MatchedNumbers(Struct, frozen=True, kw_only=True):
    """The ids of the numbers on one page."""

    numbers: list[int]
    in_all: int
    """Numbers that fit, also those that are hidden by default."""
    shown: int
    is_exact: bool
    order: NumberOrder


class _CountedRow(Struct):
    id: int
    in_all: int
    shown: int


# CROSS JOIN: SQLite shall go from left to right, whatever it guesses of the conditions.
BY_WORDS = {
    "sqlite": """(SELECT rowid AS id FROM papers_fts WHERE papers_fts MATCH :match) hits
        CROSS JOIN results r CROSS JOIN papers p""",
    "postgresql": "papers p CROSS JOIN results r",
}
BY_NUMBERS = "results r CROSS JOIN papers p"
BY_PAPERS = "papers p CROSS JOIN results r"
WITH_HIT = {"sqlite": "r.paper_id = hits.id", "postgresql": IN_DOCUMENT}

FITTING = f"""
WITH fitting AS MATERIALIZED (
    SELECT r.id, r.paper_id, p.first_seen_on, {{compared}} AS compared,
           CASE WHEN r.kind = 'absolute' THEN 0 ELSE 1 END AS relative, {SHOWS} AS is_shown
      FROM {{tables}} LEFT JOIN metrics m ON m.id = r.metric_id
     WHERE {{where}} LIMIT :most)
"""

PAGE = """SELECT f.id, (SELECT count(*) FROM fitting) AS in_all,
       (SELECT count(*) FROM fitting WHERE is_shown) AS shown
  FROM fitting f JOIN papers p ON p.id = f.paper_id WHERE {shown}
 ORDER BY {order}, p.id DESC, f.id LIMIT :size OFFSET :offset"""

COUNTS = """SELECT 0 AS id, count(*) AS in_all, count(CASE WHEN is_shown THEN 1 END) AS shown
  FROM fitting"""

NEWEST = """
SELECT r.id FROM papers p CROSS JOIN results r LEFT JOIN metrics m ON m.id = r.metric_id
 WHERE {where} AND {shown} ORDER BY {newest}, p.id DESC, r.id LIMIT :size OFFSET :offset
"""
"""From paper to paper, the newest first, until a page is full."""

OWN = f"""r.paper_id = p.id AND r.role = 'own' AND r.state <> 'rejected'
    AND r.value IS NOT NULL AND {STANDING} AND {IS_PAPER}"""
"""Numbers of papers' own that stand; those of rows that name no paper are left out."""


def match_numbers(asked: NumberConditions, *, size: int, offset: int) -> Read[MatchedNumbers]:
    """Find the numbers of a page, and count all that fit as far as that is quick."""
    database = yield from dialect()
    both = joined([*asked.on_numbers, *asked.on_papers.conditions], "AND")
    where = f"{OWN} AND ({both.sql})"
    values: dict[str, Value] = {**both.values, "floor": FLOOR}
    if asked.on_papers.match is not None:
        values["match"] = expression(asked.on_papers.match, database)
    hits = yield from _hits(values)
    begin = yield from _begin(asked, hits, where, values)
    values |= {"size": size, "offset": offset}
    found = None
    if begin is not None:
        tables, words = begin
        found = yield from _counted(asked, tables, f"{where} AND {words}", values)
    if found is not None:
        return found
    is_few = "match" in values and hits <= FREQUENT[database]
    words = _in_words(database) if is_few else _one_by_one(asked, database)
    return (yield from _newest(asked, f"{where} AND {words}", values))


def _hits(values: dict[str, Value]) -> Read[int]:
    """Count the papers with the words, until they are frequent; 0 where there are no words."""
    if "match" not in values:
        return 0
    database = yield from dialect()
    most = FREQUENT[database] + 1
    return (yield from value(HITS[database], int, match=values["match"], most=most)) or 0


def _begin(
    asked: NumberConditions, hits: int, where: str, values: dict[str, Value]
) -> Read[tuple[str, str] | None]:
    """Choose the tables to begin with and the condition of the words; None for too many numbers.

    That is whatever is rarer: the papers with the words, or the numbers.
    """
    database = yield from dialect()
    by_numbers = BY_NUMBERS if asked.on_numbers else BY_PAPERS
    if asked.on_papers.match is None:
        return by_numbers, "true"
    by_words, most = (BY_WORDS[database], WITH_HIT[database]), FREQUENT[database]
    if hits <= COUNTED:
        return by_words
    if not asked.on_numbers:
        return None
    some = f"SELECT 1 FROM {by_numbers} LEFT JOIN metrics m ON m.id = r.metric_id WHERE {where}"
    sql = f"SELECT count(*) FROM ({some} LIMIT :most) AS counted"
    fitting = (yield from value(sql, int, **values, most=COUNTED + 1)) or 0
    if fitting <= COUNTED:
        return by_numbers, _in_words(database) if hits <= most else _one_by_one(asked, database)
    return by_words if hits <= most else None


def _in_words(database: Dialect) -> str:
    """Write the condition of numbers whose papers have the words, all of which are gathered."""
    return IN_INDEX if database == "sqlite" else IN_DOCUMENT


def _one_by_one(asked: NumberConditions, database: Dialect) -> str:
    """Write the condition of numbers whose papers have the words, to be asked last of each."""
    match = asked.on_papers.match
    condition = "true" if match is None else hit_condition(match, database)
    return condition.replace("p.id", "r.paper_id") if database == "sqlite" else condition


def _counted(
    asked: NumberConditions, tables: str, where: str, values: dict[str, Value]
) -> Read[MatchedNumbers | None]:
    """Find a page of numbers and count them all; None where there are too many."""
    database = yield from dialect()
    fitting = FITTING.format(compared=asked.compared, tables=tables, where=where)
    page = PAGE.format(shown=_shown(asked, "is_shown"), order=_order(asked, database))
    bounded = {**values, "most": COUNTED + 1}
    found = yield from rows(fitting + page, _CountedRow, **bounded)
    told = found[0] if found else (yield from first(fitting + COUNTS, _CountedRow, **bounded))
    if told is None or told.in_all > COUNTED:
        return None
    return MatchedNumbers(
        numbers=[row.id for row in found],
        in_all=told.in_all,
        shown=told.shown,
        is_exact=True,
        order=asked.order,
    )


def _newest(asked: NumberConditions, where: str, values: dict[str, Value]) -> Read[MatchedNumbers]:
    """Find a page of numbers among too many to count them: the newest first."""
    newest = NEWEST_FIRST[(yield from dialect())]
    sql = NEWEST.format(where=where, shown=_shown(asked, SHOWS), newest=newest)
    found = yield from column(sql, int, **values)
    return MatchedNumbers(
        numbers=found, in_all=COUNTED, shown=COUNTED, is_exact=False, order="newest"
    )


def _shown(asked: NumberConditions, condition: str) -> str:
    return "true" if asked.unsure else condition


def _order(asked: NumberConditions, database: Dialect) -> str:
    """Write the order of a page; values that nothing is compared with come before differences."""
    newest = NEWEST_FIRST[database]
    if asked.order == "value":
        apart = "f.relative, " if asked.compared == BEST_FIRST else ""
        return f"{apart}f.compared, {newest}"
    return newest if asked.order in {"newest", "best"} else f"{ORDERS[asked.order]}, {newest}"
