"""Tests of the owner's marks on the site."""

import html
import json

import pytest

from tests.site.content import EVIL


def test_a_paper_shows_its_mark_and_the_command_that_changes_it(get):
    shown = get("/paper/2503.00001").text
    assert "starred" in shown
    assert 'href="/catalog/papers?_tag=to-reproduce"' in shown
    assert f"Try it. {html.escape(EVIL, quote=False)[:20]}" in shown
    assert "<script>alert(1)" not in shown
    assert "catalog mark 2503.00001 --unread" in shown
    bare = get("/paper/a-00000000000a").text
    assert "Mark this paper" in bare
    assert "catalog mark a-00000000000a --star" in bare


def test_a_paper_has_its_mark_in_json(get):
    mark = json.loads(get("/paper/2503.00001.json").text)["mark"]
    assert (mark["starred"], mark["read"], mark["tags"]) == (True, True, ["idea", "to-reproduce"])
    assert json.loads(get("/paper/a-00000000000a.json").text)["mark"] is None


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ("", {"2411.12341"}),
        ("?show=starred", {"2503.00001", "2411.12341"}),
        ("?show=read", {"2503.00001"}),
        ("?show=notes", {"2503.00001"}),
        ("?show=all", {"2503.00001", "2411.12341"}),
        ("?show=odd", {"2411.12341"}),
        ("?tag=to-reproduce", {"2503.00001"}),
        ("?tag=idea&show=to-read", {"2411.12341"}),
        ("?tag=none", set()),
    ],
)
def test_the_page_shows_what_is_asked_for(get, asked, keys):
    found = json.loads(get(f"/marks.json{asked}").text)
    assert {paper["key"] for paper in found["papers"]} == keys
    assert get(f"/marks{asked}").status_code == 200


def test_the_page_of_a_site_that_only_shows_says_so(get):
    assert "This site is read-only." in get("/marks").text


def test_an_empty_page_says_what_to_do(get_empty):
    shown = get_empty("/marks")
    assert shown.status_code == 200
    assert "catalog mark 2503.12345 --star" in shown.text


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("_mark=starred", 2),
        ("_mark=to-read", 1),
        ("_mark=read", 1),
        ("_mark=noted", 1),
        ("_tag=idea", 2),
        ("_tag=idea&_mark=read", 1),
        ("_tag=none", 0),
        ("_mark=none", 0),
    ],
)
def test_papers_are_narrowed_by_marks(get, asked, count):
    path = f"/catalog/papers.json?{asked}&_facet_through=mark&_facet_through=tag&_shape=array"
    assert len(json.loads(get(path).text)) == count


def test_marks_and_tags_are_counted(get):
    path = "/catalog/papers.json?_facet_through=mark&_facet_through=tag"
    found = json.loads(get(path).text)["facet_results"]
    facets = found.get("results", found)
    counted = {
        name: {value["value"]: value["count"] for value in facets[name]["results"]}
        for name in ("mark", "tag")
    }
    assert counted == {
        "mark": {"starred": 2, "to-read": 1, "read": 1, "noted": 1},
        "tag": {"idea": 2, "to-reproduce": 1},
    }


@pytest.mark.parametrize("path", ["/digest/2025-03-12", "/search?q=detector", "/catalog/papers"])
def test_lists_show_marks(get, path):
    assert 'class="own-star"' in get(path).text


def test_searches_know_marks(get):
    found = json.loads(get("/search.json?q=star:yes+read:no").text)["papers"]
    assert [paper["key"] for paper in found] == ["2411.12341"]


def test_a_recommended_paper_says_which_star_brought_it_up(get):
    page = get("/for-you").text
    assert "because you starred" in page
    recommended = [one["paper"]["key"] for one in json.loads(get("/for-you.json").text)["papers"]]
    assert recommended
    assert f'href="/paper/{recommended[0]}"' in page
    assert 'href="/for-you"' in get("/").text


def test_without_stars_the_page_says_how_to_give_one(get_empty):
    shown = get_empty("/for-you")
    assert shown.status_code == 200
    assert "catalog mark 2503.12345 --star" in shown.text
    assert 'href="/for-you"' not in get_empty("/").text
