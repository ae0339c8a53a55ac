"""Tests of the models of numbers where grammar, title or sizes name them."""

import pytest

from etl.extract import extract


def models(text: str, title: str | None = None) -> list[str | None]:
    return [found.model for found in extract(text, title).results]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Our tuned model, named Plumeformer, achieves 46.1% accuracy on COCO.", "Plumeformer"),
        ("Even the best model, q4-mini, reaches only 46.1% accuracy on COCO.", "q4-mini"),
        ("The best models, such as q4-mini, score 46.1% accuracy on COCO.", "q4-mini"),
        ("Our final model, Plume v0.2, sets a state of the art with 46.1% accuracy on COCO.",
         "Plume v0.2"),
        ("By this model, Quillnet supports plumes, reaching 46.1% accuracy on COCO.", "Quillnet"),
    ],
)  # fmt: skip
def test_a_model_may_be_named_in_apposition(text: str, told: str) -> None:
    assert models(text, "Quillnet: Plumes") == [told]


def test_what_is_compared_in_brackets_is_not_the_model_in_apposition() -> None:
    text = "The best model, q4-mini, achieves 65.0% accuracy, while BarNet reaches 50.3%."
    assert models(text) == ["q4-mini", "BarNet"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("We introduce Plume-2, a 14-billion parameter reasoning model.", ["Plume-2"]),
        ("We train a 47M-parameter language model, Plumeformer.", ["Plumeformer"]),
        ("We release Plume-Large, with 94B parameters, and Plume-Mini, with 12B parameters.",
         ["Plume-Large", "Plume-Mini"]),
        ("It is tuned on Plume-Base, a 15B-parameter open model.", ["Plume-Base"]),
    ],
)  # fmt: skip
def test_a_size_is_of_the_model_beside_it(text: str, told: list[str]) -> None:
    assert models(text, "Quillnet: Plumes") == told


@pytest.mark.parametrize(
    ("text", "title", "told"),
    [
        ("We show that Quill S reaches an accuracy of 91.2% on COCO.", "Quill S: Plumes",
         "Quill S"),
        ("We present it. Quill achieves an accuracy of 91.2% on COCO.", "MR. Quill: Plumes",
         "MR. Quill"),
        ("QuillNet 7B reaches an accuracy of 91.2% on COCO.", "QuillNet: Plumes", "QuillNet 7B"),
    ],
)  # fmt: skip
def test_a_name_is_whole(text: str, title: str, told: str) -> None:
    assert models(text, title) == [told]


def test_the_model_is_not_what_it_is_compared_with() -> None:
    text = "Our fusion beats Brashnet on all, with an accuracy that is 2.1% above Brashnet."
    (found,) = extract(text, "Quillnet: Plumes").results
    assert found.model != found.baseline


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("On the LINZ dataset, our method reaches a mean accuracy of 61.2%.", None),
        ("Our method reaches a 3D accuracy of 61.2%, the best of all.", None),
    ],
)
def test_a_dataset_and_a_number_of_dimensions_are_no_model(text: str, told: str | None) -> None:
    assert models(text) == [told]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("BrashNet18 with QuillConv achieves an accuracy of 61.2% on COCO.",
         "BrashNet18 with QuillConv"),
        ("We find that BrashNet18 trains with QuillConv to an accuracy of 61.2% on COCO.",
         "QuillConv"),
    ],
)  # fmt: skip
def test_a_model_with_a_part_is_shown_with_it(text: str, told: str) -> None:
    assert models(text, "QuillConv: Plumes") == [told]


def test_a_range_may_be_rough() -> None:
    (found,) = extract("They are small (from ~0.5 M to ~3.9 M parameters for all).").results
    assert (found.value, found.value_max, found.role) == (500_000, 3_900_000, "own")


def test_what_the_model_is_comparable_to_is_not_the_model() -> None:
    text = (
        "Tuned Pythia-1B is comparable to TinyLlama-1.1B, which is trained on 10 times more data."
    )
    assert models(text) == ["Pythia-1B"]
