"""Tests of what rises, of pages of digests, and of suggestions, on both databases."""

import datetime as dt
from collections.abc import Iterator
from itertools import repeat

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from catalog.domain.periods import Period
from catalog.models import (
    Author,
    Authorship,
    Dataset,
    Digest,
    DigestEntry,
    Link,
    Metric,
    Paper,
    PaperTask,
    Repository,
    RepositoryStars,
    Task,
)
from catalog.reads.digested import Wanted, in_digests, last_days, sentences_of
from catalog.reads.drivers import run, run_recorded
from catalog.reads.suggestions import suggestions
from catalog.reads.trending import rising_datasets, rising_repositories, trending
from tests.site.content import connected, paper, result, save

LAST = dt.date(2025, 3, 12)
WEEK = last_days(LAST, 7)
ABSTRACT = "Owls are quiet. We propose Owlet. It beats others and reaches 81.5% on all of them."


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    yield from connected(engine, fill)


def fill(session: Session) -> None:
    """Two weeks of papers: OwlBench goes from 1 of 4 papers to 3 of 4, RoostBench falls."""
    owl = Dataset(name="OwlBench", slug="owlbench", key="owlbench")
    roost = Dataset(name="RoostBench", slug="roostbench", key="roostbench")
    metric = Metric(name="accuracy", slug="accuracy", key="accuracy", higher_is_better=True)
    save(session, owl, roost, metric)
    papers = []
    for number in range(8):
        is_new = number >= 4
        day = LAST - dt.timedelta(days=number % 3 + (0 if is_new else 8))
        one = paper(session, f"2503.0100{number}", f"Owlet Number {number}", ABSTRACT, day,
                    has_results=True, has_code=number % 2 == 0)  # fmt: skip
        dataset = owl if number in {3, 4, 5, 6} else roost
        save(session, result(one, "81.5%", metric=metric, dataset=dataset, value=81.5, unit="%"))
        papers.append(one)
    digest = Digest(source="hf-daily", day=LAST)
    save(session, digest)
    for place, one in enumerate(papers[4:]):
        save(session, DigestEntry(digest_id=digest.id, paper_id=one.id, rank=place + 1,
                                  upvotes=place, day_basis="printed"))  # fmt: skip
    _code(session, papers[4:6])
    _people(session, papers[0])


def _code(session: Session, papers: list[Paper]) -> None:
    """Two repositories: the smaller one gains stars."""
    for one, stars, before in zip(papers, (900, 30), (900, 10), strict=True):
        name = f"roost{one.id}"
        code = Repository(full_name=f"owl/{name}", host="github.com", owner="owl", name=name,
                          key=f"github.com/owl/{name}", url=f"https://github.com/owl/{name}",
                          stars=stars, state="alive")  # fmt: skip
        save(session, code)
        link = Link(paper_id=one.id, url=code.url, kind="github", repository_id=code.id,
                    found_in="abstract")  # fmt: skip
        days = ((LAST - dt.timedelta(days=3), before), (LAST, stars))
        seen = [RepositoryStars(key=code.key, day=day, stars=count) for day, count in days]
        save(session, link, *seen)


def _people(session: Session, one: Paper) -> None:
    author = Author(name="Ada Strix", key=" ada strix ")
    task = Task(name="owl detection", slug="owl-detection", key="owl detection")
    save(session, author, task)
    save(session, Authorship(paper_id=one.id, author_id=author.id, position=1),
         PaperTask(paper_id=one.id, task_id=task.id))  # fmt: skip


def test_a_dataset_rises_by_its_share_in_windows_of_equal_length(connection: Connection) -> None:
    found = run(connection, rising_datasets(WEEK))
    assert [(one.name, one.papers, one.before) for one in found] == [("OwlBench", 3, 1)]
    assert (found[0].share, found[0].share_before) == (0.75, 0.25)


def test_two_papers_make_no_dataset_rise(connection: Connection) -> None:
    two_days = Period(LAST - dt.timedelta(days=1), LAST, "x")
    assert run(connection, rising_datasets(two_days)) == []


def test_a_repository_that_gains_stars_comes_before_a_larger_one(connection: Connection) -> None:
    found = run(connection, rising_repositories(WEEK))
    assert [(one.stars, one.gained) for one in found] == [(30, 20), (900, None)]


def test_what_rises_is_counted_up_to_the_newest_digest(connection: Connection) -> None:
    found = run(connection, trending(7))
    assert (found.first, found.last) == (dt.date(2025, 3, 6), LAST)
    assert found.papers.total == 4


def test_pages_of_digests_follow_each_other_and_are_narrowed(connection: Connection) -> None:
    pages = [run(connection, in_digests(Wanted(WEEK), number=n, size=3)) for n in (1, 2)]
    assert [[one.upvotes for one in page.papers] for page in pages] == [[3, 2, 1], [0]]
    assert [page.more for page in pages] == [True, False]
    with_code = run(connection, in_digests(Wanted(WEEK, with_code=True)))
    assert [one.key for one in with_code.papers] == ["2503.01006", "2503.01004"]


def test_a_paper_without_sure_number_tells_its_sentence_of_result(connection: Connection) -> None:
    found = run(connection, in_digests(Wanted(WEEK))).papers
    assert run(connection, sentences_of(found)) == {}  # the headline has a sentence
    for one in found:
        one.numbers = []
    told = run(connection, sentences_of(found))
    assert set(told.values()) == {"It beats others and reaches 81.5% on all of them."}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("owlb", [("dataset", ["owlbench"]), ("leaderboard", ["owlbench", "accuracy"])]),
        ("detection", [("task", ["owl-detection"])]),
        ("ada s", [("author", ["Ada Strix"])]),
        ("owlet numb", [("paper", [f"2503.0100{n}"]) for n in (7, 6, 5, 4)]),
        ("100%_", []),
        ("o", []),
    ],
)
def test_what_is_typed_suggests_what_it_may_be(
    typed: str, expected: list[tuple[str, list[str]]], connection: Connection
) -> None:
    found = run(connection, suggestions(typed))
    assert [(one.kind, one.named) for one in found] == expected


def test_papers_that_nobody_asks_for_are_not_searched() -> None:
    asked = {
        papers: run_recorded(suggestions("quiet owls", papers=papers), repeat([]))[1]
        for papers in (True, False)
    }
    searches = [["papers_fts" in one.sql for one in asked[papers]] for papers in (True, False)]
    assert [sum(found) for found in searches] == [1, 0]
