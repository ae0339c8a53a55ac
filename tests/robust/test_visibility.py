"""Tests that `catalog serve` warns if others than this machine can see the catalog."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.robust.programs import start, stop_all
from tests.waiting import PATIENCE

WORDS = "everybody who can reach this address reads the whole catalog"


@pytest.fixture(autouse=True)
def _nothing_goes_on() -> Iterator[None]:
    yield
    stop_all()


@pytest.mark.parametrize(("host", "is_told"), [("0.0.0.0", True), ("127.0.0.1", False)])
def test_listening_to_others_says_what_becomes_visible(
    host: str, is_told: bool, catalog_file: Path, folder: Path
):
    process = start("serve", "--host", host, "--port", "0", folder=folder)
    assert process.stderr
    told = process.stderr.readline()
    assert (WORDS in told) == is_told
    if is_told:
        told = process.stderr.readline()
    assert told.startswith("Serving ")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE)
