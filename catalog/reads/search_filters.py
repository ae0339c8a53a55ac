"""The filters of search: accepted values, meanings and SQL conditions.

To add one, add a row to `FILTERS`: the language, the help of every door and its page follow.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from contextlib import suppress

from msgspec import Struct

from catalog.domain.keys import dataset_key
from catalog.domain.search_language import YES, FilterKind
from catalog.domain.search_words import tokens
from catalog.domain.tags import tag_of
from catalog.reads.asking import Value


class Condition(Struct, frozen=True):
    """A condition on papers p, with the values of its :names."""

    sql: str
    values: Mapping[str, Value]


class SearchFilter(FilterKind, frozen=True, kw_only=True):
    """A filter: the condition of a value, and the table in which names are looked up."""

    condition: Callable[[str], Condition]
    known: str = ""
    """A query of whether the catalog has the name that is the value; empty for no names."""
    names: str = ""
    """A query of names that may have been meant, by :first letter or :part."""


def _fixed(sql: str, values: Callable[[str], Mapping[str, Value]]) -> Callable[[str], Condition]:
    """Make the condition of a filter whose SQL is the same for every value."""
    return lambda value: Condition(sql, values(value))


def _switched(sql: str) -> Callable[[str], Condition]:
    """Make the condition of a filter that is on or off; an index serves the one that is on."""
    return lambda value: Condition(sql if value.lower() in YES else f"NOT ({sql})", {})


def _name(value: str) -> Mapping[str, Value]:
    """Write a name as it is compared."""
    return {"name": value.lower(), "key": dataset_key(value)}


def _author(value: str) -> Condition:
    """Match every word of a name, in any order; `*` behind the value lets each of them go on.

    The longest word comes first: fewest names have it, and the others are looked for in these only.
    """
    end = "%" if value.endswith("*") else " %"
    words = sorted(tokens(value), key=len, reverse=True)
    values = {f"word{place}": f"% {word}{end}" for place, word in enumerate(words)}
    likes = " AND ".join(f"a.key LIKE :{name}" for name in values)
    sql = f"""p.id IN (SELECT s.paper_id FROM authors a JOIN authorships s ON s.author_id = a.id
        WHERE {likes})"""
    return Condition(sql, values)


def _year(value: str) -> Condition:
    first, _, last = value.replace("..", "-").partition("-")
    if not last:
        return Condition("p.year = :year", {"year": int(first)})
    years: dict[str, Value] = {"first": int(first), "last": int(last)}
    return Condition("p.year >= :first AND p.year <= :last", years)


def _first_day(value: str) -> Mapping[str, Value]:
    """Give the day that a year or month begins with, or the day itself.

    It must be one: SQLite takes a column of type DATE for a number where it meets "2025".

    >>> _first_day("2025-01")
    {'day': '2025-01-01'}
    """
    return {"day": f"{value}-01-01"[:10]}


def _days(value: str) -> Mapping[str, Value]:
    """Give the first and last day of a year or month, or twice the day itself.

    >>> _days("2025-02")
    {'day': '2025-02-01', 'until': '2025-02-28'}
    """
    year, month, day = (*value.split("-"), "", "")[:3]
    last = day or f"{monthrange(int(year), int(month or 12))[1]:02}"
    return {**_first_day(value), "until": f"{year}-{month or '12'}-{last}"}


def _tag(value: str) -> Mapping[str, Value]:
    """Normalise a tag; an invalid one finds nothing."""
    with suppress(ValueError):
        return {"tag": tag_of(value)}
    return {"tag": value}


def _name_only(value: str) -> Mapping[str, Value]:
    """Write a name in lower case."""
    return {"name": value.casefold()}


def _any_year(value: str) -> Mapping[str, Value]:
    """Write a venue in lower case, and what begins with it."""
    escaped = re.sub(r"([!%_])", r"!\1", value.lower())
    return {"name": value.lower(), "part": f"{escaped} %"}


DATASETS = """SELECT id FROM datasets WHERE lower(name) = :name OR slug = :name OR key = :key
    UNION SELECT dataset_id FROM dataset_aliases WHERE lower(alias) = :name"""
METRICS = """SELECT id FROM metrics WHERE lower(name) = :name OR slug = :name OR key = :name
    UNION SELECT metric_id FROM metric_aliases WHERE lower(alias) = :name"""
TASKS = "SELECT id FROM tasks WHERE name = :name OR slug = :name OR key = :name"

NAMES = """SELECT name FROM {table} WHERE lower(name) LIKE :first OR lower(name) LIKE :part
    ORDER BY length(name), name LIMIT 5000"""

OF_ORGANIZATION = """SELECT id FROM papers
    WHERE organization IS NOT NULL AND lower(organization) = :name"""

SAID = """SELECT DISTINCT {column} AS name FROM papers
    WHERE {column} IS NOT NULL
      AND (lower({column}) LIKE :first OR lower({column}) LIKE :part) LIMIT 5000"""

WITH_NUMBER = """p.id IN (SELECT paper_id FROM results
    WHERE {column} IN ({ids}) AND state <> 'rejected')"""

MARKED = "p.id IN (SELECT paper_id FROM marks WHERE {column} IS NOT NULL AND paper_id IS NOT NULL)"

FILTERS: dict[str, SearchFilter] = {
    "dataset": SearchFilter(
        "name",
        "COCO",
        "with a number on this dataset, by its name or another one that it is known by",
        condition=_fixed(WITH_NUMBER.format(column="dataset_id", ids=DATASETS), _name),
        known=DATASETS,
        names=NAMES.format(table="datasets"),
    ),
    "metric": SearchFilter(
        "name",
        "mAP",
        "with a number by this metric; with dataset: a number that is both",
        condition=_fixed(WITH_NUMBER.format(column="metric_id", ids=METRICS), _name),
        known=METRICS,
        names=NAMES.format(table="metrics"),
    ),
    "task": SearchFilter(
        "name",
        '"object detection"',
        "that a source files under this task",
        condition=_fixed(
            f"p.id IN (SELECT paper_id FROM paper_tasks WHERE task_id IN ({TASKS}))", _name
        ),
        known=TASKS,
        names=NAMES.format(table="tasks"),
    ),
    "author": SearchFilter(
        "name",
        '"Ada Example"',
        "by an author with these words in the name, in any order, case and accents",
        condition=_author,
    ),
    "category": SearchFilter(
        "name",
        "cs.CL",
        "in this subject class of arXiv",
        condition=_fixed(
            """p.id IN (SELECT s.paper_id FROM paper_categories s
                JOIN categories c ON c.id = s.category_id WHERE lower(c.code) = :name)""",
            lambda value: {"name": value.lower()},
        ),
        known="SELECT id FROM categories WHERE lower(code) = :name",
        names=NAMES.format(table="categories").replace("name", "code"),
    ),
    "code": SearchFilter(
        "yes or no",
        "yes",
        "with a repository, or without",
        condition=_fixed("p.has_code = :yes", lambda value: {"yes": value.lower() in YES}),
    ),
    "results": SearchFilter(
        "yes or no",
        "yes",
        "with a number that was read in them, or without",
        condition=_fixed("p.has_results = :yes", lambda value: {"yes": value.lower() in YES}),
    ),
    "withdrawn": SearchFilter(
        "yes or no",
        "no",
        "that were withdrawn, retracted or deleted, or were not",
        condition=_switched("p.withdrawn"),
    ),
    "venue": SearchFilter(
        "name",
        '"NeurIPS 2025"',
        "accepted at this conference or journal; without a year, in any",
        condition=_fixed(
            """p.id IN (SELECT id FROM papers WHERE venue IS NOT NULL
                AND (lower(venue) = :name OR lower(venue) LIKE :part ESCAPE '!'))""",
            _any_year,
        ),
        names=SAID.format(column="venue"),
    ),
    "organization": SearchFilter(
        "name",
        '"Example Labs"',
        "that come from this organization",
        condition=_fixed(f"p.id IN ({OF_ORGANIZATION})", _name_only),
        known=OF_ORGANIZATION,
        names=SAID.format(column="organization"),
    ),
    "keyword": SearchFilter(
        "name",
        '"language agents"',
        "that a source gives this keyword",
        condition=_fixed(
            """p.id IN (SELECT s.paper_id FROM paper_keywords s
                JOIN keywords k ON k.id = s.keyword_id WHERE k.name = :name)""",
            _name_only,
        ),
        known="SELECT id FROM keywords WHERE name = :name",
        names=NAMES.format(table="keywords"),
    ),
    "year": SearchFilter(
        "year",
        "2025",
        "first seen in this year, or in these: 2023-2025",
        condition=_year,
    ),
    "after": SearchFilter(
        "day",
        "2025-01",
        "first seen on this day or later; a month or year counts from its first day",
        condition=_fixed("p.first_seen_on >= :day", _first_day),
    ),
    "before": SearchFilter(
        "day",
        "2025-03-15",
        "first seen before this day, month or year",
        condition=_fixed("p.first_seen_on < :day", _first_day),
    ),
    "digest": SearchFilter(
        "day",
        "2025-03-12",
        "that stood in a digest of this day, month or year",
        condition=_fixed(
            """p.id IN (SELECT e.paper_id FROM digest_entries e
                JOIN digests g ON g.id = e.digest_id WHERE g.day >= :day AND g.day <= :until)""",
            _days,
        ),
    ),
    "star": SearchFilter(
        "yes or no",
        "yes",
        "that you starred, or did not",
        condition=_switched(MARKED.format(column="starred_at")),
    ),
    "read": SearchFilter(
        "yes or no",
        "no",
        "that you marked as read, or did not",
        condition=_switched(MARKED.format(column="read_at")),
    ),
    "tag": SearchFilter(
        "name",
        "to-reproduce",
        "that you gave this tag",
        condition=_fixed(
            """p.id IN (SELECT m.paper_id FROM mark_tags s JOIN marks m ON m.id = s.mark_id
                WHERE s.tag = :tag)""",
            _tag,
        ),
    ),
}
"""Filter -> what it is; the order is that of the help."""

NAMED = """p.id IN (SELECT i.paper_id FROM identifiers i
        WHERE i.scheme = :scheme AND i.value = :value
        UNION SELECT k.id FROM papers k WHERE k.key = :value)"""
"""The condition of an identifier among words."""

COMPARED = """CASE WHEN r.unit IS NULL AND m.family = 'quality' AND abs(r.value) <= 1
                    AND abs(:number) > 1 THEN r.value * 100 ELSE r.value END"""
"""The value of a result r by a metric m as it is compared: a share such as 0.91 counts as per cents
where those were typed."""

FITS = f"""r.metric_id IN ({METRICS}) AND r.role = 'own' AND r.state <> 'rejected'
          AND (r.kind = 'absolute' OR (r.kind = 'ratio' AND r.unit = 'x'))
          AND {COMPARED} {{operator}} :number{{unit}}{{dataset}}"""
"""The condition of a comparison on results r by metrics m; factors count for metrics that are
factors, such as speedup."""

NUMBER = f"""p.id IN (SELECT r.paper_id FROM results r JOIN metrics m ON m.id = r.metric_id
        WHERE {FITS})"""
"""The condition of a comparison on papers."""

WITH_UNIT = " AND r.unit = :unit"
ON_DATASET = f""" AND (r.dataset_id IN ({
    DATASETS.replace(":name", ":dataset_name").replace(":key", ":dataset_key")
}) OR (r.dataset_id IS NULL AND m.family = 'efficiency'))"""
"""What a filter by dataset beside a comparison adds; sizes and times are of the model anyway."""

BY_BOTH = f"""p.id IN (SELECT paper_id FROM results WHERE state <> 'rejected'
        AND dataset_id IN ({
    DATASETS.replace(":name", ":dataset_name").replace(":key", ":dataset_key")
})
        AND metric_id IN ({METRICS}))"""
"""The condition of dataset: and metric: side by side: one number that is both."""


_NAME = re.compile(r"(?<!:):([a-z]\w*)")


def numbered(condition: Condition, number: int) -> Condition:
    """Number the names of values, so that conditions can stand side by side; drop unused ones.

    >>> numbered(Condition("p.year = :year", {"year": 2025}), 3)
    Condition(sql='p.year = :year_3', values={'year_3': 2025})
    """
    used = set(_NAME.findall(condition.sql))
    sql = _NAME.sub(rf":\1_{number}", condition.sql)
    return Condition(sql, {f"{n}_{number}": v for n, v in condition.values.items() if n in used})


def dataset_values(value: str) -> Mapping[str, Value]:
    """Write a dataset's name for the conditions that name a dataset beside something else."""
    return {f"dataset_{name}": one for name, one in _name(value).items()}


def name_values(value: str) -> Mapping[str, Value]:
    """Write a name as the queries `known` and `METRICS` compare it."""
    return _name(value)
