"""Tests that the size of a number's model is that of this number, not of the paper."""

import pytest

from catalog.reads.model_sizes import Number, matched

SENTENCE = "A, B and C reach 84.3, 84.9 and 85.6 with 51M, 90M and 201M, respectively."


def number(
    number_id: int, value: float, model: str | None = None, sentence: str = SENTENCE
) -> Number:
    return Number(
        id=number_id, paper_id=1, value=value, model=model, sentence=sentence, is_size=False
    )


def size(value: float, model: str | None = None, sentence: str = SENTENCE) -> Number:
    return Number(id=90, paper_id=1, value=value, model=model, sentence=sentence, is_size=True)


@pytest.mark.parametrize(
    ("numbers", "sizes"),
    [
        ([number(1, 84.3), number(2, 84.9), number(3, 85.6), size(51e6), size(90e6), size(201e6)],
         {1: 51e6, 2: 90e6, 3: 201e6}),
        ([number(1, 84.3, "Small"), number(2, 84.9, "Large"), size(90e6, "large", "Large has 90M."),
          size(51e6, "Small", "Small has 51M.")], {1: 51e6, 2: 90e6}),
        ([number(1, 84.3), number(2, 84.9), size(51e6, None, "It has 51M.")], {1: 51e6, 2: 51e6}),
        ([number(1, 84.3), size(51e6, None, "From 51M"), size(90e6, None, "to 90M.")], {}),
        ([number(1, 84.3, "Small"), size(51e6), size(90e6)], {}),
        ([number(1, 84.3)], {}),
    ],
    ids=["places", "models", "the only one", "elsewhere", "more sizes than numbers", "none"],
)  # fmt: skip
def test_sizes_belong_to_numbers(numbers: list[Number], sizes: dict[int, float]) -> None:
    assert matched(numbers) == sizes
