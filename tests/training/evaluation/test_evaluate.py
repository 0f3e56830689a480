"""What is measured, on answers that are known."""

import dataclasses
from functools import partial

import numpy as np
import pytest

from bloodsmear.classifiers.label_set import OURS, LabelSet
from bloodsmear.classifiers.labels import Label
from bloodsmear.jobs import Progress
from training.data.pictures import LabelledPictures, Pictures
from training.evaluation.describe import describe
from training.evaluation.evaluate import evaluate_network
from training.evaluation.evaluate import evaluation_of as counted
from training.evaluation.evaluation import Evaluation, Resampling
from training.evaluation.hidden_parts import ChangedCorners, change_corners
from training.evaluation.network_answers import EvaluationRequest, ask, ask_together
from training.evaluation.shifts import SHIFTS

KEYS = ("benign", "early_pre_b", "pre_b", "pro_b")


def labelled(count: int, *, seed: int = 0, only: int | None = None) -> LabelledPictures:
    """Noise with the label in the mean of its red channel, 12×12."""
    targets = np.arange(count) % 4 if only is None else np.full(count, only)
    pixels = np.random.default_rng(seed).integers(0, 40, (count, 12, 12, 3), np.uint8)
    pixels[..., 0] += (targets * 50).astype(np.uint8)[:, None, None]
    return LabelledPictures(pixels, targets.astype(np.int64))


def answers(targets: np.ndarray, confidence: float = 0.9) -> np.ndarray:
    rows = np.full((len(targets), 4), (1 - confidence) / 3)
    rows[np.arange(len(targets)), targets] = confidence
    return rows


def corners_of(pictures: LabelledPictures) -> ChangedCorners:
    return change_corners(pictures.pixels.__getitem__, pictures.targets, lambda picture: picture)


def told(answered: np.ndarray, pictures: Pictures) -> np.ndarray:
    """These answers, whatever is shown."""
    return answered


def evaluation_of(
    answered: np.ndarray, held_out: LabelledPictures, train: LabelledPictures | None = None
) -> Evaluation:
    nothing = LabelledPictures(held_out.pixels[:0], held_out.targets[:0])
    return evaluate_network(
        EvaluationRequest(
            predict=lambda pixels: answered,
            temperature=1.5,
            label_set=OURS,
            train=nothing if train is None else train,
            held_out=held_out,
            corners=corners_of(held_out),
            command="",
        )
    )


def test_all_right_has_no_mistake_and_an_interval_that_admits_some() -> None:
    held_out = labelled(40)
    evaluation = evaluation_of(answers(held_out.targets), held_out)
    accuracy = evaluation.figure("accuracy")
    assert (accuracy.value, evaluation.wrong, evaluation.mistakes) == (1.0, 0, ())
    assert accuracy.low is not None
    assert accuracy.low < 0.95
    assert [label.sensitivity.value for label in evaluation.labels if label.sensitivity] == [1.0] * 4
    assert evaluation.answerable[0].share == 1.0


def test_all_wrong_can_answer_nothing() -> None:
    held_out = labelled(40)
    evaluation = evaluation_of(answers((held_out.targets + 1) % 4), held_out)
    assert evaluation.figure("accuracy").value == 0.0
    assert evaluation.wrong == 40
    assert [point.share for point in evaluation.answerable] == [0.0] * 4
    assert evaluation.answerable[0].confidence is None


def test_one_label_only_leaves_the_others_without_a_sensitivity() -> None:
    held_out = labelled(20, only=2)
    answered = np.full(20, 2)
    answered[:3] = 1
    evaluation = evaluation_of(answers(answered), held_out)
    assert [label.images for label in evaluation.labels] == [0, 0, 20, 0]
    assert evaluation.labels[0].sensitivity is None
    assert evaluation.labels[1].precision is not None
    assert evaluation.labels[1].precision.value == 0.0
    assert "sensitivity_pre_b" in describe(evaluation)
    assert "sensitivity_benign" not in describe(evaluation)
    assert "benign_called_other" not in describe(evaluation)


def test_the_baseline_is_measured_on_the_same_images_and_under_the_same_shifts() -> None:
    train, held_out = labelled(160, seed=1), labelled(40, seed=2)
    evaluation = evaluation_of(answers(held_out.targets), held_out, train)
    assert evaluation.baseline is not None
    assert evaluation.baseline.accuracy.value == 1.0
    assert evaluation.figure("accuracy_colour_only_baseline").value == 1.0
    grey = next(shift for shift in evaluation.shifts if shift.name == "grey")
    assert grey.baseline is not None
    assert grey.baseline.value < 0.9


def test_without_a_training_part_there_is_no_baseline() -> None:
    held_out = labelled(20)
    evaluation = evaluation_of(answers(held_out.targets), held_out)
    assert evaluation.baseline is None
    assert all(shift.baseline is None for shift in evaluation.shifts)
    assert "accuracy_colour_only_baseline" not in [figure.name for figure in evaluation.figures]


