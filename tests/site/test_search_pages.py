"""Tests of the pages of a search: papers, numbers, authors, and feeds to follow them."""

import re
import shlex
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy.orm import Session

import catalog.site
from catalog.database.engine import opened
from catalog.reads.asking import Read
from catalog.reads.author_papers import newest_of_author
from catalog.site.pages import author_page
from tests.search.invented_papers import fill
from tests.site.conftest import Get, asking

ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(scope="module")
def get(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    """Fetch a path of the site over papers with authors, tasks and numbers."""
    file = Path(shutil.copyfile(migrated, tmp_path_factory.mktemp("search") / "catalog.db"))
    with opened(f"sqlite:///{file}") as engine, Session(engine) as session:
        fill(session)
        session.commit()
    yield from asking(file)


def links(page: str, words: str) -> list[str]:
    """The addresses of the links with these words."""
    return [unescape(one) for one in re.findall(rf'<a[^>]*href="([^"]*)"[^>]*>{words}\W*<', page)]


def test_a_search_is_narrowed_and_widened_by_its_counts(get: Get) -> None:
    page = get("/search?q=diffusion&sort=newest").text
    (narrower,) = links(page, "with code")
    assert narrower == "?q=diffusion+code%3Ayes&sort=newest"
    page = get(f"/search{narrower}").text
    assert "<h2>1 paper</h2>" in page
    assert "?q=diffusion&sort=newest" in links(page, "with code ")
    assert "?q=diffusion&sort=newest" in links(page, "code: yes ")


def test_a_search_without_papers_offers_to_take_its_filters_back(get: Get) -> None:
    page = get("/search?q=zebra+code:yes").text
    assert "No papers found" in page
    assert links(page, "code: yes ") == ["?q=zebra"]


def test_found_papers_are_sorted_by_upvotes(get: Get) -> None:
    page = get("/search?q=diffusion&sort=upvotes").text
    assert page.index("Video") < page.index("Quills")
    assert '<b aria-current="true">upvotes</b>' in page


def test_numbers_have_their_sentence_and_paper_and_hidden_ones_are_a_click_away(get: Get) -> None:
    page = get('/numbers?q="top-1+accuracy">75').text
    assert "<h2>3 numbers</h2>" in page
    values = re.findall(r'<a class="amount absolute" href="([^"]*)#r\d+">([^<]*)<', page)
    assert values == [("/paper/2402.00003", "90%"), ("/paper/2503.00001", "84%"),
                      ("/paper/2503.00002", "0.79")]  # fmt: skip
    assert "Latent Diffusion of Quills" in page
    assert "No numbers found" in get("/numbers?q=zebra").text


def test_the_tabs_keep_the_search(get: Get) -> None:
    assert links(get("/search?q=speedup>2").text, "Numbers") == ["/numbers?q=speedup%3E2"]
    assert links(get("/numbers?q=speedup>2").text, "Papers")[-1] == "/search?q=speedup%3E2"


@pytest.mark.parametrize("path", ["/search?q=diffusion&sort=stars&page=1", "/numbers?q=diffusion",
    "/author/Li%20He", "/dataset/ms-coco", "/task/image-painting", "/metric/speedup",
    "/leaderboard/imagenet-1k/top-1-accuracy"])  # fmt: skip
def test_what_can_be_followed_names_its_feed(path: str, get: Get) -> None:
    page = get(path).text
    named = re.search(
        r'<link rel="alternate" type="application/atom\+xml"[^>]*href="([^"]*)"', page
    )
    assert named is not None
    assert f'value="http://localhost{named[1]}"' in page
    feed = ET.fromstring(get(unescape(named[1])).text)
    assert feed.findtext("a:id", namespaces=ATOM) == f"http://localhost{unescape(named[1])}"


def test_a_feed_has_the_newest_first_with_what_they_claim(get: Get) -> None:
    answer = get("/search.atom?q=diffusion&sort=best&page=7")
    feed = ET.fromstring(answer.text)
    assert feed.findtext("a:id", namespaces=ATOM) == "http://localhost/search.atom?q=diffusion"
    entries = feed.findall("a:entry", ATOM)
    days = [one.findtext("a:updated", namespaces=ATOM) for one in entries]
    assert days == ["2025-03-11T00:00:00Z", "2024-12-01T00:00:00Z"]
    told = entries[0].findtext("a:content", namespaces=ATOM) or ""
    assert "<blockquote>It is so.</blockquote>" in told
    assert "84% top-1 accuracy on ImageNet-1K" in told


def test_the_page_of_an_author_folds_spelling(get: Get) -> None:
    page = get("/author/lukasz%20KAISER").text
    assert "<h1>Łukasz Kaiser</h1>" in page
    assert links(page, "Li He") == ["/author/Li%20He"] * 2  # of the paper, and beside it
    assert get("/author/lukasz%20KAISER.json").json()["total"] == 1
    missing = get("/author/Nobody%20Else")
    assert missing.status_code == 404
    assert 'value="Nobody Else"' in missing.text


def test_the_page_of_an_author_asks_nothing_for_its_feed(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def newest(name: str, *, size: int) -> Read[list[int]]:
        asked.append(name)
        return newest_of_author(name, size=size)

    monkeypatch.setattr(author_page, "newest_of_author", newest)
    assert get("/author/Li%20He").status_code == 200
    assert asked == []
    assert "<entry>" in get("/author/Li%20He.atom").text
    assert asked == ["Li He"]


def test_authors_of_found_papers_lead_to_their_pages(get: Get) -> None:
    page = get("/search?q=quills").text
    assert links(page, "Kaiming He") == ["/author/Kaiming%20He"]


def test_datasets_tasks_and_authors_with_the_words_stand_above(get: Get) -> None:
    page = get("/search?q=image").text
    above = page[page.index('<ul class="matching"') :].partition("</ul>")[0]
    assert re.findall(r'href="([^"]*)"', above)[0] == "/dataset/imagenet-1k"
    assert 'href="/task/image-painting"' in above
    assert "matching" not in get("/search?q=image+code:no").text


def test_the_command_that_follows_a_search_is_one_for_a_shell(get: Get) -> None:
    typed = "quill OR ada's; rm"
    page = get(f"/search?q={quote(typed)}").text
    (told,) = re.findall(r"<code>(catalog digest --query .*)</code>", page)
    assert shlex.split(unescape(told)) == ["catalog", "digest", "--query", typed]


def test_every_value_in_a_command_to_copy_is_quoted() -> None:
    folder = Path(catalog.site.__file__).with_name("templates")
    command = re.compile(r"(?:^|[>}])catalog [a-z]+ [^<\n]*\{\{[^<\n]*", re.MULTILINE)
    commands = [one for file in folder.glob("*.html") for one in command.findall(file.read_text())]
    values = [value for one in commands for value in re.findall(r"\{\{ (.+?) \}\}", one)]
    assert len(values) > 5
    assert [one for one in values if not one.endswith("|shell_quoted") and one[0] != '"'] == []
