"""Tests of Datasette's own pages: descriptions, facets, labels, formats, hidden tables."""

import re
import sqlite3
from contextlib import closing
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest

from catalog.models import Base
from catalog.models.descriptions import VIEWS
from catalog.reads.named_queries import QUERIES
from catalog.site import app
from catalog.site.config import metadata
from catalog.site.datasette_internals import facets, query_rewriting
from catalog.site.datasette_internals.query_rewriting import HINT
from tests.site.conftest import Get, as_table, asking


def test_every_table_and_column_is_described_by_its_comment(get: Get) -> None:
    tables = metadata()["databases"]["catalog"]["tables"]
    for table in Base.metadata.sorted_tables:
        assert tables[table.name]["description"] == table.comment
        assert set(tables[table.name]["columns"]) == set(table.columns.keys())
    page = get("/catalog/results").text
    assert "Estimated share of such results whose value, unit, metric and kind" in page


def test_every_view_is_described(get: Get) -> None:
    page = get("/catalog").text
    for name, told in VIEWS.items():
        assert name in page
        assert told in page


def test_internal_tables_are_hidden(get: Get) -> None:
    page = get("/catalog").text
    for name in ("alembic_version", "papers_fts", "paper_sources", "authorships"):
        assert f'href="/catalog/{name}"' not in page


def facet_names(page: str) -> list[str]:
    return re.findall(r'class="facet-info" id="facet-[^"]+" data-column="([^"]+)"', page)


def test_facets_stand_in_the_order_of_the_configuration(get: Get) -> None:
    assert facet_names(get("/catalog/papers").text) == [
        "year", "category", "has_code", "has_results",
    ]  # fmt: skip
    assert facet_names(get("/catalog/results").text) == [
        "metric_id", "dataset_id", "kind", "role", "origin", "unit",
    ]  # fmt: skip
    added = get("/catalog/papers?_facet=month&_facet_through=dataset").text
    assert facet_names(added)[4:] == ["month", "dataset"]


def test_a_facet_through_tables_counts_papers_and_filters(get: Get) -> None:
    found = as_table(get, "/catalog/papers.json?_facet_through=dataset")
    counted = {row["value"]: row["count"] for row in found.facets["dataset"]["results"]}
    assert counted == {"imagenet-1k": 8, "coco": 1, "bad": 1}
    for slug, papers in counted.items():
        assert as_table(get, f"/catalog/papers.json?_dataset={slug}").count == papers
    narrowed = as_table(get, "/catalog/papers.json?_facet_through=metric&_dataset=coco")
    assert [row["value"] for row in narrowed.facets["metric"]["results"]] == ["map", "speedup"]
    assert "dataset is coco" in get("/catalog/papers?_dataset=coco").text