def test_the_worst_mistakes_come_first_and_are_known_by_their_place() -> None:
    held_out = labelled(8)
    answered = answers(held_out.targets)
    answered[2], answered[5] = answers(np.array([0]), 0.6)[0], answers(np.array([3]), 0.97)[0]
    evaluation = evaluation_of(answered, held_out)
    assert [(mistake.place, mistake.label, mistake.answered) for mistake in evaluation.mistakes] == [
        (5, "early_pre_b", "pro_b"),
        (2, "pre_b", "benign"),
    ]
    assert evaluation.mistakes[0].confidence > evaluation.mistakes[1].confidence


def test_the_figures_of_the_card_begin_with_what_may_hurt_and_keep_their_names() -> None:
    held_out = labelled(20)
    evaluation = evaluation_of(answers(held_out.targets), held_out, labelled(80, seed=1))
    assert [figure.name for figure in evaluation.figures] == [
        "benign_called_other",
        "other_called_benign",
        *(f"{kind}_{key}" for key in KEYS for kind in ("sensitivity", "precision")),
        "accuracy",
        "macro_f1",
        "accuracy_colour_only_baseline",
        "accuracy_corner_only_baseline",
        "labels_changed_corner_filled",
        "labels_changed_corner_swapped",
        "accuracy_nuclei_hidden",
        "expected_calibration_error",
        "share_answerable_at_1_percent_error",
        "share_unsure",
        "wrong_where_sure",
        *(f"accuracy_{shift}" for shift in SHIFTS),
    ]


def test_the_two_leading_errors_are_shares_of_the_images_that_they_can_happen_to() -> None:
    held_out = labelled(40)
    answered = held_out.targets.copy()
    answered[[0, 4]] = 1, 3
    answered[1] = 0
    answered[2] = 3
    evaluation = evaluation_of(answers(answered), held_out)
    taken_for_blasts, overlooked = evaluation.figures[:2]
    assert (taken_for_blasts.name, taken_for_blasts.value, taken_for_blasts.images) == (
        "benign_called_other",
        0.2,
        10,
    )
    assert (overlooked.name, overlooked.value, overlooked.images) == ("other_called_benign", 0.0333, 30)
    # Wilson's interval of 1 in 30.
    assert (overlooked.low, overlooked.high) == (0.0059, 0.1667)
    first, second = describe(evaluation).splitlines()[:2]
    assert first.startswith("benign_called_other")
    assert first.endswith("n = 10  Benign called one of the other three")
    assert second.endswith("n = 30  one of the other three called Benign")


def test_none_overlooked_still_has_an_interval_that_admits_some() -> None:
    held_out = labelled(40)
    overlooked = evaluation_of(answers(held_out.targets), held_out).figure("other_called_benign")
    assert (overlooked.value, overlooked.low) == (0.0, 0.0)
    assert overlooked.high == pytest.approx(0.1135, abs=0.001)


def test_what_is_below_the_limit_of_its_label_is_unsure_and_the_rest_is_counted_for_itself() -> None:
    held_out = labelled(40)
    answered = answers(held_out.targets, 0.8)
    answered[0] = answers(np.array([1]), 0.7)[0]
    nothing = LabelledPictures(held_out.pixels[:0], held_out.targets[:0])
    plain = EvaluationRequest(partial(told, answered), 1.0, OURS, nothing, held_out, corners_of(held_out), "")
    at_once = evaluate_network(plain)
    assert at_once.figure("share_unsure").value == 0.0
    assert at_once.figure("wrong_where_sure").value == 0.025
    limited = evaluate_network(dataclasses.replace(plain, sure_from=(0.6, 0.75, 0.9, 0.6)))
    # The wrong answer of the second label, and the ten of the third.
    assert limited.figure("share_unsure").value == 0.275
    sure = limited.figure("wrong_where_sure")
    assert (sure.value, sure.images) == (0.0, 29)


def test_a_set_of_ones_own_has_leading_errors_only_of_the_label_that_it_says_matters_first() -> None:
    held_out = labelled(20)
    nothing = LabelledPictures(held_out.pixels[:0], held_out.targets[:0])
    labels = tuple(Label(key, f"The {key}") for key in ("benign_cells", "b", "c", "d"))
    request = EvaluationRequest(
        lambda _: answers(held_out.targets),
        1.0,
        LabelSet(labels),
        nothing,
        held_out,
        corners_of(held_out),
        "",
    )
    assert evaluate_network(request).figures[0].name == "sensitivity_benign_cells"
    evaluation = evaluate_network(dataclasses.replace(request, label_set=LabelSet(labels, "c")))
    first, second, third, *_ = evaluation.figures
    assert [one.name for one in (first, second, third)] == [
        "called_other_c",
        "wrongly_called_c",
        "sensitivity_benign_cells",
    ]
    assert (first.images, second.images) == (5, 15)
    assert "n = 5  The c called another label\n" in describe(evaluation)


