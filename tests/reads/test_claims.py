"""Tests of what is shown by default: sure numbers, best per paper and model, no bounds."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from catalog.domain.claims import FLOOR, is_bound
from catalog.domain.headline import headline
from catalog.models import Dataset, Metric, Paper, Result
from catalog.reads.boards import Board, Filters, board, boards
from catalog.reads.cards import cards
from catalog.reads.drivers import run
from tests.reads.papers_with_code import save


@dataclass
class Claim:
    metric: str | None = "accuracy"
    family: str | None = "quality"
    dataset: str | None = "SetA"
    kind: str = "absolute"
    role: str = "own"
    origin: str = "abstract"
    state: str = "machine"
    confidence: float | None = 0.99
    row_confidence: float | None = 0.95
    value: float | None = 1.0
    value_max: float | None = None
    text: str = "1.0%"
    sentence: str | None = "We reach 1.0%."
    is_bound: bool = False
    unit: str | None = "%"
    sign: str | None = None
    higher_is_better: bool | None = True
    extra: dict[str, Any] = field(default_factory=dict)


def test_a_headline_holds_sure_claims_only() -> None:
    unsure, sure = Claim(row_confidence=FLOOR - 0.01), Claim(dataset="SetB", row_confidence=FLOOR)
    assert headline([unsure, sure]) == [sure]
    assert headline([unsure]) == []


def test_what_a_person_decided_or_a_table_states_is_sure() -> None:
    by_person = Claim(state="corrected", row_confidence=0.1)
    of_table = Claim(
        dataset="SetB", origin="papers-with-code", confidence=None, row_confidence=None
    )
    assert headline([by_person, of_table]) == [by_person, of_table]


def test_a_number_read_before_rows_had_a_confidence_has_that_of_its_metric() -> None:
    assert headline([Claim(row_confidence=None)])
    assert not headline([Claim(row_confidence=None, confidence=0.5)])


def test_quality_comes_before_cost_and_cost_before_size() -> None:
    size, cost = Claim(metric="parameters", family="efficiency"), Claim("latency", "efficiency")
    quality = Claim(row_confidence=0.9)
    assert headline([size, cost, quality]) == [quality, cost, size]


def test_of_claims_on_one_thing_the_largest_is_shown() -> None:
    small, large = Claim(value=80.0, row_confidence=0.99), Claim(value=84.3, row_confidence=0.9)
    assert headline([small, large]) == [large]
    fewer, more = Claim(value=3.1), Claim(value=4.2)
    for error in (fewer, more):
        error.metric, error.higher_is_better = "WER", False
    assert headline([more, fewer]) == [fewer]
    assert headline([small, Claim(value=0.843, unit=None, row_confidence=0.9)]) == [small]


@pytest.mark.parametrize(
    "left_out",
    [
        Claim(is_bound=True),
        Claim(role="other"),
        Claim("parameters", "efficiency", value_max=70.0),
        Claim(metric=None, dataset=None),
        Claim(metric=None, sentence="It is small, preserving 1.0% performance."),
        Claim("success rate", value=0.0),
    ],
)
def test_what_says_nothing_by_itself_is_no_headline(left_out: Claim) -> None:
    assert headline([left_out]) == []


def test_no_failure_at_all_is_a_headline() -> None:
    none = Claim("error rate", value=0.0)
    none.higher_is_better = False
    assert headline([none]) == [none]


def test_a_difference_of_something_unnamed_is_a_headline() -> None:
    gain = Claim(metric=None, dataset=None, kind="delta", sign="+")
    assert headline([gain]) == [gain]


@pytest.mark.parametrize(
    "sentence",
    [
        "Scores of nearly 65% are usual.", "It gets 65%+ here.", "It is as high as 65%.",
        "It is no better than 65%.", r"It is $\geq$ 65%.", r"It is \textgreater{}65%.",
        "All models stay under 65% here.", "It is over 65%.", "They score less than 65%.",
        "At least 65% are right.", "We see >65% there.", "It exceeds 65%.", "Up to 65% are kept.",
    ],
)  # fmt: skip
def test_a_bound_is_told_from_a_value(sentence: str) -> None:
    assert is_bound(sentence, "65%")


@pytest.mark.parametrize(
    ("sentence", "text"),
    [("We reach 65%.", "65%"), ("It improves over Net by 65%.", "65%"), ("65% of 65%", "65%")],
)
def test_a_value_is_no_bound(sentence: str, text: str) -> None:
    assert not is_bound(sentence, text)


@pytest.fixture
def ranked(engine: Engine) -> Engine:
    """A board of four papers: unsure, bounded and repeated results among them."""
    with Session(engine) as session:
        dataset = Dataset(name="SetA", slug="seta", key="seta")
        metric = Metric(name="accuracy", slug="accuracy", key="accuracy", higher_is_better=True)
        save(session, dataset, metric)
        rows: list[tuple[str, float, dict[str, Any]]] = [
            ("one", 90, {}),
            ("one", 89, {}),  # the same paper and model: folded
            ("one", 88, {"model": "Small"}),
            ("two", 95, {"row_confidence": 0.3}),
            ("two", 91, {"row_confidence": 0.3, "state": "corrected"}),
            ("three", 80, {}),
            ("four", 99, {"is_bound": True}),
        ]
        papers = {}
        for number, name in enumerate(dict.fromkeys(name for name, _, _ in rows), start=1):
            papers[name] = Paper(
                key=f"a-00000000000{number}", label=name, has_code=False, has_results=True,
                first_seen_on=dt.date(2025, 3, number),
            )  # fmt: skip
            save(session, papers[name])
        for start, (name, value, more) in enumerate(rows):
            fields = {
                "text": f"{value}%", "sentence": f"We reach {value}%.", "unit": "%",
                "confidence": 0.99, "row_confidence": 0.95, "state": "machine",
                "span_start": start * 10, "span_end": start * 10 + 3, **more,
            }  # fmt: skip
            save(session, Result(
                paper_id=papers[name].id, dataset_id=dataset.id, metric_id=metric.id, value=value,
                kind="absolute", role="own", origin="abstract", **fields,
            ))  # fmt: skip
        session.commit()
    return engine


def read_board(engine: Engine, filters: Filters) -> Board:
    with engine.connect() as connection:
        found = run(connection, board("seta", "accuracy", filters))
    assert found is not None
    return found


def test_a_board_ranks_what_is_sure_once_a_paper_and_model(ranked: Engine) -> None:
    found = read_board(ranked, Filters())
    told = [(one.rank, one.value, one.label, one.others) for one in found.ranking]
    assert told == [(1, 91, "two", 0), (2, 90, "one", 1), (3, 88, "one", 0), (4, 80, "three", 0)]
    assert (found.hidden, found.papers, found.is_thin) == (2, 3, False)


def test_the_list_of_boards_counts_what_the_board_shows(ranked: Engine) -> None:
    with ranked.connect() as connection:
        (listed,) = run(connection, boards())
    assert (listed.papers, listed.results) == (3, 5)  # a folded number counts


def test_everything_is_one_click_away(ranked: Engine) -> None:
    found = read_board(ranked, Filters(confidence=0))
    assert [one.value for one in found.ranking] == [99, 95, 90, 88, 80]
    assert found.hidden == 0


def test_a_board_of_two_papers_is_a_list_of_claims(ranked: Engine) -> None:
    assert read_board(ranked, Filters(confidence=0.96)).is_thin


def test_a_card_leaves_out_a_metric_that_is_inferred(ranked: Engine) -> None:
    with Session(ranked) as session:
        session.execute(update(Result).values(metric_inferred=True))
        session.commit()
    with ranked.connect() as connection:
        (one,) = run(connection, cards([1]))
    assert {(found.metric, found.dataset) for found in one.numbers} == {(None, "SetA")}


def test_a_card_shows_what_is_sure_and_counts_the_rest(ranked: Engine) -> None:
    with ranked.connect() as connection:
        found = run(connection, cards([1, 2, 3, 4]))
    two = next(card for card in found if card.label == "two")
    assert [number.text for number in two.numbers] == ["91%"]
    assert two.numbers_in_all == 2


def test_a_number_that_is_sure_but_for_its_dataset_is_shown_without(ranked: Engine) -> None:
    with Session(ranked) as session:
        session.execute(update(Result).values(row_confidence=0.5, state="machine"))
        session.commit()
    with ranked.connect() as connection:
        (one,) = run(connection, cards([1]))
    assert [(found.text, found.dataset) for found in one.numbers] == [("90%", None)]


def test_a_number_without_dataset_is_left_out_beside_one_of_its_metric() -> None:
    with_it, without = Claim(), Claim(dataset=None, value=99.0)
    assert headline([without, with_it]) == [with_it]
    assert headline([without, Claim("F1")]) == [Claim("F1"), without]
