"""Test what is believed of a second reading, and how two readings are merged."""

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec import structs

from catalog.domain.records import Extraction, ResultRecord
from etl.extract import extract
from etl.extract.language_model import verification as why
from etl.extract.language_model.answer import Answer, Record
from etl.extract.language_model.question import Choices, Question, ask_about_all
from etl.extract.language_model.reading import measured, second_reading
from etl.extract.language_model.verification import Verified, verify
from etl.extract.two_readings import SecondReading, Shares, merge_readings

TEXT = (
    "Quill-7 gains 4.8 and 2.2 percentage points over Inkpot on COCO and LVIS, in 12 ms per image."
)
SHARES = Shares(kind=0.9, row=0.8, none=0.9, added_kind=0.7, added_row=0.6, same_error=0.5)


def question_about(text: str, title: str | None = None) -> Question:
    question = ask_about_all(text, title)
    assert question is not None
    return question


def answered(text: str, records: Sequence[dict[str, Any]], others: Sequence[int] = ()) -> Verified:
    made = [Record(**{"kind": "absolute", "role": "own", **record}) for record in records]
    return verify(question_about(text), Answer(results=tuple(made), others=tuple(others)))


def test_value_and_unit_are_those_of_our_grammar():
    found = answered("It needs 0.78M parameters and \\$5.", [{"n": 1, "metric": "parameters"}], [2])
    (result,) = found.results
    assert (result.value, result.text, result.rule) == (780_000, "0.78M", "language model")
    assert result.sentence == "It needs 0.78M parameters and \\$5."


def test_offsets_lead_to_the_number():
    (result,) = answered(TEXT, [{"n": 3, "metric": "latency"}], [1, 2]).results
    assert TEXT[result.start : result.end] == result.text == "12 ms"


APART = "It gains 4.8 AP on COCO and, with Inkpot in its place, 2.2 percentage points on LVIS."


def test_a_unit_is_taken_from_another_number_of_the_sentence():
    given = {"kind": "delta", "sign": "+", "unit": "percentage points", "metric": "AP"}
    first, second = answered(APART, [{"n": 1, **given}, {"n": 2, **given}]).results
    assert (first.unit, second.unit) == ("pp", "pp")


def test_a_unit_that_no_number_of_the_sentence_has_is_not_believed():
    (result,) = answered(APART, [{"n": 1, "unit": "kg", "metric": "AP"}], [2]).results
    assert result.unit is None


RANGE = "It is 2 to 4 times faster on 7 GPUs. Later it was 9 times faster."


def test_two_marks_make_a_range():
    (result,) = answered(RANGE, [{"n": 1, "to": 2, "kind": "ratio"}], [3, 4]).results
    assert (result.value, result.value_max, result.text) == (2, 4, "2 to 4 times")


def test_a_from_to_is_two_results():
    found = answered("FID falls 9.1 to 8.2 in all.", [{"n": 1, "role": "other"}, {"n": 2}])
    assert [(r.value, r.value_max, r.role) for r in found.results] == [
        (9.1, None, "other"),
        (8.2, None, "own"),
    ]


DROPPED: dict[str, list[dict[str, Any]]] = {
    why.NO_SUCH_NUMBER: [{"n": 9, "metric": "latency"}],
    why.NO_SUCH_RANGE: [{"n": 1, "to": 4}],
    why.TWICE: [{"n": 1}, {"n": 1}],
    why.NO_SUCH_METRIC: [{"n": 1, "metric": "quibble rating"}],
    why.NO_SUCH_DATASET: [{"n": 1, "dataset": "ImageNet"}],
    why.TOO_LONG: [{"n": 1, "metric": "speed " * 50}],
    why.NO_SUCH_MODEL: [{"n": 1, "model": "GPT-4"}],
}


@pytest.mark.parametrize("reason", DROPPED)
def test_what_the_text_does_not_bear_out_is_dropped_and_counted(reason):
    found = answered(RANGE, DROPPED[reason])
    assert found.dropped[reason] == 1
    assert all(r.dataset is None and r.model is None for r in found.results)
    assert len(found.results) <= 1


def test_numbers_without_an_answer_are_counted():
    assert answered(RANGE, [{"n": 1, "to": 2}]).dropped == {why.NOT_ANSWERED: 2}


def test_names_go_through_the_lexicon():
    text = "On ImageNet the acc is 91.2, and on MS-COCO the mean average precision is 44.1."
    found = answered(
        text,
        [
            {"n": 1, "metric": "acc", "dataset": "ImageNet"},
            {"n": 2, "metric": "mean average precision", "dataset": "MS COCO"},
        ],
    )
    named = [(result.metric, result.dataset) for result in found.results]
    assert named == [("accuracy", "ImageNet-1K"), ("mAP", "COCO")]


@pytest.mark.parametrize("word", ["performance", "Improvement", "  ", ""])
def test_words_that_name_no_metric_are_none(word):
    (result,) = answered("It is 5% better.", [{"n": 1, "metric": word, "kind": "delta"}]).results
    assert result.metric is None


