"""What differs between reduced training copies and a microscope's own frames, and whether what is done about it pays.

.venv/bin/python benchmarks/frames.py differences|bar|views|white|rule --data ../shared/data
    [--classifier ID ...] [--every N] [--fast] [--full-size]

Measured on the validation images of all224 (of the split of the card), or with --full-size on the frames of fullsize,
by which nothing is chosen. Each line: what was shown, then for each classifier the accuracy, the mean probability of
the label that it names, and the share of answers that are others than to the image as it is.

    differences   one difference at a time: scale, sharpness, compression, field of view, the corner
    bar           how many scale bars are found, and answers with the bar filled, the corner swapped, and both
    views         several views of one image averaged: also loss, ECE and the price in networks' answers
    white         the glass made white before the recipe, plain and under shifts of stain and camera
    rule          labels named otherwise than by the largest probability: what that does to Benign. What is fitted is
                  fitted on two of each label's three validation runs and measured on the third
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import logsumexp

from bloodsmear import paths
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.classifiers.folder import open_classifier, open_fast_classifier
from bloodsmear.classifiers.labels import BENIGN
from bloodsmear.images.decode import decode_image
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scale_bar import find_scale_bar, without_scale_bar
from bloodsmear.jobs import report_nowhere
from bloodsmear.workflows.classifier_set import DEFAULT_CLASSIFIERS, load_named_classifiers
from training.data.data_set import read_data_set
from training.data.folds import stretches_of
from training.data.picture_cache import load_pictures
from training.evaluation.figures import accuracy, cross_entropy, expected_calibration_error
from training.evaluation.hidden_parts import change_corners, fill_corner
from training.evaluation.measured_part import split_by_card
from training.evaluation.shifts import SHIFTS

Change = Callable[[RgbImage], RgbImage]
Probabilities = npt.NDArray[np.float64]

# The side of the copies that were fitted on; what is done in pixels to a larger frame is done to as much of it.
_COPY_PX = 224
# The goal: so few of the three other labels are called Benign.
_OTHER_CALLED_BENIGN = 0.005
_SHIFTED = (
    "white_balance_warm",
    "white_balance_cold",
    "cast_magenta",
    "cast_green",
    "hue_plus_12_degrees",
    "brightness_times_0.85",
    "brightness_times_1.15",
    "gamma_0.7",
    "gamma_1.4",
    "saturation_times_1.35",
)


@dataclass(frozen=True, slots=True)
class Frames:
    """Decoded images (uint8 H×W×3), the place of each one's label, and which run of its label it is of, int64 N."""

    images: tuple[RgbImage, ...]
    targets: npt.NDArray[np.int64]
    runs: npt.NDArray[np.int64]


def main(words: list[str]) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description="Copies, frames, and what is done about their differences.")
    parser.add_argument("what", choices=["differences", "bar", "views", "white", "rule"])
    parser.add_argument("--data", type=Path, required=True, help="the folder with all224 and fullsize")
    parser.add_argument("--classifier", action="append", help="its id; the two that ship where none is named")
    parser.add_argument("--every", type=int, default=1, help="measure on every Nth image only")
    parser.add_argument("--fast", action="store_true", help="let the int8 graphs answer where they may")
    parser.add_argument("--full-size", action="store_true", help="the frames of fullsize")
    parsed = parser.parse_args(words)
    opener = open_fast_classifier if parsed.fast else open_classifier
    for name in parsed.classifier or DEFAULT_CLASSIFIERS:
        (classifier,) = load_named_classifiers([name], 1, opener).classifiers
        frames = read_frames(parsed.data, classifier.card, full_size=parsed.full_size, every=parsed.every)
        print(f"{name}, {len(frames.images)} images", flush=True)
        _MEASURES[parsed.what](classifier, frames)
    return 0


def read_frames(data: Path, card: Card, *, full_size: bool, every: int) -> Frames:
    """The full-size frames, or the validation images of the split that the card's seed gives."""
    data_set = read_data_set(data / ("fullsize" if full_size else "all224"))
    places = list(range(len(data_set.images)))
    if not full_size:
        cache = paths.cache() / "training"
        pictures = load_pictures(data_set.images, card.recipe, cache, report_nowhere)
        places = split_by_card(card, data_set, pictures).indices(data_set, "validation")
    places = places[::every]
    images = [data_set.images[place] for place in places]
    targets = np.array([card.label_keys.index(image.label) for image in images])
    stretches = stretches_of(places, targets)
    runs = np.array(
        [at - stretches[targets == label].min() for at, label in zip(stretches, targets, strict=True)]
    )
    return Frames(tuple(decode_image(image.path).pixels for image in images), targets, runs)


