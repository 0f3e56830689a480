"""What a training process says, as lines."""

import pytest

from bloodsmear.jobs.training_messages import (
    DataChecked,
    EpochDone,
    Failed,
    Finished,
    FitStarted,
    Note,
    StepsDone,
    Stopped,
    TrainingMessage,
    decode_message,
    encode_message,
)

MESSAGES: tuple[TrainingMessage, ...] = (
    Note("reading images", 3, 10),
    FitStarted("jax", "GPU", "a GPU was found", "unet", 100, 30, 2),
    StepsDone(3, 10, 60, 120.5),
    EpochDone(3, 30, 0.7, 0.8, 0.6, 0.9, best=True, seconds_left=None),
    DataChecked({"benign": 4}, ("Benign has 4 images.",), ()),
    Finished("Done.", page="page.html"),
    Stopped("Stopped."),
    Failed("The disk is full.", "disk"),
)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_a_message_comes_back_from_its_one_line(message: TrainingMessage) -> None:
    line = encode_message(message)
    assert "\n" not in line
    assert decode_message(line) == message


@pytest.mark.parametrize(
    "line", ["", "I tensorflow/core 42", "{}", '{"message": "other"}', "[1, 2]", "\udcff"]
)
def test_what_a_library_prints_is_not_a_message(line: str) -> None:
    assert decode_message(line) is None
