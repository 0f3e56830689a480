"""What a training process says to the program that started it: one message a line of its stdout, as JSON.

The window starts the training program (its own, or one of a training environment that the user chose) with
`--messages` and reads these lines; it answers on the process's stdin with the line `stop`, upon which the epochs that
are finished are kept. What libraries print between them is not a message and is passed over.
"""

from typing import Literal

import msgspec

from bloodsmear.errors import FailureCause
from bloodsmear.jobs.training_files import EpochFigures

STOP_LINE = "stop"

Architecture = Literal["unet", "vgg16", "efficientnet_lite0"]
# What can be fitted, and on which backend of Keras in the order in which they are asked for a GPU; each with its name.
ARCHITECTURES = {"unet": "U-Net", "vgg16": "VGG16", "efficientnet_lite0": "EfficientNet-Lite0"}
BACKENDS = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}


class _Message(msgspec.Struct, frozen=True, tag_field="message", forbid_unknown_fields=True):
    """A message; its tag says which."""


class Note(_Message, frozen=True, tag="note"):
    """A sentence, or a step of work that is not an epoch: `done` of `total` (None while unknown)."""

    text: str
    done: int = 0
    total: int | None = None


class FitStarted(_Message, frozen=True, tag="fit_started"):
    """A fit begins or goes on: on which backend and device and why, with how many training images, until which epoch.

    `finished_epochs` were done by an earlier start of the same run. `gpu`: the device is one. `reason` is for a
    terminal.
    """

    backend: str
    device: str
    reason: str
    architecture: str
    train_images: int
    epochs: int
    finished_epochs: int
    gpu: bool = False


class StepsDone(_Message, frozen=True, tag="steps_done"):
    """How far the epoch under way is, in batches; `seconds_left` until the fit's end at this pace, None if unknown."""

    epoch: int
    done: int
    total: int
    seconds_left: float | None


class EpochDone(_Message, frozen=True, tag="epoch_done"):
    """An epoch is on the disk: cross-entropy (nats) and accuracy (0 to 1) on both parts. `best`: the best so far."""

    epoch: int
    epochs: int
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float
    best: bool
    seconds_left: float | None

    @property
    def figures(self) -> EpochFigures:
        """The epoch itself, without how far the fit is."""
        return EpochFigures(
            self.epoch, self.loss, self.accuracy, self.validation_loss, self.validation_accuracy
        )


class DataChecked(_Message, frozen=True, tag="data_checked"):
    """What is in a labelled folder: images a label by its key, what forbids a fit, what is worth knowing.

    `errors` and `warnings` are sentences for the reader; a fit starts only where `errors` is empty. `wants_labels`: an
    error goes away when folders are given their labels. `names` are those of
    labels of the user's own, by key and in order; empty for the built-in four.
    """

    counts: dict[str, int]
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    wants_labels: bool = False
    names: dict[str, str] = {}


class Finished(_Message, frozen=True, tag="finished"):
    """The command is done. Paths as text, empty where the command makes no such thing."""

    sentence: str
    run: str = ""
    classifier: str = ""
    page: str = ""


class Stopped(_Message, frozen=True, tag="stopped"):
    """The command stopped because it was asked to; the sentence says what is kept."""

    sentence: str


class Failed(_Message, frozen=True, tag="failed"):
    """The command ended with an error: one sentence that says what and what to do, and what kind of thing it was.

    `at_terminal` says what to do in words of a command line.
    """

    sentence: str
    cause: FailureCause = "other"
    at_terminal: str = ""


TrainingMessage = Note | FitStarted | StepsDone | EpochDone | DataChecked | Finished | Stopped | Failed


def encode_message(message: TrainingMessage) -> str:
    """The message as one line without its end."""
    return msgspec.json.encode(message).decode()


def decode_message(line: str) -> TrainingMessage | None:
    """The message of a line; None for anything else, such as a library's greeting."""
    try:
        # The union is not a class, so the checker takes what comes back for anything.
        message: TrainingMessage = msgspec.json.decode(line, type=TrainingMessage)
    except (msgspec.MsgspecError, UnicodeError):
        return None
    return message
