"""Errors of the backends and the disk, by fakes that are named and worded as the real ones."""

import errno
from pathlib import Path

import pytest

from bloodsmear.errors import TrainingError
from bloodsmear.jobs.training_files import EpochFigures
from training.fitting.failures import explain_failure, require_a_number
from training.fitting.history import write_history
from training.fitting.presets import default_config

CONFIG = default_config("unet", batch_images=32)


class ResourceExhaustedError(Exception):
    """As TensorFlow's."""


class OutOfMemoryError(RuntimeError):
    """As PyTorch's."""


class XlaRuntimeError(RuntimeError):
    """As JAX's."""


def finish_an_epoch(run: Path) -> None:
    write_history(run, [EpochFigures(1, 1.0, 0.5, 1.0, 0.5, "epoch_001.keras")])


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        ResourceExhaustedError("OOM when allocating tensor"),
        OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"),
        XlaRuntimeError("RESOURCE_EXHAUSTED: Out of memory allocating 123 bytes."),
        RuntimeError("[enforce fail] DefaultCPUAllocator: not enough memory: out of memory"),
    ],
)
def test_short_memory_names_a_smaller_batch(error: Exception, tmp_path: Path) -> None:
    explained = explain_failure(error, tmp_path, CONFIG)
    assert isinstance(explained, TrainingError)
    assert str(explained) == "There is not enough memory for 32 images of 150×150 at a time."
    assert "Give the command again with --batch 16" in explained.at_terminal
    assert explained.cause == "memory"


def test_short_memory_after_an_epoch_keeps_what_was_learned(tmp_path: Path) -> None:
    finish_an_epoch(tmp_path)
    explained = explain_failure(MemoryError(), tmp_path, CONFIG)
    assert explained is not None
    assert f"--batch 16 --weights {tmp_path / 'best.weights.h5'}" in explained.at_terminal


def test_short_memory_for_a_single_image_names_a_smaller_size(tmp_path: Path) -> None:
    explained = explain_failure(MemoryError(), tmp_path, default_config("unet", batch_images=1))
    assert explained is not None
    assert "--size 75" in explained.at_terminal


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(
            "Can't write data (file write failed: errno = 28, error message = 'No space left on device')"
        ),
    ],
)
def test_a_full_disk_says_what_is_kept(error: OSError, tmp_path: Path) -> None:
    explained = explain_failure(error, tmp_path, CONFIG)
    assert isinstance(explained, TrainingError)
    assert explained.cause == "disk"
    assert "No epoch was finished" in str(explained)
    finish_an_epoch(tmp_path)
    sentence = str(explain_failure(error, tmp_path, CONFIG))
    assert sentence == (
        f"The disk that holds {tmp_path} is full. The first 1 epochs are kept. Free some space, then try again."
    )


def test_a_full_disk_is_found_below_the_error_of_closing_the_file(tmp_path: Path) -> None:
    closing = ValueError("Can't close file when there are open handles")
    closing.__context__ = OSError(errno.ENOSPC, "No space left on device")
    assert "is full" in str(explain_failure(closing, tmp_path, CONFIG))


@pytest.mark.parametrize(
    "error", [ValueError("shapes"), OSError(errno.EACCES, "denied"), RuntimeError("graph")]
)
def test_any_other_error_is_left_alone(error: Exception, tmp_path: Path) -> None:
    assert explain_failure(error, tmp_path, CONFIG) is None


@pytest.mark.parametrize("loss", [float("nan"), float("inf")])
def test_a_loss_that_is_not_a_number_ends_the_fit_with_a_way_out(loss: float) -> None:
    require_a_number(0.5, "loss", 3, CONFIG)
    with pytest.raises(TrainingError, match=r"^The loss became (nan|inf) in epoch 3\.$") as raised:
        require_a_number(loss, "loss", 3, CONFIG)
    assert raised.value.cause == "loss"
    assert "Fit again in a new folder with a smaller --rate" in raised.value.at_terminal
