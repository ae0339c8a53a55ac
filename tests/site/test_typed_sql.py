"""Tests that typed SQL is never lost, and that a download is never cut in silence."""

import csv
import io
import re
import threading
from html import unescape
from typing import Any
from urllib.parse import quote_plus

import pytest

from catalog.site import whole_answers
from catalog.site.config import SETTINGS
from catalog.site.datasette_internals.plugin_api import SQL_PAGE
from tests.site.conftest import Get

MANY = "with recursive t(x) as (select 1 union all select x + 1 from t where x < 2500)"


@pytest.mark.parametrize("page", [SQL_PAGE, f"{SQL_PAGE}.csv"])
@pytest.mark.parametrize(
    "sql",
    [
        "selec 1",
        "delete from papers",
        "select nothing from papers",
        "select '</textarea><script>alert(1)</script>' fro papers",
        f"{MANY} select count(*) from t a, t b, t c",
    ],
)
def test_a_query_that_fails_stays_in_the_editor(page: str, sql: str, get: Get) -> None:
    answer = get(f"{page}?sql={quote_plus(sql)}&name=quill")
    typed = re.search(r"<textarea[^>]*>(.*?)</textarea>", answer.text, re.DOTALL)
    assert answer.status_code in {400, 503}
    assert typed is not None
    assert unescape(typed[1]) == sql
    assert "alert(1)</script>" not in answer.text


def test_values_of_a_query_that_fails_stay_too(get: Get) -> None:
    page = get("/catalog?sql=selec+:name&name=quill").text
    assert '<input type="hidden" name="name" value="quill">' in page


def test_an_error_elsewhere_has_no_editor(get: Get) -> None:
    assert "<textarea" not in get("/paper/nothing?sql=select+1").text


def test_an_answer_that_is_cut_says_so_and_offers_the_whole(get: Get) -> None:
    sql = f"{MANY} select x from t where x > cast(:least as int)"
    page = get(f"/catalog?sql={quote_plus(sql)}&least=0").text
    assert f"have the first {SETTINGS['max_returned_rows']:,} rows" in page
    offered = re.search(r'<a href="([^"]*)">CSV of all rows</a>', page)
    assert offered is not None
    answer = get(unescape(offered[1]))
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["x"]
    assert [int(value) for (value,) in rows[1:]] == list(range(1, 2501))


def test_an_answer_that_is_whole_has_plain_links(get: Get) -> None:
    page = get("/catalog?sql=select+1").text
    assert ">CSV</a>" in page
    assert "of all rows" not in page
    answer = get(f"{SQL_PAGE}.csv?sql=select+1+as+one,+x'00ff'+as+two&_dl=on")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text == "one,two\r\n1,00ff\r\n"


def test_a_long_answer_is_written_while_pages_go_on(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []
    write = whole_answers.as_csv

    def watched(*told: Any, **options: Any) -> str:
        threads.append(threading.current_thread())
        return write(*told, **options)

    monkeypatch.setattr(whole_answers, "as_csv", watched)
    assert get(f"{SQL_PAGE}.csv?sql=select+1+as+one").text == "one\r\n1\r\n"
    assert [one is threading.main_thread() for one in threads] == [False]


def test_the_csv_of_a_table_of_several_pages_has_all_rows(get: Get) -> None:
    page = get("/catalog/papers?_size=3").text
    offered = re.search(r'<a href="([^"]*)">CSV of all rows</a>', page)
    assert offered is not None
    assert len(list(csv.reader(io.StringIO(get(unescape(offered[1])).text)))) == 12
    assert "CSV of all rows" not in get("/catalog/papers").text


@pytest.mark.parametrize("form", ["", ".json", ".csv"])
def test_costly_functions_of_the_index_are_refused_in_words(form: str, get: Get) -> None:
    sql = "select snippet(papers_fts, 1, '', '', '', 32) from papers_fts('a')"
    answer = get(f"{SQL_PAGE}{form}?sql={quote_plus(sql)}")
    assert answer.status_code == 400
    assert "snippet() and highlight() are not allowed here" in answer.text


def test_many_words_are_refused_wherever_they_are_typed(get: Get) -> None:
    words = quote_plus("a " * 50)
    condition = quote_plus("id in (select rowid from papers_fts(replace('b', 'b', 'a')))")
    for address in (f"_search={words}", f"_where={condition}"):
        answer = get(f"/catalog/papers.json?{address}")
        assert answer.status_code == 400
        assert "papers_fts MATCH takes" in answer.text
    for address in ("/catalog/papers.json?_search=quill+loop", f"/search?q={words}"):
        assert get(address).status_code == 200
    sql = "select title from papers_fts where papers_fts match :words order by rank"
    assert get(f"/catalog.json?sql={quote_plus(sql)}&words=quill").status_code == 200
