"""Tests of arXiv's formats."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from catalog.domain.records import PaperRecord, Problem
from etl.formats import FormatError, Head
from etl.formats.contract import HEAD_SIZE
from etl.plugins import recognise

DATA = Path(__file__).parents[1] / "data"

Papers = Callable[..., list[PaperRecord]]
Parse = Callable[..., list[PaperRecord | Problem]]
Real = Callable[[str], Iterator[Path]]

FEED = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">'
    "<id>https://arxiv.org/api/x</id>{}</feed>"
)
ENTRY = "<entry><id>http://arxiv.org/abs/{}</id><title>A Title</title>{}</entry>"


def feed(*entries: str) -> str:
    return FEED.format("".join(entries))


def identifiers(paper: PaperRecord) -> list[str]:
    return [found.value for found in paper.identifiers]


def test_archives_tell_old_papers_apart(papers: Papers) -> None:
    held = feed(ENTRY.format("cs/0112017v1", ""), ENTRY.format("hep-th/0112017v1", ""))
    assert [identifiers(paper) for paper in papers("arxiv-atom", held)] == [
        ["cs/0112017"],
        ["hep-th/0112017"],
    ]


def test_version_is_no_part_of_the_identity(papers: Papers) -> None:
    (paper,) = papers("arxiv-atom", feed(ENTRY.format("2510.02252v1", "")))
    assert identifiers(paper) == ["2510.02252"]


def test_replaced_addresses_never_become_links(papers: Papers) -> None:
    comment = "<arxiv:comment>Code at this https URL and this http URL.</arxiv:comment>"
    (paper,) = papers("arxiv-atom", feed(ENTRY.format("2510.02252v1", comment)))
    assert paper.links == ()


def test_error_after_records_keeps_the_records(parse: Parse) -> None:
    error = "<entry><id>http://arxiv.org/api/errors#x</id><summary>too far</summary></entry>"
    paper, problem = parse("arxiv-atom", feed(ENTRY.format("2510.02252v1", ""), error))
    assert isinstance(paper, PaperRecord)
    assert isinstance(problem, Problem)
    assert "too far" in problem.why


@pytest.mark.parametrize(
    ("entities", "used"),
    [
        ('<!ENTITY a "aaaa">', "&a;"),
        ('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;"),
        ('<!ENTITY a SYSTEM "http://127.0.0.1:9/x">', "&a;"),
        ('<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd">%a;', ""),
    ],
)
@pytest.mark.parametrize("format_name", ["arxiv-atom", "arxiv-rss", "arxiv-oai"])
def test_entities_are_never_expanded(
    parse: Parse, format_name: str, entities: str, used: str
) -> None:
    held = feed(ENTRY.format("2510.02252v1", f"<summary>{used}</summary>"))
    with pytest.raises(FormatError, match="document type"):
        parse(format_name, f"<!DOCTYPE feed [{entities}]>" + held)


def test_deep_nesting_is_refused(parse: Parse) -> None:
    deep = "<b>" * 10_000 + "</b>" * 10_000
    with pytest.raises(FormatError, match="deeper than"):
        parse("arxiv-atom", feed(f"<entry>{deep}</entry>"))


@pytest.mark.parametrize("begun", ["<!-- ", "<entry a='", "<", "<?x "])
def test_tag_that_does_not_end_is_refused(parse: Parse, begun: str) -> None:
    with pytest.raises(FormatError, match="longer than"):
        parse("arxiv-atom", FEED.format(begun + "x" * 1_000_000), longest=100_000)


def test_endless_element_is_refused(parse: Parse) -> None:
    held = feed(ENTRY.format("2510.02252v1", f"<summary>{'a ' * 500_000}</summary>"))
    assert len(parse("arxiv-atom", held)) == 1
    with pytest.raises(FormatError, match="longer than"):
        parse("arxiv-atom", held, longest=100_000)


@pytest.mark.parametrize("wrapper", ['{"url": "x"', '{"url": 1, "status_code": 2, "body": "<"}'])
def test_broken_wrapper_is_refused(parse: Parse, wrapper: str) -> None:
    with pytest.raises(FormatError, match="wrapper"):
        parse("arxiv-atom", wrapper)


def test_answer_without_feed_names_its_status(parse: Parse) -> None:
    with pytest.raises(FormatError, match="503"):
        parse("arxiv-atom", '{"url": "x", "status_code": 503, "body": "Rate exceeded."}')


def test_replacement_has_no_abstract_and_no_first_day(papers: Papers) -> None:
    mail = (
        "\\\\\narXiv:2011.00552\nreplaced with revised version Wed, 15 Mar 2023 18:05:58 GMT   "
        "(829kb,D)\n\nTitle: Mixed\nAuthors: A B\n"
        "\\\\ ( https://arxiv.org/abs/2011.00552 ,  829kb)\n"
    )
    (paper,) = papers("arxiv-email", mail)
    assert (paper.abstract, paper.published_on, str(paper.updated_on)) == (None, None, "2023-03-15")


def test_mail_that_ends_in_the_middle_keeps_what_was_whole(parse: Parse) -> None:
    mail = (DATA / "arxiv-email" / "daily.txt").read_text("utf-8")
    outcomes = parse("arxiv-email", mail[: mail.index("A second paragraph")])
    assert [type(outcome) for outcome in outcomes] == [Problem]
    outcomes = parse("arxiv-email", mail[: mail.index("\n  Crossed.")])
    assert [type(outcome) for outcome in outcomes] == [PaperRecord, Problem, Problem]


def test_mail_with_carriage_returns_reads_alike(parse: Parse) -> None:
    mail = (DATA / "arxiv-email" / "daily.txt").read_text("utf-8")
    assert parse("arxiv-email", mail.replace("\n", "\r\n")) == parse("arxiv-email", mail)


@pytest.mark.parametrize(
    ("pattern", "format_name", "counts"),
    [
        (
            "arxiv-atom/*.json",
            "arxiv-atom",
            {"papers": 221, "abstracts": 221, "published": 221, "doi": 60, "errors": 1},
        ),
        (
            "arxiv-kaggle/*.json",
            "arxiv-kaggle",
            {"papers": 200, "abstracts": 200, "published": 200, "doi": 117},
        ),
        (
            "arxiv-listing/*.txt",
            "arxiv-email",
            {"papers": 113, "abstracts": 70, "published": 70, "doi": 17},
        ),
        ("arxiv-listing/q-fin*.txt", "arxiv-email", {"papers": 16, "abstracts": 13}),
        ("arxiv-listing/astro*.txt", "arxiv-email", {"papers": 97, "abstracts": 57}),
    ],
)
def test_real_files_are_read_whole(
    real: Real, parse: Parse, pattern: str, format_name: str, counts: dict[str, int]
) -> None:
    seen: Counter[str] = Counter()
    for path in real(pattern):
        data = path.read_bytes()
        found = recognise(Head(name="-", data=data[:HEAD_SIZE]))
        assert found is not None
        assert found.name == format_name
        try:
            outcomes = parse(format_name, data, path.name)
        except FormatError:
            seen["errors"] += 1
            continue
        for paper in outcomes:
            assert isinstance(paper, PaperRecord), paper
            assert paper.title
            assert paper.authors
            assert paper.categories
            seen["papers"] += 1
            seen["abstracts"] += paper.abstract is not None
            seen["published"] += paper.published_on is not None
            seen["doi"] += any(name.scheme == "doi" for name in paper.identifiers)
    assert {name: seen[name] for name in counts} == counts


def test_real_new_papers_are_dated_near_their_number(real: Real, papers: Papers) -> None:
    for path in real("arxiv-listing/*.txt"):
        for paper in papers("arxiv-email", path.read_bytes()):
            if paper.published_on:
                month = f"{paper.published_on:%y%m}"
                assert 0 <= int(identifiers(paper)[0][:4]) - int(month) <= 1