def test_a_network_that_reads_the_corner_changes_its_answers_with_it_and_one_that_does_not_keeps_them() -> (
    None
):
    held_out = labelled(40)
    pixels = held_out.pixels.copy()
    # The red of the corner gives the label away as does the whole.
    corner, whole = (slice(-2, None), slice(-3, None)), (slice(0, 8), slice(0, 8))
    nothing = LabelledPictures(held_out.pixels[:0], held_out.targets[:0])
    changed = []
    for part in (corner, whole):

        def predict(pictures: Pictures, part: tuple[slice, slice] = part) -> np.ndarray:
            red = pictures[:, part[0], part[1], 0].reshape(len(pictures), -1).mean(axis=1)
            return answers(np.clip(np.rint((red - 20) / 50), 0, 3).astype(int))

        request = EvaluationRequest(predict, 1.0, OURS, nothing, held_out, corners_of(held_out), "")
        changed.append(evaluate_network(request).figure("labels_changed_corner_swapped").value)
    assert np.array_equal(pixels, held_out.pixels), "the held-out pictures themselves stay as they are"
    assert changed[0] > 0.9
    assert changed[1] == 0.0


def test_several_together_are_measured_as_the_mean_of_their_calibrated_answers() -> None:
    held_out = labelled(40)
    nothing = LabelledPictures(held_out.pixels[:0], held_out.targets[:0])
    sure, doubtful = held_out.targets.copy(), (held_out.targets + 1) % 4
    doubtful[8:] = held_out.targets[8:]
    rows = [answers(sure, 0.9), answers(doubtful, 0.6)]
    requests = [
        EvaluationRequest(partial(told, one), 1.0, OURS, nothing, held_out, corners_of(held_out), "")
        for one in rows
    ]
    asked = ask_together([ask(request) for request in requests], [1.0, 1.0])
    evaluation = counted(asked, requests[0])
    assert evaluation.figure("accuracy").value == 1.0
    assert evaluation.figure("share_in_disagreement").value == 0.2
    agreed = evaluation.figure("wrong_where_they_agree")
    assert (agreed.value, agreed.images) == (0.0, 32)
    assert asked.network["as they are"][0] == pytest.approx([0.5167, 0.3167, 0.0833, 0.0833], abs=1e-3)


def test_every_set_of_pictures_is_answered_once_and_said() -> None:
    held_out = labelled(8)
    seen: list[Pictures] = []
    said: list[Progress] = []

    def predict(pixels: Pictures) -> np.ndarray:
        seen.append(pixels)
        return answers(held_out.targets)

    nothing = LabelledPictures(held_out.pixels[:0], held_out.targets[:0])
    evaluate_network(
        EvaluationRequest(predict, 1.0, OURS, nothing, held_out, corners_of(held_out), "", said.append)
    )
    # As they are, with the corner filled and swapped, and with every nucleus hidden.
    assert len(seen) == 4 + len(SHIFTS)
    assert [progress.done for progress in said] == list(range(len(SHIFTS) + 5))
    assert said[-1].done == said[-1].total


def test_calibration_is_told_before_and_after_the_temperature() -> None:
    held_out = labelled(40)
    answered = np.where(np.arange(40) % 4 == 3, (held_out.targets + 1) % 4, held_out.targets)
    calibration = evaluation_of(answers(answered, 0.95), held_out).calibration
    assert calibration is not None
    assert calibration.error_before == pytest.approx(0.2)
    assert calibration.error_after < calibration.error_before
    assert sum(each.images for each in calibration.bins_before) == 40


def test_intervals_over_cases_are_wider_than_over_their_images_also_when_all_is_right() -> None:
    held_out = labelled(40)
    answered = answers(np.where(np.arange(40) < 8, (held_out.targets + 1) % 4, held_out.targets))
    nothing = LabelledPictures(held_out.pixels[:0], held_out.targets[:0])
    plain = EvaluationRequest(lambda _: answered, 1.0, OURS, nothing, held_out, corners_of(held_out), "")
    by_case = dataclasses.replace(plain, cases=np.arange(40) // 8)
    evaluations = [evaluate_network(request) for request in (plain, by_case)]
    assert [each.resampling for each in evaluations] == [
        Resampling(unit="image", count=40),
        Resampling(unit="case", count=5),
    ]
    widths = [each.share("accuracy").high - each.share("accuracy").low for each in evaluations]
    assert widths[1] > 1.3 * widths[0]
    right = dataclasses.replace(by_case, predict=lambda _: answers(held_out.targets))
    assert evaluate_network(right).share("accuracy").low == pytest.approx(0.566, abs=0.001)