def test_a_filter_that_many_papers_pass_gives_the_same(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "/catalog/papers.json?_dataset=imagenet-1k&_facet=year&_size=5"
    few = as_table(get, path)
    monkeypatch.setattr(facets, "MANY", 1)
    many = as_table(get, path)
    assert HINT in many.sql
    assert many.rows == few.rows
    assert many.facets == few.facets


@pytest.mark.parametrize("filtered", ["", "&has_results=1", "&_dataset=imagenet-1k"])
def test_pages_of_papers_follow_each_other_to_the_last(
    filtered: str, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    quick = query_rewriting.next_page

    def noted(sql: str) -> str:
        asked.append(quick(sql) != sql)
        return quick(sql)

    monkeypatch.setattr(query_rewriting, "next_page", noted)
    path, seen = f"/catalog/papers.json?_size=3{filtered}", []
    while path:
        page = as_table(get, path)
        seen += [row["id"] for row in page.rows]
        path = (page.next_url or "").removeprefix("http://localhost")
    everything = as_table(get, f"/catalog/papers.json?_size=max{filtered}").rows
    assert seen == [row["id"] for row in everything]
    assert any(asked), "the form of the query has changed: it is slow again"


def test_pages_of_equal_values_show_every_row_once(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    ordered = query_rewriting.first_page

    def noted(sql: str) -> str:
        asked.append(ordered(sql) != sql)
        return ordered(sql)

    monkeypatch.setattr(query_rewriting, "first_page", noted)
    path, seen = "/catalog/papers.json?_sort_desc=year&_size=2", []
    while path:
        page = as_table(get, path)
        seen += [row["id"] for row in page.rows]
        path = (page.next_url or "").removeprefix("http://localhost")
    everything = as_table(get, "/catalog/papers.json?_size=max").rows
    assert len({row["year"] for row in everything}) < len(everything)
    assert sorted(seen) == sorted(row["id"] for row in everything)
    assert any(asked), "the form of the query has changed: rows of a page may come again"


@pytest.mark.parametrize(
    ("path", "index"),
    [
        ("/catalog/papers.json?has_code=0&_size=2", "ix_papers_has_code"),
        ("/catalog/results.json?dataset_id=1&_size=2", "ix_results_dataset_id"),
    ],
)
def test_of_filtered_rows_an_index_sorts_the_ids(
    path: str, index: str, get: Get, migrated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ordered = query_rewriting.first_page

    def noted(sql: str) -> str:
        asked.append(ordered(sql) if " limit 3" in sql else "")
        return asked[-1] or sql

    monkeypatch.setattr(query_rewriting, "first_page", noted)
    assert len(as_table(get, path).rows) == 2
    (page,) = filter(None, asked)
    with closing(sqlite3.connect(migrated)) as connection:
        plan = str(connection.execute(f"EXPLAIN QUERY PLAN {page}", {"p0": "1"}).fetchall())
    assert f"COVERING INDEX {index}" in plan


@pytest.mark.parametrize("asked", query_rewriting.COUNTED_VIEWS)
def test_a_whole_view_is_counted_without_its_joins(
    asked: str, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = query_rewriting.COUNTED_VIEWS
    counts: list[int] = []
    for known in (quick, {}):
        monkeypatch.setattr(query_rewriting, "COUNTED_VIEWS", known)
        view = asked.split()[-1]
        counts.append(as_table(get, f"/catalog/{view}.json?_size=1").count)
    assert counts[0] == counts[1] > 0


@pytest.mark.parametrize("view", ["v_papers", "v_results"])
@pytest.mark.parametrize("order", ["_sort", "_sort_desc"])
def test_views_are_sorted_by_stars_to_the_last_row(view: str, order: str, get: Get) -> None:
    path, seen = f"/catalog/{view}.json?{order}=stars&_size=4", []
    while path:
        page = as_table(get, path)
        seen += [tuple(row.values()) for row in page.rows]
        path = (page.next_url or "").removeprefix("http://localhost")
    everything = as_table(get, f"/catalog/{view}.json?_size=max").rows
    assert sorted(seen, key=repr) == sorted((tuple(row.values()) for row in everything), key=repr)
    place = list(everything[0]).index("stars")
    stars = [-1 if row[place] is None else row[place] for row in seen]
    assert stars == sorted(stars, reverse=order == "_sort_desc")
    assert len(set(stars)) > 1


def test_the_order_by_stars_begins_with_the_repositories() -> None:
    sql = "select paper_id, stars from v_papers order by stars desc limit 51 offset 50"
    assert "from repositories" in query_rewriting.rewritten(sql)
    filtered = "select paper_id from v_papers where year = 2024 order by stars desc limit 51"
    assert query_rewriting.rewritten(filtered) == filtered


@pytest.mark.parametrize(
    "what",
    ["first_seen_on as stars", "distinct stars", "stars from repositories union all select stars"],
)
def test_sql_of_people_keeps_its_own_order_by_stars(what: str) -> None:
    sql = f"select {what} from v_papers order by stars desc limit 3"
    assert query_rewriting.rewritten(sql) == sql


def test_large_views_are_sorted_by_what_an_index_orders(
    catalog_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "LARGE", 1)
    for get in asking(catalog_file):
        assert get("/catalog/v_results?_sort=stars").status_code == 200
        assert get("/catalog/v_results?_sort=sentence").status_code == 400


def test_confidence_is_counted_in_bands(get: Get) -> None:
    found = as_table(get, "/catalog/results.json?_facet_through=confidence")
    bands = found.facets["confidence"]["results"]
    assert [(band["label"], band["count"]) for band in bands] == [("90 to 100 %", 21)]
    assert as_table(get, "/catalog/results.json?_confidence=0.9").count == 21
    assert as_table(get, "/catalog/results.json?_confidence=0.8").count == 0


def test_a_selected_value_can_be_taken_back(get: Get) -> None:
    page = get("/catalog/papers?_facet_through=language&_language=Python").text
    assert re.search(r'class="selected"><a href="[^"]*_facet_through=language"', page)


def test_foreign_keys_show_names(get: Get) -> None:
    page = get("/catalog/results").text
    assert ">COCO</a>" in page
    assert ">A Detector That Is Fast</a>" in page


def test_a_result_is_read_with_its_unit_and_evidence(get: Get) -> None:
    page = get("/catalog/results?kind=ratio").text
    assert '<b class="amount relative">3.7×</b>' in page
    assert '<mark class="relative">3.7x</mark>' in page


def test_all_columns_are_one_click_away(get: Get) -> None:
    assert "_all=1" in get("/catalog/papers").text
    assert 'data-column="title_key"' not in get("/catalog/papers").text
    assert 'data-column="title_key"' in get("/catalog/papers?_all=1").text


def test_the_search_box_of_papers_works(get: Get) -> None:
    assert 'name="_search"' in get("/catalog/papers").text
    assert "8 rows" in get("/catalog/papers?_search=classifier").text


def test_json_and_csv_stay_where_datasette_has_them(get: Get) -> None:
    rows = get("/catalog/papers.json?_shape=array").json()
    assert rows[0]["key"] == "t-0123456789ab"
    assert get("/catalog/papers.csv").text.startswith("id,key,label,")
    assert get("/catalog.json?sql=select+count(*)+n+from+papers&_shape=array").json() == [{"n": 11}]


@pytest.mark.parametrize("name", QUERIES)
def test_every_question_has_a_form_with_help(name: str, get: Get) -> None:
    page = unescape(get(f"/catalog/{name}").text)
    assert QUERIES[name].title in page
    for parameter in QUERIES[name].parameters:
        assert f'name="{parameter.name}"' in page
        assert parameter.description in page


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ("best_on_dataset?dataset=ms-coco&metric=mAP", ["2503.00001"]),
        ("best_on_dataset?dataset=ImageNet-1K&max_parameters=91000000",
         ["2411.12341", "2412.12340"]),
        ("best_on_dataset?dataset=coco&with_code=yes", ["2503.00001"]),
        ("claims_over_baseline?baseline=base&kind=delta&at_least=2", ["2503.00001"]),
        ("claims_over_baseline?baseline=base&kind=delta&at_least=3", []),
        ("most_featured", ["2503.00001"]),
        ("digest_with_code?day=2025-03-12", ["2503.00001", "2503.00001"]),
        ("digest_with_code?day=2025-03-11", []),
    ],
)  # fmt: skip
def test_questions_are_answered(asked: str, keys: list[str], get: Get) -> None:
    name, _, query = asked.partition("?")
    rows = get(f"/catalog/{name}.json?_shape=array&{query}").json()
    assert [row["paper_key"] for row in rows] == keys


def test_datasets_gain_ground_since_a_month(get: Get) -> None:
    rows = get("/catalog/rising_datasets.json?_shape=array&since=2024-09").json()
    found = {row["dataset_slug"]: (row["papers_since"], row["papers_before"]) for row in rows}
    assert found["imagenet-1k"] == (4, 4)


def test_a_board_ranks_and_compares_shares_with_per_cent(get: Get) -> None:
    board = get("/leaderboard/imagenet-1k/accuracy.json").json()
    assert board["unit"] == "%"
    assert [row["compared"] for row in board["ranking"][:2]] == [87.9, 86.5]
    small = get("/leaderboard/imagenet-1k/accuracy.json?max_parameters=92").json()
    assert [row["compared"] for row in small["ranking"]] == [82.5, 81.5, 80.5]
    assert get("/leaderboard/imagenet-1k/accuracy.json?code=yes").json()["ranking"] == []


def test_what_stands_behind_plus_minus_is_shown(get: Get) -> None:
    assert "± 0.3" in get("/leaderboard/imagenet-1k/accuracy").text
    assert "± 0.3" in get("/paper/2411.12341").text


def test_relative_claims_and_other_work_are_never_ranked(get: Get) -> None:
    board = get("/leaderboard/coco/map.json").json()
    assert [row["value"] for row in board["ranking"]] == [54.3]
    assert [row["value"] for row in board["relative"]] == [2.1]


def test_the_calendar_names_every_day(get: Get) -> None:
    page = get("/digest").text
    assert quote("/digest/2025-03-11") in page
    assert "Mar 2025" in page


def test_papers_are_sorted_by_stars_upvotes_and_numbers_in_their_view(get: Get) -> None:
    page = get("/catalog/papers").text
    found = re.findall(r'href="(/catalog/v_papers\?_sort_desc=\w+)">(\w+)<', page)
    assert [name for _, name in found] == ["stars", "upvotes", "numbers"]
    for address, _ in found:
        assert "A Detector That Is Fast" in get(address).text
    assert "_sort_desc=upvotes" not in get("/catalog/papers?year=2025").text


def test_long_texts_get_wide_columns(get: Get) -> None:
    page = get("/catalog/v_papers").text
    assert 'class="col-abstract long"' in page
    assert 'class="col-title long"' not in page
