"""Tests of Hugging Face daily papers as documents."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from catalog.domain.records import PaperRecord, Problem
from etl.formats import FormatError, Head, Reading, hf_daily
from etl.formats.contract import HEAD_SIZE
from etl.formats.toolkit.printed_days import day_in_name
from etl.plugins import formats, recognise

Papers = Callable[..., list[PaperRecord]]
Parse = Callable[..., list[PaperRecord | Problem]]
Real = Callable[[str], Iterator[Path]]


def entry(number: int = 1, **paper: Any) -> dict[str, Any]:
    """An entry of the old form; its top-level publishedAt is a trap on purpose."""
    return {
        "paper": {
            "id": f"2406.{number:05}",
            "authors": [],
            "publishedAt": "2024-05-30T17:59:46.000Z",
            "title": "A\n  Title",
            "summary": "An abstract.",
            "upvotes": 3,
            **paper,
        },
        "publishedAt": "2001-01-01T00:00:00.000Z",
        "title": "A Title",
        "numComments": 0,
    }


def text(*entries: Any) -> str:
    return json.dumps(entries)


@pytest.mark.parametrize(
    ("name", "day", "basis"),
    [
        ("2024-06-03.json", "2024-06-03", "name"),
        ("/data/hf/daily_papers_2024-06-03.json.gz", "2024-06-03", "name"),
        ("https://huggingface.co/api/daily_papers?date=2024-06-03", "2024-06-03", "name"),
        ("20240603.json", "2024-06-03", "name"),
        ("2024-06-08.json", "2024-06-07", "weekend"),
        ("2024-06-09.json", "2024-06-07", "weekend"),
        ("2024-06-10.json", "2024-06-10", "name"),
        ("2024-6-3.json", "2024-06-03", "name"),
        ("papers_2024_06_03.json", "2024-06-03", "name"),
        ("hf.2024.06.03.json", "2024-06-03", "name"),
        ("/data/2024/06/03.json", "2024-06-03", "name"),
        ("/data/2024-06/03.json.gz", "2024-06-03", "name"),
        ("/data/2024/06/03/papers.json", "2024-06-03", "name"),
    ],
)
def test_day_of_the_old_form_is_the_day_asked_for(
    papers: Papers, name: str, day: str, basis: str
) -> None:
    (paper,) = papers("hf-daily", text(entry()), name)
    assert paper.digest
    assert (str(paper.digest.day), paper.digest.basis) == (day, basis)


def test_submitted_day_counts_before_name_and_option(papers: Papers) -> None:
    held = text(entry(submittedOnDailyAt="2025-03-22T01:00:00.000Z"))
    (paper,) = papers("hf-daily", held, "2025-03-24.json", day=dt.date(2025, 3, 25))
    assert paper.digest
    assert (str(paper.digest.day), paper.digest.basis) == ("2025-03-22", "printed")


BARE = {"id": "2406.00001", "title": "A Title", "summary": "An abstract.", "authors": [],
        "upvotes": 3}  # fmt: skip


@pytest.mark.parametrize("key", ["data", "papers", "results", "items", "daily_papers"])
@pytest.mark.parametrize("where", ["before", "behind", "in the name"])
def test_wrappers_of_any_kind(papers: Papers, key: str, where: str) -> None:
    held: dict[str, Any] = {key: [entry(), entry(2)]}
    date = {"date": "2024-06-03", "count": 2}
    if where != "in the name":
        held = {**date, **held} if where == "before" else {**held, **date}
    name = "2024-06-03.json" if where == "in the name" else "day.json"
    data = json.dumps(held)
    assert hf_daily.recognises(Head(name=name, data=data.encode()))
    found = papers("hf-daily", data, name)
    assert [(str(one.digest.day), one.digest.rank) for one in found if one.digest] == [
        ("2024-06-03", 1),
        ("2024-06-03", 2),
    ]


def test_a_list_of_papers_alone(papers: Papers) -> None:
    data = json.dumps([BARE, {**BARE, "id": "2406.00002"}])
    assert hf_daily.recognises(Head(name="2024-06-03.json", data=data.encode()))
    found = papers("hf-daily", data, "2024-06-03.json")
    assert [one.digest.rank for one in found if one.digest] == [1, 2]


@pytest.mark.parametrize("name", ["2024-W23.json", "2024-06.json", "hf_2024_6.json"])
def test_weeks_and_months_keep_their_papers_without_a_day(parse: Parse, name: str) -> None:
    day = {"submittedOnDailyAt": "2024-06-03T00:00:00.000Z"}
    one, other, told = parse("hf-daily", text(entry(), entry(2, **day)), name)
    assert isinstance(one, PaperRecord)
    assert one.digest is None
    assert isinstance(other, PaperRecord)
    assert other.digest is not None
    assert str(other.digest.day) == "2024-06-03"
    assert isinstance(told, Problem)
    assert "1 paper no day" in told.why


def test_a_day_without_papers_is_a_list_all_the_same(papers: Papers) -> None:
    assert hf_daily.recognises(Head(name="2024-06-03.json", data=b" [ ]\n"))
    assert not hf_daily.recognises(Head(name="list.json", data=b"[]"))
    assert papers("hf-daily", "[]", "2024-06-03.json") == []


@pytest.mark.parametrize(
    "lesser",
    [
        {"authors": None}, {"authors": [{"name": None}]}, {"authors": [None]}, {"title": None},
        {"summary": None}, {"githubRepo": None, "githubStars": None}, {"upvotes": None},
        {"projectPage": None},
    ],
    ids=str,
)  # fmt: skip
def test_null_in_a_lesser_field_costs_nothing_else(papers: Papers, lesser: dict[str, Any]) -> None:
    found = papers("hf-daily", text(entry(**lesser), entry(2)), "2024-06-03.json")
    assert [one.digest.rank for one in found if one.digest] == [1, 2]
    assert found[0].title == "A Title"


def test_rank_is_the_place_in_the_list_whatever_is_broken(parse: Parse) -> None:
    data = text(entry(), entry(id="openreview-x"), "a text", entry(4), {"paper": 5}, entry(6))
    found = parse("hf-daily", data, "2024-06-03.json")
    ranks = [one.digest.rank for one in found if isinstance(one, PaperRecord) and one.digest]
    assert ranks == [1, 4, 6]


def test_option_counts_before_the_name(papers: Papers) -> None:
    (paper,) = papers("hf-daily", text(entry()), "2024-06-08.json", day=dt.date(2024, 6, 6))
    assert paper.digest
    assert (str(paper.digest.day), paper.digest.basis) == ("2024-06-06", "given")


def test_list_without_any_day_is_refused(parse: Parse) -> None:
    with pytest.raises(FormatError, match="digest's day") as caught:
        parse("hf-daily", text(entry()), "papers.json")
    assert "--day" in caught.value.hint


def test_wrapper_of_an_impossible_day_is_refused(parse: Parse) -> None:
    with pytest.raises(FormatError, match="wrapper's date"):
        parse("hf-daily", '{"status": 1, "date": "2024-13-07", "data": [{"paper": {}}]}')


@pytest.mark.parametrize("name", ["http://[x", "http://x?limit=a&p=1", "http://x?p=1", "x?limit=9"])
def test_names_that_tell_no_page_rank_from_one(papers: Papers, name: str) -> None:
    (paper,) = papers("hf-daily", text(entry(submittedOnDailyAt="2025-03-20")), name)
    assert paper.digest
    assert paper.digest.rank == 1


def test_record_without_a_day_among_others_is_a_problem(parse: Parse) -> None:
    held = text(entry(submittedOnDailyAt="2025-03-20"), entry(2), entry(3))
    first, second, third = parse("hf-daily", held, "search.json")
    assert isinstance(first, PaperRecord)
    assert isinstance(second, Problem)
    assert isinstance(third, Problem)


def test_submitted_day_that_is_none_leaves_the_day_asked_for(parse: Parse) -> None:
    held = text(entry(submittedOnDailyAt="soon"), entry(2))
    found = parse("hf-daily", held, "2024-06-03.json")
    kept = [one for one in found if isinstance(one, PaperRecord)]
    assert [str(one.digest.day) for one in kept if one.digest] == ["2024-06-03", "2024-06-03"]
    (problem,) = (one for one in found if isinstance(one, Problem))
    assert problem.why.startswith("submittedOnDailyAt: 'soon' is no day")


@pytest.mark.parametrize(
    "authors",
    ["Ann Lee and Bo Ray", ["Ann Lee", {"name": "Bo Ray"}], [{"name": "Ann Lee"}, 7, "Bo Ray"]],
)
def test_authors_in_whatever_way_a_copy_writes_them(parse: Parse, authors: Any) -> None:
    found = parse("hf-daily", text(entry(authors=authors)), "2024-06-03.json")
    assert isinstance(found[0], PaperRecord)
    assert found[0].authors == ("Ann Lee", "Bo Ray")


def test_ranks_count_for_each_day(papers: Papers) -> None:
    days = ["2025-03-20", "2025-03-21", "2025-03-20", "2025-03-21", "2025-03-21"]
    entries = [entry(i, submittedOnDailyAt=f"{day}T00:00:00.000Z") for i, day in enumerate(days)]
    ranks = [paper.digest.rank for paper in papers("hf-daily", text(*entries)) if paper.digest]
    assert ranks == [1, 1, 2, 2, 3]


def test_upvotes_carry_the_instant_they_were_seen(papers: Papers) -> None:
    seen = dt.datetime(2024, 6, 3, 6, 0, tzinfo=dt.UTC)
    (paper,) = papers("hf-daily", text(entry()), "2024-06-03.json", observed_at=seen)
    assert paper.digest
    assert (paper.digest.upvotes, paper.digest.comments, paper.digest.observed_at) == (3, 0, seen)


def test_white_space_of_titles_is_folded(papers: Papers) -> None:
    (paper,) = papers("hf-daily", text(entry() | {"title": None}), "2024-06-03.json")
    assert paper.title == "A Title"


@pytest.mark.parametrize("identifier", ["2503.0213", "2406.1", "", "attention", "cs.CL"])
def test_mangled_identifiers_are_refused_not_padded(parse: Parse, identifier: str) -> None:
    (problem,) = parse("hf-daily", text(entry(id=identifier)), "2024-06-03.json")
    assert isinstance(problem, Problem)
    assert "arXiv identifier" in problem.why


@pytest.mark.parametrize("votes", ["many", -1, 10**30, 2**31, 1.5, [], {}, True])
@pytest.mark.parametrize("field", ["githubStars", "upvotes"])
def test_a_count_that_is_none_costs_itself(parse: Parse, field: str, votes: Any) -> None:
    data = text(entry(**{field: votes}), entry(2))
    first, told, second = parse("hf-daily", data, "2024-06-03.json")
    assert isinstance(told, Problem)
    assert f"paper.{field}: " in told.why
    for rank, found in enumerate((first, second), start=1):
        assert isinstance(found, PaperRecord)
        assert found.digest is not None
        assert found.digest.rank == rank


@pytest.mark.parametrize(("votes", "read"), [("8", 8), ("1,203", 1203), (7.0, 7), (None, None)])
def test_counts_as_people_write_them(papers: Papers, votes: Any, read: int | None) -> None:
    (found,) = papers("hf-daily", text(entry(upvotes=votes)), "2024-06-03.json")
    assert found.digest is not None
    assert found.digest.upvotes == read


def test_unknown_fields_are_counted() -> None:
    entries = [entry(number, madeUp=1) | {"alsoNew": [{"madeUp": 2}]} for number in range(3)]
    reading = Reading(name="2024-06-03.json", read_on=dt.date(2026, 11, 20))
    list(formats()["hf-daily"].parse(BytesIO(text(*entries).encode()), reading))
    assert reading.unread == {"paper.madeUp": 3, "alsoNew": 3}


def test_real_days_are_read_whole(real: Real, parse: Parse) -> None:
    outcomes, days_as_named = [], 0
    for path in real("hf-daily/*.json"):
        data = path.read_bytes()
        assert recognise(Head(name="-", data=data[:HEAD_SIZE])) is formats()["hf-daily"]
        found = parse("hf-daily", data, path.name)
        outcomes += found
        days_as_named += sum(
            str(paper.digest.day) == path.stem
            for paper in found
            if isinstance(paper, PaperRecord) and paper.digest
        )
    records = [found for found in outcomes if isinstance(found, PaperRecord)]
    assert len(records) == len(outcomes) == days_as_named == 1764
    assert sum(paper.digest.basis == "printed" for paper in records if paper.digest) == 1293
    assert not any("\n" in (paper.title or "") for paper in records)
    repositories = [
        found for paper in records for found in paper.links if found.found_in == "githubRepo"
    ]
    assert len(repositories) == 635
    assert all(found.repo and not found.url.endswith("/") for found in repositories)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("July 9, 2025.json", dt.date(2025, 7, 9)),
        ("papers-9-sept-2025.json.gz", dt.date(2025, 9, 9)),
        ("2025_jul_9.json", dt.date(2025, 7, 9)),
        ("decoder_12_2024.json", None),
        ("marathon 12 2020.json", None),
    ],
)
def test_names_that_tell_the_day_in_words(name: str, day: dt.date | None) -> None:
    assert day_in_name(name) == day
