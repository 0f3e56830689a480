"""What several classifiers ask of one image is done once, and changes no bit of what each says."""

import numpy as np
import numpy.typing as npt
import pytest
from msgspec.structs import replace

from bloodsmear import paths
from bloodsmear.classifiers import fitted_image
from bloodsmear.classifiers.appearance import appearance_of
from bloodsmear.classifiers.card import Card, Spread, UnlikeTraining
from bloodsmear.classifiers.classifier import EngineClassifier, predict_all
from bloodsmear.classifiers.engine import RawAnswer
from bloodsmear.classifiers.fitted_image import FittedImage
from bloodsmear.classifiers.preprocess import fit_to_input
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.images.decode import decode_image
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scale_bar import without_scale_bar

IMAGE = np.random.default_rng(6).integers(0, 256, (40, 50, 3), np.uint8)


class MeanEngine:
    """Answers with the mean of each channel, so that another input is another answer."""

    def run(self, prepared: npt.NDArray[np.float32]) -> RawAnswer:
        means = np.append(prepared.mean(axis=(0, 1)), np.float32(1.0)).astype(np.float32)
        return RawAnswer(means / means.sum(), means[:2])


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[Recipe]:
    """The recipes that an image was fitted by, in turn."""
    asked: list[Recipe] = []

    def fit(image: RgbImage, recipe: Recipe) -> RgbImage:
        asked.append(recipe)
        return fit_to_input(image, recipe)

    monkeypatch.setattr(fitted_image, "fit_to_input", fit)
    return asked


def _classifiers(card: Card) -> list[EngineClassifier]:
    """Two that differ in their scaling only, one with another size and one with another channel order."""
    seen = appearance_of(fit_to_input(IMAGE, card.recipe), card.recipe)
    spread = Spread(mean=(0.0, 0.0), components=((1.0, 0.0),), residual_variance=1.0, threshold=9.0)
    near = replace(spread, mean=tuple(seen), components=(), threshold=1.0)
    card = replace(card, unlike_training=UnlikeTraining(layer="pooled", features=spread, appearance=near))
    recipes = (
        card.recipe,
        replace(card.recipe, scale=card.recipe.scale / 3, offset=0.5),
        replace(card.recipe, width_px=17),
        replace(card.recipe, channels="bgr"),
    )
    return [EngineClassifier(replace(card, recipe=recipe), MeanEngine()) for recipe in recipes]


def test_classifiers_asked_together_say_bit_for_bit_what_each_says_alone(card: Card) -> None:
    classifiers = _classifiers(card)
    alone = tuple(one.predict(IMAGE) for one in classifiers)
    assert predict_all(IMAGE, classifiers) == alone
    assert len({one.probabilities for one in alone}) == len(classifiers)


def test_an_image_is_fitted_once_for_recipes_that_differ_in_scaling_only(
    card: Card, fits: list[Recipe]
) -> None:
    first, second, smaller, turned = _classifiers(card)
    predict_all(IMAGE, [first, second])
    assert fits == [first.card.recipe]
    predict_all(IMAGE, [first, smaller, turned])
    assert fits[1:] == [first.card.recipe, smaller.card.recipe, turned.card.recipe]


def test_the_appearance_is_that_of_the_fitted_pixels(card: Card) -> None:
    image = FittedImage(IMAGE)
    wanted = appearance_of(fit_to_input(IMAGE, card.recipe), card.recipe)
    assert image.appearance(card.recipe).tolist() == wanted.tolist()
    assert image.appearance(replace(card.recipe, scale=1.0)) is image.appearance(card.recipe)


def test_a_scale_bar_is_filled_once_for_all_recipes_that_say_so(
    card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[RgbImage] = []

    def fill(image: RgbImage) -> RgbImage:
        looked_at.append(image)
        return without_scale_bar(image)

    monkeypatch.setattr(fitted_image, "without_scale_bar", fill)
    smear = decode_image(paths.demo_images() / "synthetic-1" / "smear-1.jpg").pixels
    image = FittedImage(smear)
    filled = replace(card.recipe, fill_scale_bar=True)
    for recipe in (card.recipe, filled, replace(filled, width_px=17), card.recipe):
        assert np.array_equal(image.pixels(recipe), fit_to_input(smear, recipe))
    assert len(looked_at) == 1
    assert not np.array_equal(image.pixels(filled), image.pixels(card.recipe))
