"""Tests of search on SQLite and PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, event

from catalog.reads import search_with_facets
from catalog.reads.drivers import run
from catalog.reads.search import find_all, search
from catalog.reads.search_with_facets import papers_page
from tests.search.invented_papers import PAPERS, fill
from tests.search.questions import LATENT, MEANT, QUESTIONS, REMARKS, VIDEO
from tests.site.content import connected


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    yield from connected(engine, fill)


def test_every_question_finds_what_is_meant(connection: Connection) -> None:
    found = {typed: run(connection, search(typed)) for typed in QUESTIONS}
    assert {typed: {p.key for p in one.papers} for typed, one in found.items()} == QUESTIONS
    assert {typed: one.total for typed, one in found.items()} == {
        typed: len(keys) for typed, keys in QUESTIONS.items()
    }
    assert all(one.is_total_exact for one in found.values())


def test_a_saved_search_finds_the_same(connection: Connection) -> None:
    keys = dict(connection.exec_driver_sql("SELECT id, key FROM papers").all())
    found = {typed: run(connection, find_all(typed, size=50)) for typed in QUESTIONS}
    assert {t: {keys[p] for p in one.papers} for t, one in found.items()} == QUESTIONS


def test_what_is_not_honoured_is_said(connection: Connection) -> None:
    for typed, said in REMARKS.items():
        remarks = run(connection, search(typed)).remarks
        assert any(said in remark for remark in remarks), (typed, remarks)


def test_nothing_is_said_of_what_is_honoured(connection: Connection) -> None:
    told = {t: run(connection, search(t)).remarks for t in QUESTIONS if "author:Schmid" not in t}
    unknown = {"author:nobody", "dataset:imagnet"}
    assert {t: remarks for t, remarks in told.items() if remarks and t not in unknown} == {}


def test_slips_are_answered_with_what_was_meant(connection: Connection) -> None:
    found = {typed: run(connection, search(typed)).did_you_mean for typed in MEANT}
    assert found == MEANT


def test_pages_follow_each_other_and_know_the_total(connection: Connection) -> None:
    for typed in ("a OR the OR of OR we", "a OR the OR of OR we after:2000", "after:2000"):
        whole = [p.key for p in run(connection, search(typed)).papers]
        paged = [run(connection, search(typed, size=2, number=n)) for n in (1, 2, 3, 4)]
        assert [p.key for page in paged for p in page.papers] == whole
        assert len(whole) > 4
        assert {page.total for page in paged} == {len(whole)}
        assert [page.more for page in paged[-2:]] == [False, False]


def test_the_best_comes_first_with_words_and_the_newest_without(connection: Connection) -> None:
    found = run(connection, search("latent"))
    assert (found.order, found.papers[0].key) == ("best", LATENT)
    found = run(connection, search("results:yes"))
    assert (found.order, [p.key for p in found.papers]) == ("newest", list(PAPERS)[:4])


def test_words_are_marked_where_they_stand(connection: Connection) -> None:
    marked = {}
    for typed in ("quill", "lodz", "模型", "c++"):
        paper = run(connection, search(typed)).papers[0]
        pieces = [*paper.title_hit, *paper.abstract_hit]
        marked[typed] = list(dict.fromkeys(piece.text for piece in pieces if piece.is_hit))
    assert marked == {
        "quill": ["Quills", "quills"],
        "lodz": ["Łódź"],
        "模型": ["模型"],
        "c++": ["C++"],
    }


def test_frequent_words_are_not_ranked_and_their_total_is_a_bound(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    from catalog.reads import search as module

    monkeypatch.setattr(module, "FREQUENT", {"sqlite": 1, "postgresql": 1})
    found = run(connection, search("diffusion"))
    assert [paper.key for paper in found.papers] == [LATENT, VIDEO]
    assert (found.order, found.total, found.is_total_exact) == ("newest", 1, False)
    found = run(connection, search("diffusion code:yes"))
    assert [paper.key for paper in found.papers] == [LATENT]
    assert (found.order, found.total, found.is_total_exact) == ("newest", 1, True)


def test_nothing_typed_is_nothing_to_search_for(connection: Connection) -> None:
    for typed in ("", "  ", "-", "()", '""', "!?"):
        found = run(connection, search(typed))
        assert (found.is_empty, found.papers, found.total) == (True, [], 0), typed


def test_a_sorted_page_is_searched_for_once(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def count(_: object, __: object, sql: str, *___: object) -> None:
        asked.append(sql)

    event.listen(connection, "before_cursor_execute", count)
    usual = run(connection, papers_page("diffusion"))
    most = len(asked)
    asked.clear()
    found = run(connection, papers_page("diffusion", order="upvotes"))
    assert (found.order, found.total) == ("upvotes", usual.total)
    assert len(asked) <= most
    monkeypatch.setattr(search_with_facets, "SORTABLE", 1)
    unsorted = run(connection, papers_page("diffusion", order="upvotes"))
    assert [one.key for one in unsorted.papers] == [one.key for one in usual.papers]
    assert (unsorted.order, unsorted.total) == (usual.order, usual.total)
    assert "too many papers to sort by upvotes" in " ".join(unsorted.remarks)
    assert run(connection, papers_page("zebra", order="upvotes")).remarks == []
