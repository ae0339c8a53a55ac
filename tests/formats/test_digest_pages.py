"""Tests of digest pages in many layouts: all papers are found, and nothing else."""

import textwrap
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from catalog.domain.records import Identifier, PaperRecord, Problem
from etl.formats import FormatError, Head
from etl.formats.digest_page import recognises
from tests.formats.digest_pages import ABSTRACT, OTHER, outcomes, read

NAMES = ("Ann Lee", "Bob van Ray", "Cy D. Doe", "Łucja Quill", "Zoë O'Hara-Inkwell")
WORDS = (
    *("quills", "inkwells", "marsh", "trees", "readers", "writers", "feathers", "paper", "letters"),
    *("margins", "bindings", "scribes", "gradients", "tokens", "attention", "benchmark", "robust"),
    *("sparse", "neural", "latent", "slow", "reasoning"),
)
VERBS = ("show that", "measure", "compare", "propose", "find that", "are faster than")


class Page:
    """What an invented page holds, and how it is printed."""

    def __init__(self, papers: list[tuple[str, list[str]]], **layout: Any) -> None:
        self.papers = papers
        self.layout = layout

    def __repr__(self) -> str:
        return f"{self.layout}\n{self.text()}"

    def text(self) -> str:
        layout, blank = self.layout, self.layout["blank"]
        parts = [*layout["header"], layout["day"]]
        for number, (title, paragraphs) in enumerate(self.papers, start=1):
            parts.append(self.printed_title(number, title))
            parts += [line.format(number=number) for line in layout["between"]]
            parts += [self.wrapped(paragraph) for paragraph in paragraphs]
            parts += layout["after"]
        return f"\n{blank}".join([*parts, *layout["footer"]]) + "\n"

    def printed_title(self, number: int, title: str) -> str:
        printed: str = self.layout["mark"].format(title=title, number=number)
        return printed if self.layout["mark"] != "{title}" else self.wrapped(printed)

    def wrapped(self, text: str) -> str:
        width = self.layout["width"]
        return "\n".join(textwrap.wrap(text, width, break_on_hyphens=False)) if width else text


def sentence(words: list[str], verb: str) -> str:
    half = len(words) // 2
    return " ".join(["We", verb, *words[:half], "and", *words[half:]])


TITLES = st.builds(
    lambda words, colon, end: (
        (words[0].title() + ": " if colon else "") + " ".join(words).capitalize() + end
    ),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=14),
    st.booleans(),
    st.sampled_from(["", "", "", "?", "!", "."]),
)
SENTENCES = st.builds(
    sentence, st.lists(st.sampled_from(WORDS), min_size=9, max_size=24), st.sampled_from(VERBS)
)
ABSTRACTS = st.builds(
    lambda sentences, end: ". ".join(sentences) + end,
    st.lists(SENTENCES, min_size=2, max_size=6),
    st.sampled_from([".", ".", ".", "", "!", " ..."]),
)
LONG_TITLES = st.builds(
    lambda words, end: " ".join(["We", "show that", *words]) + end,
    st.lists(st.sampled_from(WORDS), min_size=12, max_size=26),
    st.sampled_from(["!", ".", "", "?"]),
)
SHORT_ABSTRACTS = st.builds(
    lambda words, end: " ".join(words).capitalize() + end,
    st.lists(st.sampled_from(WORDS), min_size=12, max_size=20),
    st.sampled_from([".", ""]),
)
LAYOUTS = st.fixed_dictionaries(
    {
        "header": st.sampled_from([[], ["Daily papers"], ["Get papers by mail", "Subscribe"]]),
        "day": st.sampled_from(["Mar 11", "2025-03-11", "# March 11th, 2025", "Tue, 11 Mar '25"]),
        "mark": st.sampled_from(
            ["{title}", "{number}. {title}", "{number}) {title}", "- {title}", "• {title}",
             "### {title}", "**{title}**", "[{title}](https://arxiv.org/abs/2503.0000{number})",
             "## {number}. [{title}](https://arxiv.org/abs/2503.0000{number})", "Title: {title}"]
        ),
        "between": st.sampled_from(
            [[], [], [f"{NAMES[0]}, {NAMES[1]}, {NAMES[2]}"], [f"{NAMES[3]} and {NAMES[4]}"],
             ["By Ann Lee et al."], ["{number} upvotes · 4 comments"], ["▲ {number}"],
             [f"{NAMES[0]}, {NAMES[2]}", "1{number}"], ["Abstract"]]
        ),
        "after": st.sampled_from(
            [[], [], ["---"], ["Read more"], ["PDF | Code"], ["https://example.org/a_(b)"]]
        ),
        "footer": st.sampled_from(
            [[], ["Unsubscribe | Manage preferences", "You receive this mail because you asked "
             "for it at some time, and may leave the list whenever you wish."],
             ["© 2025 The Makers of Quills", "All rights reserved."]]
        ),
        "blank": st.sampled_from(["\n", "\n", " \u00a0\n", "\u200b\n", "\n\n"]),
        "width": st.sampled_from([0, 0, 72, 100]),
    }
)  # fmt: skip
PAGES = st.builds(
    lambda papers, layout: Page(papers, **layout),
    st.lists(
        st.tuples(TITLES, st.lists(ABSTRACTS, min_size=1, max_size=1)), min_size=1, max_size=8
    ),
    LAYOUTS,
)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])

