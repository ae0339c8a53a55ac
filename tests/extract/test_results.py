"""Tests of extraction from invented sentences of all kinds."""

import pytest

from etl.extract import extract
from etl.extract.pipeline import complete, read


def rows(text, title=None):
    return [(r.text, r.metric, r.dataset, r.kind, r.role) for r in extract(text, title).results]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "FooNet achieves 84.3% top-1 accuracy on ImageNet.",
            [("84.3%", "top-1 accuracy", "ImageNet-1K", "absolute", "own")],
        ),
        (
            "Our method reaches an F1 of 0.87 on SQuAD.",
            [("0.87", "F1", "SQuAD", "absolute", "own")],
        ),
        (
            "It outperforms the strongest baseline by 4.2 mAP on COCO.",
            [("4.2", "mAP", "COCO", "delta", "own")],
        ),
        (
            "FooNet obtains 81.2% and 83.4% accuracy on CIFAR-10 and CIFAR-100, respectively.",
            [
                ("81.2%", "accuracy", "CIFAR-10", "absolute", "own"),
                ("83.4%", "accuracy", "CIFAR-100", "absolute", "own"),
            ],
        ),
        (
            "We report precision, recall and F1 of 98.4%, 97.0% and 97.7%.",
            [
                ("98.4%", "precision", None, "absolute", "own"),
                ("97.0%", "recall", None, "absolute", "own"),
                ("97.7%", "F1", None, "absolute", "own"),
            ],
        ),
        (
            "It improves accuracy from 61.0% to 68.5% on MMLU.",
            [
                ("61.0%", "accuracy", "MMLU", "absolute", "other"),
                ("68.5%", "accuracy", "MMLU", "absolute", "own"),
            ],
        ),
        (
            "FooNet reduces memory usage by 42% compared to BarNet.",
            [("42%", "memory", None, "delta", "own")],
        ),
        (
            "Its answers are 12.5% more accurate than those of BarNet.",
            [("12.5%", "accuracy", None, "delta", "own")],
        ),
        (
            "FooNet rivals models 10x larger, and runs on one card.",
            [("10x", "parameters", None, "ratio", "own")],
        ),
        (
            "Against people, the robot won 62% of its games.",
            [("62%", "win rate", None, "absolute", "own")],
        ),
        (
            "FooNet mitigates sensor drift by up to 40%.",
            [("40%", "sensor drift", None, "delta", "own")],
        ),
        (
            "It reaches a top-1 retrieval accuracy of 41.2%.",
            [("41.2%", "top-1 accuracy", None, "absolute", "own")],
        ),
        ("It is 3.7x faster than BarNet.", [("3.7x", "speedup", None, "ratio", "own")]),
        (
            "With only 600M parameters, FooNet runs at 48 FPS.",
            [
                ("600M", "parameters", None, "absolute", "own"),
                ("48 FPS", "FPS", None, "absolute", "own"),
            ],
        ),
        (
            "It needs 40% fewer tokens than the baseline.",
            [("40%", "tokens", None, "delta", "own")],
        ),
        (
            "FooAgent achieves a success rate of 71.5% on OSWorld.",
            [("71.5%", "success rate", "OSWorld", "absolute", "own")],
        ),
    ],
)
def test_sentence_is_read(text, expected):
    assert rows(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "We collect 12,000 images from 25 countries.",
        "The model has 24 layers and is trained for 300 epochs with 8-bit weights.",
        "We propose FooNet (1) to align and (2) to refine, as in [12].",
        "In 2023, we evaluate 15 models on 7 tasks.",
        "",
        "No number at all.",
    ],
)
def test_set_up_and_sizes_are_no_results(text):
    assert rows(text) == []


def test_number_stated_twice_is_one_record():
    text = "It reaches 84.3% accuracy on COCO. With 84.3% accuracy on COCO it is the best."
    assert len(rows(text)) == 1


def test_offsets_hold_in_marked_up_text():
    text = "We get $65.0\\%$ accuracy, 2.5$\\times$ faster \u2014 \U0001f600 at 12 ms latency."
    for result in extract(text).results:
        assert text[result.start : result.end] == result.text
        assert result.text[0].isdigit()


def test_model_and_baseline_are_named():
    (result,) = extract("FooNet outperforms BarNet by 4.2% accuracy.", "FooNet: a net").results
    assert (result.model, result.baseline) == ("FooNet", "BarNet")


def test_names_that_begin_like_a_model_may_be_benchmarks():
    """ "KV" begins names of caches, "o3" of models; a benchmark's name may begin so too."""
    for name in ("KVQ-Bench", "O3-Bench", "foo-bench"):
        assert rows(f"FooNet obtains 40.8% accuracy on {name}.")[0][2] == name


def test_own_command_for_a_name_is_read():
    text = (
        r"We introduce \FooTask{}, a dataset of 116 problems. GPT-9 gets 39.9% accuracy on "
        r"\FooTask{}."
    )
    assert rows(text)[0][2] == "FooTask"


