"""Tests of the extractor's interface."""

import pickle
from concurrent.futures import ThreadPoolExecutor

from etl.extract import extract, extract_many

ABSTRACT = (
    "We present FooNet. FooNet reaches 84.3% top-1 accuracy on ImageNet and is 2.1x faster than "
    "BarNet. Code: https://github.com/foo/net."
)


def test_numbers_and_links_carry_their_evidence():
    found = extract(ABSTRACT)
    assert [(r.metric, r.value, r.unit, r.kind) for r in found.results] == [
        ("top-1 accuracy", 84.3, "%", "absolute"),
        ("speedup", 2.1, "x", "ratio"),
    ]
    for result in found.results:
        assert ABSTRACT[result.start : result.end] == result.text
        assert result.rule
        assert 0 < (result.confidence or 0) <= 1
    assert [link.repo for link in found.links] == ["foo/net"]


def test_many_in_a_pool_equal_one_by_one():
    items = [(ABSTRACT, None), ("Nothing here.", "A title")] * 3
    pickle.dumps(extract_many)
    with ThreadPoolExecutor(2) as pool:
        (found,) = pool.map(extract_many, [items])
    assert found == [extract(*item) for item in items]
