"""How far a reader is in folders that were opened before: it is read out of the studies' files, no drive is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bloodsmear.errors import StudyError
from bloodsmear.jobs import Cancel
from bloodsmear.paths import STUDY_SUFFIX
from bloodsmear.review.replay import Replay
from bloodsmear.review.sign_off import open_images
from bloodsmear.storage.study_store import StudyStore


@dataclass(frozen=True, slots=True)
class FolderProgress:
    """How many of a folder's images the reader decided or acknowledged."""

    done: int
    images: int


def read_progress(
    place: Path, folders: Sequence[Path], reader: str, cancel: Cancel
) -> dict[Path, FolderProgress]:
    """How far `reader` is in each of these folders (absolute), by the study of it in `place` that was last worked on.

    A folder without a study is left out, and so is a study that cannot be read. Raises JobCancelled.
    """
    latest: dict[Path, tuple[str, Path]] = {}
    for path in sorted(place.glob(f"*{STUDY_SUFFIX}")):
        cancel.checkpoint()
        try:
            with StudyStore.open_existing(path) as store:
                held, time = store.head.folders, store.events.last_time()
        except StudyError:
            continue
        if len(held) == 1 and held[0] in folders and (time, path) > latest.get(held[0], ("", Path())):
            latest[held[0]] = (time, path)
    found: dict[Path, FolderProgress] = {}
    for folder, (_, path) in latest.items():
        cancel.checkpoint()
        try:
            with StudyStore.open_existing(path) as store:
                listed = store.listed_images()
                lacking = open_images(Replay(store.events.read()), reader, listed)
        except StudyError:
            continue
        open_count = len(lacking.undecided) + len(lacking.unreadable)
        found[folder] = FolderProgress(len(listed) - open_count, len(listed))
    return found
