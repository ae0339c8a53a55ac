"""Compute several counts of a page in one query.

Datasette counts the rows of a page, and then once more for each facet; on a million papers each
count takes tenths of a second. Here the first of these questions is put so that its answer holds
those of the others: the store of slow answers keeps it for them.
"""

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from datasette.database import Results
from datasette.utils import CustomRow

Execute: TypeAlias = Callable[..., Awaitable[Any]]

CROSSED = {
    "papers": ("year", "has_code", "has_results"),
    "results": ("kind", "role", "unit", "origin"),
    "repositories": ("language", "licence", "state"),
}
"""Columns of few values that are counted together, in the order of an index."""

TABLE = "|".join(CROSSED)
COUNT = re.compile(
    rf"^select count\(\*\) from (?P<table>{TABLE}) (?P<where>where .+)$",
    re.DOTALL,
)
FACET = re.compile(
    r"^\s*select (?P<column>\w+) as value, count\(\*\) as count from \(\s*"
    rf"select [\w\[\]\", ]+ from (?P<table>{TABLE}) (?P<where>(?:where .+)?)\s*\)\s*"
    r"where (?P=column) is not null\s*"
    r"group by (?P=column) order by count desc, value limit (?P<limit>\d+)\s*$",
    re.DOTALL,
)

BY_ID = re.compile(r"(?<![+\w.])(?:papers\.)?(?:row)?id in \(", re.IGNORECASE)
"""What picks papers by their ids; the index on them spares a look at each abstract."""


class CrossedCounts:
    """Answers several counts from one query, and passes on all other queries."""

    def __init__(self, execute: Execute) -> None:
        self.inner = execute

    async def execute(self, sql: str, params: Any = None, *args: Any, **options: Any) -> Any:
        """Answer from the combined counts, else from the database."""
        if options.get("truncate"):  # rows to show, maybe of SQL that somebody wrote
            return await self.inner(sql, params, *args, **options)
        if count := COUNT.match(sql):
            groups = await self._groups(count["table"], count["where"], params)
            return _results(["count(*)"], [(sum(group["count"] for group in groups),)])
        facet = FACET.match(sql)
        if facet is None or facet["column"] not in CROSSED[facet["table"]]:
            return await self.inner(sql, params, *args, **options)
        groups = await self._groups(facet["table"], facet["where"], params)
        return _results(["value", "count"], summed(groups, facet["column"])[: int(facet["limit"])])

    async def _groups(self, table: str, where: str, params: Any) -> Sequence[Mapping[str, Any]]:
        by = " indexed by ix_papers_by_id" if table == "papers" and BY_ID.search(where) else ""
        # Where the unit is known, SQLite 3.40 overlooks that the index has the order of the groups.
        where = where.replace('"unit" = :', '+"unit" = :') if table == "results" else where
        columns = ", ".join(CROSSED[table])
        sql = f"select {columns}, count(*) as count from {table}{by} {where} group by {columns}"
        groups: Sequence[Mapping[str, Any]] = (await self.inner(sql, params)).rows
        return groups


def summed(groups: Iterable[Mapping[str, Any]], column: str) -> list[tuple[Any, int]]:
    """Sum the groups by one column: value and count, the most frequent first, without null.

    >>> groups = [{"unit": "%", "kind": "delta", "count": 2}, {"unit": None, "kind": "ratio",
    ...           "count": 4}, {"unit": "%", "kind": "ratio", "count": 1}]
    >>> summed(groups, "unit"), summed(groups, "kind")
    ([('%', 3)], [('ratio', 5), ('delta', 2)])
    """
    sums: Counter[Any] = Counter()
    for group in groups:
        sums[group[column]] += group["count"]
    sums.pop(None, None)
    return sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))


def _results(columns: list[str], rows: Sequence[tuple[Any, ...]]) -> Results:
    """Build rows in the form of the database's."""
    shaped = [CustomRow(columns, dict(zip(columns, row, strict=True))) for row in rows]
    return Results(shaped, False, [(column,) for column in columns])
