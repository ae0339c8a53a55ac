"""Tests of the extractor on hostile texts: no failure, exact offsets."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from etl.extract import extract

PIECES = st.sampled_from(
    ["achieves ", "84.3%", " and ", "1,", "(", ")", "$", "\\%", "\\times", " on COCO", "GPT-4",
     " 3x", "10^{", "}", ". ", "respectively", " from ", " to ", "~", "/", "\u00d7", "\ud7ff", "\n",
     "accuracy", " by ", "-", "http://", "github.com/a/b", "{", "7B", "F1", "AP_{50}", "+", "%",
     " of ", "'s"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=200))
def test_any_text_is_read_with_exact_offsets(text):
    found = extract(text)
    assert found == extract(text)
    for result in found.results:
        assert text[result.start : result.end] == result.text
        assert result.value is not None
    for link in found.links:
        assert text[link.start : link.end] == link.text


TOKENS = st.sampled_from(
    ["10^{", "500", "-", "}", "e", "E", "+", "9", "1", "0", ".", ",", "'", " ", "$", "\\pm", "±",
     "+/-", "(", ")", "[", "]", "x", "\\times", "%", "\\%", "⁻", "⁴", "10", "K", "T", "million",
     "orders of magnitude", "µ", "\\mu", "s", "h", "min", "/", "mol", "factor of ", "~", "–", "−",
     "=", "\u2009", "\\,", "{,}", " to ", " and ", "SD ", "CI ", "²", "٣", "reward of ", "US"]
)  # fmt: skip
"""What numbers are made of, in any order."""


@settings(max_examples=600, deadline=None)
@given(st.lists(TOKENS, max_size=14).map("".join))
def test_any_number_is_finite_with_exact_offsets(text):
    text = f"It reaches an accuracy of {text} on COCO."
    for result in extract(text).results:
        assert text[result.start : result.end] == result.text
        assert math.isfinite(result.value or 0)
        assert result.value_max is None or math.isfinite(result.value_max)


def test_a_number_does_not_go_on_in_the_next_paragraph():
    text = "We reach 81.2\\% accuracy on R&D, 4\n\n\\% of all.\n\nIt costs 5\n \n- 7 dollars."
    texts = [result.text for result in extract(text).results]
    assert texts[0] == "81.2\\%"
    assert not any("\n" in found or found.startswith("-") for found in texts)