def test_own_benchmark_may_be_named_in_the_title_only():
    text = "We present FooProbe. This benchmark asks agents to plan. The best reach 31.0%."
    reading = read(text, "FooProbe: How Well Do Agents Plan?", [])
    assert reading is not None
    complete(reading, reading.spots)
    assert reading.topic.own == "FooProbe"


def test_arrow_without_its_backslash_parts_before_and_after():
    found = rows("FooNet improves accuracy from 64.1 rightarrow 70.3 on MMLU.")
    assert [(text, role) for text, *_, role in found] == [("64.1", "other"), ("70.3", "own")]


@pytest.mark.parametrize(
    ("text", "unit", "never"),
    [
        ("FooNet is faster: 0.1 s against 1.1 s for BarNet.", "s", "speedup"),
        ("With 1B parameters, FooNet is trained in 32 GPU-days.", "GPU-days", "parameters"),
    ],
)
def test_unit_excludes_metrics(text, unit, never):
    found = [r.metric for r in extract(text).results if r.unit == unit]
    assert found
    assert never not in found


@pytest.mark.parametrize(
    "text",
    [
        "The accuracy of the two groups differs (p = 0.01).",
        "FooNet was trained with the 3x schedule.",
        "We average the accuracy over 5 folds.",
        "Reports say that by 2026, accuracy will matter.",
    ],
)
def test_set_up_and_statistics_are_no_results(text):
    assert rows(text) == []


def test_intervals_are_no_results_of_their_own():
    text = "FooNet reaches 5.2% WER (95% CI: 4.7-5.8) on clean and 7.7% (7.0-8.4) on noisy speech."
    assert [found[0] for found in rows(text)] == ["5.2%", "7.7%"]


def test_a_gain_may_be_as_large_as_a_year():
    assert [found[0] for found in rows("The Elo rating rises by 2000 points.")] == ["2000 points"]


def test_ci_may_be_the_concordance_index():
    text = "FooNet improves CI to 0.89 on the binding of drugs, where BarNet has a CI of 0.85."
    assert [found[0] for found in rows(text)] == ["0.89", "0.85"]


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("The small model reaches 84.2% with 86M parameters.",
         [("84.2%", "%", None), ("86M", None, "parameters")]),
        ("It attains $88.1~\\%$ accuracy.", [("88.1~\\%", "%", "accuracy")]),
        ("All p-values are below 0.01 and F1 is 0.88.", [("0.88", None, "F1")]),
        ("It needs 2 GB of RAM.", [("2 GB", "GB", "memory")]),
    ],
)  # fmt: skip
def test_numbers_as_real_text_writes_them(sentence, told):
    found = extract(sentence).results
    assert [(one.text, one.unit, one.metric) for one in found] == told
    assert {one.dataset for one in found} == {None}


def test_the_s_of_a_genitive_is_no_part_of_a_metric():
    assert rows("Averaging over all groups reduces FooNet's bias by 37%.")[0][1] == "bias"


def test_an_accuracy_rate_is_an_accuracy():
    text = "It achieves top accuracy rates: 98.0% on MNIST and 92.8% on SVHN."
    assert [row[1] for row in rows(text)] == ["accuracy", "accuracy"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("It reaches F1 of 88.5% and 85.1% on the Quor and Brim datasets.", ["Quor", "Brim"]),
        ("It reaches F1 of 88.5% and 85.1% on Quor and Brim, respectively.", ["Quor", "Brim"]),
    ],
)
def test_unknown_names_are_aligned_where_the_sentence_calls_them_datasets(text, names):
    assert [row[2] for row in rows(text)] == names


def test_names_that_the_sentence_calls_metrics_are_not_aligned_as_datasets():
    found = rows("It gains 1.0% and 2.3% on the SIM and CCM metrics, respectively.")
    assert "CCM" not in [row[2] for row in found]


@pytest.mark.parametrize(("long", "name"), [("Ape Survey Bench", "ASBench"), ("Apes", "Apes")])
def test_a_name_and_its_abbreviation_in_brackets_are_one(long, name):
    reading = read(f"FooNet is tested on {long} (ASBench) and reaches 40.8% accuracy.", None, [])
    assert reading is not None
    names = {mention.text: mention.name for mention in reading.scenes[0].datasets}
    assert names[long] == name


@pytest.mark.parametrize(
    "text",
    [
        "An MSE of 6.3 × 10⁻³ is reached on Weather.",
        r"An MSE of $6.3 \times 10^{-3}$ is reached on Weather.",
    ],
)
def test_a_power_of_ten_is_a_decimal(text):
    assert [(r.value, r.metric) for r in extract(text).results] == [(0.0063, "MSE")]


