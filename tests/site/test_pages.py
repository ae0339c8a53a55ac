"""Tests of every page: status, content, and no markup from papers."""

import json
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from catalog.reads.named_queries import QUERIES
from catalog.site.datasette_internals.plugin_api import IS_ONE, SQL_PAGE
from tests.site.conftest import Get, asking
from tests.site.content import EVIL

OURS = (
    "/", "/?days=30&code=1&numbers=1", "/about", "/for-you", "/trending", "/trending?days=30",
    "/digest/2025-W11", "/digest/2025-03", "/search", "/search?q=classifier",
    "/search?q=hostile", "/digest", "/digest/2025-03-12", "/digest/2025-03-11",
    "/paper/2503.00001", "/paper/t-0123456789ab", "/paper/a-00000000000a", "/leaderboard",
    "/leaderboard?dataset=MS-COCO", "/leaderboard/imagenet-1k/accuracy",
    "/leaderboard/coco/map", "/leaderboard/bad/accuracy", "/leaderboard/imagenet-1k",
    "/dataset/coco", "/dataset/bad", "/metric/map", "/metric/speedup",
    "/repository/github.com/lee/detector", "/compare",
    "/compare?paper=2503.00001&paper=t-0123456789ab&paper=2412.12340",
)  # fmt: skip
DATA = (
    "/catalog", "/catalog/papers", "/catalog/papers/1", "/catalog/papers/1?_columns=1",
    "/catalog/papers?_all=1", "/catalog/papers?_search=classifier", "/catalog/papers/2",
    "/catalog/papers?_facet=month&_facet_through=dataset&_facet_through=metric"
    "&_facet_through=digest&_facet_through=language",
    "/catalog/papers?_dataset=coco&_language=Python", "/catalog/results", "/catalog/results?_all=1",
    "/catalog/results/1", "/catalog/results?_facet=origin&_facet=confidence",
    "/catalog/repositories", "/catalog/links", "/catalog/datasets", "/catalog/metrics",
    "/catalog/digests", "/catalog/runs", "/catalog/documents", "/catalog/problems",
    "/catalog/v_papers", "/catalog/v_results", "/catalog/v_digest", "/catalog/identifiers",
    "/catalog?sql=select+*+from+papers", "/catalog?sql=select+nonsense",
    *(f"/catalog/{name}" for name in QUERIES),
)  # fmt: skip


