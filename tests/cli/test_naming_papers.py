"""Tests that every command accepts every printed form of an identifier."""

import json
import webbrowser

import pytest
from sqlalchemy.orm import Session

from catalog.database.engine import opened
from etl.cli import DEFAULT_URL
from tests.reads.identified_papers import FORMS, INK, PAPERS, QUILL, ROOST, UNPREFIXED, fill


@pytest.fixture
def papers(catalog, monkeypatch):
    import os

    catalog("db", "upgrade")
    with opened(os.environ.get("CATALOG_URL", DEFAULT_URL)) as engine, Session(engine) as session:
        fill(session)
        session.commit()
    return catalog


def test_show_takes_every_form(papers):
    names = FORMS | UNPREFIXED
    found = {form: json.loads(papers("show", form, "--json").stdout)["key"] for form in names}
    assert found == names


def test_search_finds_by_every_form(papers):
    for form, key in FORMS.items():
        result = papers("search", form, "--json")
        assert [row["key"] for row in json.loads(result.stdout)] == [key]
        assert result.stderr == ""
    words = json.loads(papers("search", "quills", "--json").stdout)
    assert len(words) == len(PAPERS)


def test_mark_takes_every_form(papers):
    found = {form: json.loads(papers("mark", form, "--json").stdout)[0]["key"] for form in FORMS}
    assert found == FORMS


def test_open_takes_every_form(papers):
    pages = {
        QUILL: "https://arxiv.org/abs/2503.12345",
        INK: "https://doi.org/10.1000/ink(1%29",
        ROOST: "https://openreview.net/forum?id=Roost_1",
    }
    for form, key in FORMS.items():
        assert papers("open", form, "--print").stdout == f"{pages[key]}\n"


def test_mcp_takes_every_form(papers):
    import os

    tools = pytest.importorskip("catalog.mcp.tools", reason="the extra mcp is not installed")
    asked = tools.Tools(os.environ.get("CATALOG_URL", DEFAULT_URL), None)
    assert {form: asked.paper(form).key for form in FORMS} == FORMS
    for form, key in FORMS.items():
        assert [paper.key for paper in asked.search(form).papers] == [key]


@pytest.mark.parametrize(
    ("options", "printed"),
    [
        ((), "https://arxiv.org/abs/2503.12345"),
        (
            ("--page", "--site", "https://papers.example/"),
            "https://papers.example/paper/2503.12345",
        ),
        (("--pdf",), "https://arxiv.org/pdf/2503.12345"),
    ],
)
def test_open_opens_what_print_prints(options, printed, papers, monkeypatch):
    opened_pages = []

    def note(page):
        opened_pages.append(page)
        return True

    monkeypatch.setattr(webbrowser, "open", note)
    assert papers("open", QUILL, *options, "--print").stdout == f"{printed}\n"
    assert opened_pages == []
    assert papers("open", QUILL, *options).stdout == ""
    assert opened_pages == [printed]


def test_open_opens_the_repository_of_a_paper(catalog, page):
    catalog("load", "page.txt")
    result = catalog("open", "Invented Networks for", "--code", "--print")
    assert result.stdout == "https://github.com/ada/nets\n"


def test_open_says_what_it_does_not_know(papers, monkeypatch):
    assert "cannot open the code" in papers("open", QUILL, "--code", code=1).stderr
    assert "cannot open the PDF" in papers("open", INK, "--pdf", code=1).stderr
    monkeypatch.setattr(webbrowser, "open", lambda page: False)
    assert "--print" in papers("open", QUILL, code=1).stderr


TWO = [("arxiv", "2503.12345", "An Invented Preprint"), ("doi", "10.1000/quill", "Its Article")]


def test_merge_and_split_take_every_form(catalog, tmp_path):
    records = [
        {"title": title, "identifiers": [{"scheme": scheme, "value": value}]}
        for scheme, value, title in TWO
    ]
    (tmp_path / "two.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in records))
    catalog("load", "two.jsonl")
    preprint, article = "https://arxiv.org/abs/2503.12345v2", "http://dx.doi.org/10.1000/QUILL"
    catalog("merge", preprint, article)
    assert json.loads(catalog("show", article, "--json").stdout)["key"] == "2503.12345"
    catalog("split", preprint, article)
    assert json.loads(catalog("show", article, "--json").stdout)["key"] == "10.1000/quill"