def test_what_is_shown_ends_with_its_brace():
    text = r"The residual error falls from $10^{-2}$ to $2 \times 10^{-6}$ on Burgers."
    for found in extract(text).results:
        assert found.text == text[found.start : found.end]
        assert found.text.count("{") == found.text.count("}")


@pytest.mark.parametrize(
    "text",
    [
        "Between 2017 and 2022, 41% of the apps leaked data.",
        "The share fell from 66% in 1996-2003 to 41% in 2014-2022.",
        "With PyTorch 2.3 and CUDA 12.4, the throughput rises by 41%.",
        "At an IoU threshold of 0.5, precision is 41% on KITTI.",
        "With temperature 0.7 and top-p 0.95, accuracy is 41%.",
    ],
)
def test_years_versions_and_settings_are_no_results(text):
    assert {r.value for r in extract(text).results} <= {66.0, 41.0}
    assert 41.0 in {r.value for r in extract(text).results}


def test_an_interval_lends_no_unit():
    (found,) = extract("The AUC is 0.83; 95% CI, 0.80-0.86.").results
    assert (found.value, found.unit) == (0.83, None)


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("The scores follow length closely (r = 0.71).", "Pearson correlation"),
        (r"Ranks agree ($\rho = 0.71$).", "Spearman correlation"),
        (r"Two raters agree ($\kappa = 0.71$).", "kappa"),
    ],
)
def test_a_symbol_tells_the_metric(text, metric):
    assert [r.metric for r in extract(text).results] == [metric]


@pytest.mark.parametrize(
    ("text", "datasets"),
    [
        ("On MATH-500 it gets 91.3% and on AIME 2025 it solves 58%.", ["MATH-500", "AIME 2025"]),
        ("On COCO, box mAP is 44.2%, and on ADE20K it scores 43.1% mIoU.", ["COCO", "ADE20K"]),
        ("It gets 91.3% on MATH-500 and 58% on AIME 2025.", ["MATH-500", "AIME 2025"]),
    ],
)
def test_a_clause_may_begin_with_its_dataset(text, datasets):
    assert [r.dataset for r in extract(text).results] == datasets


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("The variance is 35% smaller than before.", "variance"),
        ("The error is 4 times smaller than that of CrabNet.", "error rate"),
        ("The model is 35% smaller than CrabNet.", "storage"),
    ],
)
def test_what_is_smaller_is_what_the_clause_speaks_of(text, metric):
    assert [r.metric for r in extract(text).results] == [metric]


def test_what_training_takes_is_a_training_time():
    (found,) = extract("Its training takes 4,800 seconds.").results
    assert (found.value, found.unit, found.metric) == (4800, "s", "training time")


def test_the_size_of_one_model_counts_nothing_of_the_next_number():
    text = "CrabNet gets 71.3% accuracy on MNIST, while the 300M-parameter BarNet gets 72.1%."
    assert [(r.value, r.metric) for r in extract(text).results if r.unit == "%"] == [
        (71.3, "accuracy"),
        (72.1, "accuracy"),
    ]


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        ("PSNR improves by 0.43 dB and LPIPS drops by 12% on DIV2K.", ["PSNR", "LPIPS"]),
        ("Latency is lowered by 38% with a 0.4% loss in accuracy.", ["latency", "accuracy"]),
        ("Models answer 61% of the questions correctly.", ["accuracy"]),
        ("MAPE is 4.6% and sMAPE 5.2% on M4.", ["MAPE", "sMAPE"]),
        ("The TM-score is 0.86 on CAMEO.", ["TM-score"]),
        ("The median GDT-TS is 80.1 on CASP14.", ["GDT-TS"]),
        ("A mean absolute percentage error of 4.6% is reached.", ["MAPE"]),
        ("Compared to the 61.3% of BarNet, FooNet has 66.8% mIoU.", ["mIoU", "mIoU"]),
        ("The 95% Hausdorff distance is 3.2 mm.", ["Hausdorff distance"]),
    ],
)
def test_what_changes_is_measured(text, metrics):
    assert [found.metric for found in extract(text).results] == metrics


@pytest.mark.parametrize(
    ("text", "datasets"),
    [
        ("On Seal-0, models reach only 17.2% and 6.1% accuracy.", ["Seal-0", "Seal-0"]),
        ("On the QuillVox dataset, the EER is 0.81%.", ["QuillVox"]),
        ("On the A100, the latency is 17 ms.", [None]),
    ],
)
def test_a_sentence_may_begin_with_its_only_dataset(text, datasets):
    assert [found.dataset for found in extract(text).results] == datasets


def test_a_name_in_brackets_with_a_number_of_its_own_is_not_the_number_before():
    found = extract("Average precision is 41.5 (AP50: 62.7, AP75: 44.9) on COCO.").results
    assert [(one.metric, one.value) for one in found] == [
        ("AP", 41.5),
        ("AP50", 62.7),
        ("AP75", 44.9),
    ]
