"""Tests of the table of pairs of names that come together, or stay apart."""

import tomllib
from pathlib import Path

import pytest

from catalog.domain.records import ResultRecord
from etl.ingest.name_rules import NO_RULES

DATA = Path(__file__).parents[1] / "data" / "extraction" / "decided_pairs.toml"
PAIRS = tomllib.loads(DATA.read_text(encoding="utf-8"))


def key(subject: str, name: str, dataset: str | None) -> object:
    if subject == "datasets":
        row = NO_RULES.dataset(ResultRecord(text="1", dataset=name, dataset_text=name))
    else:
        row = NO_RULES.metric(ResultRecord(text="1", metric=name, dataset=dataset))
    assert row is not None
    return row["key"]


@pytest.mark.parametrize("subject", ["datasets", "metrics"])
@pytest.mark.parametrize("decision", ["same", "apart"])
def test_each_decided_pair_is_as_decided(subject, decision):
    for one, other, *dataset in PAIRS[subject][decision]:
        on = dataset[0] if dataset else None
        keys = key(subject, one, on), key(subject, other, on)
        assert (keys[0] == keys[1]) == (decision == "same"), (one, other, keys)


def test_names_that_stay_apart_have_addresses_of_their_own():
    names = {name for pair in PAIRS["datasets"]["apart"] for name in pair}
    rows = [NO_RULES.dataset(ResultRecord(text="1", dataset=name)) for name in names]
    assert len({row["slug"] for row in rows if row}) == len(names)
