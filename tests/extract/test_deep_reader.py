"""Tests of the reader `deep`: what it is told of a text, how it is heard, and that it reads."""

import dataclasses
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from catalog.domain.errors import CatalogError
from etl.cli import main
from etl.extract import version
from etl.extract.candidates import Candidate
from etl.extract.deep import deep_reader
from etl.extract.deep.document import MARKS, find_places, make_document, occurrences, word_places
from etl.extract.deep.pair_features import as_signs, describe_pairs
from etl.extract.linear_model import shipped
from etl.extract.long_texts import extraction
from etl.extract.number_features import describe
from etl.extract.pipeline import complete, decide, read
from etl.extract.tokens import WORD
from tests.deep_extra import NEEDED, needs_extra

TEXT = "We train BarNet on two GPUs. It reaches 84.3% accuracy on COCO and 71.2% on Cityscapes."
ODD = (
    "",
    "1",
    "5%",
    "84.3% " * 400,
    "é" * 50 + " 84.3% accuracy on 京.",
    "84.3 \x00 accuracy \ufffd",
)


class Tokenizer:
    """A tokenizer whose pieces are words, numbered by their length."""

    def encode(self, sequence, *, add_special_tokens=True):
        found = list(WORD.finditer(sequence))
        ids = [len(match.group()) for match in found]
        if add_special_tokens:
            ids = [101, *ids, 102]
        return SimpleNamespace(ids=ids, offsets=[match.span() for match in found])


@pytest.fixture
def reading():
    found = read(TEXT, "BarNet", [])
    assert found
    for spot in found.spots:
        describe(spot)
    complete(found, found.spots)
    return found


def test_words_are_found_in_the_text_again(reading):
    scene = reading.scenes[1]
    shown = [TEXT[start:end] for start, end in word_places(scene.sentence, TEXT)]
    assert shown == ["It", "reaches", "84.3%", "accuracy", "on", "COCO", "and", "71.2%", "on",
                     "Cityscapes", "."]  # fmt: skip


def test_numbers_and_names_are_marked(reading):
    document = make_document(reading, reading.spots[:1], Tokenizer())
    marked = {}
    for piece, mark in document.marks:
        if piece >= document.first:
            at = piece - document.first
            shown = reading.text[document.starts[at] : document.ends[at]]
            marked.setdefault(MARKS[mark], []).append(shown)
    assert marked["result"] == ["84.3", "%"]
    assert marked["other number"] == ["71.2", "%"]
    assert marked["metric"] == ["accuracy"]
    assert marked["dataset"] == ["BarNet", "COCO", "Cityscapes"]
    assert "It" in marked["capital"]
    assert [piece for piece, mark in document.marks if MARKS[mark] == "title"] == [0, 1, 2]


def test_sentences_without_a_name_or_number_near_are_not_read():
    text = f"{'It is a long story. ' * 4}{TEXT}"
    found = read(text, None, [])
    assert found
    complete(found, found.spots)
    heard = make_document(found, found.spots, Tokenizer())
    assert text[heard.starts[0] :].startswith("It is a long story. We train")


def test_a_place_beyond_what_is_read_is_none(reading):
    document = make_document(reading, reading.spots, Tokenizer())
    assert document.place(len(TEXT) + 5, len(TEXT) + 9) is None
    start = TEXT.index("COCO")
    first, last = document.place(start, start + 4) or (0, 0)
    assert (document.starts[first - document.first], last - first) == (start, 1)


def test_each_candidate_stands_where_its_rule_says(reading):
    spot, before = reading.spots[1], reading.spots[0]
    found = find_places(
        spot,
        [
            Candidate("COCO", "dataset in sentence", "COCO"),
            Candidate("Cityscapes", "dataset in sentence", "Cityscapes"),
            Candidate("BarNet", "dataset before", "BarNet"),
            Candidate("COCO", "as the number before"),
            Candidate(None, "no dataset named"),
        ],
        TEXT,
        before,
    )
    shown = [place and TEXT[slice(*place)] for place in found]
    assert shown == ["COCO", "Cityscapes", "BarNet", "84.3%", None]


def test_a_name_printed_twice_is_told_apart():
    text = "It has accuracy of 3.1 and accuracy of 4.2 points."
    spot = read(text, None, []).spots[0]
    twice = [Candidate("accuracy", "name in sentence", "accuracy") for _ in range(2)]
    first, second = find_places(spot, twice, text, None)
    assert first
    assert second
    assert first < second


