"""Tests of differences and factors: sign, model and baseline."""

import pytest

from etl.extract import extract, lexicon


def only(text, title=None):
    (found,) = extract(text, title).results
    return found


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Quillnet outperforms Brashnet by 4.2 mAP on COCO.", "+"),
        ("Quillnet improves the accuracy by 3.1% over Brashnet.", "+"),
        ("Quillnet reduces latency by 42%.", "-"),
        ("With Quillnet, the WER drops by 13%.", "-"),
        ("Quillnet keeps up with only a 2.2% accuracy drop.", "-"),
        ("Quillnet runs 3.7x faster than Brashnet.", "+"),
        ("Quillnet improves perplexity by 12% over Brashnet.", "-"),
        ("Quillnet needs 38% less memory than Brashnet.", "-"),
        ("Quillnet achieves a 5.5% higher success rate.", "+"),
        ("Quillnet cuts the training cost by a factor of 2.6.", "-"),
        ("Accuracy degrades by 6.3% without the quill.", "-"),
        ("Quillnet reaches an accuracy of 91.2% on COCO.", None),
    ],
)
def test_sign_says_whether_the_metric_is_higher(text, sign):
    assert only(text).sign == sign


@pytest.mark.parametrize(
    ("name", "higher"),
    [
        ("accuracy", True), ("FID", False), ("lip vertex error", False),
        ("rate of failures", False), ("task acceptance rate", True),
        ("annotation cost", False), ("energy efficiency", True),
        ("quill hallucination rate", False), ("ink per feather", None), (None, None),
    ],
)  # fmt: skip
def test_open_names_have_a_direction_by_their_words(name, higher):
    assert lexicon.higher_is_better(name) is higher


@pytest.mark.parametrize(
    ("text", "title", "model", "baseline"),
    [
        ("Quillnet outperforms Brashnet by 4.2 mAP.", None, "Quillnet", "Brashnet"),
        ("Our method reaches an accuracy of 91.2% on COCO.", "Quillnet: Plumes", "Quillnet", None),
        ("Quillnet runs 3.7x faster than Brashnet.", None, "Quillnet", "Brashnet"),
        ("It runs 3.7x faster than dense attention.", "Quillnet: Plumes", "Quillnet",
         "dense attention"),
        ("Quillnet improves accuracy by 3.1% over prior work.", None, "Quillnet", None),
    ],
)  # fmt: skip
def test_model_and_baseline_are_named(text, title, model, baseline):
    found = only(text, title)
    assert (found.model, found.baseline) == (model, baseline)


def test_a_metric_keeps_its_own_minus():
    text = "Quillnet reaches an average reward of -12.5 on Ant-v2."
    found = only(text)
    assert (found.value, found.text, text[found.start : found.end]) == (-12.5, "-12.5", "-12.5")


def test_the_whole_row_is_never_surer_than_its_number():
    for found in extract("Quillnet reaches 84.3% accuracy on COCO, 2.1% more than Brash.").results:
        assert found.confidence is not None
        assert found.row_confidence is not None
        assert 0 <= found.row_confidence <= found.confidence <= 1


@pytest.mark.parametrize(
    ("text", "sign"),
    [("It needs 0.4x the memory of BarNet.", "-"), ("It has 3x the throughput of BarNet.", "+")],
)
def test_a_factor_below_one_is_less(text, sign):
    assert [found.sign for found in extract(text).results] == [sign]


@pytest.mark.parametrize(
    ("text", "shown", "sign"),
    [
        ("It gets 61.4% on MMLU, 12.3 points ahead of BarNet.", "12.3 points", "+"),
        ("It gets 61.4% on MMLU, 2.3 points below BarNet.", "2.3 points", "-"),
        ("Perplexity is 5.8 (-0.4) with pruning.", "0.4", "-"),
        ("F1 is 0.91 (+0.03) with pruning.", "0.03", "+"),
    ],
)
def test_a_lead_and_a_gain_in_brackets_are_differences(text, shown, sign):
    found = extract(text).results[-1]
    assert (found.text, found.kind, found.sign) == (shown, "delta", sign)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("FooNet is 2.2 times faster with less than 2% accuracy degradation.", "-"),
        ("FooNet is 2.2 times faster with less than 2% accuracy loss.", "-"),
        ("FooNet is 2.2 times faster at a 0.2% WER degradation.", "+"),
        ("Leaving out features keeps accuracy the same across models (-0.03 pp).", "-"),
    ],
)
def test_what_is_lost_has_its_sign(text: str, sign: str) -> None:
    found = extract(text).results[-1]
    assert (found.kind, found.sign) == ("delta", sign)


