"""Tests of identity: which records describe one paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.identity import Decisions, Trace, cluster
from catalog.domain.records import Identifier

A = Identifier(scheme="arxiv", value="2401.00001")
B = Identifier(scheme="arxiv", value="2401.00002")
C = Identifier(scheme="arxiv", value="2401.00003")
D = Identifier(scheme="doi", value="10.1000/one")
W = Identifier(scheme="openalex", value="W1")


def named(*names, title=None, abstract=None):
    return Trace(identifiers=names, title_hash=title, abstract_hash=abstract)


def nameless(title=None, abstract=None):
    return Trace(title_hash=title, abstract_hash=abstract)


@pytest.mark.parametrize(
    ("traces", "groups"),
    [
        pytest.param([named(A), named(A)], [[0, 1]], id="one identifier, one paper"),
        pytest.param([named(A), named(B)], [[0], [1]], id="two identifiers, two papers"),
        pytest.param(
            [named(A), named(D), named(A, D)], [[0, 1, 2]], id="a record with two names joins them"
        ),
        pytest.param(
            [named(A, title=1), named(B, title=1)],
            [[0], [1]],
            id="the same title under two identifiers is two papers",
        ),
        pytest.param(
            [named(A, title=1), nameless(title=1)], [[0, 1]], id="the one paper of that title"
        ),
        pytest.param(
            [named(A, title=1), named(B, title=1), nameless(title=1)],
            [[0], [1], [2]],
            id="two candidates: the record stays alone",
        ),
        pytest.param(
            [named(D, title=1), named(W, title=1), named(D, W), nameless(title=1)],
            [[0, 1, 2, 3]],
            id="two candidates that turn out to be one paper",
        ),
        pytest.param(
            [named(A, D), named(B, D), named(C, D)],
            [[0], [1], [2]],
            id="a volume's DOI joins no papers of arXiv",
        ),
        pytest.param(
            [named(A, D), named(B, D), named(D)], [[0], [1], [2]], id="nor the volume with one"
        ),
        pytest.param(
            [named(A, D), named(D, W), named(W, B)],
            [[0], [1], [2]],
            id="nor by way of a record that states both names",
        ),
        pytest.param(
            [named(A, D), named(D, W), named(W)], [[0, 1, 2]], id="a DOI of one paper joins"
        ),
        pytest.param(
            [named(W, A, B), named(A), named(B)],
            [[0, 1], [2]],
            id="a record with two arXiv identifiers tells of the first",
        ),
        pytest.param(
            [named(A, abstract=1), nameless(abstract=1)], [[0, 1]], id="found by its abstract"
        ),
        pytest.param(
            [named(A, title=1), named(B, abstract=2), nameless(title=1, abstract=2)],
            [[0, 2], [1]],
            id="the title counts before the abstract",
        ),
        pytest.param([nameless(title=1), nameless(title=1)], [[0, 1]], id="no identifier at all"),
        pytest.param([nameless(), nameless()], [[0], [1]], id="nothing to match by"),
        pytest.param(
            [nameless(title=1, abstract=5), nameless(title=2, abstract=5)],
            [[0, 1]],
            id="two titles of one abstract",
        ),
    ],
)
def test_records_of_one_paper(traces, groups):
    assert sorted(cluster(traces).groups) == groups


@pytest.mark.parametrize(
    ("traces", "merged", "apart", "groups"),
    [
        pytest.param(
            [named(A), named(B)], [("arxiv:2401.00001", "arxiv:2401.00002")], [], [[0, 1]],
            id="two identifiers merged",
        ),
        pytest.param(
            [named(A, title=1), nameless(title=2)], [("arxiv:2401.00001", "title:2")], [],
            [[0, 1]], id="a record without identifier merged",
        ),
        pytest.param(
            [named(A, title=1), nameless(title=1)], [], [("arxiv:2401.00001", "title:1")],
            [[0], [1]], id="a record that has only the title in common, split",
        ),
        pytest.param(
            [named(A), named(D), named(A, D)], [], [("arxiv:2401.00001", "doi:10.1000/one")],
            [[0, 2], [1]], id="the record that names both goes with its first name",
        ),
    ],
)  # fmt: skip
def test_people_decide(traces, merged, apart, groups):
    decisions = Decisions(merged=tuple(merged), apart=tuple(apart))
    assert sorted(cluster(traces, decisions).groups) == groups


def test_an_identifier_is_of_one_paper_whatever_people_decide():
    decisions = Decisions(apart=(("arxiv:2401.00001", "doi:10.1000/one"),))
    clusters = cluster([named(A, D), named(D)], decisions)
    assert clusters.names == [(A,), (D,)]


def test_a_shared_doi_names_the_paper_that_has_no_other_name():
    assert cluster([named(A, D), named(B, D), named(D, W)]).names == [(A,), (B,), (D, W)]


def test_people_may_join_what_shares_a_doi():
    decisions = Decisions(merged=(("arxiv:2401.00001", "arxiv:2401.00002"),))
    clusters = cluster([named(A, D), named(B, D), named(C)], decisions)
    assert sorted(clusters.groups) == [[0, 1], [2]]
    assert clusters.names == [(A, D), (B, D), (C,)]


def test_people_may_give_a_shared_doi_to_one_paper():
    decisions = Decisions(merged=(("arxiv:2401.00001", "doi:10.1000/one"),))
    clusters = cluster([named(A, D), named(B, D), named(D)], decisions)
    assert sorted(clusters.groups) == [[0, 2], [1]]
    assert clusters.names == [(A, D), (B,), (D,)]


TRACES = st.lists(
    st.builds(
        Trace,
        identifiers=st.lists(st.sampled_from([A, B, D, W]), max_size=3, unique=True).map(tuple),
        title_hash=st.none() | st.integers(1, 3),
        abstract_hash=st.none() | st.integers(1, 3),
    ),
    max_size=8,
)


ANCHORS = st.sampled_from(["arxiv:2401.00001", "arxiv:2401.00002", "doi:10.1000/one", "title:1"])
PAIRS = st.lists(st.tuples(ANCHORS, ANCHORS).filter(lambda p: p[0] != p[1]), max_size=2).map(tuple)
DECISIONS = st.builds(Decisions, merged=PAIRS, apart=PAIRS)


@given(TRACES, DECISIONS, st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(traces, decisions, order):
    places = list(range(len(traces)))
    order.shuffle(places)
    shuffled = cluster([traces[place] for place in places], decisions).groups
    before = sorted(sorted(group) for group in cluster(traces, decisions).groups)
    assert sorted(sorted(places[i] for i in group) for group in shuffled) == before


@given(TRACES)
def test_every_record_is_of_exactly_one_paper(traces):
    assert sorted(i for group in cluster(traces).groups for i in group) == list(range(len(traces)))


@given(TRACES)
def test_two_arxiv_identifiers_are_never_one_paper(traces):
    clusters = cluster(traces)
    for group in clusters.groups:
        assert len({name for i in group for name in clusters.names[i] if name in {A, B}}) <= 1


@given(TRACES, DECISIONS)
def test_an_identifier_names_one_paper(traces, decisions):
    clusters = cluster(traces, decisions)
    owners = [(name, n) for n, group in enumerate(clusters.groups)
              for i in group for name in clusters.names[i]]  # fmt: skip
    assert len({name for name, _ in owners}) == len(set(owners))
