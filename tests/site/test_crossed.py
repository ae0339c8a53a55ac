"""Crossed counts say what Datasette's own questions would."""

import re
from typing import Any

import pytest

from catalog.site import crossed, facets
from tests.site.conftest import Get, as_table

NEVER = re.compile(r"(?!)")


@pytest.mark.parametrize("many", [1, facets.MANY], ids=["many pass", "few pass"])
@pytest.mark.parametrize(
    "asked",
    [
        "",
        "year=2024",
        "has_code=1&has_results=1",
        "_category=cs.CV",
        "_category=cs.CV&_dataset=imagenet-1k",
        "_category=cs.CV&_language=Python&has_code=1",
        "_dataset=coco&_dataset=nothing",
        "_search=classifier",
        "label__contains=a",
        "label__contains= where year is not null",
        "year__isnull=1",
    ],
)
def test_counts_are_those_of_datasette(
    asked: str, many: int, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facets, "MANY", many)
    path = f"/catalog/papers.json?{asked}&_facet_through=metric"
    crossing: list[str] = []
    summed = crossed._summed

    def noted(groups: dict[int, int], column: str) -> Any:
        crossing.append(column)
        return summed(groups, column)

    monkeypatch.setattr(crossed, "_summed", noted)
    ours = as_table(get, path)
    assert crossing == list(crossed.COLUMNS), "the form of the query has changed: it is slow again"
    monkeypatch.setattr(crossed, "COUNT", NEVER)
    monkeypatch.setattr(crossed, "FACET", NEVER)
    monkeypatch.setattr(facets, "CHOSEN", NEVER)
    theirs = as_table(get, path)
    assert (ours.count, ours.rows) == (theirs.count, theirs.rows)
    assert ours.facets == theirs.facets
