"""Tests that filters are written into searches, and taken out, without changing the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.search_edits import with_filter, without_filter
from catalog.domain.search_language import understand
from catalog.domain.search_tree import ALL, Filter, Node, both
from catalog.reads.search_filters import FILTERS

CODE = Filter("code", "yes")

SEARCHES = st.lists(
    st.sampled_from(
        ["bird", "song", "OR", "|", "AND", "NOT", "-", "-bird", "(", ")", "-(", '"', '"two words"',
         "dataset:COCO", 'dataset:"MS COCO', "-year:2024", "speedup>2", "2503.00001", "a(b)", "“"]
    ),
    max_size=9,
).map(" ".join)  # fmt: skip


def tree(typed: str) -> Node:
    return understand(typed, FILTERS).tree


@given(SEARCHES)
def test_a_filter_narrows_all_of_a_search(typed: str) -> None:
    assert tree(with_filter(typed, "code", "yes")) == both(tree(typed), CODE)


@given(SEARCHES)
def test_a_filter_that_is_added_can_be_taken_back(typed: str) -> None:
    assert tree(without_filter(with_filter(typed, "code", "yes"), "code")) == tree(typed)


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("dataset:COCO OR bird", "bird"),
        ("bird (dataset:COCO) song", "bird song"),
        ("bird NOT (dataset:COCO OR owl) song", "bird NOT (dataset:COCO OR owl) song"),
        ("bird -(owl -dataset:COCO) song", "bird -(owl) song"),
        ("bird NOT NOT dataset:COCO song", "bird song"),
        ("-dataset:COCO bird", "-dataset:COCO bird"),
        ('"the dataset:COCO"', '"the dataset:COCO"'),
        ("+dataset:COCO bird", "bird"),
        ('bird DATASET:"MS COCO"', "bird"),
    ],
)
def test_a_filter_leaves_nothing_of_itself(typed: str, left: str) -> None:
    assert without_filter(typed, "dataset") == left


def test_a_search_of_nothing_but_a_filter_is_empty_without_it() -> None:
    assert tree(without_filter("(code:yes)", "code")) == ALL
