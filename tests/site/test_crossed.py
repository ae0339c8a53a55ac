"""Tests that combined counts equal Datasette's own."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from catalog.reads.datasets import MANY
from catalog.site.datasette_internals import combined_counts, facets
from tests.site.conftest import Get, as_table

NEVER = re.compile(r"(?!)")


@pytest.mark.parametrize("many", [1, MANY], ids=["many pass", "few pass"])
@pytest.mark.parametrize(
    "asked",
    [
        "papers?",
        "papers?year=2024",
        "papers?has_code=1&has_results=1",
        "papers?_category=cs.CV",
        "papers?_category=cs.CV&_dataset=imagenet-1k",
        "papers?_category=cs.CV&_language=Python&has_code=1",
        "papers?_dataset=coco&_dataset=nothing",
        "papers?_search=classifier",
        "papers?label__contains=a",
        "papers?label__contains= where year is not null",
        "papers?year__isnull=1",
        "results?",
        "results?unit=%25&metric_id=1",
        "results?_confidence=0.9",
        "results?kind__in=delta,ratio",
        "repositories?",
        "repositories?language=Python&stars__gt=3",
    ],
)
def test_counts_are_those_of_datasette(
    asked: str, many: int, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facets, "MANY", many)
    table, _, query = asked.partition("?")
    path = f"/catalog/{table}.json?{query}&_facet_through=metric"
    crossing: list[str] = []
    summed = combined_counts.summed

    def noted(groups: Any, column: str) -> Any:
        crossing.append(column)
        return summed(groups, column)

    monkeypatch.setattr(combined_counts, "summed", noted)
    ours = as_table(get, path)
    assert set(crossing) == set(combined_counts.CROSSED[table]), (
        "the form of the query has changed: it is slow again"
    )
    monkeypatch.setattr(combined_counts, "COUNT", NEVER)
    monkeypatch.setattr(combined_counts, "FACET", NEVER)
    monkeypatch.setattr(facets, "CHOSEN", NEVER)
    theirs = as_table(get, path)
    assert (ours.count, ours.rows) == (theirs.count, theirs.rows)
    assert ours.facets == theirs.facets


@pytest.mark.parametrize(
    "rest",
    ["limit 1", "order by 1", "group by has_code", "union all select 7"],
)
def test_sql_of_people_is_left_as_they_wrote_it(rest: str, get: Get, catalog_file: Path) -> None:
    sql = f"select count(*) from papers where year > 2000 {rest}"
    answer = get(f"/catalog.json?sql={quote(sql)}&_shape=arrayfirst")
    with closing(sqlite3.connect(catalog_file)) as connection:
        assert answer.json() == [count for (count,) in connection.execute(sql)]
