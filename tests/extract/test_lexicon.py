"""Tests of the lexicon's names."""

from importlib.resources import files

import pytest

from etl.extract import lexicon


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
