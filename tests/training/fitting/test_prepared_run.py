"""What is left out together of a run's images, where a head is fitted alone."""

from pathlib import Path

import numpy as np
import pytest

from bloodsmear.classifiers.label_set import OURS
from bloodsmear.errors import DataSetError
from training.data.data_set import DataSet, LabelledImage
from training.data.kept_images import DecodedSet, KeptImages
from training.data.pictures import PictureSet
from training.data.split import Part, Split
from training.fitting.prepared_run import KeptPart, PreparedRun
from training.fitting.presets import default_config
from training.fitting.run import recipe_of


def decoded(root: Path, numbers: range, first_fingerprint: int) -> DecodedSet:
    images = tuple(
        LabelledImage(root / f"{key}{number}.png", key, number) for key in OURS.keys for number in numbers
    )
    pictures = np.random.default_rng(first_fingerprint).integers(0, 256, (len(images), 8, 8, 3), np.uint8)
    fingerprints = np.arange(first_fingerprint, first_fingerprint + len(images), dtype=np.uint64)
    return DecodedSet(DataSet(root, images), PictureSet(pictures, pictures, fingerprints))


def run_of(new: DecodedSet, train: range, kept: DecodedSet | None = None) -> PreparedRun:
    parts: dict[str, Part] = {
        new.data_set.name_of(image): ("train" if image.number in train else "held_out")
        for image in new.data_set.images
    }
    of_kept = None if kept is None else KeptPart(KeptImages("old", kept.fingerprints, 0), kept)
    recipe = recipe_of(default_config("unet", width_px=8, height_px=8))
    split = Split(0, "by hand", parts)
    return PreparedRun(Path("run"), new.data_set, split, recipe, new.pictures, new.targets, None, of_kept)


def test_neighbours_and_near_duplicates_are_left_out_together_also_of_other_parts(tmp_path: Path) -> None:
    new = decoded(tmp_path / "new", range(20), 0)
    # The first image of the first label once more as its last one.
    new.pictures.reduced[19] = new.pictures.reduced[0]
    run = run_of(new, range(0, 20, 2), decoded(tmp_path / "old", range(1), 1_000))
    groups = run.groups()
    train, kept, rest = np.split(groups, [40, 44])
    assert train[0] == rest[0] == rest[9] == train[9], "runs of two images, and near duplicates"
    assert train[1] == rest[1] != train[2]
    assert len(set(kept)) == 4
    assert not set(kept) & {*train, *rest}


def test_a_label_with_too_few_training_images_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        DataSetError, match="Benign has 2 training images; a head alone is fitted on at least 3"
    ):
        run_of(decoded(tmp_path, range(10), 0), range(2)).groups()
