"""What `classifiers show` prints of a card."""

from msgspec.structs import replace

from bloodsmear.classifiers.card import CrossValidation, FastFigures, Figure, RunFigures
from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.cli.classifiers_command import card_lines

COMMAND = "bloodsmear-train evaluate models/vgg16 --data smears"


def figure(name: str, value: float, low: float | None = None, high: float | None = None) -> Figure:
    return Figure(name=name, value=value, low=low, high=high, images=477, command=COMMAND)


def test_the_figures_stand_below_each_other_under_the_command_that_prints_them(
    fake_classifiers: ClassifierSet,
) -> None:
    measured = (
        figure("accuracy", 0.87, 0.8407, 0.9),
        figure("accuracy_colour_only_baseline", 0.9769, 0.9623, 0.9895),
        figure("expected_calibration_error", 0.0424),
    )
    lines = list(card_lines(replace(fake_classifiers.classifiers[0].card, figures=measured)))

    start = lines.index(f"Measured on 477 images by {COMMAND}:")
    assert lines[start + 1 : start + 4] == [
        "  accuracy                       0.8700  (95 % interval 0.8407 to 0.9000)",
        "  accuracy_colour_only_baseline  0.9769  (95 % interval 0.9623 to 0.9895)",
        "  expected_calibration_error     0.0424",
    ]


def test_a_share_of_some_of_the_images_says_of_how_many(fake_classifiers: ClassifierSet) -> None:
    measured = (
        replace(figure("benign_called_other", 0.0159, 0.0028, 0.0846), images=63),
        figure("accuracy", 0.87, 0.8407, 0.9),
    )
    lines = list(card_lines(replace(fake_classifiers.classifiers[0].card, figures=measured)))
    start = lines.index(f"Measured on 477 images by {COMMAND}:")
    assert lines[start + 1 : start + 3] == [
        "  benign_called_other  0.0159  (95 % interval 0.0028 to 0.0846)  of 63"
        "  (Benign called one of the other three)",
        "  accuracy             0.8700  (95 % interval 0.8407 to 0.9000)",
    ]


def test_how_figures_differ_from_run_to_run_is_said(fake_classifiers: ClassifierSet) -> None:
    card = fake_classifiers.classifiers[0].card
    validation = CrossValidation(
        settings="unet at 64 × 64 px",
        groups=5,
        figures=(figure("accuracy", 0.91, 0.8, 0.97),),
        runs=(RunFigures(label=card.label_keys[0], images=41, right=39),),
        date="2026-11-29",
    )
    lines = list(card_lines(replace(card, cross_validation=validation)))
    start = lines.index("From run to run (unet at 64 × 64 px, 5 groups; intervals over runs):")
    assert lines[start + 2] == "  accuracy  0.9100  (95 % interval 0.8000 to 0.9700)"


def test_from_when_on_an_answer_is_sure_is_said(fake_classifiers: ClassifierSet) -> None:
    card = fake_classifiers.classifiers[0].card
    limits = tuple(0.6 + 0.1 * place for place in range(len(card.labels)))
    said = next(line for line in card_lines(replace(card, sure_from=limits)) if line.startswith("Sure from"))
    assert said.startswith(f"Sure from: {card.labels[0].name} 0.60, {card.labels[1].name} 0.70")


def test_a_negative_offset_is_subtracted(fake_classifiers: ClassifierSet) -> None:
    card = fake_classifiers.classifiers[0].card
    lines = card_lines(replace(card, recipe=replace(card.recipe, scale=0.025, offset=-5.5)))
    assert any(line.endswith("RGB, × 0.025 - 5.5") for line in lines)


def test_what_fast_answers_change_is_said(
    fake_classifiers: ClassifierSet, offered_figures: FastFigures
) -> None:
    card = fake_classifiers.classifiers[0].card
    assert "Fast answers: none" in card_lines(replace(card, fast=None))
    said = (
        "Fast answers: on 477 held-out images 0.20% of the labels change, the probability of the exact answer's label "
        "moves by 0.019 at most"
    )
    assert f"{said}, 91.4% are answered in int8 ({offered_figures.command})" in card_lines(
        replace(card, fast=offered_figures)
    )
    older = replace(offered_figures, int8_share=None, unlike_changed=None, golden=None)
    assert f"{said} ({offered_figures.command})" in card_lines(replace(card, fast=older))
