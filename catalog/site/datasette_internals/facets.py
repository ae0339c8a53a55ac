"""Facets that Datasette lacks: through other tables, and confidence in bands.

Datasette 0.65 counts columns only; a JSON array of tags would time out on a large table. These
count through the tables that link papers to things, and filter by names that last:
`?_dataset=coco&_language=Python`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from datasette.database import QueryInterrupted
from datasette.facets import Facet
from datasette.filters import FilterArguments
from datasette.utils import path_with_added_args, path_with_removed_args

from catalog.reads.datasets import MANY
from catalog.site.datasette_internals.plugin_api import DATABASE
from catalog.site.datasette_internals.query_rewriting import HINT


@dataclass(frozen=True)
class Through:
    """The connection of papers with one kind of thing, such as datasets."""

    name: str
    chosen: str
    """Ids of the papers that have the thing named `:{param}`; or a condition on the row."""
    counted: str
    """Value, label and number of papers of each thing; `{papers}` narrows them."""
    paper: str
    """Column of `counted` that names the paper, or whatever the rows of `table` are."""
    table: str = "papers"
    """Table whose rows are counted and filtered."""

    @property
    def argument(self) -> str:
        """Name of the filter in addresses."""
        return f"_{self.name}"


MARKED = """CASE {value} WHEN 'starred' THEN {m}.starred_at IS NOT NULL
    WHEN 'read' THEN {m}.read_at IS NOT NULL WHEN 'noted' THEN {m}.note IS NOT NULL
    WHEN 'to-read' THEN {m}.starred_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM marks o WHERE o.paper_id = {m}.paper_id AND o.read_at IS NOT NULL) END"""
"""Whether a mark is of a kind: papers that became one have several."""

THROUGH = {
    through.name: through
    for through in (
        Through(
            "category",
            "SELECT paper_id FROM paper_categories WHERE category_id = "
            "(SELECT id FROM categories WHERE code = :{param})",
            """SELECT c.code AS value, c.code AS label, n.count FROM (
                 SELECT x.category_id, count(*) AS count FROM paper_categories x WHERE 1 {papers}
                  GROUP BY 1 ORDER BY 2 DESC LIMIT {size}) n
               JOIN categories c ON c.id = n.category_id ORDER BY n.count DESC, c.code""",
            "x.paper_id",
        ),
        Through(
            "dataset",
            "SELECT DISTINCT paper_id FROM results WHERE dataset_id = "
            "(SELECT id FROM datasets WHERE slug = :{param})",
            """SELECT d.slug AS value, d.name AS label, c.count FROM (
                 SELECT r.dataset_id, count(DISTINCT r.paper_id) AS count FROM results r
                  WHERE r.dataset_id IS NOT NULL {papers} GROUP BY 1 ORDER BY 2 DESC LIMIT {size}) c
               JOIN datasets d ON d.id = c.dataset_id ORDER BY c.count DESC, d.name""",
            "r.paper_id",
        ),
        Through(
            "metric",
            "SELECT DISTINCT paper_id FROM results WHERE metric_id = "
            "(SELECT id FROM metrics WHERE slug = :{param})",
            """SELECT m.slug AS value, m.name AS label, c.count FROM (
                 SELECT r.metric_id, count(DISTINCT r.paper_id) AS count FROM results r
                  WHERE r.metric_id IS NOT NULL {papers} GROUP BY 1 ORDER BY 2 DESC LIMIT {size}) c
               JOIN metrics m ON m.id = c.metric_id ORDER BY c.count DESC, m.name""",
            "r.paper_id",
        ),
        Through(
            "digest",
            "SELECT e.paper_id FROM digest_entries e JOIN digests g ON g.id = e.digest_id "
            "WHERE g.source = :{param}",
            """SELECT g.source AS value, g.source AS label, count(DISTINCT e.paper_id) AS count
                 FROM digest_entries e JOIN digests g ON g.id = e.digest_id WHERE 1 {papers}
                GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT {size}""",
            "e.paper_id",
        ),
        Through(
            "language",
            "SELECT l.paper_id FROM links l JOIN repositories o ON o.id = l.repository_id "
            "WHERE o.language = :{param}",
            """SELECT o.language AS value, o.language AS label, count(DISTINCT l.paper_id) AS count
                 FROM links l JOIN repositories o ON o.id = l.repository_id
                WHERE o.language IS NOT NULL {papers}
                GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT {size}""",
            "l.paper_id",
        ),
        Through(
            "task",
            "SELECT paper_id FROM paper_tasks WHERE task_id = "
            "(SELECT id FROM tasks WHERE slug = :{param})",
            """SELECT t.slug AS value, t.name AS label, n.count FROM (
                 SELECT x.task_id, count(*) AS count FROM paper_tasks x WHERE 1 {papers}
                  GROUP BY 1 ORDER BY 2 DESC LIMIT {size}) n
               JOIN tasks t ON t.id = n.task_id ORDER BY n.count DESC, t.name""",
            "x.paper_id",
        ),
        Through(
            "framework",
            "SELECT paper_id FROM links WHERE framework_id = "
            "(SELECT id FROM frameworks WHERE name = :{param})",
            """SELECT f.name AS value, f.name AS label, count(DISTINCT l.paper_id) AS count
                 FROM links l JOIN frameworks f ON f.id = l.framework_id WHERE 1 {papers}
                GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT {size}""",
            "l.paper_id",
        ),
        Through(
            "mark",
            "SELECT m.paper_id FROM marks m WHERE m.paper_id IS NOT NULL AND "
            + MARKED.format(value=":{param}", m="m"),
            """SELECT v.value, v.label, count(DISTINCT x.paper_id) AS count FROM (
                 SELECT 'to-read' AS value, 'to read' AS label UNION ALL
                 SELECT 'starred', 'starred' UNION ALL SELECT 'read', 'read' UNION ALL
                 SELECT 'noted', 'with a note') v
                 JOIN marks x ON x.paper_id IS NOT NULL AND """
            + MARKED.format(value="v.value", m="x")
            + " WHERE 1 {papers} GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT {size}",
            "x.paper_id",
        ),
        Through(
            "tag",
            "SELECT m.paper_id FROM mark_tags t JOIN marks m ON m.id = t.mark_id "
            "WHERE m.paper_id IS NOT NULL AND t.tag = :{param}",
            """SELECT t.tag AS value, t.tag AS label, count(DISTINCT x.paper_id) AS count
                 FROM mark_tags t JOIN marks x ON x.id = t.mark_id
                WHERE x.paper_id IS NOT NULL {papers}
                GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT {size}""",
            "x.paper_id",
        ),
        Through(
            "confidence",
            "confidence >= CAST(:{param} AS REAL) AND (confidence < CAST(:{param} AS REAL) + 0.1 "
            "OR CAST(:{param} AS REAL) >= 0.9)",
            """SELECT b.band / 10.0 AS value, printf('%d to %d %%', b.band * 10, b.band * 10 + 10)
                      AS label, count(*) AS count
                 FROM (SELECT min(CAST(r.confidence * 10 + 1e-9 AS INTEGER), 9) AS band
                         FROM results r WHERE r.confidence IS NOT NULL {papers}) b
                GROUP BY b.band ORDER BY b.band DESC LIMIT {size}""",
            "r.id",
            "results",
        ),
    )
}

COLUMNS = {"papers": ("month",), "results": ("state", "rule")}
"""Column facets that the page offers by one click, besides those that it shows."""


PARAM = re.compile(r"through_(?P<name>\w+)_\d+")
CHOSEN = re.compile(r"(?:/\* many \*/ )?(?P<plus>\+?)id IN \((?P<chosen>SELECT .+)\)")
"""One filter, as `_condition` writes it."""


class ThroughFacet(Facet):  # type: ignore[misc]  # Datasette has no types
    """The facet type `through`: `?_facet_through=dataset`."""

    type = "through"

    async def facet_results(self) -> tuple[list[dict[str, Any]], list[str]]:
        """Count the things that the page's papers are connected with."""
        results: list[dict[str, Any]] = []
        timed_out: list[str] = []
        for item in self.get_configs() if self.database == DATABASE else ():
            through = THROUGH.get(item["config"].get("column") or item["config"]["simple"])
            if through is None or through.table != self.table:
                continue
            try:
                results.append(await self._counted(through, item["source"] != "metadata"))
            except QueryInterrupted:
                timed_out.append(through.name)
        return results, timed_out

    async def _counted(self, through: Through, hideable: bool) -> dict[str, Any]:
        size = self.get_facet_size()
        found = await self.ds.execute(
            self.database,
            through.counted.format(papers=self._narrowed(through), size=size + 1),
            self.params,
            custom_time_limit=self.ds.setting("facet_time_limit_ms"),
        )
        return {
            "name": through.name,
            "type": self.type,
            "hideable": hideable,
            "toggle_url": self._path(path_with_removed_args, {"_facet_through": through.name}),
            "results": [self._value(through, row) for row in found.rows[:size]],
            "truncated": len(found.rows) > size,
        }

    def _narrowed(self, through: Through) -> str:
        """Restrict the count to the page's rows, by filters alone where these suffice."""
        where = str(self.sql).partition(" where ")[2].strip()
        if not where:
            return ""
        known = {
            THROUGH[found["name"]].chosen.format(param=param)
            for param in dict(self.params)
            if (found := PARAM.fullmatch(param)) and found["name"] in THROUGH
        }
        parts = where.split(" and ")
        chosen = [
            one for part in parts if (one := CHOSEN.fullmatch(part)) if one["chosen"] in known
        ]
        if len(chosen) == len(parts):
            return " ".join(
                f"AND {one['plus']}{through.paper} IN ({one['chosen']})" for one in chosen
            )
        return f"AND {through.paper} IN (SELECT id FROM ({self.sql}))"

    def _value(self, through: Through, row: Mapping[str, Any]) -> dict[str, Any]:
        chosen = {through.argument: str(row["value"])}
        selected = (through.argument, str(row["value"])) in self.get_querystring_pairs()
        toggle = path_with_removed_args if selected else path_with_added_args
        return {
            "value": row["value"],
            "label": row["label"],
            "count": row["count"],
            "selected": selected,
            "toggle_url": self.ds.absolute_url(self.request, self._path(toggle, chosen)),
        }

    def _path(self, change: Any, arguments: dict[str, str]) -> Any:
        return self.ds.urls.path(change(self.request, {**arguments, "_next": None}))


