"""How often the flags are raised: on held-out smears, on another laboratory's, on blurred, smeared and dark copies.

.venv/bin/python benchmarks/flags.py --data ../shared/data [--classifier ID ...] [--every N]

Held out is what the card's split holds out of all224, a group for each label. Goals: at least 98 % of other_smears and
at most 5 % of the held-out smears of each label flagged unlike_training by the classifiers together. Exit status 1: a
goal was missed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from bloodsmear import paths
from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.classifiers.labels import label_name
from bloodsmear.images.decode import decode_image
from bloodsmear.images.image_quality import measure_quality
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scan import Scan
from bloodsmear.review.consensus import consensus_of, quality_flags
from bloodsmear.workflows.classifier_set import DEFAULT_CLASSIFIERS, load_named_classifiers
from bloodsmear.workflows.reading import answers_of
from training.data.data_set import read_data_set
from training.data.picture_cache import load_pictures
from training.evaluation.measured_part import split_by_card

UNLIKE_AT_LEAST, HELD_OUT_AT_MOST = 0.98, 0.05
# Of a frame's long side: 4 px of 1024, which takes the detail from a nucleus.
BLUR_SHARE = 4 / 1024
# As far a stage moves while a picture is taken: 16 px of 1024.
SMEAR_SHARE = 16 / 1024
# The radius of 2 px of an input of 128 px.
DEFOCUS_SHARE = 2 / 128
DARK_LIGHT = 1 / 3
TOGETHER = "unlike_training together"
HELD_OUT = "held-out smears, "


@dataclass(frozen=True, slots=True)
class Group:
    """Images that are measured together, and what is done to each before."""

    name: str
    files: Sequence[Path]
    change: Callable[[RgbImage], RgbImage]
    answered: bool


def main(words: list[str]) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description="How often the flags are raised.")
    parser.add_argument(
        "--data", type=Path, required=True, help="the folder with all224, other_smears, fullsize"
    )
    parser.add_argument("--classifier", action="append", help="its id; the two that ship where none is named")
    parser.add_argument("--every", type=int, default=1, help="measure on every Nth held-out image only")
    parsed = parser.parse_args(words)
    classifiers = load_named_classifiers(parsed.classifier or DEFAULT_CLASSIFIERS, streams=1).classifiers
    shares = {}
    for group in _groups(parsed.data, classifiers[0], parsed.every):
        shares[group.name] = _measure(group, classifiers)
    return _judge(shares)


def _groups(data: Path, classifier: Classifier, every: int) -> list[Group]:
    by_label = _held_out(data / "all224", classifier, every)
    held_out = [path for files in by_label.values() for path in files]
    full_size = [found.path for found in Scan([data / "fullsize"])]
    other = [found.path for found in Scan([data / "other_smears"])]
    return [
        *(
            Group(f"{HELD_OUT}{label_name(key)}", files, _as_it_is, answered=True)
            for key, files in by_label.items()
        ),
        Group("full-size frames of the same laboratory", full_size, _as_it_is, answered=True),
        Group("another laboratory's smears", other, _as_it_is, answered=True),
        Group("the same, glass as white as in the held-out", other, _with_white_glass, answered=True),
        Group("held-out smears, blurred", held_out, _blurred, answered=False),
        Group("held-out smears, a third of the light", held_out, _darkened, answered=False),
        Group("full-size frames, blurred", full_size, _blurred, answered=False),
        Group(
            "full-size frames, out of focus as the evaluation shows it", full_size, _defocused, answered=False
        ),
        Group("full-size frames, smeared", full_size, _smeared, answered=False),
        Group("full-size frames, a third of the light", full_size, _darkened, answered=False),
    ]


def _held_out(folder: Path, classifier: Classifier, every: int) -> dict[str, list[Path]]:
    data_set = read_data_set(folder)
    cache = paths.cache() / "training"
    pictures = load_pictures(data_set.images, classifier.card.recipe, cache, lambda _progress: None)
    split = split_by_card(classifier.card, data_set, pictures)
    images = [data_set.images[place] for place in split.indices(data_set, "held_out")]
    return {
        key: [image.path for image in images if image.label == key][::every] for key in data_set.label_keys
    }


def _measure(group: Group, classifiers: Sequence[Classifier]) -> dict[str, float]:
    """The share of the group's images with each flag, and with unlike_training by each classifier; printed, too."""
    raised: dict[str, list[bool]] = {}
    for path in group.files:
        image = group.change(decode_image(path).pixels)
        for name, one in _flags_of(image, classifiers if group.answered else ()).items():
            raised.setdefault(name, []).append(one)
    shares = {name: float(np.mean(each)) for name, each in raised.items()}
    print(f"{group.name} ({len(group.files)})")
    for name, share in shares.items():
        print(f"    {name:<28} {100 * share:5.1f} %", flush=True)
    return shares


def _flags_of(image: RgbImage, classifiers: Sequence[Classifier]) -> dict[str, bool]:
    quality = quality_flags(measure_quality(image))
    raised = {flag: flag in quality for flag in ("out_of_focus", "exposure")}
    if not classifiers:
        return raised
    answers = answers_of(image, classifiers)
    by_each = {
        f"unlike_training by {answer.classifier.id}": answer.prediction.unlike_training for answer in answers
    }
    together = consensus_of(answers, None).flags
    raised |= {flag: flag in together for flag in ("disagreement", "low_confidence")}
    return raised | by_each | {TOGETHER: any(by_each.values())}


def _judge(shares: dict[str, dict[str, float]]) -> int:
    unlike = shares["another laboratory's smears"][TOGETHER]
    held_out = {
        name.removeprefix(HELD_OUT): each[TOGETHER]
        for name, each in shares.items()
        if name.startswith(HELD_OUT) and TOGETHER in each
    }
    reached = unlike >= UNLIKE_AT_LEAST and max(held_out.values()) <= HELD_OUT_AT_MOST
    told = ", ".join(f"{100 * share:.1f} % of {label}" for label, share in held_out.items())
    print(
        f"unlike_training together: {100 * unlike:.1f} % of another laboratory's (goal: at least 98), of the held-out "
        f"{told} (goal: at most 5 each): {'reached' if reached else 'MISSED'}"
    )
    return 0 if reached else 1


def _as_it_is(image: RgbImage) -> RgbImage:
    return image


def _with_white_glass(image: RgbImage) -> RgbImage:
    """As if the lamp were set as in the training laboratory: what is still flagged, is so for more than the light."""
    glass = np.percentile(image.reshape(-1, 3), 95, axis=0)
    return np.asarray(np.clip(image * (250.0 / glass), 0, 255), np.uint8)


def _smeared(image: RgbImage) -> RgbImage:
    """Moved along its rows while it was taken."""
    width = round(SMEAR_SHARE * max(image.shape[:2]))
    return np.asarray(cv2.blur(image, (width, 1)), np.uint8)


def _blurred(image: RgbImage) -> RgbImage:
    sigma_px = BLUR_SHARE * max(image.shape[:2])
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma_px), np.uint8)


def _defocused(image: RgbImage) -> RgbImage:
    """A disc in place of each point, as the harder defocus among the evaluation's shifts."""
    radius_px = round(DEFOCUS_SHARE * max(image.shape[:2]))
    down, right = np.mgrid[-radius_px : radius_px + 1, -radius_px : radius_px + 1]
    disc = (np.hypot(down, right) <= radius_px).astype(np.float64)
    return np.asarray(cv2.filter2D(image, -1, disc / disc.sum()), np.uint8)


def _darkened(image: RgbImage) -> RgbImage:
    return np.asarray(np.rint(image * DARK_LIGHT), np.uint8)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
