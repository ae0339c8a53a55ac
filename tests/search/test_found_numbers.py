"""Tests of the search of numbers, on SQLite and PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text

from catalog.reads import number_matches
from catalog.reads.drivers import run
from catalog.reads.found_numbers import FoundNumbers, search_numbers
from tests.search.invented_papers import fill
from tests.site.content import connected

ALL = [84.0, 86e6, 0.79, 300e6, 90.0, 3.5, 1.5]
"""The papers' own numbers that stand, the newest first."""

FOUND = {
    "speedup>2": [3.5],
    "speedup<2": [1.5],
    '"top-1 accuracy">75': [90.0, 84.0, 0.79],
    '"top-1 accuracy"<85': [0.79, 84.0],
    '"top-1 accuracy">75 dataset:imagenet-1k': [84.0, 0.79],
    'parameters<100M "top-1 accuracy">80': [84.0, 86e6],
    "metric:speedup": [3.5, 1.5],
    'dataset:"common objects"': [90.0],
    'speedup>2 OR dataset:"MS COCO"': [90.0, 3.5],
    "diffusion": ALL[:4],
    "diffusion parameters>100M": [300e6],
    "diffusion -latent": [0.79, 300e6],
    "code:yes": [84.0, 86e6, 90.0, 3.5],
    "after:2025 metric:parameters": [86e6],
    "2402.00003": [90.0, 3.5],
    "zebra": [],
}


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    yield from connected(engine, fill)


def values(found: FoundNumbers) -> list[float]:
    return [one.value for one in found.numbers if one.value is not None]


def test_every_search_chooses_the_numbers_that_it_names(connection: Connection) -> None:
    found = {typed: run(connection, search_numbers(typed)) for typed in FOUND}
    assert {typed: sorted(values(one)) for typed, one in found.items()} == {
        typed: sorted(wanted) for typed, wanted in FOUND.items()
    }
    assert {typed: one.total for typed, one in found.items()} == {
        typed: len(wanted) for typed, wanted in FOUND.items()
    }


def test_numbers_of_one_metric_come_by_value_and_others_by_day(connection: Connection) -> None:
    for typed in ("speedup>1", '"top-1 accuracy">75', '"top-1 accuracy"<85', "metric:speedup"):
        found = run(connection, search_numbers(typed))
        assert found.order == "value"
        assert values(found) == FOUND.get(typed, [3.5, 1.5])
    assert values(run(connection, search_numbers("code:yes"))) == FOUND["code:yes"]
    newest = run(connection, search_numbers('"top-1 accuracy">75', order="newest"))
    assert values(newest) == [84.0, 0.79, 90.0]
    upvoted = run(connection, search_numbers('"top-1 accuracy">75', order="upvotes"))
    assert values(upvoted)[0] == 0.79


def test_numbers_that_are_not_sure_are_counted_and_shown_on_demand(connection: Connection) -> None:
    connection.execute(text("UPDATE results SET confidence = 0.5 WHERE value = 3.5"))
    usual = run(connection, search_numbers("metric:speedup"))
    assert (values(usual), usual.total, usual.hidden) == ([1.5], 1, 1)
    whole = run(connection, search_numbers("metric:speedup", unsure=True))
    assert (values(whole), whole.total, whole.hidden) == ([3.5, 1.5], 2, 0)
    assert [one.is_sure for one in whole.numbers] == [False, True]
    only = run(connection, search_numbers("speedup>2"))
    assert (only.numbers, only.total, only.hidden) == ([], 0, 1)


def test_bounds_are_hidden_as_on_boards(connection: Connection) -> None:
    connection.execute(text("UPDATE results SET is_bound = true WHERE value IN (3.5, 84)"))
    usual = run(connection, search_numbers("metric:speedup"))
    assert (values(usual), usual.total, usual.hidden) == ([1.5], 1, 1)
    whole = run(connection, search_numbers("metric:speedup", unsure=True))
    assert [(one.value, one.is_bound) for one in whole.numbers] == [(3.5, True), (1.5, False)]
    assert 84 not in values(run(connection, search_numbers("diffusion")))


def test_what_was_withdrawn_or_names_no_paper_is_left_out(connection: Connection) -> None:
    connection.execute(text("UPDATE papers SET withdrawn = true WHERE key = '2402.00003'"))
    connection.execute(text("UPDATE papers SET is_row = true WHERE key = '2503.00001'"))
    assert values(run(connection, search_numbers('"top-1 accuracy">75'))) == [0.79]


def test_pages_follow_each_other(connection: Connection) -> None:
    pages = [run(connection, search_numbers("code:yes", size=3, number=n)) for n in (1, 2, 3)]
    assert [value for page in pages for value in values(page)] == FOUND["code:yes"]
    assert [page.more for page in pages] == [True, False, False]
    assert [page.total for page in pages] == [4, 4, 4]


@pytest.mark.parametrize("most", [0, 1, 2])
def test_too_many_numbers_come_newest_first_and_are_not_counted(
    most: int, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(number_matches, "COUNTED", most)
    for typed in ("diffusion", "code:yes", "metric:parameters", "diffusion metric:parameters"):
        found = run(connection, search_numbers(typed))
        if len(FOUND.get(typed, [0, 0])) > most:
            assert (found.order, found.is_total_exact) == ("newest", False)
    assert values(run(connection, search_numbers("diffusion"))) == FOUND["diffusion"]


@pytest.mark.parametrize("many", [0, 1])
def test_frequent_words_find_the_same_numbers(
    many: int, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(number_matches, "COUNTED", 1)
    monkeypatch.setattr(number_matches, "FREQUENT", {"sqlite": many, "postgresql": many})
    for typed in ("diffusion parameters>100M", "diffusion -latent", "diffusion"):
        found = run(connection, search_numbers(typed))
        assert sorted(values(found)) == sorted(FOUND[typed]), typed
    assert values(run(connection, search_numbers("diffusion metric:parameters"))) == [86e6, 300e6]


def test_a_slip_is_answered_with_what_was_meant(connection: Connection) -> None:
    found = run(connection, search_numbers("difusion"))
    assert found.did_you_mean == ["diffusion"]
    assert run(connection, search_numbers("code:maybe")).refused
    assert run(connection, search_numbers(" ")).is_empty
