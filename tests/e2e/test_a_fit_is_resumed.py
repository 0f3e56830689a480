"""A fit is killed, stopped and started again, in processes of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import h5py
import numpy as np
import pytest

from bloodsmear.jobs.training_messages import (
    STOP_LINE,
    EpochDone,
    FitStarted,
    StepsDone,
    Stopped,
    TrainingMessage,
    decode_message,
)
from training.fitting.fitted_on import FittedOn, read_fitted_on, write_fitted_on
from training.fitting.history import read_history

# The input's side, and that of the smallest picture that can be a smear.
SIDE_PX, PICTURE_PX = 8, 32


@pytest.fixture(scope="module")
def smears(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("fit") / "smears"
    random = np.random.default_rng(1)
    for place, folder in enumerate(("Benign", "Early", "Pre", "Pro")):
        (root / folder).mkdir(parents=True)
        for number in range(16):
            pixels = random.integers(0, 120, (PICTURE_PX, PICTURE_PX, 3), np.uint8)
            pixels[:, :, place % 3] += np.uint8(60 + 30 * (place // 3))
            cv2.imwrite(str(root / folder / f"smear ({number}).png"), pixels)
    return root


Fit = Callable[[Path], "subprocess.Popen[str]"]


@pytest.fixture
def fit(smears: Path, home_of_its_own: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fit]:
    """`fit(run)`: three epochs, the program in a process of its own, speaking in messages."""
    started: list[subprocess.Popen[str]] = []
    home = tmp_path_factory.mktemp("user")

    def start(run: Path) -> "subprocess.Popen[str]":
        words = ["--messages", "--backend", "tensorflow", "fit", str(smears), "--run", str(run)]
        words += ["--size", str(SIDE_PX), "--epochs", "3", "--batch", "4"]
        process = subprocess.Popen(
            [sys.executable, "-m", "training.program", *words],
            env={
                **{name: value for name, value in os.environ.items() if not name.startswith("XDG_")},
                "HOME": str(home),
                "BLOODSMEAR_HOME": str(home_of_its_own),
                "PYTHONIOENCODING": "utf-8",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
    # Keras would keep its settings in the user's home, Matplotlib a list of fonts.
    assert not list(home.iterdir())
    assert (home_of_its_own / "cache" / "keras" / "keras.json").is_file()


def said_by(process: "subprocess.Popen[str]") -> Iterator[TrainingMessage]:
    assert process.stdout is not None
    for line in process.stdout:
        message = decode_message(line)
        if message is not None:
            yield message


def wait_for_epoch(process: "subprocess.Popen[str]", epoch: int) -> None:
    """Until the epoch before is on the disk and the first steps of `epoch` are done."""
    finished = 0
    for message in said_by(process):
        if isinstance(message, EpochDone):
            finished = message.epoch
        if isinstance(message, StepsDone) and message.epoch == epoch:
            assert finished == epoch - 1
            return
    pytest.fail(f"the fit ended before its epoch {epoch}")


def weights_of(run: Path) -> dict[str, np.ndarray]:
    found: dict[str, np.ndarray] = {}
    with h5py.File(run / "best.weights.h5") as saved:
        saved.visititems(
            lambda name, item: found.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None
        )
    return found


def test_a_fit_killed_in_its_second_epoch_and_resumed_equals_an_uninterrupted_one(
    fit: Fit, tmp_path: Path
) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    # Beside the others: what it says waits in its pipe.
    uninterrupted = fit(whole)
    killed = fit(cut)
    wait_for_epoch(killed, 2)
    killed.kill()
    killed.wait()

    resumed = list(said_by(fit(cut)))
    assert [message.finished_epochs for message in resumed if isinstance(message, FitStarted)] == [1]
    assert [message.epoch for message in resumed if isinstance(message, EpochDone)] == [2, 3]
    last = [message for message in said_by(uninterrupted) if isinstance(message, EpochDone)][-1]
    assert (last.epoch, last.seconds_left) == (3, 0.0)
    assert (cut / "history.json").read_bytes() == (whole / "history.json").read_bytes()
    expected, got = weights_of(whole), weights_of(cut)
    assert expected.keys() == got.keys()
    assert [name for name, values in expected.items() if not np.array_equal(values, got[name])] == []

    # Given again on another PC, the finished run stays of where it was fitted.
    fitted_on = read_fitted_on(whole)
    assert fitted_on is not None
    assert (fitted_on.backend, fitted_on.device) == ("tensorflow", "a processor")
    elsewhere = FittedOn(keras="3.15.1", backend="jax", device="NVIDIA H200")
    write_fitted_on(whole, elsewhere)
    assert [message for message in said_by(fit(whole)) if isinstance(message, EpochDone)] == []
    assert read_fitted_on(whole) == elsewhere


def test_a_fit_that_is_asked_to_stop_keeps_its_finished_epochs(fit: Fit, tmp_path: Path) -> None:
    run = tmp_path / "run"
    process = fit(run)
    wait_for_epoch(process, 2)
    assert process.stdin is not None
    process.stdin.write(f"{STOP_LINE}\n")
    process.stdin.flush()
    later = list(said_by(process))
    assert process.wait() == 130
    assert isinstance(later[-1], Stopped)
    assert "finished epochs are kept" in later[-1].sentence
    assert not any(isinstance(message, EpochDone) for message in later)
    assert [figures.epoch for figures in read_history(run)] == [1]
    assert (run / "best.weights.h5").is_file()
