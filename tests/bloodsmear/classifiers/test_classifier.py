"""A classifier over a fake engine: how an answer becomes a prediction."""

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
from msgspec.structs import replace

from bloodsmear import paths
from bloodsmear.classifiers import classifier
from bloodsmear.classifiers.appearance import appearance_of
from bloodsmear.classifiers.calibration import calibrate
from bloodsmear.classifiers.card import Card, Spread, UnlikeTraining
from bloodsmear.classifiers.classifier import EngineClassifier, FittedImage, predict_all
from bloodsmear.classifiers.engine import RawAnswer, single_row
from bloodsmear.classifiers.preprocess import fit_to_input
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.errors import ClassifierError
from bloodsmear.images.decode import decode_image
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scale_bar import without_scale_bar

IMAGE = np.zeros((40, 50, 3), np.uint8)
STATISTICS = UnlikeTraining(
    layer="pooled",
    features=Spread(mean=(0.0, 0.0), components=((1.0, 0.0),), residual_variance=1.0, threshold=2.0),
    appearance=None,
)


class FakeEngine:
    """Gives one answer and remembers what it was asked."""

    def __init__(self, probabilities: list[float], features: list[float] | None = None) -> None:
        self.answer = RawAnswer(
            np.array(probabilities, np.float32), None if features is None else np.array(features, np.float32)
        )
        self.asked: npt.NDArray[np.float32] | None = None

    def run(self, prepared: npt.NDArray[np.float32]) -> RawAnswer:
        self.asked = prepared
        return self.answer


def test_a_prediction_is_calibrated_with_the_cards_temperature(card: Card) -> None:
    engine = FakeEngine([0.7, 0.1, 0.1, 0.1])
    prediction = EngineClassifier(card, engine).predict(IMAGE)
    assert prediction.probabilities == calibrate(engine.answer.probabilities, card.temperature)
    assert prediction.feature_distance is None
    assert prediction.unlike_training is False


def test_the_engine_gets_the_image_as_the_recipe_prepares_it(card: Card) -> None:
    engine = FakeEngine([0.7, 0.1, 0.1, 0.1])
    EngineClassifier(card, engine).predict(np.full((40, 50, 3), 255, np.uint8))
    assert engine.asked is not None
    assert engine.asked.shape == (18, 22, 3)
    assert np.all(engine.asked == 1.0)


@pytest.mark.parametrize(
    ("features", "distance", "unlike"), [((1.0, 1.0), 2**0.5, False), ((0.0, 3.0), 3.0, True)]
)
def test_an_image_beyond_the_threshold_is_unlike_the_training_images(
    card: Card, features: list[float], distance: float, unlike: bool
) -> None:
    card = msgspec.structs.replace(card, unlike_training=STATISTICS)
    prediction = EngineClassifier(card, FakeEngine([0.7, 0.1, 0.1, 0.1], features)).predict(IMAGE)
    assert prediction.feature_distance == pytest.approx(distance)
    assert prediction.unlike_training is unlike


def test_an_image_that_looks_otherwise_is_unlike_the_training_images_whatever_its_features(
    card: Card,
) -> None:
    black = appearance_of(fit_to_input(IMAGE, card.recipe), card.recipe)
    appearance = Spread(mean=tuple(black), components=(), residual_variance=1.0, threshold=5.0)
    statistics = msgspec.structs.replace(STATISTICS, appearance=appearance)
    classifier = EngineClassifier(
        msgspec.structs.replace(card, unlike_training=statistics),
        FakeEngine([0.7, 0.1, 0.1, 0.1], [0.0, 0.0]),
    )
    assert classifier.predict(IMAGE).unlike_training is False
    assert classifier.predict(np.full_like(IMAGE, 200)).unlike_training is True


def test_an_answer_with_too_few_probabilities_is_refused(card: Card) -> None:
    with pytest.raises(ClassifierError, match="tiny gave 3 probabilities for 4 labels"):
        EngineClassifier(card, FakeEngine([0.8, 0.1, 0.1])).predict(IMAGE)


def test_an_answer_without_the_features_that_the_card_needs_is_refused(card: Card) -> None:
    card = msgspec.structs.replace(card, unlike_training=STATISTICS)
    with pytest.raises(ClassifierError, match="gave no features"):
        EngineClassifier(card, FakeEngine([0.7, 0.1, 0.1, 0.1])).predict(IMAGE)


@pytest.mark.parametrize("shape", [(3, 4), (1, 5), (4,), (0, 4), (1, 1, 4)])
def test_an_output_that_is_not_one_row_with_one_column_a_label_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ClassifierError, match=r"must give one row with 4 labels .* gave the shape"):
        single_row(np.zeros(shape, np.float32), 4, "labels")


NOISE = np.random.default_rng(6).integers(0, 256, (40, 50, 3), np.uint8)


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

    monkeypatch.setattr(classifier, "fit_to_input", fit)
    return asked


def _classifiers(card: Card) -> list[EngineClassifier]:
    """Two that differ in their scaling only, one with another size and one with another channel order."""
    seen = appearance_of(fit_to_input(NOISE, card.recipe), card.recipe)
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
    alone = tuple(one.predict(NOISE) for one in classifiers)
    assert predict_all(FittedImage(NOISE), classifiers) == alone
    assert len({one.probabilities for one in alone}) == len(classifiers)


def test_an_image_is_fitted_once_for_recipes_that_differ_in_scaling_only(
    card: Card, fits: list[Recipe]
) -> None:
    first, second, smaller, turned = _classifiers(card)
    predict_all(FittedImage(NOISE), [first, second])
    assert fits == [first.card.recipe]
    predict_all(FittedImage(NOISE), [first, smaller, turned])
    assert fits[1:] == [first.card.recipe, smaller.card.recipe, turned.card.recipe]


def test_the_appearance_is_that_of_the_fitted_pixels(card: Card) -> None:
    image = FittedImage(NOISE)
    wanted = appearance_of(fit_to_input(NOISE, card.recipe), card.recipe)
    assert image.appearance(card.recipe).tolist() == wanted.tolist()
    assert image.appearance(replace(card.recipe, scale=1.0)) is image.appearance(card.recipe)


def test_a_scale_bar_is_filled_once_for_all_recipes_that_say_so(
    card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[RgbImage] = []

    def fill(image: RgbImage) -> RgbImage:
        looked_at.append(image)
        return without_scale_bar(image)

    monkeypatch.setattr(classifier, "without_scale_bar", fill)
    smear = decode_image(paths.demo_images() / "synthetic-1" / "smear-1.jpg").pixels
    image = FittedImage(smear)
    filled = replace(card.recipe, fill_scale_bar=True)
    for recipe in (card.recipe, filled, replace(filled, width_px=17), card.recipe):
        assert np.array_equal(image.pixels(recipe), fit_to_input(smear, recipe))
    assert len(looked_at) == 1
    assert not np.array_equal(image.pixels(filled), image.pixels(card.recipe))
