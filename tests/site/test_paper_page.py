"""Tests of a paper's page: claims with places, groups of numbers, marks in sentences."""

import csv
import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from catalog.database.engine import opened
from catalog.models import Dataset, Metric
from catalog.reads.numbers import Number
from catalog.site.highlight import look, marked, marked_numbers
from catalog.site.number_groups import by_dataset, by_sentence
from tests.site.conftest import Get, asking
from tests.site.content import paper, result, save

FIELDS = dict.fromkeys(Number.__struct_fields__)


def number(text: str, **more: Any) -> Number:
    known = {"id": 1, "paper_id": 1, "text": text, "kind": "absolute", "role": "own",
             "origin": "abstract", "state": "machine"}  # fmt: skip
    return Number(**{**FIELDS, **known, **more})


def test_code_and_pdf_are_the_first_buttons(get: Get) -> None:
    page = get("/paper/2503.00001").text
    actions = page.split('<p class="actions">')[1].split("</p>")[0]
    assert actions.index("Lee/Detector ★ 1,234") < actions.index("PDF") < actions.index("BibTeX")


def test_a_claim_tells_its_place_on_its_board(get: Get) -> None:
    page = get("/paper/2412.12340").text
    strip = page.split('<ul class="strip"')[1].split("</ul>")[0]
    assert 'href="/leaderboard/imagenet-1k/accuracy">8th of 8 on ImageNet-1K' in strip


def test_a_hostile_sentence_stays_text(get: Get) -> None:
    page = get("/paper/t-0123456789ab").text
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page


def test_where_it_comes_from_is_folded(get: Get) -> None:
    page = get("/paper/2503.00001").text
    assert '<details class="card provenance"><summary>Where this comes from' in page


def test_numbers_are_grouped_by_sentence_and_those_of_tables_by_dataset() -> None:
    told = [number("1", sentence="a 1 2"), number("2", sentence="a 1 2"), number("3", sentence="b")]
    assert [len(group.numbers) for group in by_sentence(told)] == [2, 1]
    tables = [number("4", dataset="Zoo", metric="AP"), number("5", dataset="ant", metric="F1")]
    assert [(one.dataset, one.metrics) for one in by_dataset([*told, *tables])] == [
        ("ant", "F1"),
        ("Zoo", "AP"),
    ]


def stated(session: Session) -> None:
    """A paper with numbers of a table, of a person, and one that a person corrected."""
    datasets = [Dataset(name=name, slug=name.lower(), key=name.lower()) for name in ("Zoo", "Ant")]
    metric = Metric(name="AP", slug="ap", key="AP", higher_is_better=True)
    save(session, *datasets, metric)
    told = "It is at 5.1 AP on Ant. And 6.2 is more."
    found = paper(session, "2503.00009", "Ants", told, dt.date(2025, 3, 1), has_results=True)
    bare: dict[str, Any] = {"span_start": None, "span_end": None, "sentence": None,
                            "confidence": None}  # fmt: skip
    table = {**bare, "origin": "papers-with-code"}
    person = {**bare, "origin": "curator", "state": "added", "model": "Ant-S"}
    save(
        session,
        result(found, "5.1", value=5.1, metric=metric, dataset=datasets[1], state="corrected"),
        result(found, "6.2", value=6.2, metric=metric, dataset=datasets[0], **table),
        result(found, "2", value=2, metric=metric, dataset=datasets[1], **person),
    )


@pytest.fixture(scope="module")
def ants(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    """A site with that paper."""
    file = tmp_path_factory.mktemp("stated") / "catalog.db"
    shutil.copyfile(migrated, file)
    with opened(f"sqlite:///{file}") as engine, Session(engine) as session:
        stated(session)
        session.commit()
    yield from asking(file)


def test_numbers_from_elsewhere_name_all_their_origins(ants: Get) -> None:
    page = ants("/paper/2503.00009").text
    assert "they come from whoever added them and Papers with Code." in page


def test_every_dataset_has_one_place_to_lead_to(ants: Get) -> None:
    page = ants("/paper/2503.00009").text
    assert [page.count(f'id="on-{slug}"') for slug in ("zoo", "ant")] == [1, 1]


def test_what_a_person_corrected_is_theirs_at_every_place(ants: Get) -> None:
    page = ants("/paper/2503.00009").text
    assert '<td data-label="Certainty" class="n"></td>' in page
    assert "90%" not in page
    board = ants("/leaderboard/ant/ap").text
    assert board.count('<span class="tag">curator</span>') == 2
    rows = csv.DictReader(ants("/leaderboard/ant/ap.csv").text.splitlines())
    assert [(row["origin"], row["certainty"]) for row in rows] == [("curator", "1.0")] * 2


def test_a_number_that_is_more_likely_wrong_than_right_looks_so() -> None:
    cases: list[dict[str, Any]] = [
        {"confidence": 0.49},
        {"confidence": 0.5},
        {"confidence": 0.1, "state": "accepted"},
        {"confidence": None, "origin": "papers-with-code"},
        {"confidence": 0.3, "kind": "delta"},
        {"confidence": 0.3, "role": "other"},
    ]
    assert [look(number("5", **case)) for case in cases] == [
        *("absolute doubtful", "absolute", "absolute", "absolute"),
        *("relative doubtful", "other doubtful"),
    ]


def test_a_number_that_stands_twice_is_marked_at_its_place() -> None:
    sentence = "From 5 of 9 to 5 of 7."
    found = [number("5", span_start=15 + 100, span_end=116), number("9", span_start=110)]
    shown = marked_numbers(sentence, found)
    assert shown == (
        'From 5 of <mark class="absolute">9</mark> to <mark class="absolute">5</mark> of 7.'
    )


def test_a_part_of_a_number_is_no_number() -> None:
    assert marked_numbers("It has 1.58 and 15.", [number("5"), number("15")]) == (
        'It has 1.58 and <mark class="absolute">15</mark>.'
    )


def test_tex_is_read_and_datasets_are_marked() -> None:
    abstract = r"We reach $82.2\%$ on $\alpha$-Bench, not on $\alpha$-Bench2."
    one = number(r"82.2\%", span_start=10, span_end=16, dataset="x", dataset_slug="alpha-bench",
                 dataset_text=r"$\alpha$-Bench")  # fmt: skip
    shown = marked(abstract, [one])
    assert shown.count('<a class="named" href="#on-alpha-bench">α-Bench</a>') == 1
    assert ">82.2%<span" in shown
    assert shown.endswith(", not on α-Bench2.")


def test_a_number_within_the_name_of_a_dataset_stays_marked() -> None:
    abstract = "It is trained on ImageNet 256 x 256 alone."
    found = [
        number("256", span_start=26, span_end=29, dataset="ImageNet 256 x 256", dataset_slug="i"),
        number("9", id=2, span_start=0, span_end=900),
    ]
    shown = marked(abstract, found)
    assert 'href="#r1"' in shown
    assert 'class="named"' not in shown
