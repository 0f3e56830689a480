"""Which images of an earlier data set are kept in beside new ones."""

from pathlib import Path

import numpy as np
import pytest

from bloodsmear.classifiers.labels import LABELS
from bloodsmear.errors import DataSetError
from bloodsmear.jobs import report_nowhere
from bloodsmear.known_folders import remember_folders
from training.data.data_set import DataSet, LabelledImage
from training.data.kept_images import (
    DecodedSet,
    KeptImages,
    choose_kept,
    find_kept,
    folder_to_keep,
    recall_kept,
    write_kept,
)
from training.data.pictures import Pictures, PictureSet


def noise(count: int, seed: int) -> Pictures:
    return np.random.default_rng(seed).integers(0, 255, (count, 24, 24, 3), np.uint8)


def decoded(root: str, pictures: Pictures, first_fingerprint: int, first_label: int = 0) -> DecodedSet:
    """Images of all labels in turn, whose fingerprints count up by 1000: no two of them are alike."""
    images = tuple(
        LabelledImage(Path(root) / f"{place}.png", LABELS[(place + first_label) % 4].key, place)
        for place in range(len(pictures))
    )
    fingerprints = first_fingerprint + 1000 * np.arange(len(pictures), dtype=np.uint64)
    return DecodedSet(
        DataSet(Path(root), images), PictureSet(pictures, pictures, fingerprints.astype(np.uint64))
    )


NEW = decoded("/new", noise(8, 1), 7)
OLD = decoded("/old", noise(6, 2), 3)
ALL_OLD = tuple(OLD.fingerprints.values())


def choose(old: DecodedSet, held_out: tuple[int, ...] = (), seen: tuple[str, ...] = ALL_OLD) -> KeptImages:
    return choose_kept(old, NEW, held_out, seen, report_nowhere)


def old_with(pictures: dict[int, Pictures], first_label: int = 0) -> DecodedSet:
    changed = OLD.pictures.pixels.copy()
    for place, picture in pictures.items():
        changed[place] = picture
    return decoded("/old", changed, 3, first_label)


def test_only_images_that_were_trained_on_are_kept() -> None:
    kept = choose(OLD, seen=ALL_OLD[1:3])
    assert kept == KeptImages(str(Path("/old")), {"1.png": ALL_OLD[1], "2.png": ALL_OLD[2]}, 0)


def test_what_the_classifier_never_saw_is_not_a_folder_to_keep() -> None:
    with pytest.raises(
        DataSetError, match=r"None of the 6 images in .*old is one that the earlier classifier"
    ):
        choose(OLD, seen=("00000000000000ff",))


def test_a_kept_image_that_is_also_among_the_new_ones_is_left_out_and_counted() -> None:
    # Turned, so that its fingerprint is another one.
    turned = np.rot90(NEW.pictures.pixels[4])
    kept = choose(old_with({0: turned}))
    assert (list(kept.images), kept.left_out) == ([f"{place}.png" for place in range(1, 6)], 1)
    assert kept.in_words().endswith(
        "kept in, in train only; 1 more are near duplicates of the new ones and left out."
    )


def test_a_held_out_picture_that_was_trained_on_is_refused_though_its_fingerprint_is_another() -> None:
    old = old_with({0: np.rot90(NEW.pictures.pixels[4])})
    with pytest.raises(
        DataSetError, match=r"1 held-out images .* same picture .*new.4\.png is .*old.0\.png\. Figures"
    ):
        choose(old, held_out=(3, 4))
    assert choose(old, held_out=(3, 5)).left_out == 1


def test_a_picture_with_another_label_in_the_old_folder_is_an_error_that_names_both() -> None:
    old = old_with({0: NEW.pictures.pixels[4]}, first_label=1)
    with pytest.raises(
        DataSetError, match=r"4\.png \(Benign\) and .*0\.png \(Early Pre-B\) are the same pic"
    ):
        choose(old)


def test_a_folder_of_nothing_but_the_new_images_leaves_nothing_to_keep() -> None:
    with pytest.raises(DataSetError, match=r"All 6 images in .*old .* near duplicates"):
        choose(decoded("/old", NEW.pictures.pixels[:6], 3))


def test_the_images_that_a_run_keeps_in_are_found_again_beside_others() -> None:
    kept = choose(OLD, seen=ALL_OLD[2:4])
    found = find_kept(kept, OLD)
    assert [image.path.name for image in found.data_set.images] == ["2.png", "3.png"]
    assert np.array_equal(found.pictures.pixels, OLD.pictures.pixels[2:4])
    assert found.targets.tolist() == [2, 3]


def test_other_pictures_or_missing_ones_are_not_taken_for_those_that_a_run_keeps_in() -> None:
    kept = choose(OLD)
    other = DecodedSet(
        OLD.data_set, PictureSet(OLD.pictures.pixels, OLD.pictures.reduced, ~OLD.pictures.fingerprints)
    )
    with pytest.raises(DataSetError, match=r"6 of the 6 images that the run keeps in .* 0\.png is the first"):
        find_kept(kept, other)
    with pytest.raises(DataSetError, match=r"2 of the 6 images that the run keeps in .* 4\.png is the first"):
        find_kept(kept, OLD.at([0, 1, 2, 3]))


def test_a_run_remembers_the_folder_and_takes_no_other_way_once_it_has_begun(tmp_path: Path) -> None:
    old = Path("/old")
    assert folder_to_keep(tmp_path, None) is None
    assert folder_to_keep(tmp_path, old) == old
    (tmp_path / "split.json").write_text("begun")
    with pytest.raises(DataSetError, match="was begun without keeping in images of"):
        folder_to_keep(tmp_path, old)
    kept = choose(OLD)
    write_kept(tmp_path, kept)
    assert recall_kept(tmp_path) == kept
    remember_folders([Path(kept.folder)])
    assert folder_to_keep(tmp_path, None) == Path(kept.folder)


def test_a_damaged_memory_is_named(tmp_path: Path) -> None:
    (tmp_path / "kept.json").write_text("[]")
    with pytest.raises(DataSetError, match=r"kept\.json cannot be read"):
        recall_kept(tmp_path)
