"""A training run's folder may come from anywhere: nothing that its files name leads out, and no number is nonsense."""

import json
import os
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from bloodsmear.errors import DataSetError, TrainingError
from bloodsmear.known_folders import remember_folders
from training.commands.cross_validate import kept_answers
from training.data.folder_labels import read_folder_labels
from training.data.kept_images import folder_to_keep
from training.data.split import read_split
from training.exporting.request import read_words
from training.fitting.config import FitConfig
from training.fitting.earlier_classifier import earlier_classifier
from training.fitting.fitted_on import read_fitted_on
from training.fitting.history import read_history
from training.fitting.presets import read_config
from training.fitting.run import read_run_config

OUT = ("../../x.png", "/etc/passwd")


def written(path: Path, content: Any) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


@pytest.mark.parametrize("name", OUT)
@pytest.mark.parametrize("field", ["parts", "fingerprints"])
def test_a_split_names_images_below_the_root_alone(tmp_path: Path, name: str, field: str) -> None:
    split = {"seed": 1, "description": "", "parts": {"a.png": "train"}, "fingerprints": {}}
    split[field] = {name: "train" if field == "parts" else "0" * 16}
    with pytest.raises(DataSetError, match="must name a file below its folder"):
        read_split(written(tmp_path / "split.json", split))


@pytest.mark.parametrize("name", OUT)
def test_images_that_are_kept_in_lie_below_their_folder(tmp_path: Path, name: str) -> None:
    written(tmp_path / "kept.json", {"folder": "/", "images": {name: "0" * 16}, "left_out": 0})
    with pytest.raises(DataSetError, match="must name a file below its folder"):
        folder_to_keep(tmp_path, None)


def test_a_place_that_a_run_names_is_opened_where_it_was_named_here_before(tmp_path: Path) -> None:
    shares = tmp_path / "share"
    written(tmp_path / "kept.json", {"folder": str(shares / "old"), "images": {}, "left_out": 0})
    written(tmp_path / "earlier.json", {"weights": str(shares / "best.weights.h5")})
    with pytest.raises(
        TrainingError, match=r"names .*old, which nobody has opened on this PC before"
    ) as kept:
        folder_to_keep(tmp_path, None)
    with pytest.raises(TrainingError, match=r"names .*best\.weights\.h5, which nobody ") as begun:
        earlier_classifier(tmp_path, None)
    assert "--keep" in kept.value.at_terminal
    assert "--weights" in begun.value.at_terminal

    remember_folders([shares])

    assert folder_to_keep(tmp_path, None) == shares / "old"
    earlier = earlier_classifier(tmp_path, None)
    assert earlier is not None
    assert earlier.weights == str(shares / "best.weights.h5")


@pytest.mark.parametrize("image", ["../../secret.png", "/etc/passwd", "..\\x.png", "C:x.png"])
def test_golden_images_of_a_makers_words_lie_below_the_demo_images(tmp_path: Path, image: str) -> None:
    texts = ("id", "name", "version", "data_set", "licence", "citation", "command")
    words = (
        "".join(f'{name} = "x"\n' for name in texts) + f"limits = []\ngolden_images = [{json.dumps(image)}]\n"
    )
    with pytest.raises(TrainingError, match="must name a file below its folder"):
        read_words(written(tmp_path / "words.toml", words))


def test_a_folder_that_stands_for_no_label_is_refused_in_a_sentence(tmp_path: Path) -> None:
    labels = written(tmp_path / "labels.json", {"pairs": [["Old", "leukemia"]]})
    with pytest.raises(DataSetError, match="'leukemia' is not a label"):
        read_folder_labels(labels)


