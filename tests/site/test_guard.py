"""Tests of security headers and limits."""

import re

import pytest

from tests.site.conftest import Get, as_table


@pytest.mark.parametrize("path", ["/", "/catalog", "/catalog/papers", "/catalog/papers.json",
    "/-/static-plugins/catalog.site/catalog.css", "/nowhere", "/digest.atom",
    "/-/versions"])  # fmt: skip
def test_every_answer_carries_the_security_headers(path: str, get: Get) -> None:
    headers = get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    assert "http:" not in policy
    assert "https:" not in policy


@pytest.mark.parametrize("path", ["/", "/catalog/papers", "/catalog?sql=select+1", "/nowhere"])
def test_scripts_need_the_nonce_of_their_answer(path: str, get: Get) -> None:
    first, second = get(path), get(path)
    found = re.search(
        r"script-src 'self' 'nonce-([^']+)'", first.headers["content-security-policy"]
    )
    assert found
    assert f'nonce="{found[1]}"' in first.text
    assert found[1] not in second.text
    assert "unsafe-inline" not in first.headers["content-security-policy"].split("style-src")[0]


def test_static_files_may_be_kept_under_their_hash(get: Get) -> None:
    found = re.search(
        r'href="(/-/static-plugins/catalog.site/catalog.css\?[0-9a-f]+)"', get("/").text
    )
    assert found
    assert "immutable" in get(found[1]).headers["cache-control"]


@pytest.mark.parametrize(
    "sql",
    [
        "select hex(zeroblob(150000000))",
        "select group_concat(hex(randomblob(100000))) from papers, results, results r2",
        "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n",
        "attach 'x.db' as x",
        "pragma journal_mode = delete",
        "select load_extension('x')",
        "select writefile('x', 'y')",
    ],
)
def test_hostile_sql_is_refused_and_the_site_goes_on(sql: str, get: Get) -> None:
    answer = get(f"/catalog.json?sql={sql.replace(' ', '+')}&_timelimit=300")
    assert answer.status_code == 400
    assert get("/").status_code == 200


def test_later_pages_count_no_facets(get: Get) -> None:
    first = as_table(get, "/catalog/papers.json?_size=2&_facet=year")
    assert first.facets
    assert first.next_url
    later = as_table(get, first.next_url.removeprefix("http://localhost"))
    assert later.rows
    assert not later.facets


def test_crawlers_are_kept_out_of_facets_and_searches(get: Get) -> None:
    assert "Disallow: /catalog" in get("/robots.txt").text


def test_mail_addresses_are_not_shown(get: Get) -> None:
    assert get("/catalog/deliveries").status_code == 403
    rows = get("/catalog.json?sql=select+address+from+deliveries&_shape=array")
    assert rows.json() == []