def test_a_loss_that_is_a_metric_is_no_fall() -> None:
    found = extract("FooNet reaches 0.42 validation loss on C4.").results[-1]
    assert (found.kind, found.metric) == ("absolute", "loss")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Quillnet is ahead of open models on COCO (up 4.2) and LVIS (up 2.9).",
         [(4.2, "delta", "+"), (2.9, "delta", "+")]),
        ("Writers finish their pages sooner (down by 7.5 seconds on average).",
         [(7.5, "delta", "-")]),
        ("The recall is 41.2%, up 2.3% now.", [(41.2, "absolute", None), (2.3, "delta", "+")]),
        ("Quillnet has a perplexity within 12% of Brashnet.", [(12, "delta", None)]),
        ("It brings the accuracy to within 0.6 of the full model.", [(0.6, "delta", None)]),
        ("There is a large gap (~30%) between writers and models in accuracy.",
         [(30, "delta", None)]),
        ("Models show drastic (>25%) drops in accuracy on new pages.", [(25, "delta", "-")]),
        ("Quills give 31.5% (Plume), 22.1% (Bristle), and 12.3% (Wing) accuracy improvements.",
         [(31.5, "delta", "+"), (22.1, "delta", "+"), (12.3, "delta", "+")]),
        ("We see a 5 dB (PSNR) / 0.15 (SSIM) increase over Brashnet.",
         [(5, "delta", "+"), (0.15, "delta", "+")]),
        ("Quality hardly suffers (<0.5% loss on the PlumeBench score).", [(0.5, "delta", "-")]),
        ("Quillnet outperforms few-shot Brashnet by an average of 6 COMET points.",
         [(6, "delta", "+")]),
        ("It leads by 34 Elo points.", [(34, "delta", "+")]),
        ("Quillnet reaches 80.1% accuracy, 3.9% over the best baseline.",
         [(80.1, "absolute", None), (3.9, "delta", None)]),
    ],
)  # fmt: skip
def test_differences_are_told_by_the_words_around_them(text, told):
    found = extract(text).results
    assert [(result.value, result.kind) for result in found] == [row[:2] for row in told]
    signs = zip(found, told, strict=True)
    assert all(sign is None or result.sign == sign for result, (_, _, sign) in signs)


@pytest.mark.parametrize(
    "text",
    [
        "Quillnet reaches up to 41.2% recall on COCO.",
        "Quillnet beats plain search (60.0%) and repeated improvement (77.0%) in accuracy.",
        "It lands within 2 mm of the quill.",
        "The accuracy is 41.2% over the baseline tasks.",
    ],
)
def test_values_beside_such_words_stay_values(text):
    assert {result.kind for result in extract(text).results} == {"absolute"}


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("Quillnet matches Brashnet with only 1/20th of the compute.", "compute"),
        ("Quillnet reduces FLOPs to 1/20 of those of Brashnet.", "FLOPs"),
        ("Quillnet needs less than 1/20 of the training data.", "data"),
    ],
)
def test_a_fraction_is_a_factor_below_one(text, metric):
    found = only(text)
    assert (found.value, found.unit, found.kind, found.sign) == (0.05, "x", "ratio", "-")
    assert found.metric == metric


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Quillnet performs on par with the 10x larger Llama-3-70B.", "-"),
        ("Quillnet matches Brashnet models trained on 12x more data.", "-"),
        ("Quillnet is 3x more computationally efficient than Brashnet.", "-"),
        ("Quillnet reaches a 45x compression rate of its plumes.", "+"),
        ("Quillnet outperforms models of over 40B parameters by up to 9%.", "+"),
        ("Quillnet beats Brashnet, with a loss of 0.2 and a 40% higher plume rating.", "+"),
        ("It has up to 90% fewer plumes than Brashnet.", "-"),
        ("Quillnet obtains 2-3x larger gains with quills.", "+"),
        ("Quillnet reduces the plume overhead by 24%.", "-"),
    ],
)
def test_words_beside_a_change_tell_its_sign(text, sign):
    assert extract(text).results[-1].sign == sign


def test_models_that_are_larger_have_more_parameters():
    found = only("Quillnet performs on par with the 10x larger Llama-3-70B.")
    assert (found.metric, found.kind, found.unit) == ("parameters", "ratio", "x")


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("Quillnet brings 2x faster SFT training.", "training speedup"),
        ("Quillnet brings 2x faster training.", "training speedup"),
        ("Quillnet is 2x faster than training from scratch.", "speedup"),
    ],
)
def test_the_stage_that_is_faster_may_stand_behind(text, metric):
    assert only(text).metric == metric