def ask(classifier: Classifier, images: Sequence[RgbImage]) -> Probabilities:
    """Calibrated probabilities, N×labels."""
    return np.array([classifier.predict(image).probabilities for image in images])


def _print(name: str, said: Probabilities, plain: Probabilities, frames: Frames) -> None:
    named = said.argmax(axis=1)
    print(
        f"    {name:<52} {100 * accuracy(named, frames.targets):5.1f} %   "
        f"mean confidence {said.max(axis=1).mean():.3f}   "
        f"other answers {100 * (named != plain.argmax(axis=1)).mean():4.1f} %   "
        f"loss {cross_entropy(said, frames.targets):.3f}",
        flush=True,
    )


def measure_differences(classifier: Classifier, frames: Frames) -> None:
    """Each difference alone. Those in pixels are pixels of a copy of 224 px."""
    plain = ask(classifier, frames.images)
    _print("as it is", plain, plain, frames)
    changes: dict[str, Change] = {
        "scale: half that of a copy, and back": lambda image: _through(image, 0.5),
        "scale: three quarters of a copy's, and back": lambda image: _through(image, 0.75),
        "sharpness: blurred by 0.5 px": lambda image: _blurred(image, 0.5),
        "sharpness: blurred by 1 px": lambda image: _blurred(image, 1.0),
        "sharpness: sharpened (unsharp mask, 1 px)": _sharpened,
        "compression: JPEG 75": lambda image: _saved(image, 75),
        "compression: JPEG 30": lambda image: _saved(image, 30),
        "field of view: the middle 80 % of the sides": lambda image: _middle(image, 0.8),
        "field of view: the middle 60 % of the sides": lambda image: _middle(image, 0.6),
        "corner: filled": fill_corner,
        "corner: the scale bar that is found filled": without_scale_bar,
    }
    if max(frames.images[0].shape) > _COPY_PX:
        changes |= {
            "a copy: reduced to 224 px without antialiasing": _copied,
            "a copy, saved as JPEG 90": lambda image: _saved(_copied(image), 90),
            "reduced to 224 px by area": lambda image: _resized(image, cv2.INTER_AREA),
        }
    for name, change in changes.items():
        _print(name, ask(classifier, [change(image) for image in frames.images]), plain, frames)


def measure_bar(classifier: Classifier, frames: Frames) -> None:
    """What the bar does to answers, and what is left of it when it is filled before the recipe."""
    found = sum(find_scale_bar(image) is not None for image in frames.images)
    print(f"    scale bars found in {found} of {len(frames.images)}")
    plain = ask(classifier, frames.images)
    _print("as it is", plain, plain, frames)
    filled = ask(classifier, [without_scale_bar(image) for image in frames.images])
    _print("bar filled", filled, plain, frames)
    corners = change_corners(frames.images.__getitem__, frames.targets, lambda image: image).swapped
    for what, swapped in (("corner", corners), ("bar alone", _with_others_bars(frames))):
        _print(f"another label's {what}", ask(classifier, swapped), plain, frames)
        both = ask(classifier, [without_scale_bar(image) for image in swapped])
        _print(f"another label's {what}, then filled (to bar filled)", both, filled, frames)


def measure_views(classifier: Classifier, frames: Frames) -> None:
    """Views averaged: the mean of the calibrated probabilities."""
    whole = ask(classifier, frames.images)
    _print_views("the whole frame", [whole], frames)
    mirrored = ask(classifier, [np.ascontiguousarray(image[:, ::-1]) for image in frames.images])
    upended = ask(classifier, [np.ascontiguousarray(image[::-1]) for image in frames.images])
    _print_views("whole, mirrored", [whole, mirrored], frames)
    _print_views("whole, mirrored, upside down", [whole, mirrored, upended], frames)
    middle = ask(classifier, [_middle(image, 0.8) for image in frames.images])
    _print_views("whole, middle 80 %", [whole, middle], frames)
    corners = [
        ask(classifier, [_corner(image, 0.8, down, right) for image in frames.images])
        for down in (0, 1)
        for right in (0, 1)
    ]
    _print_views("whole, four corners of 80 %", [whole, *corners], frames)
    _print_views(
        "whole, mirrored, upside down, middle, corners", [whole, mirrored, upended, middle, *corners], frames
    )
    closer = ask(classifier, [_middle(image, 0.6) for image in frames.images])
    _print_views("whole, middle 80 %, middle 60 %", [whole, middle, closer], frames)