LONG_ONE = "Inkwells: Inkwells quills quills quills quills quills inkwells inkwells inkwells"
SHORT_ONE = " ".join(
    ["We show that quills quills quills quills and quills quills quills quills."] * 2
)

PLAIN = {"header": [], "day": "Mar 11", "mark": "{title}", "between": [], "after": [],
         "footer": [], "blank": "\n", "width": 0}  # fmt: skip


def titles(found: list[PaperRecord | Problem]) -> list[str | None]:
    assert not [one for one in found if isinstance(one, Problem)], found
    return [one.title for one in found if isinstance(one, PaperRecord)]


@settings(deadline=None, max_examples=25)
@given(PAGES, ENCODINGS, st.sampled_from(["\n", "\r\n", "\r"]))
def test_titles_and_abstracts_come_out_of_any_layout(page: Page, encoding: str, end: str) -> None:
    data = page.text().replace("\n", end).encode(encoding)
    assert recognises(Head(name="-", data=data[:65_536]))
    found = outcomes(data)
    assert titles(found) == [title for title, _ in page.papers]
    for one, (_, paragraphs) in zip(found, page.papers, strict=True):
        assert isinstance(one, PaperRecord)
        assert one.abstract == "\n\n".join(paragraphs)
        assert one.digest is not None
        assert (one.digest.day.month, one.digest.day.day) == (3, 11)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.tuples(TITLES | LONG_TITLES, (ABSTRACTS | SHORT_ABSTRACTS).map(lambda a: [a])),
        min_size=1,
        max_size=9,
    )
)
def test_a_page_that_alternates_is_read_so(papers: list[tuple[str, list[str]]]) -> None:
    page = Page(papers, **PLAIN)
    assert titles(outcomes(page.text().encode())) == [title for title, _ in papers]


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.tuples(TITLES, st.lists(ABSTRACTS, min_size=1, max_size=2)), min_size=1, max_size=9)
)
@example(papers=[(title, [SHORT_ONE, SHORT_ONE]) for title in ("Quills quill", LONG_ONE)])
def test_an_abstract_may_have_two_paragraphs(papers: list[tuple[str, list[str]]]) -> None:
    found = outcomes(Page(papers, **PLAIN).text().encode())
    assert titles(found) == [title for title, _ in papers]
    assert [one.abstract for one in found if isinstance(one, PaperRecord)] == [
        "\n\n".join(paragraphs) for _, paragraphs in papers
    ]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(TITLES, ABSTRACTS.map(lambda a: [a])), min_size=2, max_size=9))
def test_a_page_without_empty_lines_is_read_line_by_line(papers) -> None:
    page = Page(papers, **{**PLAIN, "blank": ""})
    assert titles(outcomes(page.text().encode())) == [title for title, _ in papers]


