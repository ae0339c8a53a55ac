"""Tests of the metric and the task that are usual on a dataset."""

import tomllib
from importlib.resources import files

import pytest

from catalog.domain.records import ResultRecord
from etl.extract import extract, lexicon
from etl.extract.lexicon.usual import usual_metric, usual_task


def lexicon_file(name):
    return tomllib.loads((files("etl.extract.lexicon") / name).read_text(encoding="utf-8"))


TABLE = lexicon_file("usual_metrics.toml")["usual"]


def number(dataset="ImageNet", text="84.3%", value=84.3, unit="%", **fields):
    return ResultRecord(text=text, value=value, unit=unit, dataset=dataset, **fields)


def test_every_dataset_has_one_usual_metric_that_the_lexicon_knows():
    names = [name for entry in TABLE for name in entry["datasets"]]
    keys = [getattr(lexicon.dataset(name), "name", name) for name in names]
    assert len(names) > 300
    assert sorted({key for key in keys if keys.count(key) > 1}) == []
    assert [entry["metric"] for entry in TABLE if lexicon.metric(entry["metric"]) is None] == []


def test_the_usual_metric_is_that_of_the_board():
    for entry in TABLE:
        for name in entry["datasets"]:
            board = lexicon.board_metric(entry["metric"], name)
            assert board == entry["metric"], name


@pytest.mark.parametrize(
    ("dataset", "value", "unit", "metric"),
    [
        ("ImageNet", 84.3, "%", "top-1 accuracy"),
        ("ImageNet", 2.1, None, None),  # perhaps FID
        ("MMLU", 71.2, None, "accuracy"),
        ("SWE-Bench-Verified", 62.4, "%", "resolve rate"),
        ("HumanEval+", 80.5, "%", "pass@1"),
        ("COCO", 54.3, None, "mAP"),
        ("LibriSpeech", 2.1, "%", "WER"),
        ("DIV2K", 31.2, "dB", "PSNR"),
        ("DIV2K", 31.2, "ms", None),
        ("QuillBench", 61.0, None, "score"),
        ("QuillBench", 61.0, "GB", None),
        ("QuillBench", 340.0, "%", None),
        ("QuillBench", 2400.0, None, "score"),
        ("MMLU", 2400.0, None, None),
        ("WMT14", 100.5, None, None),
        ("LIBERO", -3.2, None, None),
        ("WikiText-2", 112.5, None, "perplexity"),
        ("VATEX", 104.8, None, "CIDEr"),
        ("Atari 100k", 190.4, "%", "human-normalized score"),
    ],
)
def test_a_number_takes_the_metric_that_is_usual_on_its_dataset(dataset, value, unit, metric):
    text = f"{value}{unit or ''}"
    assert usual_metric(number(dataset, text, value, unit)) == metric


def test_only_values_without_a_metric_on_a_dataset_take_one():
    assert usual_metric(number(metric="top-5 accuracy")) is None
    assert usual_metric(number(kind="delta")) is None
    assert usual_metric(number(dataset=None)) is None
    assert usual_metric(number(value=None)) is None


@pytest.mark.parametrize(
    ("sentence", "is_value"),
    [
        ("It keeps 95% of the teacher's score on SetA.", False),
        ("It is small, preserving 95% performance on SetA.", False),
        ("It solves 95% of SetA.", True),
        ("It solves 95% of all problems in SetA.", True),
        ("It wins 95% of the hard games on SetA.", True),
        ("It takes 95% of the time on SetA.", False),
        ("It has 1.95% of the parameters and 95% on SetA.", True),
        ("It has 1.95% on SetB, keeping 95% of the quality on SetA.", False),
        ("It reaches 95% on SetA.", True),
    ],
)
def test_a_share_of_another_value_takes_no_metric(sentence, is_value):
    found = usual_metric(number("SetA", "95%", 95.0, sentence=sentence))
    assert found == ("score" if is_value else None)


def test_a_range_takes_the_metric_only_if_it_may_have_it_from_end_to_end():
    assert usual_metric(number("MMLU", "60-70", 60.0, None, value_max=70.0)) == "accuracy"
    assert usual_metric(number("MMLU", "60-700", 60.0, None, value_max=700.0)) is None


def test_every_dataset_has_one_usual_task_that_the_lexicon_knows():
    content = (files("etl.extract.lexicon") / "usual_tasks.toml").read_text(encoding="utf-8")
    tasks = tomllib.loads(content)["tasks"]
    for task in tasks:
        words = task.split()
        assert lexicon.task_forms().longest(task.lower().split(), words, 0) == (len(words), task)
    for task, names in tasks.items():
        assert [usual_task(name) for name in names] == [task] * len(names)


def test_a_number_has_the_task_of_its_dataset_before_that_of_its_sentence():
    text = (
        "Our segmentation backbone reaches 84.3% top-1 accuracy on ImageNet and 51.2 mIoU on COCO."
    )
    tasks = [(found.dataset, found.task) for found in extract(text).results]
    assert tasks[0] == ("ImageNet-1K", "image classification")
    assert tasks[1][1] == "semantic segmentation"
