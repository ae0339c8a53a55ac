"""The search box understands filters, and never fails."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.search_language import prefix, understand
from tests.site.conftest import Get


@pytest.mark.parametrize(
    ("typed", "match", "filters"),
    [
        ("vision transformer", '"vision" "transformer"', {}),
        ('"latent space" code:yes', '"latent space"', {"code": "yes"}),
        ('dataset:"MS MARCO" metric:MRR@10', "", {"dataset": "MS MARCO", "metric": "MRR@10"}),
        ("after:2025-01 before:2025-03-15", "", {"after": "2025-01", "before": "2025-03-15"}),
        ("CODE:No year:2024", "", {"code": "No", "year": "2024"}),
        ("C++ NOT AND OR NEAR(", '"C" "NOT" "AND" "OR" "NEAR"', {}),
        ("STaR: Bootstrapping", '"STaR" "Bootstrapping"', {}),
        ("tag:a tag:b tag:b", "", {"tag": "b"}),
        ("naïve 模型", '"naïve" "模型"', {}),
        ('unbalanced "quote', '"unbalanced" "quote"', {}),
        ("", "", {}),
    ],
)
def test_a_search_is_read_as_meant(typed: str, match: str, filters: dict[str, str]) -> None:
    wanted = understand(typed)
    assert (wanted.match, wanted.filters) == (match, filters)


@pytest.mark.parametrize(
    "typed",
    [
        "code:maybe",
        "tag:a tag:b",
        "after:soon",
        "after:2025-13",
        "year:24",
        "digest:0000",
        "dataset:",
        "size:9",
    ],
)
def test_what_is_not_understood_is_said(typed: str) -> None:
    assert understand(typed).remarks


@given(st.text(max_size=60))
def test_no_text_breaks_the_index(typed: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("create virtual table t using fts5(x)")
    match = understand(typed).match
    for expression in (match, prefix(match), match.replace('" "', '" OR "')):
        if expression:
            connection.execute("select count(*) from t where t match ?", [expression]).fetchone()
    connection.close()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("classifier", 8),
        ("classifiers code:no", 8),
        ("classifier after:2024-12", 1),
        ("classifier before:2024-06", 1),
        ("year:2025", 2),
        ("dataset:ms-coco", 1),
        ("metric:map code:yes", 1),
        ("digest:2025-03", 7),
        ("digest:2025-03-11", 3),
        ("results:no", 1),
        ("classif", 8),
        ("detector zebra", 1),
        ("zebra", 0),
        ("author:Nobody", 0),
    ],
)
def test_searches_find_what_they_should(typed: str, found: int, get: Get) -> None:
    assert len(get(f"/search.json?q={typed.replace(' ', '+')}").json()["papers"]) == found


def test_a_filter_that_makes_no_sense_is_left_out_with_a_note(get: Get) -> None:
    page = get("/search?q=classifier+after:2025-13").text
    assert "after: takes a day, month or year, as in after:2025-01, not “2025-13”" in page
    assert len(get("/search.json?q=classifier+after:2025-13").json()["papers"]) == 8


def test_hits_are_highlighted_and_everything_else_is_escaped(get: Get) -> None:
    page = get("/search?q=hostile").text
    assert "<mark>Hostile</mark> &lt;script&gt;" in page


@pytest.mark.parametrize("typed", ["2503.00001", "arXiv:2503.00001", "10.1000/DET(1)<x>",
    "https://arxiv.org/abs/2503.00001"])  # fmt: skip
def test_an_identifier_leads_to_its_paper(typed: str, get: Get) -> None:
    from urllib.parse import quote

    answer = get(f"/search?q={quote(typed, safe='')}")
    assert answer.status_code == 302
    assert answer.headers["location"] == "/paper/2503.00001"
