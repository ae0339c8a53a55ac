"""Tests that bad input gives a clear problem or error in every format, never a crash."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from catalog.domain.records import PaperRecord, Problem
from etl.formats import FormatError
from etl.formats.toolkit.decoding import LONGEST_RAW

Parse = Callable[..., list[PaperRecord | Problem]]

KAGGLE = {
    "id": "0704.0001",
    "title": "Quills",
    "abstract": "Text.",
    "categories": "cs.CL",
    "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}],
    "update_date": "2008-11-26",
}
WORK = {"id": "https://openalex.org/W1", "title": "Quills", "publication_date": "2008-11-26"}
LINES: dict[str, dict[str, Any]] = {
    "arxiv-kaggle": KAGGLE,
    "openalex": WORK,
    "catalog-jsonl": {"title": "Quills"},
}
DAILY = {
    "paper": {"id": "2406.00001", "title": "Quills", "summary": "Text.", "authors": []},
    "publishedAt": "2024-06-03T00:00:00.000Z",
    "title": "Quills",
    "numComments": 0,
}
ITEMS: dict[str, dict[str, Any]] = {
    "hf-daily": DAILY,
    "pwc-papers": {"paper_url": "https://x.org", "title": "Quills", "abstract": "Text."},
    "pwc-links": {
        "paper_url": "https://paperswithcode.com/paper/quills",
        "paper_title": "Quills",
        "repo_url": "https://github.com/a/b",
    },
    "pwc-tables": {
        "task": "Reading",
        "datasets": [
            {
                "dataset": "Q",
                "sota": {"rows": [{"metrics": {"F1": "1"}, "paper_title": "Quills"}]},
            }
        ],
    },
}
JSON = LINES | ITEMS


def joined(format_name: str, *values: bytes) -> bytes:
    return b"[" + b",\n".join(values) + b"]" if format_name in ITEMS else b"\n".join(values) + b"\n"


def raw(format_name: str, **more: Any) -> bytes:
    return json.dumps({**JSON[format_name], **more}).encode()


def kinds(outcomes: list[PaperRecord | Problem]) -> list[str]:
    return [type(outcome).__name__ for outcome in outcomes]


@pytest.fixture
def read(parse: Parse) -> Parse:
    def parsed(format_name: str, data: bytes) -> list[PaperRecord | Problem]:
        return parse(format_name, data, "2024-06-03.json")

    return parsed


@pytest.mark.parametrize("format_name", LINES)
def test_line_of_50_mb_is_a_problem_and_the_rest_is_read(format_name: str, read: Parse) -> None:
    long = raw(format_name, title="x" * 50_000_000)
    outcomes = read(format_name, joined(format_name, raw(format_name), long, raw(format_name)))
    assert kinds(outcomes) == ["PaperRecord", "Problem", "PaperRecord"]
    assert isinstance(outcomes[1], Problem)
    assert "longer than" in outcomes[1].why
    assert len(outcomes[1].raw) <= LONGEST_RAW


@pytest.mark.parametrize("format_name", LINES)
def test_longest_line_is_an_option(format_name: str, parse: Parse) -> None:
    data = joined(format_name, raw(format_name), raw(format_name, note="x" * 5_000))
    assert kinds(parse(format_name, data)) == ["PaperRecord"] * 2
    assert kinds(parse(format_name, data, longest=5_000)) == ["PaperRecord", "Problem"]


@pytest.mark.parametrize("format_name", ITEMS)
def test_item_of_50_mb_ends_the_reading_with_a_problem(format_name: str, read: Parse) -> None:
    long = raw(format_name, note="x" * 50_000_000)
    outcomes = read(format_name, joined(format_name, raw(format_name), long, raw(format_name)))
    assert kinds(outcomes) == ["PaperRecord", "Problem"]
    assert isinstance(outcomes[1], Problem)
    assert "item 2 is longer than" in outcomes[1].why


@pytest.mark.parametrize("format_name", JSON)
@pytest.mark.parametrize("field", ["title", "note"])
def test_ten_thousand_levels_are_a_problem_and_the_rest_is_read(
    format_name: str, field: str, read: Parse
) -> None:
    deep = (
        raw(format_name)[:-1] + b', "%s": ' % field.encode() + b"[" * 10_000 + b"]" * 10_000 + b"}"
    )
    outcomes = read(format_name, joined(format_name, raw(format_name), deep, raw(format_name)))
    assert kinds(outcomes) == ["PaperRecord", "Problem", "PaperRecord"]
    assert len(outcomes[1].raw) <= LONGEST_RAW


@pytest.mark.parametrize("format_name", JSON)
@pytest.mark.parametrize("half", [r"\ud800", r"\udc00", r"\ud800 x", r"\ud83d\u0041", r"\u0000"])
def test_half_a_surrogate_pair_costs_a_character(format_name: str, half: str, read: Parse) -> None:
    name = "paper_title" if format_name in {"pwc-links", "pwc-tables"} else "title"
    broken = raw(format_name).replace(
        f'"{name}": "Quills"'.encode(), f'"{name}": "Half {half}"'.encode()
    )
    outcomes = read(format_name, joined(format_name, raw(format_name), broken, raw(format_name)))
    assert kinds(outcomes) == ["PaperRecord"] * 3
    assert isinstance(outcomes[1], PaperRecord)
    assert (outcomes[1].title or "").startswith("Half \ufffd")


@pytest.mark.parametrize("format_name", JSON)
def test_control_characters_in_a_text_cost_themselves(format_name: str, read: Parse) -> None:
    broken = raw(format_name).replace(b"Quills", b"Qu\x01i\x7fl\tls")
    outcomes = read(format_name, joined(format_name, raw(format_name), broken, raw(format_name)))
    assert kinds(outcomes) == ["PaperRecord"] * 3
    assert isinstance(outcomes[1], PaperRecord)
    assert outcomes[1].title == "Qu\ufffdi\x7fl ls"


LESSER: list[tuple[str, dict[str, Any]]] = [
    ("arxiv-kaggle", {"comments": 7}),
    ("arxiv-kaggle", {"authors_parsed": "A, B"}),
    ("arxiv-kaggle", {"authors_parsed": [["Quill", None]]}),
    ("openalex", {"authorships": {"author": 1}}),
    ("openalex", {"authorships": [{"author": "A"}, None]}),
    ("openalex", {"locations": [{"landing_page_url": 5}]}),
    ("openalex", {"publication_date": 2008}),
    ("catalog-jsonl", {"published_on": "2025-02-30"}),
    ("catalog-jsonl", {"authors": "A, B"}),
    ("catalog-jsonl", {"results": [{"value": 1}]}),
    ("catalog-jsonl", {"links": [{"url": "https://x.org", "kind": "elsewhere"}]}),
    ("catalog-jsonl", {"digest": {"source": "x", "day": "none"}}),
    ("catalog-jsonl", {"digest": {"source": "x", "day": "2025-01-01", "rank": 10**30}}),
    ("pwc-papers", {"authors": {"name": "A"}}),
    ("pwc-papers", {"tasks": [1, "Reading"]}),
    ("pwc-links", {"is_official": "yes"}),
]


@pytest.mark.parametrize(("format_name", "wrong"), LESSER, ids=str)
def test_a_bad_lesser_field_costs_itself(
    format_name: str, wrong: dict[str, Any], read: Parse
) -> None:
    broken = raw(format_name, **wrong)
    outcomes = read(format_name, joined(format_name, raw(format_name), broken, raw(format_name)))
    assert [found for found in kinds(outcomes) if found == "PaperRecord"] == ["PaperRecord"] * 3
    problems = [found for found in outcomes if isinstance(found, Problem)]
    field = next(iter(wrong))
    assert all(field in one.why and "kept without it" in one.why for one in problems)
    assert problems or "None" in str(wrong)


@pytest.mark.parametrize("format_name", JSON)
def test_text_that_is_no_utf8_is_a_problem(format_name: str, read: Parse) -> None:
    broken = raw(format_name).replace(b"Quills", b"Qu\xe9lls")
    outcomes = read(format_name, joined(format_name, raw(format_name), broken, raw(format_name)))
    assert kinds(outcomes) == ["PaperRecord", "Problem", "PaperRecord"]
    assert "not UTF-8: byte 0xe9" in outcomes[1].why


@pytest.mark.parametrize("format_name", ITEMS)
def test_array_that_is_cut_off_gives_what_stands_before(format_name: str, read: Parse) -> None:
    whole = joined(format_name, *[raw(format_name)] * 100)
    outcomes = read(format_name, whole[: len(whole) // 2])
    assert set(kinds(outcomes[:-1])) == {"PaperRecord"}
    assert len(outcomes) in {50, 51}
    assert isinstance(outcomes[-1], Problem)
    assert re.search(r"cut off in (front of )?item \d+", outcomes[-1].why)


@pytest.mark.parametrize("format_name", ITEMS)
def test_array_that_is_cut_off_in_its_first_item_is_refused(format_name: str, read: Parse) -> None:
    with pytest.raises(FormatError, match="cut off in item 1"):
        read(format_name, joined(format_name, raw(format_name))[:-10])


@pytest.mark.parametrize("format_name", LINES)
def test_last_line_that_is_cut_off_is_a_problem(format_name: str, read: Parse) -> None:
    outcomes = read(format_name, joined(format_name, raw(format_name), raw(format_name))[:-10])
    assert kinds(outcomes) == ["PaperRecord", "Problem"]
    assert "cut off" in outcomes[1].why


@pytest.mark.parametrize("format_name", JSON)
@pytest.mark.parametrize("other", [b"1", b'"text"', b"null", b"[]", b"nonsense", b"{}"])
def test_something_else_between_is_a_problem(format_name: str, other: bytes, read: Parse) -> None:
    outcomes = read(format_name, joined(format_name, raw(format_name), other, raw(format_name)))
    assert kinds(outcomes) == ["PaperRecord", "Problem", "PaperRecord"]


@pytest.mark.parametrize("format_name", ITEMS)
def test_stray_bracket_ends_the_reading(format_name: str, read: Parse) -> None:
    outcomes = read(format_name, joined(format_name, raw(format_name), b"} ", raw(format_name)))
    assert kinds(outcomes) == ["PaperRecord", "Problem"]


@pytest.mark.parametrize("format_name", ITEMS)
def test_empty_list_gives_nothing(format_name: str, read: Parse) -> None:
    assert read(format_name, b" [ ] \n") == []


@pytest.mark.parametrize("format_name", LINES)
def test_byte_order_mark_and_empty_lines_are_passed_over(format_name: str, read: Parse) -> None:
    assert kinds(read(format_name, b"\xef\xbb\xbf" + raw(format_name) + b"\r\n\r\n \n")) == [
        "PaperRecord"
    ]


@pytest.mark.parametrize("format_name", JSON)
def test_nul_in_a_text_becomes_visible(format_name: str, read: Parse) -> None:
    (paper,) = read(
        format_name, joined(format_name, raw(format_name).replace(b"Quills", b"Qu\\u0000lls"))
    )
    assert isinstance(paper, PaperRecord)
    assert paper.title == "Qu\ufffdlls"


HOSTILE = [
    " " * 200_000,
    "(" * 200_000,
    "arxiv.org/" * 20_000,
    "10.1/" * 40_000,
    "http://" * 30_000,
    "\\'" * 100_000,
    "{" * 200_000,
    ", " * 100_000,
    "a-" * 100_000,
    "\u0301" * 100_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:8]))
def test_long_texts_take_linear_time(text: str, read: Parse) -> None:
    """Each of them took minutes with a careless expression; all take well under a second."""
    record = KAGGLE | {
        "id": text, "doi": text, "authors": text, "comments": text, "title": text,
        "categories": text,
    }  # fmt: skip
    read("arxiv-kaggle", json.dumps(record).encode())
    read("arxiv-kaggle", json.dumps(record | {"id": "0704.0001"}).encode())
    cell = {"metrics": {text: text[:1000], "F1": text}, "paper_title": text, "paper_url": text}
    table = {"task": text, "datasets": [{"dataset": text, "sota": {"rows": [cell]}}]}
    read("pwc-tables", json.dumps([table]).encode())
    mail = (
        "\\\\\narXiv:2011.00552\nDate: {0}\n\nTitle: {0}\nAuthors: {0}\nComments: {0}\n{0}\n\\\\\n"
    )
    with suppress(FormatError):
        read("arxiv-email", mail.format(text).encode())
    daily = DAILY | {"title": text}
    read("hf-daily", json.dumps([daily | {"paper": {"id": text, "title": text}}]).encode())
