"""What a training can start from: on this PC, and in files."""

import json
from pathlib import Path

import h5py
import pytest
from msgspec.structs import replace

from bloodsmear import paths
from bloodsmear.adding.archive import pack_classifier
from bloodsmear.classifiers.card_file import read_card, write_card
from bloodsmear.errors import ClassifierError
from desktop.gui.training.jobs import other_labels_sentence, read_known_starts, read_outcome, read_start_file


@pytest.fixture
def unet() -> Path:
    return paths.shipped_classifiers() / "unet"


def imagenet(file: Path, *layers: str) -> Path:
    """A weight file as Keras 2 laid it out, with these layers and no weights."""
    with h5py.File(file, "w") as saved:
        saved.attrs["layer_names"] = [layer.encode() for layer in layers]
        for layer in layers:
            saved.create_group(layer)
    return file


def test_a_damaged_classifier_is_not_a_start_but_its_id_is_taken() -> None:
    damaged = paths.user_classifiers() / "half"
    damaged.mkdir(parents=True)
    (damaged / "card.json").write_text("{")
    known = read_known_starts()
    assert "half" in known.ids
    assert [start.key for start in known.starts] == ["unet", "vgg16", "classifier:unet", "classifier:vgg16"]


def test_a_classifier_with_another_order_of_labels_is_a_start_for_images_of_these_labels_alone(
    unet: Path,
) -> None:
    card = read_card(unet)
    other = paths.user_classifiers() / "other"
    other.mkdir(parents=True)
    write_card(other, replace(card, id="other", labels=card.labels[::-1]))
    known = {start.key: start for start in read_known_starts().starts}
    keys = card.label_keys
    assert known["classifier:unet"].fits(keys)
    assert not known["classifier:other"].fits(keys)
    assert known["classifier:other"].fits(keys[::-1])
    assert known["unet"].fits(("hem", "all"))
    start = read_start_file(_with_model(other, unet), paths.training_runs())
    assert start.label_keys == keys[::-1]
    assert "answers other labels than those of your images, or in another order" in other_labels_sentence(
        start
    )


def _with_model(folder: Path, source: Path) -> Path:
    for file in read_card(folder).files:
        (folder / file.name).write_bytes((source / file.name).read_bytes())
    return folder / "model.keras"


def test_a_zip_is_unpacked_where_a_training_that_goes_on_finds_it(unet: Path, tmp_path: Path) -> None:
    archive = tmp_path / "carried {1}.zip"
    pack_classifier(unet, archive)
    start = read_start_file(archive, tmp_path / "place")
    archive.unlink()
    assert (start.architecture, start.is_classifier) == ("unet", True)
    assert start.name.endswith(", from carried {1}.zip")
    assert start.weights is not None
    assert start.weights.read_bytes() == (unet / "model.keras").read_bytes()


def test_the_same_zip_twice_is_unpacked_once(unet: Path, tmp_path: Path) -> None:
    archive = tmp_path / "carried.zip"
    pack_classifier(unet, archive)
    first, second = (read_start_file(archive, tmp_path / "place") for _ in range(2))
    assert first == second
    assert len(list((tmp_path / "place").iterdir())) == 1


@pytest.mark.parametrize("name", ["model.keras", "card.json"])
def test_a_classifiers_folder_is_used_where_it_lies(unet: Path, tmp_path: Path, name: str) -> None:
    start = read_start_file(unet / name, tmp_path / "place")
    assert start.weights == unet / "model.keras"
    assert not (tmp_path / "place").exists()


def test_imagenets_weights_start_a_vgg16_whose_images_cannot_be_kept(tmp_path: Path) -> None:
    file = imagenet(tmp_path / "vgg16.h5", "block1_conv1", "block1_conv2")
    start = read_start_file(file, tmp_path)
    assert (start.architecture, start.weights, start.is_classifier) == ("vgg16", file, False)


def test_another_networks_weights_are_refused_by_a_sentence(tmp_path: Path) -> None:
    file = imagenet(tmp_path / "resnet.h5", "conv1_conv")
    with pytest.raises(ClassifierError, match=r"resnet\.h5 does not hold ImageNet's weights of VGG16"):
        read_start_file(file, tmp_path)


def test_a_file_that_is_not_hdf5_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "cut.h5"
    file.write_bytes(b"not at all")
    with pytest.raises(ClassifierError, match="cannot be read, or is damaged"):
        read_start_file(file, tmp_path)


def test_a_network_without_its_card_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.keras").write_bytes(b"PK")
    with pytest.raises(ClassifierError, match=r"holds no card\.json"):
        read_start_file(tmp_path / "model.keras", tmp_path / "place")


def test_a_zip_of_something_else_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    archive = tmp_path / "letters.zip"
    archive.write_bytes(b"no zip at all")
    with pytest.raises(ClassifierError, match="is not a zip file"):
        read_start_file(archive, tmp_path / "place")
    assert list((tmp_path / "place").iterdir()) == []


FIGURE = {"name": "accuracy", "value": 0.5, "low": 0.4, "high": 0.6, "images": 40, "command": ""}


def test_figures_on_the_same_images_go_before_those_of_the_card(tmp_path: Path) -> None:
    measured = tmp_path / "unet"
    measured.mkdir()
    (measured / "evaluation.json").write_text(json.dumps({"figures": [FIGURE], "labels": []}))
    new = paths.shipped_classifiers() / "vgg16"
    outcome = read_outcome(new, {"unet": measured, "vgg16": tmp_path / "nothing", "gone": tmp_path}, None)
    _, unet, vgg16 = outcome.columns
    assert (unet.same_images, unet.images, unet.figures["accuracy"]) == (True, 40, (0.5, 0.4, 0.6))
    assert not vgg16.same_images
    assert vgg16.images > 40
