"""One tree of errors. Each error's text is a whole sentence for the user: what, which file, what to do.

They are caught at three borders only: the job runner, the command line and the exception hook.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

# What ended a training, where the way out of it depends on that.
FailureCause = Literal["memory", "disk", "loss", "other"]


class BloodsmearError(Exception):
    """Anything that Bloodsmear refuses, with a sentence as its text.

    `at_terminal` is advice in words of a command line, which is for those who work there and printed there only.
    """

    at_terminal = ""


class ImageError(BloodsmearError):
    """An image that cannot be read: `path`, and `reason` without the path (a report shows only the reason).

    `wants_camera_bits`: it can be once the camera's bits are set, or set right, for the study.
    """

    def __init__(self, path: Path, reason: str, sha256: str = "", wants_camera_bits: bool = False) -> None:
        super().__init__(f"Cannot read {path}: {reason}")
        self.path = path
        self.reason = reason
        # The sha256 of the bytes that were read; empty if nothing could be read.
        self.sha256 = sha256
        self.wants_camera_bits = wants_camera_bits


class ScanError(BloodsmearError):
    """A folder that cannot be searched for images, or in which none was found."""


class FoldersGoneError(ScanError):
    """The folders of a screening went away while it ran: a pulled drive, a lost network share."""


class ScreenedElsewhereError(BloodsmearError):
    """A study that another program on this PC is screening: nothing was begun here."""

    def __init__(self, folders: Iterable[Path]) -> None:
        named = tuple(map(str, folders))
        verb = "is" if len(named) == 1 else "are"
        super().__init__(
            f"{' and '.join(named)} {verb} being screened already, in another window or terminal on this PC, so "
            "nothing was begun here. Its answers come into the same study. Wait until it ends, or stop it there."
        )


class ClusterError(BloodsmearError):
    """A Dask cluster that cannot be reached, or cannot go on: no scheduler, no workers, images it does not see."""


class CardError(BloodsmearError):
    """A card.json that breaks the format; names the field and the value."""


class ClassifierError(BloodsmearError):
    """A classifier that is refused or cannot answer: missing or altered files, wrong golden test, no graph."""


class ClassifierTakenError(ClassifierError):
    """Another classifier on this PC has the id: `present` is its version, `ships` whether it came with the program."""

    def __init__(self, classifier_id: str, present: str, ships: bool) -> None:
        origin = "ships with the program" if ships else "is yours"
        super().__init__(
            f"There is a classifier {classifier_id} on this PC already ({present}), which {origin}. "
            "Give --replace to put the new one in its place."
        )
        self.classifier_id = classifier_id
        self.present = present
        self.ships = ships


class DownloadError(BloodsmearError):
    """A published classifier that cannot be downloaded: no connection, another answer, another file than before."""


class StudyError(BloodsmearError):
    """A study file that cannot be opened, read or written."""


class StudyInUseError(StudyError):
    """A study on a network drive that somebody else has open for writing, named; it can still be read."""


class NoStudyError(StudyError):
    """What was named is not a study that can be used here: another kind of file, other folders, a newer format."""


class EmptyStudyError(NoStudyError):
    """A study file that the program had only begun to write; it is empty, and opening its folder goes on."""


class ReviewError(BloodsmearError):
    """A decision, note, undo or sign-off that is refused; nothing was written."""


class SignOffError(ReviewError):
    """A sign-off that is refused because of the images that it names, in natural order.

    `undecided` have no decision of the reader; `unreadable` ones were neither acknowledged nor decided.
    """

    def __init__(self, sentence: str, undecided: tuple[str, ...], unreadable: tuple[str, ...]) -> None:
        super().__init__(sentence)
        self.undecided = undecided
        self.unreadable = unreadable


class ReportError(BloodsmearError):
    """A report that cannot be written: the target is open elsewhere, read-only, or the disk is full."""


class PictureError(BloodsmearError):
    """A picture of a view that cannot be written: another ending, a place that is read-only, a full disk."""


class SettingsError(BloodsmearError):
    """A settings file that cannot be read; the defaults are used in its place."""


class DataSetError(BloodsmearError):
    """A labelled folder that cannot be trained on or evaluated."""

    def __init__(self, sentence: str, at_terminal: str = "") -> None:
        super().__init__(sentence)
        self.at_terminal = at_terminal


class TrainingError(BloodsmearError):
    """A fit, an evaluation or an export that cannot go on.

    `cause`: `memory` or `disk` ran out, the `loss` is not a number, or `other`. A window offers the way out by it, a
    terminal prints `at_terminal`.
    """

    def __init__(self, sentence: str, cause: FailureCause = "other", at_terminal: str = "") -> None:
        super().__init__(sentence)
        self.at_terminal = at_terminal
        self.cause: FailureCause = cause


class UsageError(BloodsmearError):
    """Something asked for that does not exist: a folder, an option, a classifier's id."""