async def filters(datasette: Any, request: Any, table: str) -> Any:
    """Convert `?_dataset=coco` and the like to conditions on the rows of a table."""
    found = [
        (through, f"through_{through.name}_{place}", value)
        for through in THROUGH.values()
        if through.table == table
        for place, value in enumerate(request.args.getlist(through.argument))
    ]
    many = [await _is_many(datasette, *one) for one in found]
    alone = all(many) and not any(
        not name.startswith("_") or name == "_search" for name in request.args
    )
    return FilterArguments(
        [
            _condition(through, param, many=is_many, alone=alone)
            for (through, param, _), is_many in zip(found, many, strict=True)
        ],
        params={param: value for _, param, value in found},
        human_descriptions=[f"{through.name} is {value}" for through, _, value in found],
    )


async def _is_many(datasette: Any, through: Through, param: str, value: str) -> bool:
    """Return true if more rows pass a filter than can be fetched quickly one by one."""
    chosen = through.chosen.format(param=param)
    if not chosen.startswith("SELECT"):
        return False
    found = await datasette.execute(
        DATABASE, f"SELECT count(*) FROM ({chosen} LIMIT {MANY + 1})", {param: value}
    )
    count: int = found.rows[0][0]
    return count > MANY


def _condition(through: Through, param: str, *, many: bool, alone: bool) -> str:
    """Write a filter; where many rows pass it, another filter's index comes first (the plus)."""
    chosen = through.chosen.format(param=param)
    if not chosen.startswith("SELECT"):
        return chosen
    test = "id IN" if not many else HINT if alone else "+id IN"
    return f"{test} ({chosen})"


def offered(request: Any, table: str) -> list[dict[str, Any]]:
    """List the facets that one more click would add."""
    wanted = [("_facet", name) for name in COLUMNS.get(table, ())]
    wanted += [
        ("_facet_through", through.name)
        for through in THROUGH.values()
        if through.table == table and through.name != "category"
    ]
    return [
        {"name": name, "url": path_with_added_args(request, {argument: name, "_next": None})}
        for argument, name in wanted
        if name not in request.args.getlist(argument)
    ]
