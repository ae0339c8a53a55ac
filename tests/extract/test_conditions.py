"""Tests of numbers that are results, or conditions, by grammar alone."""

import pytest

from etl.extract import extract


def values(text: str) -> list[float | None]:
    return [found.value for found in extract(text).results]


@pytest.mark.parametrize(
    "text",
    [
        "At a false positive rate of 1%, QuillGuard detects 41% of the forged pages.",
        "QuillGuard reaches a true positive rate of 41% at a FPR of 1%.",
        "QuillGuard has 41% recall at 95% precision.",
        "At 90% recall, the precision is 41%.",
        "F1 is 41% at a code rate of 0.5.",
        "When 20% of clients are malicious, accuracy is 41% on FEMNIST.",
        "With 10% labeled data, QuillNet reaches 41% mIoU on Cityscapes.",
        "For a missing rate of 40%, accuracy is 41%.",
        "We mask 75% of the patches and reach an accuracy of 41%.",
        "With a dropout of 10% and a weight decay of 0.05, accuracy is 41%.",
        "The pose error is below 2 mm in 41% of cases.",
        "With 10% of the labels, it reaches 41% top-1 accuracy on ImageNet.",
        "At a significance level of 5%, accuracy rises to 41%.",
    ],
)
def test_conditions_are_no_results(text: str) -> None:
    assert values(text) == [41.0]


@pytest.mark.parametrize(
    "text",
    [
        "We split the notes 70%/15%/15% into training, validation and test.",
        "The crabs are divided into 70% training, 15% validation and 15% testing.",
        "We randomly drop 30% of the frames.",
        "A subset of 10% is read by experts.",
        "We weigh the top 20% of samples twice.",
        "There are 3 million lines, 35% of which are comments.",
        "Each token is replaced with a probability of 0.5.",
    ],
)
def test_a_set_up_has_no_result(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "value", "metric"),
    [
        ("It plays at an Elo of 1,412.", 1412, "Elo"),
        ("It reaches an Elo rating of 2895 after training.", 2895, "Elo"),
        ("The net has only 1,234,567 trainable parameters.", 1234567, "parameters"),
        ("Only 512 parameters are tuned.", 512, "parameters"),
        ("It has 4 millions parameters.", 4e6, "parameters"),
        ("It processes 5'000 images/s.", 5000, "throughput"),
        ("It has an FVD of 831 on UCF-101.", 831, "FVD"),
    ],
)
def test_what_grammar_makes_a_result_is_kept(text: str, value: float, metric: str) -> None:
    assert [(found.value, found.metric) for found in extract(text).results] == [(value, metric)]


@pytest.mark.parametrize(
    "text",
    ["Models with at most 300 parameters are shown.", "We list the Elo of 30 players."],
)
def test_bounds_and_counts_are_not_kept_for_their_words(text: str) -> None:
    assert values(text) == []


def test_both_ends_of_a_change_of_times_are_kept() -> None:
    assert values("Annotation time falls from 12 h to 35 min per scan.") == [12, 35]


@pytest.mark.parametrize(
    "text",
    [
        "The error is 41 mm plus-minus 3 mm on MarshSet.",
        "The mean Dice is 41% with a standard deviation of 7.2.",
        "Under a 30% token budget, accuracy is 41% on GSM8K.",
        "QuillNet is the best of all models under 10B parameters with an accuracy of 41%.",
        "Marsh fever affects 19% of the world's population; QuillNet detects it with 41% recall.",
        "Our readers (49.4% male, 50.6% female) reach an accuracy of 41%.",
        "Quills occupy less than 2% of the image, and AP is 41 on MarshSet.",
        "On short videos (< 10 seconds), accuracy is 41%.",
        "QuillNet, ranking No. 1 on MarshBench, has an accuracy of 41%.",
        "At epsilon = 0.5, the accuracy is 41%.",
        "At all temperature settings (0.3, 0.7, 1.0), accuracy is 41%.",
    ],
)
def test_what_describes_data_and_settings_is_no_result(text: str) -> None:
    assert values(text) == [41.0]


@pytest.mark.parametrize(
    ("text", "value"),
    [("It scores 4.2/5 for fluency.", 4.2), ("It has a MOS of 4.21/5.0 on MarshSet.", 4.21)],
)
def test_the_end_of_a_scale_is_no_number_of_its_own(text: str, value: float) -> None:
    assert values(text) == [value]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("It keeps 95% of the images in focus.", [95.0]),
        ("The rate is 71.3/64.2 on MarshSet and FenSet.", [71.3, 64.2]),
        ("QuillNet reaches an accuracy of 41% on videos (in 10 seconds).", [41.0, 10.0]),
    ],
)
def test_numbers_like_descriptions_stay_results(text: str, told: list[float]) -> None:
    assert values(text) == told