def test_words_that_are_parted_stand_where_the_last_does():
    assert occurrences("box mAP", "box and mask mAP") == [(13, 16)]
    assert occurrences("F1 score", "the F1\nscore") == [(4, 12)]


def test_features_tell_side_order_and_list(reading):
    spot = reading.spots[1]
    names = [Candidate("COCO", "dataset in sentence", "COCO"), Candidate(None, "no dataset named")]
    told = describe_pairs(
        spot, names, [(3, 4), None], (5, 6), [(reading.spots[0], "COCO")], "delta"
    )
    assert "far=L 1" in told[0]
    assert "order=L 0" in told[0]
    assert any(name.startswith("history=") and " True " in name for name in told[0])
    assert "nowhere=no dataset named" in told[1]


def test_the_likeliest_is_told():
    assert [signs[2] for signs in as_signs([-3.0, -0.1, -4.0])] == [0.0, 1.0, 0.0]


class Contrary:
    """An opinion that finds the last choice the only one."""

    def __init__(self, reading, results):
        self.asked = []

    def on(self, choice, spot, history, kind):
        def revise(candidates, scores):
            self.asked.append((choice, kind))
            return [0.0] * (len(scores) - 1) + [9.0]

        return revise

    def revise_role(self, spot, scores):
        self.asked.append(("role", ""))
        return scores[::-1]


def test_an_opinion_is_heard_where_there_is_a_choice():
    found = read("It cuts latency and error by 12% on the new data.", None, [], shipped())
    assert found
    asked = []

    def form(reading, results):
        opinion = Contrary(reading, results)
        asked.append(opinion)
        return opinion

    alone = decide(found, shipped())
    heard = decide(found, shipped(), form)
    assert alone[0].metric[0].name is not None
    assert heard[0].metric[0].rule == "no metric named"
    assert asked[0].asked == [("metric", ""), ("role", "")]
    assert heard[0].own != alone[0].own


def test_nobody_is_asked_about_text_without_results():
    def form(reading, results):
        raise AssertionError

    assert extraction("We use 8 GPUs in 2024.", None, None, form).results == ()


def test_its_version_follows_from_that_of_the_built_in_reader():
    assert deep_reader.READER.version("").startswith(f"{version()}.")


@pytest.mark.parametrize("name", NEEDED)
def test_what_is_missing_is_told_in_a_line(name, monkeypatch):
    def missing():
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    deep_reader._loaded.cache_clear()
    pytest.importorskip("numpy", reason="without it the test above is no test")
    pytest.importorskip("etl.extract.deep.model")
    monkeypatch.setattr("etl.extract.deep.model.shipped_model", missing)
    with pytest.raises(CatalogError) as told:
        deep_reader.READER.read([(TEXT, None)], "")
    assert told.value.why == f"{name} is not installed"
    assert "[deep]" in told.value.hint


@needs_extra
def test_it_reads():
    deep_reader._loaded.cache_clear()
    (found,) = deep_reader.READER.read([(TEXT, "BarNet")], "")
    assert [(r.value, r.metric, r.dataset) for r in found.results] == [
        (84.3, "accuracy", "COCO"), (71.2, "accuracy", "Cityscapes"),
    ]  # fmt: skip
    assert all(0 < (result.row_confidence or 0) <= 1 for result in found.results)
    assert deep_reader.READER.read([(TEXT, "BarNet")], "") == [found]


@needs_extra
@pytest.mark.parametrize("text", ODD)
def test_no_text_is_too_odd(text):
    assert len(deep_reader.READER.read([(text, None)], "")) == 1


@needs_extra
def test_it_explains():
    outcome = CliRunner().invoke(
        main, ["extract", "-", "--explain", "--reader", "deep"], input=TEXT
    )
    assert outcome.exit_code == 0, outcome.output
    assert "dataset and role are right too" in outcome.stdout


@needs_extra
def test_its_confidence_is_its_own():
    scorer, _ = deep_reader._loaded()
    same = dataclasses.replace(
        scorer, confidence=shipped().confidence, row_confidence=shipped().row_confidence
    )
    assert same == shipped()
    assert scorer != shipped()
