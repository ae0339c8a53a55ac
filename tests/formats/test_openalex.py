"""Tests of OpenAlex works."""

import datetime as dt
import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.records import PaperRecord, Problem
from etl.formats.openalex import rebuilt

Papers = Callable[..., list[PaperRecord]]
Parse = Callable[..., list[PaperRecord | Problem]]


def work(**more: Any) -> str:
    return json.dumps({"id": "https://openalex.org/W1", "title": "Quills", **more})


@given(st.lists(st.text(st.characters(categories=["L", "P"]), min_size=1, max_size=5)))
def test_abstracts_come_back_from_their_index(words: list[str]) -> None:
    index: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        index.setdefault(word, []).append(place)
    assert rebuilt(index) == " ".join(words)


def test_places_far_apart_take_no_memory() -> None:
    assert rebuilt({"a": [10**15], "b": [0, 10**18]}) == "b a b"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"doi": "https://doi.org/10.48550/arXiv.2412.14475"}, "2412.14475"),
        ({"locations": [{"landing_page_url": "http://arxiv.org/abs/cs/0112017"}]}, "cs/0112017"),
        ({"locations": [{"pdf_url": "https://arxiv.org/pdf/2412.14475v2"}]}, "2412.14475"),
        ({"locations": [{"landing_page_url": "https://doi.org/10.48550/arxiv.2412.14475"}]},
         "2412.14475"),
        ({"locations": [{"landing_page_url": "https://example.org/abs/2412.14475"}]}, None),
        ({"locations": None, "doi": None}, None),
    ],
)  # fmt: skip
def test_arxiv_identifier_is_read_from_doi_or_place(
    papers: Papers, fields: dict[str, Any], expected: str | None
) -> None:
    (paper,) = papers("openalex", work(**fields))
    found = {name.scheme: name.value for name in paper.identifiers}
    assert found.get("arxiv") == expected
    assert found["openalex"] == "W1"


@pytest.mark.parametrize("identifier", ["https://openalex.org/A1", "W", "W1x", "", "W٣"])
def test_other_things_than_works_are_problems(parse: Parse, identifier: str) -> None:
    (problem,) = parse("openalex", work(id=identifier))
    assert isinstance(problem, Problem)


def test_parquet_of_the_snapshot_gives_what_its_lines_give(papers) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    index = {"Quills": [0], "write.": [1]}
    work = {
        "id": "https://openalex.org/W7",
        "doi": None,
        "title": "Quills",
        "authorships": [{"author": {"display_name": "J. Doe"}, "raw_author_name": "Jane Doe"}],
        "publication_date": dt.date(2024, 5, 17),
    }
    lines = [
        json.dumps({**work, "publication_date": "2024-05-17", "abstract_inverted_index": index})
    ]
    for held, kind in (
        (list(index.items()), pa.map_(pa.string(), pa.list_(pa.int32()))),
        (json.dumps(index), pa.string()),
    ):
        table = pa.Table.from_pylist([work]).append_column(
            "abstract_inverted_index", pa.array([held], kind)
        )
        stream = BytesIO()
        parquet.write_table(table, stream)
        assert papers("pwc-parquet", stream.getvalue()) == papers("openalex", lines[0])