def _print_views(name: str, views: list[Probabilities], frames: Frames) -> None:
    mean = np.mean(views, axis=0)
    print(
        f"    {name:<52} {100 * accuracy(mean.argmax(axis=1), frames.targets):5.1f} %   "
        f"loss {cross_entropy(mean, frames.targets):.3f}   "
        f"ECE {expected_calibration_error(mean, frames.targets):.3f}   answers an image {len(views)}",
        flush=True,
    )


def measure_white(classifier: Classifier, frames: Frames) -> None:
    """The glass made white, plain and shifted."""
    plain = ask(classifier, frames.images)
    _print("as it is", plain, plain, frames)
    for name, balance in _BALANCES.items():
        balanced = ask(classifier, [balance(image) for image in frames.images])
        _print(f"as it is; {name}", balanced, plain, frames)
    for shift in _SHIFTED:
        shifted = [SHIFTS[shift](image) for image in frames.images]
        _print(shift, ask(classifier, shifted), plain, frames)
        for name, balance in _BALANCES.items():
            _print(f"{shift}; {name}", ask(classifier, [balance(image) for image in shifted]), plain, frames)


def measure_rule(classifier: Classifier, frames: Frames) -> None:
    """Ways to name a label. Log probabilities get a term for each label, or Benign is named from a limit on."""
    logits = np.log(np.maximum(ask(classifier, frames.images), 1e-12))
    card = classifier.card
    trained = np.array([count.train for count in card.trained_on.counts], float)
    adjusted = np.log(trained / trained.sum())
    benign = card.label_keys.index(BENIGN.key)
    _print_rule("the largest probability", logits, frames.targets, benign)
    for share in (0.5, 1.0):
        _print_rule(
            f"less {share:g} × log of the label's share", logits - share * adjusted, frames.targets, benign
        )
    fitted, limited = logits.copy(), logits.copy()
    for run in np.unique(frames.runs):
        there, rest = frames.runs == run, frames.runs != run
        fitted[there] += _fitted_terms(logits[rest], frames.targets[rest])
        limited[there, benign] += _benign_term(logits[rest], frames.targets[rest], benign)
    _print_rule("terms fitted by the balanced loss of the other runs", fitted, frames.targets, benign)
    _print_rule("a term for Benign fitted on the other runs", limited, frames.targets, benign)


def _print_rule(name: str, logits: Probabilities, targets: npt.NDArray[np.int64], benign: int) -> None:
    named = logits.argmax(axis=1)
    is_benign = targets == benign
    sensitivities = [float((named[targets == label] == label).mean()) for label in np.unique(targets)]
    print(
        f"    {name:<52} balanced accuracy {100 * np.mean(sensitivities):5.1f} %   "
        f"Benign called other {(named[is_benign] != benign).sum()} of {is_benign.sum()}   "
        f"other called Benign {(named[~is_benign] == benign).sum()} of {(~is_benign).sum()}",
        flush=True,
    )


