"""What is read of the classifiers' folders: cards, figures, sizes, what is wrong."""

import json
import shutil
from pathlib import Path

import pytest

from bloodsmear import paths
from bloodsmear.classifiers.card_file import read_card
from desktop.gui.classifiers.listing import read_classifiers
from desktop.gui.classifiers.state import ListedClassifier


@pytest.fixture
def own() -> Path:
    """A copy of the U-Net that ships, among the user's own."""
    if not (paths.shipped_classifiers() / "unet" / "model.keras").is_file():
        pytest.skip("no classifier ships")
    return Path(shutil.copytree(paths.shipped_classifiers() / "unet", paths.user_classifiers() / "unet"))


def listed(classifier_id: str) -> ListedClassifier:
    return next(one for one in read_classifiers(("vgg16", "unet")).listed if one.id == classifier_id)


def test_a_shipped_one_is_listed_with_its_figures_its_confusion_and_its_limits(own: Path) -> None:
    shutil.rmtree(own)
    unet = listed("unet")
    assert (unet.origin, unet.name, unet.architecture, unet.refused) == ("shipped", "U-Net", "U-Net", "")
    assert {"accuracy", "accuracy_colour_only_baseline", "expected_calibration_error"} <= set(
        unet.evaluation.figures
    )
    assert sum(sum(row) for row in unet.evaluation.confusion) == unet.evaluation.images
    assert any("does not mean healthy" in limit for limit in unet.limits)
    assert unet.size_bytes > 1_000_000
    assert "px by " in unet.recipe


@pytest.mark.parametrize(
    ("scale", "offset", "words"),
    [
        (1 / 255, 0.0, "value / 255"),
        (1.0, 0.0, "values as they are"),
        (2 / 255, -1.0, "value × 0.00784314 − 1"),
        (1 / 255, 0.5, "value × 0.00392157 + 0.5"),
    ],
)
def test_usual_ranges_of_values_are_named_as_on_the_form(
    own: Path, scale: float, offset: float, words: str
) -> None:
    card = json.loads((own / "card.json").read_text(encoding="utf-8"))
    card["recipe"].update(scale=scale, offset=offset)
    (own / "card.json").write_text(json.dumps(card), encoding="utf-8")
    assert listed("unet").recipe.endswith(words)


def test_the_users_own_stands_in_the_place_of_the_shipped_one_and_its_page_is_found(own: Path) -> None:
    run = paths.training_runs() / "unet"
    run.mkdir(parents=True)
    mark = read_card(own).version_mark
    (run / "evaluation.html").write_text(f"<html><title>Evaluation of U-Net {mark}</title></html>")
    unet = listed("unet")
    assert (unet.origin, unet.in_place_of_shipped, unet.page) == ("own", True, run / "evaluation.html")
    vgg16 = listed("vgg16")
    assert vgg16.page is None
    # What this command makes lies where the page is looked for.
    folder, target = paths.shipped_classifiers() / "vgg16", paths.training_runs() / "vgg16"
    assert vgg16.page_command == (f'bloodsmear-train evaluate "{folder}" --data FOLDER --all -o "{target}"')


def test_the_page_of_another_model_of_the_same_id_is_not_shown(own: Path) -> None:
    run = paths.training_runs() / own.name
    run.mkdir(parents=True)
    (run / "evaluation.html").write_text("<html><title>Evaluation of U-Net 1.0+00000000</title></html>")
    assert listed("unet").page is None


def test_an_altered_one_is_listed_as_refused_with_what_its_card_says(own: Path) -> None:
    with (own / "model.keras").open("ab") as model:
        model.write(b"altered")
    unet = listed("unet")
    assert "model.keras was altered" in unet.refused
    assert unet.name == "U-Net"


def test_one_without_a_card_that_can_be_read_is_listed_by_its_folder(own: Path) -> None:
    (own / "card.json").write_text("{")
    unet = listed("unet")
    assert (unet.name, unet.origin) == ("unet", "own")
    assert "card.json" in unet.refused


def test_a_confusion_matrix_that_does_not_fit_the_labels_is_left_out(own: Path) -> None:
    (own / "evaluation.json").write_text(json.dumps({"confusion": [[1, 2], [3, 4]]}))
    assert listed("unet").evaluation.confusion == ()
    (own / "evaluation.json").unlink()
    assert listed("unet").evaluation.figures


def test_one_in_use_that_is_nowhere_is_listed_as_missing_and_published_ones_are_offered() -> None:
    known = read_classifiers(("gone",))
    assert [one.origin for one in known.listed if one.id == "gone"] == ["missing"]
    assert [offer.id for offer in known.offers] == ["vgg16-published", "unet-published"]
    assert all(any("licence" in term for term in offer.terms) for offer in known.offers)
