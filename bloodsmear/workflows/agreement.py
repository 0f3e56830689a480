"""Who agrees with whom in a saved study."""

from pathlib import Path

from bloodsmear.review.reader_agreement import Comparison, compare_readers
from bloodsmear.review.replay import Replay
from bloodsmear.storage.study_store import StudyStore


def read_agreement(study: Path) -> tuple[Comparison, ...]:
    """Compare the readers of a saved study with each other and with the classifiers. Raises StudyError."""
    with StudyStore.open_existing(study) as store:
        return compare_readers(Replay(store.events.readable()), list(store.records()))
