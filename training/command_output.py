"""How a command speaks: sentences for a person at a terminal, or messages for the program that started it."""

import os
import sys
from typing import Protocol

from bloodsmear.jobs import JobCancelled, Progress
from bloodsmear.jobs.training_messages import (
    EpochDone,
    Failed,
    Finished,
    FitStarted,
    Note,
    StepsDone,
    Stopped,
    TrainingMessage,
    encode_message,
)
from bloodsmear.visible_text import visible
from training.data.folder_labels import LABELS_AT_TERMINAL

# Reading images and the batches of an epoch come by the thousand: a terminal sees one in this many.
_LINES_ONE_IN = 500


class Speaker(Protocol):
    """Who hears of a command: messages, and the progress of its jobs as notes. Safe from any thread."""

    def say(self, message: TrainingMessage) -> None:
        """Pass on one message."""

    def report(self, progress: Progress) -> None:
        """Pass on the progress of a job; fits as its `Report`."""


class MessageSpeaker:
    """One JSON line a message on stdout, for the window.

    When nobody reads any more, the window is gone: the command stops as if it had been asked to, once, and what is
    said afterwards is said to nobody. What is finished is kept, and the next window offers to go on.
    """

    def __init__(self) -> None:
        self._is_heard = True

    def say(self, message: TrainingMessage) -> None:
        """Write the message's line. Raises JobCancelled the first time that nobody reads it."""
        if not self._is_heard:
            return
        try:
            # One write for the line and its end: two threads may speak.
            sys.stdout.write(encode_message(message) + "\n")
            sys.stdout.flush()
        except OSError as error:
            self._is_heard = False
            # Else the interpreter tries to empty stdout at its end, and complains (Python's own advice for SIGPIPE).
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.close(nowhere)
            raise JobCancelled from error

    def report(self, progress: Progress) -> None:
        """Write the progress as a note."""
        self.say(Note(progress.text, progress.done, progress.total))


class TextSpeaker:
    """Sentences: what goes well on stdout, what does not on stderr."""

    def say(self, message: TrainingMessage) -> None:
        """Write the message as a sentence; what only a window needs is left out."""
        stream = sys.stderr if isinstance(message, Stopped | Failed) else sys.stdout
        sentence = _sentence_of(message)
        if sentence:
            # A folder's or a classifier's name moves no cursor and turns no line around.
            print(visible(sentence, breaks=True), file=stream, flush=True)

    def report(self, progress: Progress) -> None:
        """Write the progress as a note."""
        self.say(Note(progress.text, progress.done, progress.total))


def _sentence_of(message: TrainingMessage) -> str:
    match message:
        case Note(text, done, total) if total is not None:
            seen = done == total or done % _LINES_ONE_IN == 0 or total < _LINES_ONE_IN
            return f"{done}/{total} {text}" if seen else ""
        case Note(text) | Finished(text) | Stopped(text):
            return text
        case Failed():
            return f"{message.sentence} {message.at_terminal}".rstrip()
        case FitStarted():
            gone_on = f", going on after epoch {message.finished_epochs}" if message.finished_epochs else ""
            return (
                f"{message.architecture} on {message.backend}, {message.device} ({message.reason}): "
                f"{message.train_images} training images, {message.epochs} epochs{gone_on}"
            )
        case EpochDone():
            best = ", the best so far" if message.best else ""
            return (
                f"{message.epoch}/{message.epochs} loss {message.loss:.3f}, accuracy {message.accuracy:.1%}, "
                f"validation loss {message.validation_loss:.3f}, "
                f"validation accuracy {message.validation_accuracy:.1%}{best}"
            )
        case StepsDone():
            return ""
    return "\n".join(
        (
            ", ".join(f"{count} {key}" for key, count in message.counts.items()),
            *map(visible, message.errors),
            *map(visible, message.warnings),
            *((LABELS_AT_TERMINAL,) if message.wants_labels else ()),
        )
    )
