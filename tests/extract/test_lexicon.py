"""Tests of the lexicon's names."""

from importlib.resources import files

import pytest

from etl.extract import extract, lexicon
from etl.extract.dataset_mentions import looks_like_model


@pytest.mark.parametrize(
    ("name", "family", "higher"),
    [("accuracy", "quality", True), ("FID", "quality", False), ("latency", "efficiency", False)],
)
def test_metric_has_family_and_direction(name, family, higher):
    metric = lexicon.metric(name)
    assert (metric.name, metric.family, metric.higher_is_better) == (name, family, higher)


def test_aliases_lead_to_the_canonical_name():
    assert lexicon.metric("word error rate").name == "WER"
    assert lexicon.dataset("MS-COCO").name == "COCO"
    assert lexicon.dataset("AIME24").name == "AIME 2024"
    assert lexicon.metric("no such thing") is None
    assert lexicon.dataset(None) is None


def test_no_alias_stands_for_two_metrics():
    seen = {}
    for metric in lexicon.metrics().values():
        for form in {metric.name, *metric.aliases}:
            assert seen.setdefault(form, metric.name) == metric.name, form


def test_no_alias_stands_for_two_datasets():
    seen = {}
    for dataset in lexicon.datasets().values():
        for form in {dataset.name, *dataset.aliases}:
            assert seen.setdefault(form, dataset.name) == dataset.name, form


def test_data_files_are_part_of_the_package():
    names = {entry.name for entry in (files("etl.extract") / "lexicon").iterdir()}
    assert {"metrics.toml", "datasets.toml", "units.toml", "tasks.toml", "words.toml"} <= names
    for name in ("weights.json", "clusters.json"):
        assert (files("etl.extract") / name).is_file()


def test_unit_factors_lead_to_base_units():
    assert lexicon.unit("TFLOPs") == ("FLOPs", 1e12)
    assert lexicon.unit("percentage points") == ("pp", 1.0)


@pytest.mark.parametrize(
    ("name", "higher"),
    [
        ("speaker drift error", False), ("api cost per query", False), ("rate of failure", False),
        ("held-out loss", False), ("hallucination rates", False), ("peak memory", False),
        ("tail latency", False), ("flip rate", False), ("misalignment", False),
        ("loss on held-out data", False), ("end-to-end rtf", False), ("turns", False),
        ("task success rate", True), ("node label accuracy", True), ("accuracy rate", True),
        ("hallucination resistance", True), ("visual appeal", True), ("achievement rate", True),
        ("pass^4", True), ("recall@2", True), ("avg@12", True), ("AUC on 14 labels", True),
        ("owls", None), ("dynamic degree", None), ("@5", None), (None, None),
    ],
)  # fmt: skip
def test_direction_of_names_that_are_in_no_list(name, higher):
    assert lexicon.higher_is_better(name) is higher


def test_hardly_a_metric_of_the_list_has_no_direction():
    open_ones = {one.name for one in lexicon.metrics().values() if one.higher_is_better is None}
    assert open_ones == {"refusal rate", "overlap"}  # good or bad by what is refused or overlaps


def test_no_word_points_both_ways():
    lists = lexicon._directions()
    assert not lists["lower_heads"] & lists["higher_heads"]
    assert not lists["bad"] & lists["good"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("It has an FID of 1.02 on ImageNet-64 x 64.", "ImageNet-1K"),
        ("It has an FID of 1.02 on ImageNet 256times256.", "ImageNet-1K"),
        ("It has 31.2% accuracy on HMMT 25.", "HMMT 25"),
        ("It has a win rate of 80.2% on TL;DR.", "TL;DR"),
        ("Its success rate is 50.9% on the unseen splits of SOON.", "SOON"),
        ("It has 53.8% pass@1 on ARC-AGI 1.", "ARC-AGI 1"),
        ("It has 53.8% accuracy on MATH 500.", "MATH 500"),
        ("Soon it has an accuracy of 53.8%.", None),
    ],
)
def test_spellings_of_benchmarks_are_known(text, name):
    (found,) = extract(text).results
    assert found.dataset == name


@pytest.mark.parametrize("name", ["H800", "H20", "L40S", "Whisper-large", "wav2vec2-base"])
def test_chips_and_speech_models_are_no_datasets(name):
    assert looks_like_model(name)
