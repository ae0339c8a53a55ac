"""Tests that garbage collection is rare during a load, and as before afterwards."""

import gc

import pytest

from etl.ingest.garbage_collection import RARE, rare_collections


def broken_off() -> None:
    with rare_collections():
        assert gc.get_threshold()[0] == RARE
        raise ZeroDivisionError


def test_collections_are_rare_within_and_as_before_afterwards():
    before = gc.get_threshold()
    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert gc.get_threshold() == before
