"""Tests of the formats of an issue, and of hostile text in it."""

import datetime as dt
import json
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from catalog.publish.digest_text import facts, write
from catalog.reads.code import Repository
from catalog.reads.digest import newest_day, of_day, of_search
from catalog.reads.drivers import run
from tests.digest.conftest import DAY

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def issue(filled):
    with filled.connect() as connection:
        return run(connection, of_day(DAY))


class Tags(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.texts = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.texts.append(data)


def test_papers_are_ranked_by_upvotes(issue):
    assert [item.upvotes for item in issue.items] == [50, 9, 7, None]


def test_stars_a_day_come_from_the_last_week_of_observations(issue):
    item = next(item for item in issue.items if item.repository)
    assert item.stars_per_day == 10.0


def test_equal_upvotes_are_ranked_by_stars_a_day():
    from catalog.reads.digest import Item, ranked

    def item(key, stars):
        return Item(
            id=1, key=key, label=key, rank=1, upvotes=3, stars_per_day=stars,
        )  # fmt: skip

    assert [i.key for i in ranked([item("a", None), item("b", 2.0), item("c", 9.0)])] == [
        *("c", "b", "a"),
    ]


def test_text_has_numbers_evidence_and_addresses(issue):
    shown = write(issue, "text")
    assert "Papers of Tuesday, 11 March 2025" in shown
    assert "4 papers, 1 with code" in shown
    assert "91% accuracy on SetA" in shown
    assert "> We get 91% accuracy on SetA." in shown
    assert "https://arxiv.org/abs/2503.00002" in shown
    assert "code: ada/nets" in shown
    assert "+10 a day" in shown


@pytest.mark.parametrize("form", ["text", "markdown", "html", "atom", "json"])
def test_no_form_lets_control_characters_through(issue, form):
    shown = write(issue, form)
    assert "\x1b" not in shown


def test_markup_in_titles_is_text_in_html(issue):
    page = Tags(write(issue, "html"))
    assert "script" not in page.tags
    assert any('<script>alert("x")</script>' in text for text in page.texts)
    for name, value in page.attributes:
        assert not name.startswith("on")
        assert not (name == "href" and not value.startswith("https://"))


def test_html_has_inline_styles_and_nothing_that_mail_clients_drop(issue):
    page = Tags(write(issue, "html"))
    assert not {"style", "script", "img", "link", "form", "iframe"} & set(page.tags)
    assert all(dict(page.attributes).get("style") for _ in page.tags[:1])


def test_html_says_of_each_paper_what_the_text_says(issue):
    shown = "".join(Tags(write(issue, "html")).texts)
    for item in issue.items:
        assert " · ".join(facts(item)) in shown
    assert "91% accuracy on SetA · 50 upvotes" in shown


def test_markup_in_titles_is_text_in_markdown(issue):
    shown = write(issue, "markdown")
    assert "<script>" not in shown.replace("\\<script\\>", "")
    assert "\\[a\\](javascript" in shown


def test_atom_is_well_formed_and_has_an_entry_a_paper(issue):
    feed = ET.fromstring(write(issue, "atom"))
    assert len(feed.findall(f"{ATOM}entry")) == 4
    assert feed.find(f"{ATOM}entry/{ATOM}id").text == "https://arxiv.org/abs/2503.00002"


def test_json_has_everything(issue):
    found = json.loads(write(issue, "json"))
    assert found["day"] == "2025-03-11"
    assert found["items"][0]["numbers"][0]["sentence"] == "We get 91% accuracy on SetA."


def test_links_lead_to_the_site_where_there_is_one(filled):
    with filled.connect() as connection:
        issue = run(connection, of_day(DAY, site="https://papers.example.org/"))
    assert issue.items[0].address == "https://papers.example.org/paper/2503.00002"


def test_a_saved_search_finds_among_a_day_or_among_all(filled):
    with filled.connect() as connection:
        assert [i.key for i in run(connection, of_search("loved", DAY)).items] == ["2503.00002"]
        assert [i.key for i in run(connection, of_search("code:yes")).items] == ["2503.00003"]
        assert run(connection, of_search("loved", dt.date(2025, 3, 12))).items == []


def test_a_saved_search_says_where_it_finds_more_than_it_shows(filled, monkeypatch):
    monkeypatch.setattr("catalog.reads.digest.MOST_FOUND", 2)
    with filled.connect() as connection:
        found, all_of_it = (
            run(connection, of_search("paper")),
            run(connection, of_search("code:yes")),
        )
    assert len(found.items) == 2
    assert found.summary.startswith("the first 2 papers, ")
    assert all_of_it.summary == "1 paper, 1 with code"


def test_the_newest_day_before_today_is_the_one_that_is_over(filled):
    with filled.connect() as connection:
        assert run(connection, newest_day(before=dt.date(2025, 3, 12))) == DAY
        assert run(connection, newest_day(before=DAY)) is None


@pytest.mark.parametrize("form", ["text", "markdown", "html", "atom", "json"])
def test_an_empty_search_is_written_too(filled, form):
    with filled.connect() as connection:
        assert write(run(connection, of_search("nosuchword")), form)


@pytest.mark.parametrize("form", ["html", "markdown", "atom", "text"])
def test_only_addresses_of_the_web_become_links(issue, form):
    first = issue.items[0]
    first.address = None
    first.repository = Repository(
        paper_id=1, key="k", full_name="ada/nets", url="javascript:alert(1)", stars=1,
        state="alive", language=None, is_official=None,
    )  # fmt: skip
    shown = write(issue, form)
    assert "javascript:alert(1)>" not in shown.replace("](javascript", "")
    assert 'href="javascript' not in shown
    assert 'href="None"' not in shown
