"""Texts that nobody writes: nothing breaks, nothing takes forever."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.extract import extract

PIECES = st.sampled_from(
    ["achieves ", "84.3%", " and ", "1,", "(", ")", "$", "\\%", "\\times", " on COCO", "GPT-4",
     " 3x", "10^{", "}", ". ", "respectively", " from ", " to ", "~", "/", "\u00d7", "\ud7ff", "\n",
     "accuracy", " by ", "-", "http://", "github.com/a/b", "{", "7B", "F1", "AP_{50}", "+", "%",
     " of ", "'s"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=200))
def test_any_text_is_read_with_exact_offsets(text):
    found = extract(text)
    assert found == extract(text)
    for result in found.results:
        assert text[result.start : result.end] == result.text
        assert result.value is not None
    for link in found.links:
        assert text[link.start : link.end] == link.text


HOSTILE = {
    "digits": "1" * 9,
    "commas": "1,",
    "points": "1.2.",
    "brackets": "(",
    "addresses": "https://",
    "hyphens": "a-",
    "powers": "10^",
    "percent": "9% ",
    "backslashes": "\\",
    "dollars": "$1 ",
    "capitals": "Aa ",
    "names": "GPT-4/",
    "lists": "84.3%, ",
    "from to": "from 1% to ",
    "spaces": " ",
    "accuracy": "accuracy 9% ",
    "sentences": "It gets 9%. ",
    "quotes": "'s",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_long_hostile_text_takes_linear_time(piece):
    def cost(length):
        text = piece * (length // len(piece))
        start = time.process_time()
        extract(text)
        return time.process_time() - start

    cost(1000)
    short, long = cost(10_000), cost(40_000)
    assert long < 0.2 + 10 * short
    assert long < 8