class Tags(HTMLParser):
    """Collects what a browser would run or load."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(html)
    return parser.found


@pytest.mark.parametrize("path", [*OURS, *DATA])
def test_every_page_answers_and_runs_nothing_of_the_papers(path: str, get: Get) -> None:
    answer = get(path)
    wrong_sql = 200 if IS_ONE else 400  # 1.0 shows the message above the form, as a success
    assert answer.status_code == (wrong_sql if "nonsense" in path else 200), answer.text[-500:]
    for tag, attributes in tags(answer.text):
        assert not any(name.startswith("on") for name in attributes), (tag, attributes)
        for name in ("href", "src", "action"):
            assert not (attributes.get(name) or "").lower().startswith(("javascript:", "data:"))
        if tag in {"script", "link", "img", "iframe", "object", "embed", "form"}:
            target = attributes.get("src") or attributes.get("href") or attributes.get("action")
            assert target is None or target.startswith(("/", "http://localhost/")), (tag, target)
        if tag == "script":
            assert (
                attributes.get("nonce")
                or "codemirror" in (attributes.get("src") or "")
                or ("/-/static/" in (attributes.get("src") or ""))
            )
    assert 'datetime="None"' not in answer.text
    assert "<img src=x" not in answer.text
    assert "alert(1)</script>" not in answer.text


@pytest.mark.parametrize("path", [*OURS, *DATA])
def test_every_page_answers_over_an_empty_catalog(path: str, get_empty: Get) -> None:
    assert get_empty(path).status_code < 500


def test_the_start_page_shows_the_latest_digest_with_numbers_and_counts(get: Get) -> None:
    page = get("/").text
    assert "Digest of Wednesday, 12 March 2025" in page
    assert "54.3" in page
    assert "<b>11</b> papers" in page
    assert "★ 1,234" in page


def test_an_empty_catalog_says_what_to_do(get_empty: Get) -> None:
    assert "catalog load FILE" in get_empty("/").text
    assert "No digest yet" in get_empty("/digest").text


def test_a_paper_has_every_number_marked_in_place(get: Get) -> None:
    page = get("/paper/2503.00001").text
    assert 'class="number absolute"' in page
    assert 'class="number relative"' in page
    assert 'class="number other"' in page
    assert "<b>Dataset</b> COCO" in page
    assert "<b>Certainty</b> 90%" in page
    assert 'href="https://github.com/Lee/Detector"' in page
    assert "/leaderboard/coco/map" in page
    assert "12 Mar 2025" in page
    assert "/somewhere/private" not in page


def test_a_paper_is_found_under_its_other_identifiers(get: Get) -> None:
    answer = get("/paper/10.1000/DET(1)%3Cx%3E")
    assert answer.status_code == 302
    assert answer.headers["location"] == "/paper/2503.00001"


def test_the_row_page_of_a_paper_is_the_paper(get: Get) -> None:
    row, own = get("/catalog/papers/1").text, get("/paper/2503.00001").text
    assert (
        row[row.index("<article") : row.index("</article>")]
        == (own[own.index("<article") : own.index("</article>")])
    )


@pytest.mark.parametrize("path", ["/paper/nothing", "/dataset/no", "/metric/no", "/task/no",
    "/model/no", "/leaderboard/coco/no", "/repository/github.com/a/b", "/digest/2025-02-30",
    "/digest/soon", "/digest/2020-01-01", "/nowhere", "/catalog/nowhere"])  # fmt: skip
def test_what_is_not_there_is_a_404_in_our_frame(path: str, get: Get) -> None:
    answer = get(path)
    assert answer.status_code == 404
    assert "Paper Catalog" in answer.text
    assert "content-security-policy" in answer.headers


def test_the_paper_as_bibtex_and_json(get: Get) -> None:
    bib = get("/paper/2503.00001.bib")
    assert bib.headers["content-type"].startswith("application/x-bibtex")
    assert "eprint        = {2503.00001}" in bib.text
    data = get("/paper/2503.00001.json").json()
    assert data["results"][0]["metric"] == "mAP"
    assert data["identifiers"][0]["url"] == "https://arxiv.org/abs/2503.00001"


@pytest.mark.parametrize("path", ["/start.json", "/digest.json", "/digest/2025-03-12.json",
    "/trending.json", "/for-you.json", "/digest/2025-W11.json", "/suggest.json?q=coco",
    "/leaderboard.json", "/leaderboard/coco/map.json", "/tasks.json",
    "/task/image-recognition.json", "/model/Detector-L.json", "/dataset/coco.json",
    "/metric/map.json",
    "/repository/github.com/lee/detector.json", "/search.json?q=classifier"])  # fmt: skip
def test_every_page_has_its_data_as_json(path: str, get: Get) -> None:
    answer = get(path)
    assert answer.headers["content-type"].startswith("application/json")
    json.loads(answer.text)


def test_a_digest_day_ranks_and_names_its_neighbours(get: Get) -> None:
    page = get("/digest/2025-03-12").text
    assert 'rel="prev"' in page
    assert "no later digest" in page
    assert "Digest page" in page
    assert "Hugging Face daily papers" in page
    assert "▲ 49" in page


def test_a_digest_day_as_markdown_escapes_markup(get: Get) -> None:
    text = get("/digest/2025-03-12.md").text
    assert "# Papers of Wednesday, 12 March 2025" in text
    assert "<script>" not in text.replace("\\<script\\>", "")
    assert "Code: <https://github.com/Lee/Detector>" in text


@pytest.mark.parametrize("path", ["/digest.atom", "/digest/2025-03-12.atom",
    "/digest/2025-W11.atom",
    "/search.atom?q=hostile", *(f"/catalog/{name}.atom" for name in QUERIES)])  # fmt: skip
def test_every_feed_is_well_formed_atom(path: str, get: Get) -> None:
    answer = get(path)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ET.fromstring(answer.text)
    names = {"a": "http://www.w3.org/2005/Atom"}
    assert feed.findtext("a:title", namespaces=names)
    for entry in feed.findall("a:entry", names):
        assert (entry.findtext("a:id", namespaces=names) or "").startswith("http://localhost/")


def test_a_table_offers_no_feed(get: Get) -> None:
    assert get("/catalog/papers.atom").status_code == 404
    assert ".atom" not in get("/catalog/papers").text.replace("/digest.atom", "")


def test_papers_side_by_side_share_rows(get: Get) -> None:
    data = get("/compare.json?paper=2411.12341&paper=2412.12340&paper=2503.00001").json()
    assert [paper["key"] for paper in data["papers"]] == ["2411.12341", "2412.12340", "2503.00001"]
    first = data["rows"][0]
    assert (first["metric"], first["papers"]) == ("accuracy", 2)
    assert [len(cell) for cell in first["cells"]] == [1, 1, 0]
    assert get("/compare?paper=nothing").status_code == 404


def test_hostile_text_is_shown_as_text(get: Get) -> None:
    page = get("/paper/t-0123456789ab").text
    assert "Hostile &lt;script&gt;" in page
    assert EVIL not in page
    assert 'href="javascript:' not in page


@pytest.mark.parametrize("path", ["/-/allow-debug", "/-/messages", "/-/settings",
    *(["/-/queries", "/catalog/-/queries", "/-/schema", "/catalog/-/schema",
       "/catalog/papers/-/schema", "/-/allowed", "/-/api", "/catalog/-/query"] if IS_ONE else [])],
)  # fmt: skip
def test_datasettes_own_pages_stand_in_our_frame(path: str, get: Get) -> None:
    answer = get(path)
    assert answer.status_code == 200
    assert '<a class="brand"' in answer.text


def test_only_reading_is_possible(get: Get) -> None:
    assert get("/paper/2503.00001", "post").status_code == 405
    assert get("/catalog?sql=delete+from+papers").status_code == 400
    assert get("/catalog.db").status_code in {403, 404}


def test_a_site_under_a_prefix_knows_its_pages(catalog_file: Path) -> None:
    for get in asking(catalog_file, base_url="/of/us/"):
        page = get("/leaderboard").text
        assert '<a href="/of/us/leaderboard" aria-current="page">Leaderboards</a>' in page
        policy = get("/catalog/papers").headers["content-security-policy"]
        assert "style-src 'self' 'unsafe-inline'" in policy
        assert ">selec 1</textarea>" in get(f"{SQL_PAGE}?sql=selec+1").text
