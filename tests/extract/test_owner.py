"""Tests of whose a number is, and of values that something falls or rises to."""

import pytest

from etl.extract import extract
from etl.extract.pipeline import complete, read
from etl.extract.role_features import describe_owner


def kinds(text: str) -> list[tuple[str, str]]:
    return [(found.text, found.kind) for found in extract(text).results]


def roles(text: str) -> list[tuple[str, str]]:
    return [(found.text, found.role) for found in extract(text).results]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Latency falls to 35 ms on the A100.", "35 ms"),
        ("With caching, the response time drops to 1.2 s.", "1.2 s"),
        ("With pruning, memory use fell to 3 GB.", "3 GB"),
        ("The error rate fell to 4.4%.", "4.4%"),
        ("This lowers the hallucination rate to 6%.", "6%"),
        ("Even BarNet drops to 27% on our tasks.", "27%"),
    ],
)
def test_what_something_falls_to_is_a_value(text: str, shown: str) -> None:
    assert kinds(text) == [(shown, "absolute")]


@pytest.mark.parametrize(
    "text",
    [
        "Latency falls by 35 ms on the A100.",
        "It reduces latency by up to 35 ms.",
    ],
)
def test_what_something_falls_by_is_a_difference(text: str) -> None:
    assert kinds(text) == [("35 ms", "delta")]


def test_all_values_before_a_change_are_of_what_was_before() -> None:
    text = "On CrabBench, FooNet drives the attack success rate from 76% and 61% to 4%."
    assert roles(text) == [("76%", "other"), ("61%", "other"), ("4%", "own")]


@pytest.mark.parametrize(
    ("text", "turn"),
    [("76% and 61% to 4%", 2), ("32.4 to 26.7", 1), ("88.1 vs. 61.2", 1), ("61 and 62", 1)],
)
def test_a_list_turns_at_the_word_between_before_and_after(text: str, turn: int) -> None:
    reading = read(f"It is from {text} now.", None, [])
    assert reading is not None
    assert {spot.group.turn for spot in reading.spots} == {turn}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("It beats the best baseline, which gets 61.2%.", "own<<none= absolute"),
        ("It is ahead while the best baseline gets 61.2%.", "own<<baseline=True absolute"),
        ("It starts at 61.2% (naive baseline).", "own>baseline=absolute"),
        ("BarNet gets 61.2%.", "own,name=0- absolute"),
        ("FooNet gets 61.2%.", "own,name==- absolute"),
        ("Models get 61.2%. We propose a tool.", "own,made=never False absolute"),
        ("Models get 61.2%. We propose FooNet.", "own,made=later False absolute"),
    ],
)
def test_words_and_names_around_a_number_tell_whose_it_is(text: str, told: str) -> None:
    reading = read(text, "FooNet: A Net", [])
    assert reading is not None
    complete(reading, reading.spots)
    (spot,) = reading.spots
    assert told in describe_owner(spot, reading.names, "absolute", own_benchmark=False)


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("Gemini 2.5 Flash reaches 71.2% accuracy on MMLU.", "Gemini 2.5 Flash"),
        ("On GPQA, Claude 3.5 Sonnet attains 59.4% accuracy.", "Claude 3.5 Sonnet"),
        ("Stride 3.5 Flash scores 59.4% on GPQA.", "Stride 3.5 Flash"),
    ],
)
def test_a_model_keeps_the_words_behind_its_version(text: str, model: str) -> None:
    (found,) = extract(text).results
    assert found.model == model


@pytest.mark.parametrize(
    ("text", "dataset"),
    [
        ("FooNet reaches 81.2% Dice on BraTS 2020.", "BraTS 2020"),
        ("FooNet reaches 45.1 AP on COCO 2017.", "COCO"),
        ("FooNet reaches 81.2% accuracy on ImageNet 2012.", "ImageNet-1K"),
    ],
)
def test_a_dataset_keeps_its_year_unless_another_name_is_usual(text: str, dataset: str) -> None:
    (found,) = extract(text).results
    assert found.dataset == dataset


@pytest.mark.parametrize(
    "text",
    [
        "WER drops 4.4% -> 3.1% on CrabSpeech.",
        "WER falls from 4.4% down to 3.1% on CrabSpeech.",
        "WER is 3.1%, down from 4.4%.",
        "WER decreases to 3.1% from 4.4%.",
        "We reach a WER of 3.1%, while the previous best was 4.4%.",
    ],
)
def test_what_was_before_is_a_value_of_others(text: str) -> None:
    found = {(shown, role) for shown, role in roles(text)}
    assert found == {("4.4%", "other"), ("3.1%", "own")}
    assert {kind for _, kind in kinds(text)} == {"absolute"}


def test_background_tells_of_others() -> None:
    background = "Existing tests are solved (e.g., BarNet-R2 achieves 96.4% on CrabMath). "
    assert roles(f"{background}To fill the gap, we present HerringMath.") == [("96.4%", "other")]
    alone = "On our HerringMath, models struggle (e.g., BarNet-R2 achieves 26.4%)."
    assert roles(f"We present HerringMath. {alone}") == [("26.4%", "own")]


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("Llama 3.1 70B gets 71.3% accuracy on MMLU.", "Llama 3.1 70B"),
        ("Mixtral 8x22B gets 71.3% accuracy on MMLU.", "Mixtral 8x22B"),
        ("CrabNet keeps it cheap. The Tiny model achieves 71.3% accuracy.", "CrabNet-Tiny"),
    ],
)
def test_a_model_has_its_whole_name(text: str, model: str) -> None:
    assert [found.model for found in extract(text).results] == [model]


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("Even OpenAI o3 only gets 40.8% accuracy on FooBench.", "OpenAI o3"),
        ("OpenAI's GPT-4o gets only 27.3% accuracy on FooBench.", "GPT-4o"),
        ("Accuracy of QwQ-32B on AIME 2024 is 80.3% (Round 1) and later 82.1%.", "QwQ-32B"),
    ],
)
def test_who_makes_models_and_what_is_counted_are_no_models(text: str, model: str) -> None:
    assert {result.model for result in extract(text).results} == {model}