def _fitted_terms(logits: Probabilities, targets: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """What to add to each label's logarithm so that the mean of the labels' mean losses is least."""
    weights = 1 / np.bincount(targets)[targets]

    def loss(terms: npt.NDArray[np.float64]) -> float:
        moved = logits + terms
        of_truth = moved[np.arange(len(targets)), targets]
        return float(((logsumexp(moved, axis=1) - of_truth) * weights).sum() + 0.01 * (terms**2).sum())

    return np.asarray(minimize(loss, np.zeros(logits.shape[1])).x, np.float64)


def _benign_term(logits: Probabilities, targets: npt.NDArray[np.int64], benign: int) -> float:
    """The term of Benign with the most right answers, where at most 0.5 % of the others are called Benign."""
    best = (-1.0, 0.0)
    for term in np.linspace(-3, 3, 61):
        moved = logits.copy()
        moved[:, benign] += term
        named = moved.argmax(axis=1)
        if (named[targets != benign] == benign).mean() > _OTHER_CALLED_BENIGN:
            continue
        balanced = np.mean([(named[targets == label] == label).mean() for label in np.unique(targets)])
        # Of equally good ones the smallest change.
        if (float(balanced), -abs(float(term))) > (best[0], -abs(best[1])):
            best = float(balanced), float(term)
    return best[1]


def _glass_of(image: RgbImage) -> npt.NDArray[np.float64]:
    """The colour of the glass: of each channel the value that 95 % of the pixels stay below."""
    return np.maximum(np.percentile(without_scale_bar(image).reshape(-1, 3), 95, axis=0), 24.0)


def _balanced(image: RgbImage, glass: float | None) -> RgbImage:
    """Each channel's gain such that the glass has this value in all three (None: its own brightest channel)."""
    found = _glass_of(image)
    gains = (found.max() if glass is None else glass) / found
    return np.asarray(np.clip(np.rint(image * gains), 0, 255), np.uint8)


_BALANCES: dict[str, Change] = {
    "glass to grey of its own light": lambda image: _balanced(image, None),
    "glass to 225": lambda image: _balanced(image, 225.0),
    "glass to 240": lambda image: _balanced(image, 240.0),
}


def _px(image: RgbImage) -> float:
    """How many pixels of this image are one of a copy."""
    return float(max(image.shape[:2]) / _COPY_PX)


def _through(image: RgbImage, scale: float) -> RgbImage:
    height, width = image.shape[:2]
    small = round(width / _px(image) * scale), round(height / _px(image) * scale)
    reduced = cv2.resize(image, small, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(reduced, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _blurred(image: RgbImage, sigma_px: float) -> RgbImage:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma_px * _px(image)), np.uint8)


def _sharpened(image: RgbImage) -> RgbImage:
    return np.asarray(cv2.addWeighted(image, 2.0, _blurred(image, 1.0), -1.0, 0), np.uint8)


def _saved(image: RgbImage, quality: int) -> RgbImage:
    blue_first = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    _, content = cv2.imencode(".jpg", blue_first, [cv2.IMWRITE_JPEG_QUALITY, quality])
    blue_first = np.asarray(cv2.imdecode(content, cv2.IMREAD_COLOR), np.uint8)
    return np.asarray(cv2.cvtColor(blue_first, cv2.COLOR_BGR2RGB), np.uint8)


def _middle(image: RgbImage, share: float) -> RgbImage:
    height, width = image.shape[:2]
    down, right = round(height * (1 - share) / 2), round(width * (1 - share) / 2)
    return np.ascontiguousarray(image[down : height - down, right : width - right])


def _corner(image: RgbImage, share: float, down: int, right: int) -> RgbImage:
    height, width = image.shape[:2]
    rows, columns = round(height * share), round(width * share)
    top, left = down * (height - rows), right * (width - columns)
    return np.ascontiguousarray(image[top : top + rows, left : left + columns])


def _copied(image: RgbImage) -> RgbImage:
    return _resized(image, cv2.INTER_LINEAR)


def _resized(image: RgbImage, how: int) -> RgbImage:
    return np.asarray(cv2.resize(image, (_COPY_PX, _COPY_PX), interpolation=how), np.uint8)


def _with_others_bars(frames: Frames) -> list[RgbImage]:
    """Each image with the bar of one of another label in place of its own, which is filled; for frames of one size."""
    random = np.random.default_rng(0)
    swapped = []
    for image, target in zip(frames.images, frames.targets, strict=True):
        other = frames.images[random.choice(np.flatnonzero(frames.targets != target))]
        bar, changed = find_scale_bar(other), without_scale_bar(image).copy()
        if bar is not None and other.shape == image.shape:
            changed[bar.slices()] = other[bar.slices()]
        swapped.append(changed)
    return swapped


_MEASURES: dict[str, Callable[[Classifier, Frames], None]] = {
    "differences": measure_differences,
    "bar": measure_bar,
    "views": measure_views,
    "white": measure_white,
    "rule": measure_rule,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
