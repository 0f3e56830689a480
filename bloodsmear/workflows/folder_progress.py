"""How far a reader is in folders that were opened before: it is read out of the studies' files, no drive is asked."""

from collections.abc import Sequence
from pathlib import Path

from bloodsmear.errors import StudyError
from bloodsmear.jobs import Cancel
from bloodsmear.paths import STUDY_SUFFIX
from bloodsmear.review.replay import Replay
from bloodsmear.review.sign_off import ReviewProgress, review_progress
from bloodsmear.storage.study_store import StudyStore


def read_progress(
    place: Path, folders: Sequence[Path], reader: str, cancel: Cancel
) -> dict[Path, ReviewProgress]:
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
    found: dict[Path, ReviewProgress] = {}
    for folder, (_, path) in latest.items():
        cancel.checkpoint()
        try:
            with StudyStore.open_existing(path) as store:
                found[folder] = review_progress(Replay(store.events.read()), reader, store.listed_images())
        except StudyError:
            continue
    return found
