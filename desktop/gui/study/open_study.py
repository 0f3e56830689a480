"""What is open in the window, as plain data that only the controller's parts change, on the window's thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bloodsmear.images.scale import SetScale
from bloodsmear.images.scan import FoundImage
from bloodsmear.review.records import ClassifierMark, ImageRecord

if TYPE_CHECKING:  # OpenVINO comes in with the classifiers: 0.3 s that the window does not wait for
    from bloodsmear.classifiers.classifier import Classifier
    from bloodsmear.workflows.classifier_set import ClassifierSet


@dataclass(frozen=True, slots=True)
class NoClassifiers:
    """Stands in for the classifiers when none could be loaded, for `reason`; named as a refused one is.

    It needs no library, for it may be a library that could not be imported.
    """

    reason: str
    id: str = "Every classifier"
    classifiers: tuple[Classifier, ...] = ()
    marks: tuple[ClassifierMark, ...] = ()

    @property
    def refused(self) -> tuple[NoClassifiers, ...]:
        """What was left out: all of them, for the one reason."""
        return (self,)


@dataclass(slots=True)
class OpenStudy:
    """The opened folders, their images in natural order, and what is known of each.

    `classifiers` is None until they are loaded, `path` is None until the study's file is open; `read_only` then is a
    sentence where somebody else writes it, else empty. `named` is the file by which the reader opened the study; None
    where its folders were opened, to which the program finds the file. `check_chosen` is what the reader chose for this
    study since it was opened; None leaves `check_denoised` to its file. `camera_bits` and `scales` are the
    file's.
    `refused`: why the file could not be opened; empty while it can still be, or is. `empty`: the folders were searched
    and hold no image yet. `watched`: a watch is under way, which lists the images in the study's file.
    """

    folders: tuple[Path, ...] = ()
    root: Path | None = None
    found: dict[str, FoundImage] = field(default_factory=dict)
    records: dict[str, ImageRecord] = field(default_factory=dict)
    classifiers: ClassifierSet | NoClassifiers | None = None
    path: Path | None = None
    named: Path | None = None
    read_only: str = ""
    refused: str = ""
    check_denoised: bool = False
    check_chosen: bool | None = None
    camera_bits: int | None = None
    scales: tuple[SetScale, ...] = ()
    scanned: bool = False
    empty: bool = False
    watched: bool = False
    _numbers: dict[str, int] = field(default_factory=dict)

    def begin(self, folders: tuple[Path, ...]) -> None:
        """Forget the study before; the classifiers stay."""
        # What was chosen while nothing was open is meant for the first study.
        if self.folders:
            self.check_denoised, self.check_chosen = False, None
        self.folders, self.root, self.path, self.named, self.read_only = folders, None, None, None, ""
        self.refused = ""
        self.scanned = self.empty = self.watched = False
        self.camera_bits, self.scales = None, ()
        self.found, self.records, self._numbers = {}, {}, {}

    def add(self, images: Iterable[FoundImage]) -> None:
        """Take up images that were found, in the order in which they came."""
        for each in images:
            self.found[each.image] = replace(each, camera_bits=self.camera_bits)
            self._numbers.setdefault(each.image, len(self._numbers) + 1)

    def use_camera_bits(self, bits: int | None) -> None:
        """Those that the study's file has, for images of 16 bits that don't say how many the camera gave."""
        if bits != self.camera_bits:
            self.camera_bits = bits
            self.add(list(self.found.values()))

    def around(self, image: str, offsets: Sequence[int]) -> list[FoundImage]:
        """The images that lie so many places behind this one (negative: before it), as far as there are any."""
        here, names = self._numbers[image] - 1, list(self.found)
        return [self.found[names[here + by]] for by in offsets if 0 <= here + by < len(names)]

    @property
    def lone_folder(self) -> Path | None:
        """The folder that was opened alone; None where there are several, or a study was opened by its file."""
        return self.folders[0] if len(self.folders) == 1 and self.named is None else None

    @property
    def marks(self) -> tuple[ClassifierMark, ...]:
        """Which classifiers answer; none before they are loaded."""
        return () if self.classifiers is None else self.classifiers.marks

    def finished_record(self, image: str, sha256: str) -> ImageRecord | None:
        """What is known of exactly these bytes by exactly these classifiers; None where it must be asked for."""
        record = self.records.get(image)
        if record is None or record.sha256 != sha256 or record.status != "ok":
            return None
        return record if tuple(answer.classifier for answer in record.answers) == self.marks else None
