"""Which study of some folders goes on: the one in which readers decided, whatever classifiers it was made for.

Otherwise another classifier, or a newer version of one, would put every decision out of sight (docs/adr/0013).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bloodsmear.errors import EmptyStudyError, NoStudyError, StudyError
from bloodsmear.paths import STUDY_SUFFIX
from bloodsmear.storage.study_store import StudyStore

# One that the program named and nobody put aside.
_OWN_NAME = re.compile(rf"[0-9a-f]{{24}}{re.escape(STUDY_SUFFIX)}")


@dataclass(frozen=True, slots=True)
class DecidedStudy:
    """A study in which readers did something: what it is about, and when they last did (`YYYY-MM-DDTHH:MM:SSZ`)."""

    path: Path
    root: Path
    folders: tuple[Path, ...]
    last_time: str

    def is_of(self, folders: Iterable[Path]) -> bool:
        """Whether it holds exactly these folders (absolute)."""
        return set(self.folders) == set(folders)


@dataclass(frozen=True, slots=True)
class UnreadStudy:
    """A study that cannot be read, with the sentence that says why and what to do."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class StudiesFound:
    """What a folder of studies holds: how many there are, those with decisions, those that cannot be read."""

    studies: int
    decided: tuple[DecidedStudy, ...]
    unread: tuple[UnreadStudy, ...]


def look_at_studies(place: Path) -> StudiesFound:
    """Look into every study in the folder `place`. One that is damaged stops nothing: it is named. Never raises."""
    looked = [_look_at(path) for path in sorted(place.glob(f"*{STUDY_SUFFIX}"))]
    return StudiesFound(
        len(looked),
        tuple(one for one in looked if isinstance(one, DecidedStudy)),
        tuple(one for one in looked if isinstance(one, UnreadStudy)),
    )


def decided_studies(place: Path, folders: Sequence[Path]) -> list[DecidedStudy]:
    """The studies in the folder `place` in which readers decided about images in, around or below `folders`.

    `folders` are absolute. The one last worked on comes first. What is not a study or cannot be read is passed over.
    """
    return _near(look_at_studies(place), folders)


def _near(found: StudiesFound, folders: Sequence[Path]) -> list[DecidedStudy]:
    near = [
        study
        for study in found.decided
        if any(_overlap(one, two) for one in study.folders for two in folders)
    ]
    return sorted(near, key=lambda study: study.last_time, reverse=True)


def unread_sentence(unread: Sequence[UnreadStudy]) -> str:
    """That some studies cannot be read, so that what was decided there is not seen; empty where there are none."""
    if not unread:
        return ""
    more = f", nor can {len(unread) - 1} more" if len(unread) > 1 else ""
    return (
        f"The study {unread[0].path} cannot be read{more}: what readers decided there is not seen here. "
        "`bloodsmear doctor` says what to do."
    )


def study_that_goes_on(place: Path, folders: Sequence[Path]) -> Path | None:
    """The study of exactly these folders in which readers decided last; None if there is none."""
    for study in decided_studies(place, folders):
        if study.is_of(folders) and _OWN_NAME.fullmatch(study.path.name):
            return study.path
    return None


def folders_of_study(path: Path) -> tuple[Path, ...]:
    """The folders of a study that somebody named by its file; they are there. StudyError: no study, a folder gone."""
    with StudyStore.open_existing(path) as store:
        folders = store.head.folders
    gone = [str(folder) for folder in folders if not _is_there(folder)]
    if gone:
        raise NoStudyError(
            f"The study {path} is about the images in {' and '.join(gone)}, which cannot be reached. Connect the "
            "drive or put the folder back, then open the study again. `bloodsmear report` writes out what it holds."
        )
    return folders


def elsewhere_sentence(open_now: Path, place: Path, folders: Sequence[Path]) -> str:
    """Where else readers decided about these images, while the study `open_now` is open; empty where nowhere.

    A study that cannot be read may be such a one, and is named.
    """
    found = look_at_studies(place)
    others = [study for study in _near(found, folders) if study.path != open_now]
    return " ".join(
        part for part in (_others_sentence(others, folders), unread_sentence(found.unread)) if part
    )


def _others_sentence(others: Sequence[DecidedStudy], folders: Sequence[Path]) -> str:
    if not others:
        return ""
    first = others[0]
    if first.is_of(folders):
        goes_on = _OWN_NAME.fullmatch(first.path.name) is not None
        advice = (
            "Open the folder in the window to go on there."
            if goes_on
            else "`bloodsmear report` writes them out."
        )
        where = f"in another study: {first.path}. {advice}"
    else:
        named = ", ".join(str(folder) for folder in first.folders)
        where = f"in the study of {named}. Open that to see them."
    more = f" There are {len(others) - 1} more such studies." if len(others) > 1 else ""
    return f"There are decisions about some of these images {where}{more}"


def _is_there(folder: Path) -> bool:
    try:
        # A path in a study from another system may not be absolute here.
        return folder.is_absolute() and folder.is_dir()
    except OSError:  # a drive that does not answer
        return False


def _look_at(path: Path) -> DecidedStudy | UnreadStudy | None:
    """One study of a folder; None where nobody decided anything. Whatever goes wrong is about this study alone."""
    try:
        with StudyStore.open_existing(path) as store:
            last_time = store.events.last_time()
            head = store.head
    except EmptyStudyError:
        return None
    except StudyError as error:
        return UnreadStudy(path, str(error))
    except Exception as error:  # noqa: BLE001 - the border of each study: one must not stop every screening
        kind = type(error).__name__
        return UnreadStudy(path, f"The study {path} cannot be read ({kind}). Go on with an earlier copy.")
    return DecidedStudy(path, head.root, head.folders, last_time) if last_time else None


def _overlap(one: Path, two: Path) -> bool:
    return one.is_relative_to(two) or two.is_relative_to(one)
