"""The command: what it refuses before minutes of work."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from bloodsmear import paths
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.card_file import read_card
from bloodsmear.errors import DataSetError, TrainingError, UsageError
from bloodsmear.jobs import Cancel
from training.command_output import MessageSpeaker
from training.commands import quantise as command
from training.data.data_set import read_data_set
from training.data.split import Part, Split, write_split
from training.options.quantise_options import QuantiseOptions


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Card:
    """The shipped U-Net's for smaller images, as if it had no int8 graph; no folder is opened."""
    shipped = read_card(paths.shipped_classifiers() / "unet")
    files = tuple(file for file in shipped.files if file.name == "model.keras")
    small = replace(
        shipped, recipe=replace(shipped.recipe, width_px=12, height_px=12), files=files, fast=None
    )
    monkeypatch.setenv("BLOODSMEAR_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(command, "read_checked_card", lambda folder: small)
    return small


def quantise(options: QuantiseOptions) -> None:
    command.quantise(options, MessageSpeaker(), Cancel())


def test_without_nncf_it_is_said_before_any_image_is_read(
    card: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "nncf", None)
    with pytest.raises(TrainingError, match="nor of the Full edition"):
        quantise(QuantiseOptions(Path("unet"), tmp_path / "no such folder"))


def test_where_there_is_no_int8_graph_there_is_nothing_to_measure(card: Card, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="Leave --measure out to have one made"):
        quantise(QuantiseOptions(Path("unet"), tmp_path / "no such folder", measure=True))


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("train", r"in the part held_out of the split, so fast answers cannot be measured\."),
        ("held_out", r"in the part train of the split, so fast answers cannot be calibrated\."),
    ],
)
def test_a_split_that_leaves_a_part_empty_is_said_in_a_sentence(
    card: Card, labelled_folder: Callable[[int], Path], tmp_path: Path, part: Part, sentence: str
) -> None:
    root, split = labelled_folder(3), tmp_path / "split.json"
    data_set = read_data_set(root)
    write_split(split, Split(0, "all in one", {data_set.name_of(image): part for image in data_set.images}))
    with pytest.raises(DataSetError, match=sentence):
        quantise(QuantiseOptions(Path("unet"), root, split))


def test_a_classifier_of_unknown_training_is_refused(
    card: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = replace(card, trained_on=replace(card.trained_on, fingerprints=()))
    monkeypatch.setattr(command, "read_checked_card", lambda folder: unknown)
    with pytest.raises(UsageError, match="doesn't say which images it was trained on"):
        quantise(QuantiseOptions(Path("unet"), tmp_path))
