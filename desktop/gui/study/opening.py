"""Opening the study's file in the lane "study": for writing, or to read only while somebody else writes it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bloodsmear import paths
from bloodsmear.errors import EmptyStudyError, StudyInUseError
from bloodsmear.known_folders import remember_folders
from bloodsmear.review.records import ClassifierMark, ImageRecord

if TYPE_CHECKING:  # imported on the job's thread: SQLite and OpenVINO are not needed for the first picture
    from bloodsmear.storage.study_store import StudyHead, StudyStore

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Opening:
    """What the study's file is opened for; without `images` those that it lists stay.

    `study` is the file where the reader named it; None: the one that belongs to the folders.
    """

    folders: tuple[Path, ...]
    root: Path
    images: tuple[tuple[str, str], ...]
    marks: tuple[ClassifierMark, ...]
    check_denoised: bool | None
    study: Path | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """The open study. The others are sentences, empty where there is nothing to say.

    `read_only`: who writes it, so that nothing can be kept. `other_answers`: whose answers it holds that the window
    does not show. `elsewhere`: where else readers decided about its images. `changed`: what in it was changed outside
    of the program.
    """

    store: StudyStore
    check_denoised: bool
    read_only: str = ""
    other_answers: str = ""
    elsewhere: str = ""
    changed: str = ""

    @property
    def sentences(self) -> str:
        """All that there is to say, one after the other."""
        told = (self.changed, self.read_only, self.other_answers, self.elsewhere)
        return " ".join(part for part in told if part)


def open_study(opening: Opening, say: Callable[[list[ImageRecord]], None]) -> Opened:
    """Open the study or make it, and say in chunks what it holds. Raises StudyError and ScanError."""
    from bloodsmear.storage.study_store import StudyHead, StudyStore
    from bloodsmear.workflows.export import changed_sentence
    from bloodsmear.workflows.screening import absolute_folders, default_study_path
    from bloodsmear.workflows.study_choice import elsewhere_sentence

    path = opening.study or default_study_path(opening.folders, opening.marks)
    check_denoised, before = bool(opening.check_denoised), opening.marks
    if path.exists():
        with suppress(EmptyStudyError), StudyStore.open_existing(path) as there:
            before = there.head.classifiers
            if opening.check_denoised is None:
                # Whether the denoised image is asked about, too, is a choice kept in the study.
                check_denoised = there.head.check_denoised
    folders = absolute_folders(opening.folders)
    store, read_only = _opened(path, StudyHead(opening.root, folders, opening.marks, check_denoised))
    try:
        if opening.images and not read_only:
            store.list_images(opening.images)
        if store.head.classifiers == opening.marks:
            _say_in_chunks(store, say)
        elsewhere = elsewhere_sentence(path, paths.studies(), folders)
        changed = changed_sentence(store.events.check())
        remember_folders(folders)
    except BaseException:
        store.close()
        raise
    other_answers = _other_answers(before, opening.marks, bool(read_only))
    return Opened(store, check_denoised, read_only, other_answers, elsewhere, changed)


def _opened(path: Path, head: StudyHead) -> tuple[StudyStore, str]:
    from bloodsmear.storage.study_store import StudyStore

    try:
        return StudyStore.open_or_create(path, head), ""
    except StudyInUseError as error:
        return StudyStore.open_existing(path), f"{error} Then open the folder here again."


def _other_answers(
    before: tuple[ClassifierMark, ...], marks: tuple[ClassifierMark, ...], read_only: bool
) -> str:
    """What to say of answers that the study held and the window does not show; empty where it shows them.

    A newer version of a classifier surprises nobody (docs/adr/0013); fast answers, or a study that nobody can ask anew,
    are.
    """
    if before == marks or not (read_only or any(mark.is_fast for mark in before)):
        return ""
    named = " and ".join(f"{mark.name} ({mark.version_words})" for mark in before)
    if read_only and any(mark.is_fast for mark in before):
        return f"The study holds what {named} said, which the window never shows; `bloodsmear report` writes it out."
    if read_only:
        return f"The study holds what {named} said, which the window shows only with those classifiers."
    return (
        f"This study held what {named} said. The window asks the exact networks anew, and reports show their answers; "
        "`bloodsmear screen --fast --study` with this file brings the others back."
    )


def _say_in_chunks(store: StudyStore, say: Callable[[list[ImageRecord]], None]) -> None:
    chunk: list[ImageRecord] = []
    for record in store.records():
        if record.status == "not_screened":
            continue
        chunk.append(record)
        if len(chunk) == _CHUNK:
            say(chunk)
            chunk = []
    if chunk:
        say(chunk)
