"""The folders that a study from elsewhere names, held against those that were opened on this PC (docs/adr/0027)."""

from collections.abc import Sequence
from pathlib import Path

from bloodsmear.known_folders import unknown_folders
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.visible_text import visible


def unknown_folders_of(study: Path) -> tuple[Path, ...]:
    """The folders of a study that nobody opened on this PC yet. Raises StudyError."""
    with StudyStore.open_existing(study) as store:
        return unknown_folders(store.head.folders)


def strange_folders_sentence(study: Path, folders: Sequence[Path]) -> str:
    """That a study names folders which were never opened here. They are shown as they stand, and not touched."""
    named = ", ".join(visible(str(folder)) for folder in folders[:5])
    more = f" and {len(folders) - 5} more" if len(folders) > 5 else ""
    return (
        f"The study {visible(study.name)} is about images in {named}{more}, which nobody has opened on this PC before. "
        "If somebody gave you the study, look whether that is where its images should be."
    )
