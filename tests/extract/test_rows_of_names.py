"""Tests of names of metrics that share a slash, and of the numbers that belong to them."""

import pytest

from etl.extract import extract


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("It obtains ROUGE-1/2/L of 43.1/20.4/39.9 on XSum.",
         [("ROUGE-1", 43.1), ("ROUGE-2", 20.4), ("ROUGE-L", 39.9)]),
        ("It obtains 43.1/20.4/39.9 ROUGE-1/2/L on XSum.",
         [("ROUGE-1", 43.1), ("ROUGE-2", 20.4), ("ROUGE-L", 39.9)]),
        ("Recall@1/5/10 of 51.3/77.2/85.8 are reached on Flickr30K.",
         [("Recall@1", 51.3), ("Recall@5", 77.2), ("Recall@10", 85.8)]),
        ("P/R/F1 of 91.3/87.4/89.3 are obtained on CoNLL-2003.",
         [("precision", 91.3), ("recall", 87.4), ("F1", 89.3)]),
        ("QuillDet reaches mAP50 / mAP50-95 of 70.3 / 47.1 on COCO.",
         [("AP50", 70.3), ("mAP", 47.1)]),
        ("QuillDet reaches 70.3% mAP@0.5 and 47.1% mAP@0.5:0.95 on COCO.",
         [("AP50", 70.3), ("mAP", 47.1)]),
        ("Pass@1/10 are 32.3%/51.9% on HumanEval.", [("pass@1", 32.3), ("pass@10", 51.9)]),
        ("It has PSNR/SSIM of 30.14 dB/0.903 on Set14.", [("PSNR", 30.14), ("SSIM", 0.903)]),
        ("PSNR and SSIM of 30.14 dB and 0.903 are seen on Set14.",
         [("PSNR", 30.14), ("SSIM", 0.903)]),
        ("The SSIM and PSNR are 0.903 and 30.14 dB on Set14.", [("SSIM", 0.903), ("PSNR", 30.14)]),
        ("MSE/MAE of 0.32/0.36 are obtained on ETTh1.", [("MSE", 0.32), ("MAE", 0.36)]),
    ],
)  # fmt: skip
def test_each_number_of_a_row_has_its_own_metric(text: str, told: list[tuple[str, float]]) -> None:
    assert [(found.metric, found.value) for found in extract(text).results] == told


def test_a_ratio_beside_decibels_has_no_unit() -> None:
    found = extract("The SSIM and PSNR are 0.903 and 30.14 dB on Set14.").results
    assert [result.unit for result in found] == [None, "dB"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("QuillNet reaches 69.6% on GSM8K and 45.7% on MATH, beating BarNet by 26 and 15 points.",
         ["GSM8K", "MATH", "GSM8K", "MATH"]),
        ("Accuracy is 69.6% on GSM8K and 45.7% on MATH. It rises by 2.6% and 1.5%, respectively.",
         ["GSM8K", "MATH", "GSM8K", "MATH"]),
        ("It is tested twice (GSM8K: recall: 71.2%, precision: 64.1%; MATH: recall: 69.9%, "
         "precision: 61.5%).", ["GSM8K", "GSM8K", "MATH", "MATH"]),
    ],
)  # fmt: skip
def test_a_list_without_names_has_the_datasets_of_the_list_before(
    text: str, told: list[str]
) -> None:
    assert [found.dataset for found in extract(text).results] == told
