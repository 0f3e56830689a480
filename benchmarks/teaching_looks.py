"""Part l of benchmarks/teaching.py: how an image is to be looked at more than once, for a fit of few images.

On white cells that parts b and e never see where they are given 150 of each kind: of POOL of each kind some are taught,
the others are measured on.
"""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.teaching_heads import TAUGHT, Array, IntArray, Reader, drawn, files_of
from bloodsmear.classifiers.preprocess import fit_to_input
from bloodsmear.images.decode import decode_image
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.teaching.cross_validation import teach_head
from training.fitting.augment import augment_image
from training.fitting.config import AugmentConfig
from training.fitting.head_fit import lay_picture
from training.fitting.presets import UNCHANGED

LEFT_TO_OTHERS, POOL = 150, 120
DRAWS = {25: 8, 100: 4}
_FOLDS = 10
# Mild changes of stain, and the same with those of place and sharpness.
_STAIN = dataclasses.replace(
    UNCHANGED,
    hue_degrees=8.0,
    saturation_factor=0.2,
    brightness_factor=0.12,
    contrast_factor=0.12,
    white_balance_factor=0.06,
)
_ALL = dataclasses.replace(
    _STAIN,
    rotation_degrees=180.0,
    shift_share=0.05,
    zoom_factor=0.1,
    flips=True,
    blur_sigma_px=0.5,
    noise_levels=3.0,
    lowest_jpeg_quality=70,
)
Look = Callable[[RgbImage, int], RgbImage]


def print_looks(root: Path, reader: Reader) -> None:
    """The share of the cells measured on that heads name rightly, by how the taught ones were looked at."""
    others = set(files_of(root, LEFT_TO_OTHERS)[0])
    files = [file for kind in sorted(root.iterdir()) if kind.is_dir() for file in sorted(kind.iterdir())]
    files = [file for file in files if file not in others]
    kinds = sorted({file.parent.name for file in files})
    targets = np.array([kinds.index(file.parent.name) for file in files])
    recipe = reader.base.card.recipe
    pictures = [fit_to_input(decode_image(file).pixels, recipe) for file in files]
    pool = np.concatenate([np.flatnonzero(targets == kind)[:POOL] for kind in range(len(kinds))])
    seen = reader.read(len(files), lambda place: pictures[place]).taught_on
    rest = np.setdiff1d(np.arange(len(files)), pool)

    def looked(look: Look) -> Array:
        return reader.read(len(pool), lambda place: look(pictures[pool[place]], place)).taught_on

    turns = [looked(lambda picture, _place, way=way: lay_picture(picture, way)) for way in (1, 2, 3)]  # type: ignore[misc]
    tried = {
        "as they are": [],
        "and once turned by a quarter": turns[:1],
        "and by two quarters": turns[:2],
        "and by three: what ships": turns,
        "and once changed in stain": [looked(_changed(_STAIN))],
        "and once in stain, place and sharpness": [looked(_changed(_ALL))],
    }
    print(
        f"(l) {len(rest)} other cells of {len(kinds)} kinds, right, from {' and '.join(map(str, TAUGHT))} of each kind "
        f"(mean of {' and '.join(str(DRAWS[taught]) for taught in TAUGHT)} draws)"
    )
    for words, looks in tried.items():
        shares = [
            f"{100 * _right([seen[pool], *looks], targets[pool], taught, seen[rest], targets[rest]):5.1f} %"
            for taught in TAUGHT
        ]
        print(f"    {words:48} {'  '.join(shares)}", flush=True)


def _changed(changes: AugmentConfig) -> Look:
    return lambda picture, place: augment_image(picture, changes, np.random.default_rng(place))


def _right(looks: list[Array], targets: IntArray, taught: int, rest: Array, truth: IntArray) -> float:
    shares = []
    for draw in range(DRAWS[taught]):
        chosen = drawn(targets, taught, draw)
        folds = np.tile(np.arange(len(chosen)) % _FOLDS, len(looks))
        rows = np.concatenate([look[chosen] for look in looks])
        head = teach_head(rows, np.tile(targets[chosen], len(looks)), folds, int(targets.max()) + 1).head
        shares.append(float(np.mean(head.logits(rest).argmax(axis=1) == truth)))
    return float(np.mean(shares))