def test_only_choices_are_believed_where_there_are_choices():
    question = question_about("It has 5% on A and 7% on B.")
    question = Question(
        question.abstract, None, question.message, question.marks,
        {1: Choices(("accuracy",), ("A",)), 2: Choices(("accuracy",), ("B",))},
    )  # fmt: skip
    records = (
        Record(n=1, kind="absolute", role="own", metric="Accuracy", dataset="A"),
        Record(n=2, kind="absolute", role="own", metric="F1", dataset="B"),
    )
    found = verify(question, Answer(results=records, others=()))
    assert [(result.metric, result.dataset) for result in found.results] == [("accuracy", "A")]
    assert found.dropped == {why.NOT_A_CHOICE: 1}


ONE = extract("It reaches 84.3% top-1 accuracy on COCO.").results[0]


def ours(**changes: Any) -> Extraction:
    shares = {"confidence": 0.8, "row_confidence": 0.6, **changes}
    return Extraction(results=(structs.replace(ONE, **shares),))


def theirs(**changes: Any) -> SecondReading:
    plain = structs.replace(ONE, confidence=None, row_confidence=None, rule="language model")
    return SecondReading(results=(structs.replace(plain, **changes),))


def only(found: Extraction) -> ResultRecord:
    (result,) = found.results
    return result


def sure(result: ResultRecord) -> tuple[float, float]:
    """Confidence and row confidence."""
    assert result.confidence is not None
    assert result.row_confidence is not None
    return result.confidence, result.row_confidence


def test_agreement_raises_both_confidences():
    found = merge_readings(ours(), theirs(), SHARES)
    result = only(found)
    confidence, row = sure(result)
    assert confidence > 0.95
    assert 0.85 < row < confidence
    assert found.disagreements == ()
    assert result.rule == ONE.rule


@pytest.mark.parametrize(("share", "stands"), [(0.6, "other"), (0.97, "built-in")])
def test_of_two_metrics_the_likelier_one_stands(share, stands):
    found = merge_readings(
        ours(confidence=share, row_confidence=share), theirs(metric="accuracy"), SHARES
    )
    result = only(found)
    assert result.metric == ("accuracy" if stands == "other" else "top-1 accuracy")
    assert sure(result)[0] < max(share, SHARES.kind)
    (told,) = found.disagreements
    assert (told.field, told.builtin, told.other) == ("metric", "top-1 accuracy", "accuracy")
    assert told.builtin_stands == (stands == "built-in")


def test_another_dataset_lowers_the_row_alone():
    found = merge_readings(ours(), theirs(dataset="LVIS"), SHARES)
    result = only(found)
    assert (result.dataset, result.metric) == ("LVIS", "top-1 accuracy")
    assert sure(result)[0] > 0.95
    assert sure(result)[1] < 0.8
    assert [told.field for told in found.disagreements] == ["dataset"]


@pytest.mark.parametrize("share", [0.5, 0.97])
def test_a_result_that_is_denied_goes_or_stays_with_less_confidence(share):
    denied = SecondReading(others=((ONE.start or 0, ONE.end or 0),))
    found = merge_readings(ours(confidence=share, row_confidence=share), denied, SHARES)
    assert len(found.results) == (share > SHARES.none)
    assert all(sure(result)[0] < share for result in found.results)
    (told,) = found.disagreements
    assert (told.field, told.other) == ("result", None)
    assert told.builtin == "top-1 accuracy on COCO, absolute, own"


def test_a_result_that_the_built_in_reader_lacks_is_added():
    found = merge_readings(Extraction(), theirs(), SHARES)
    assert (only(found).confidence, only(found).row_confidence) == (0.7, 0.6)
    assert found.disagreements[0].builtin is None


def test_a_number_without_an_answer_stays_as_it_was():
    assert merge_readings(ours(), SecondReading(), SHARES) == ours()


def test_the_second_reader_says_whose_a_number_is():
    found = merge_readings(ours(), theirs(model="Quill"), SHARES)
    assert only(found).model == "Quill"
    assert found.disagreements == ()


def test_a_range_may_be_two_numbers():
    text = "Its FID is 8.2 to 9.1 in all cases."
    built_in = extract(text)
    assert [result.value_max for result in built_in.results] == [9.1]
    split = answered(text, [{"n": 1, "metric": "FID"}, {"n": 2, "metric": "FID"}])
    low = structs.replace(built_in.results[0], confidence=0.5, row_confidence=0.4)
    found = merge_readings(Extraction(results=(low,)), second_reading(split), SHARES)
    assert [(result.value, result.value_max) for result in found.results] == [
        (8.2, None),
        (9.1, None),
    ]


def test_a_number_that_is_stated_twice_is_recorded_once():
    twice = SecondReading(results=(*theirs().results, *theirs(start=90, end=95).results))
    assert len(merge_readings(Extraction(), twice, SHARES).results) == 1


@pytest.mark.parametrize("confidence", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("changes", [{}, {"metric": "F1"}, {"dataset": None}, {"role": "other"}])
def test_confidences_are_shares(confidence, changes):
    mine = ours(confidence=confidence, row_confidence=confidence)
    for result in merge_readings(mine, theirs(**changes), SHARES).results:
        whole, row = sure(result)
        assert 0 < row <= whole < 1


def test_the_measured_shares_are_shares():
    assert all(0 < share <= 1 for share in structs.astuple(measured()))