@pytest.mark.parametrize("content", ["[" * 200_000, '{"x": ' * 200_000, "\ud800", "{", ""])
@pytest.mark.parametrize("name", ["split.json", "history.json", "config.json", "earlier.json", "kept.json"])
def test_what_is_not_json_ends_in_a_sentence(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_bytes(content.encode("utf-8", "surrogatepass"))
    readers: dict[str, Callable[[], object]] = {
        "split.json": lambda: read_split(tmp_path / name),
        "history.json": lambda: read_history(tmp_path),
        "config.json": lambda: read_run_config(tmp_path),
        "earlier.json": lambda: earlier_classifier(tmp_path, None),
        "kept.json": lambda: folder_to_keep(tmp_path, None),
    }
    with pytest.raises((DataSetError, TrainingError), match=r"json|training run"):
        readers[name]()


READERS: dict[str, Callable[[Path], object]] = {
    "split.json": lambda run: read_split(run / "split.json"),
    "history.json": read_history,
    "config.json": read_run_config,
    "earlier.json": lambda run: earlier_classifier(run, None),
    "kept.json": lambda run: folder_to_keep(run, None),
    "fitted_on.json": read_fitted_on,
    "folder_labels.json": lambda run: read_folder_labels(run / "folder_labels.json"),
    "settings.toml": lambda run: read_config(run / "settings.toml"),
    "words.toml": lambda run: read_words(run / "words.toml"),
}


@pytest.mark.parametrize("name", READERS)
def test_a_file_of_more_than_it_can_hold_is_not_read(tmp_path: Path, name: str) -> None:
    with (tmp_path / name).open("wb") as file:
        file.truncate(1_000_000_000)
    tracemalloc.start()
    with pytest.raises((DataSetError, TrainingError), match=r"more than (67|1) MB"):
        READERS[name](tmp_path)
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most_bytes < 5_000_000


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
@pytest.mark.parametrize("name", READERS)
def test_a_pipe_is_not_waited_for(tmp_path: Path, name: str) -> None:
    """It is refused, or left out as a file that is not there."""
    os.mkfifo(tmp_path / name)
    try:
        assert not READERS[name](tmp_path)
    except (DataSetError, TrainingError) as error:
        assert "not a plain file" in str(error)  # noqa: PT017 - either will do


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("epochs", 10**9),
        ("batch_images", 10**12),
        ("norm_images", 10**12),
        ("large_px", 1_000_000),
        ("peak_rate", 1e30),
        ("label_smoothing", -1.0),
        ("seed", 2**70),
    ],
)
def test_a_runs_settings_have_ranges(tmp_path: Path, setting: str, value: float) -> None:
    config = msgspec.to_builtins(FitConfig()) | {setting: value}
    written(tmp_path / "config.json", config)
    with pytest.raises(TrainingError, match=setting):
        read_run_config(tmp_path)


@pytest.mark.parametrize("value", ["nan", "inf", "-1.0", "1e9"])
def test_settings_in_toml_are_numbers(tmp_path: Path, value: str) -> None:
    for setting in ("peak_rate", "augment.blur_sigma_px"):
        with pytest.raises(TrainingError, match=setting):
            read_config(written(tmp_path / "c.toml", f"{setting} = {value}\n"))


def test_settings_that_are_nested_too_deep_are_refused_in_a_sentence(tmp_path: Path) -> None:
    deep = written(tmp_path / "c.toml", "x = " + "[" * 200_000)
    with pytest.raises(TrainingError, match="Cannot use"):
        read_config(deep)
    with pytest.raises(TrainingError, match="Cannot use"):
        read_words(deep)


def test_answers_that_a_fold_keeps_are_read_where_they_are_small_and_plain(tmp_path: Path) -> None:
    file, held_out = tmp_path / "held_out_answers.npz", [3, 1]
    probabilities = np.full((2, 4), 0.25)
    np.savez(file, epochs=2, places=held_out, probabilities=probabilities)
    kept = kept_answers(file, 2, held_out)
    assert kept is not None
    assert np.array_equal(kept, probabilities)
    assert kept_answers(file, 3, held_out) is None

    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb, bomb.open("epochs.npy", "w") as packed:
        for _ in range(120):
            packed.write(bytes(1_000_000))
    assert file.stat().st_size < 1_000_000
    assert kept_answers(file, 2, held_out) is None
    file.write_bytes(b"PK\x03\x04cut")
    assert kept_answers(file, 2, held_out) is None
    file.unlink()
    assert kept_answers(file, 2, held_out) is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_in_the_place_of_answers_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "answers.npz")
    assert kept_answers(tmp_path / "answers.npz", 2, [1]) is None