def test_a_version_is_no_model() -> None:
    assert [found.model for found in extract("Version 2.1.3 gets 88.2% F1.").results] == [None]


def test_a_baseline_is_of_others_unless_it_is_ours() -> None:
    assert roles("The strong baseline reaches 71.3% accuracy on MNIST.") == [("71.3%", "other")]
    assert roles("Our simple baseline reaches 71.3% accuracy on MNIST.") == [("71.3%", "own")]


def test_by_between_two_shares_is_a_difference() -> None:
    assert kinds("Latency is reduced by between 15% and 25%.") == [("15% and 25%", "delta")]


def test_the_second_of_two_is_of_others_where_the_paper_makes_something() -> None:
    text = "We propose QuillNet, which has 45.2 vs. 43.1 mAP on COCO."
    assert roles(text) == [("45.2", "own"), ("43.1", "other")]


def test_existing_methods_are_of_others_beside_ours() -> None:
    text = "Existing methods obtain only 31% accuracy, whereas ours reaches 64%."
    assert roles(text) == [("31%", "other"), ("64%", "own")]


@pytest.mark.parametrize(
    "text", ["The gap to human performance is 23.5%.", "We find a difference of only 0.1%."]
)
def test_a_gap_is_a_difference(text: str) -> None:
    assert [kind for _, kind in kinds(text)] == ["delta"]


def test_a_known_dataset_is_not_the_model_measured_on_it() -> None:
    text = "On the ImageNet test images, one may reach an accuracy of 71.2%."
    assert [found.model for found in extract(text).results] == [None]


@pytest.mark.parametrize(
    "text",
    [
        "Accuracy on ImageNet-1K becomes 70.1% for ResNet-18, 76.2% for ResNet-50 and 79.9% for "
        "ViT-B/16.",
        "Accuracy on ImageNet-1K is highest with ours: ResNet-18 (70.1%), ResNet-50 (76.2%) and "
        "ViT-B/16 (79.9%).",
        "We reach accuracies of 70.1% (ResNet-18), 76.2% (ResNet-50) and 79.9% (ViT-B/16).",
    ],
)
def test_each_number_of_a_row_of_models_has_its_own(text: str) -> None:
    models = [result.model for result in extract(text).results]
    assert models == ["ResNet-18", "ResNet-50", "ViT-B/16"]


def test_a_row_of_classes_is_no_row_of_models() -> None:
    text = "FooNet reaches a Dice of 0.91 for Liver, 0.88 for Kidney and 0.81 for Spleen."
    assert {result.model for result in extract(text).results} == {"FooNet"}


MADE = "We propose QuillNet, a reader of quills. "


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("QuillNet reaches 71.3% accuracy, comparable to BarNet (72.0%) and CrabNet (71.9%).",
         ["own", "other", "other"]),
        ("QuillNet has an FID of 3.1, better than BarNet (FID = 3.6).", ["own", "other"]),
        ("QuillNet beats the Brim model (61.2%) with an accuracy of 63.4%.", ["other", "own"]),
        ("Accuracy is 63.4%, compared to 61.2% for BarNet and 59.0% for CrabNet.",
         ["own", "other", "other"]),
        ("QuillNet solves 63.4% of tasks, as opposed to 12% without it.", ["own", "other"]),
        ("The error is 5.3 mm, compared to the static system's 12.6 mm.", ["own", "other"]),
        ("QuillNet beats BarNet, which scores an accuracy of 61.2%.", ["other"]),
        ("Its recall of 63.4% exceeds human performance of 60.1%.", ["own", "other"]),
        ("Humans achieve 96.4% accuracy, while the best model is at 50.1%.", ["other", "own"]),
        ("Accuracy is 31.0%, slightly above the 25% random-guess baseline.", ["own", "other"]),
        ("QuillNet has a recall of 71.3% (previously 60.1%).", ["own", "other"]),
        ("QuillNet reaches 63.4% accuracy, beating clinicians (Ann: 59.5%, Bob: 60.1%).",
         ["own", "other", "other"]),
        ("QuillNet solves 63.4% of tasks instead of 12.1%.", ["own", "other"]),
        ("QuillNet rivals models with over 70B parameters.", ["other"]),
        ("Its accuracy is close to that of the 70B-parameter BarNet.", ["other"]),
    ],
)  # fmt: skip
def test_what_the_own_result_is_compared_with_is_of_others(text: str, told: list[str]) -> None:
    assert [role for _, role in roles(MADE + text)] == told


@pytest.mark.parametrize(
    "text",
    [
        "QuillNet reaches the best accuracy (63.4%) of all models.",
        "QuillNet outperforms BarNet on COCO (54.3% AP).",
        "QuillNet beats strong baselines with only 7B parameters.",
        "QuillNet achieves strong performance with ResNet-50 (63.4% accuracy).",
        "QuillNet achieves human-level accuracy (63.4% on COCO).",
        "The correlation between QuillNet and humans reaches 0.77.",
        "QuillNet, which beats all others, achieves an accuracy of 63.4%.",
    ],
)
def test_own_results_beside_comparisons_stay_own(text: str) -> None:
    assert {role for _, role in roles(MADE + text)} == {"own"}
