"""The mean probabilities of a case and their intervals."""

import pytest

from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.reports.case_summary import highest_mean, mean_of, mean_words, summarise_cases
from bloodsmear.reports.report_rows import ReportRow
from bloodsmear.review.records import Answer, ClassifierMark, ImageRecord

VGG = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, ("benign", "pre_b"))
UNET = ClassifierMark("unet", "U-Net", "1.0+2b", "2b" * 32, ("pre_b", "benign"))
PETS = ClassifierMark("pets", "Pets", "1.0+3c", "3c" * 32, ("cat", "dog"))


def image(number: int, *answers: Answer) -> ReportRow:
    return ReportRow(ImageRecord(f"c/{number}.png", "c", "ok", answers=answers))


def test_an_images_probability_is_the_mean_of_its_classifiers_and_the_cases_that_of_its_images() -> None:
    rows = [
        image(1, Answer(VGG, Prediction((0.8, 0.2))), Answer(UNET, Prediction((0.4, 0.6)))),
        image(2, Answer(VGG, Prediction((0.3, 0.7)))),
        ReportRow(ImageRecord("c/3.png", "c", "not_screened")),
    ]
    (summary,) = summarise_cases(rows)

    assert summary.means["benign"].value == pytest.approx(0.5)
    assert summary.means["benign"].images == 2
    assert highest_mean(summary) == ("benign", summary.means["benign"])


def test_classifiers_with_other_labels_have_no_mean() -> None:
    (summary,) = summarise_cases(
        [image(1, Answer(VGG, Prediction((0.8, 0.2))), Answer(PETS, Prediction((1.0, 0.0))))]
    )
    assert summary.means == {}
    assert highest_mean(summary) is None


def test_the_interval_is_students_of_the_mean() -> None:
    # scipy.stats.t.interval(0.95, 4, mean, sem) of these five.
    mean = mean_of([0.70, 0.75, 0.80, 0.85, 0.90])
    assert mean.value == pytest.approx(0.8)
    assert mean.low == pytest.approx(0.7018, abs=1e-3)
    assert mean.high == pytest.approx(0.8982, abs=1e-3)
    assert mean_words(mean) == "80.0\u00a0% (70.2 to 89.8)"


def test_four_images_are_too_few_for_an_interval_and_none_leaves_0_to_1() -> None:
    few = mean_of([0.1, 0.9, 0.5, 0.5])
    assert (few.low, few.high, mean_words(few)) == (None, None, "50.0\u00a0%")
    wide = mean_of([1.0, 1.0, 1.0, 1.0, 0.5])
    assert wide.high == 1.0
