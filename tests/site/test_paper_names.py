"""Tests that every name of a paper leads to its page."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from sqlalchemy.orm import Session

from catalog.database.engine import opened
from tests.reads.identified_papers import FORMS, QUILL, UNPREFIXED, fill
from tests.site.conftest import Get, asking


@pytest.fixture(scope="module")
def get(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    file = tmp_path_factory.mktemp("names") / "catalog.db"
    shutil.copyfile(migrated, file)
    with opened(f"sqlite:///{file}") as engine, Session(engine) as session:
        fill(session)
        session.commit()
    yield from asking(file)


def leads_to(get: Get, path: str) -> str:
    answer = get(path)
    assert answer.status_code in {200, 302}, path
    return unquote(path if answer.status_code == 200 else answer.headers["location"])


def test_every_form_leads_to_the_page_of_the_paper(get: Get) -> None:
    for form, key in (FORMS | UNPREFIXED).items():
        assert leads_to(get, f"/paper/{quote(form, safe='')}") == f"/paper/{key}"
        assert leads_to(get, f"/paper/{quote(form, safe='/:')}") == f"/paper/{key}"


def test_an_address_as_it_stands_leads_there_too(get: Get) -> None:
    for address in (
        "https://arxiv.org/abs/2503.12345v2",
        "https://openreview.net/forum?id=rJXMpikCZ",
        "https:/doi.org/10.1000/quill",
    ):
        assert leads_to(get, f"/paper/{address}") == f"/paper/{QUILL}"


def test_format_and_arguments_go_with_it(get: Get) -> None:
    answer = get("/paper/arXiv:2503.12345v2.json?_trace=1&a=b%20c")
    assert answer.headers["location"] == "/paper/2503.12345.json?_trace=1&a=b%20c"
    assert get("/paper/2503.12345v2.bib").headers["location"] == "/paper/2503.12345.bib"


def test_the_search_box_leads_there(get: Get) -> None:
    for form, key in FORMS.items():
        assert leads_to(get, f"/search?q={quote(form, safe='')}") == f"/paper/{key}"
    assert get("/search?q=a-scheme-of-quills").status_code == 200


def test_a_missing_paper_offers_a_search(get: Get) -> None:
    answer = get('/paper/2503.99999"><b>')
    assert answer.status_code == 404
    assert 'name="q"' in answer.text
    assert 'value="2503.99999&#34;&gt;&lt;b&gt;"' in answer.text
    assert get("/paper/2503.99999.json").json()["status"] == 404