def test_lines_beside_a_paper_are_kept_where_they_tell_something():
    first, second = read(
        "Mar 11",
        "### 1. [Quills That Write](https://arxiv.org/abs/2503.00001v2)",
        "Ann Lee¹, Bob van Ray², *Cy Doe*".replace("*", ""),
        "1,203 upvotes · 4 comments",
        ABSTRACT,
        "[Code](https://github.com/ada/quills)",
        "### 2. [Inkwells](https://inkwells.example.org/a_(b))",
        "7",
        OTHER,
    )
    assert first.title == "Quills That Write"
    assert first.authors == ("Ann Lee", "Bob van Ray", "Cy Doe")
    assert first.identifiers == (Identifier(scheme="arxiv", value="2503.00001"),)
    assert [link.url for link in first.links] == [
        "https://arxiv.org/abs/2503.00001v2",
        "https://github.com/ada/quills",
    ]
    assert first.digest is not None
    assert (first.digest.upvotes, first.digest.comments, first.digest.rank) == (1203, 4, 1)
    assert second.title == "Inkwells"
    assert [link.url for link in second.links] == ["https://inkwells.example.org/a_(b)"]
    assert second.digest is not None
    assert (second.digest.upvotes, second.digest.rank) == (None, 2)


def test_one_name_below_each_title_is_its_author():
    page = ["Quills", "Ann Lee", ABSTRACT, "Inkwells at Dusk", "Bo van Ray", OTHER]
    found = read("Mar 11", *page)
    assert [(one.title, one.authors) for one in found] == [
        ("Quills", ("Ann Lee",)),
        ("Inkwells at Dusk", ("Bo van Ray",)),
    ]


def test_an_address_below_a_title_and_a_hash_before_it_are_no_part_of_it():
    found = read(
        "Mar 11", "#1 Quills\nhttps://arxiv.org/abs/2503.00001", ABSTRACT, "#2 Inkwells", OTHER
    )
    assert [one.title for one in found] == ["Quills", "Inkwells"]
    assert found[0].identifiers == (Identifier(scheme="arxiv", value="2503.00001"),)


def test_two_arxiv_identifiers_beside_one_paper_name_none():
    found = read("Mar 11", "Quills", ABSTRACT, "arXiv:2503.00001", "arXiv:2503.00002")
    assert found[0].identifiers == ()


def test_links_before_the_first_title_belong_to_what_follows():
    page = [
        part
        for n, (title, text) in enumerate([("Quills", ABSTRACT), ("Inkwells", OTHER)], start=1)
        for part in (f"https://arxiv.org/abs/2503.0000{n}", title, text)
    ]
    found = read("Mar 11", *page)
    assert [one.identifiers[0].value for one in found] == ["2503.00001", "2503.00002"]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16", "utf-16-le", "utf-8-sig"])
def test_other_encodings(encoding: str) -> None:
    found = read("Mar 11", "Über Tintenfässer", f"Größe zählt. {ABSTRACT}", encoding=encoding)
    assert found[0].title == "Über Tintenfässer"
    assert (found[0].abstract or "").startswith("Größe zählt. We let")


def test_damaged_utf_8_is_no_latin():
    page = "\n".join(["Mar 11", "", "Über", "", ABSTRACT, ""]).encode() + b"Gr\xf6\xdfe\n"
    with pytest.raises(FormatError, match="line 6 is not UTF-8"):
        outcomes(page)


def test_a_page_of_several_days_ranks_each_by_itself():
    found = read("Mar 11", "Quills", ABSTRACT, "Inkwells", OTHER, "Mar 12", "Marsh", ABSTRACT)
    assert [(one.digest.day.day, one.digest.rank) for one in found if one.digest] == [
        (11, 1),
        (11, 2),
        (12, 1),
    ]


def test_what_is_left_over_is_a_problem():
    found = outcomes("\n\n".join(["Mar 11", ABSTRACT, "Quills", ABSTRACT, "Inkwells"]).encode())
    assert [type(one).__name__ for one in found] == ["Problem", "PaperRecord", "Problem"]


def test_lines_cut_within_words_are_put_together_again():
    cut = "\n".join(ABSTRACT[n : n + 40] for n in range(0, len(ABSTRACT), 40))
    assert [one.abstract for one in read("Mar 11", "Quills", cut)] == [ABSTRACT]
