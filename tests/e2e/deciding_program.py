"""Decides image after image until it is killed, and says each time what was kept: the test's other half."""

import sys
from itertools import cycle
from pathlib import Path

from bloodsmear.review.records import ClassifierMark
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.workflows.reviewing import Reviewing


def decide_on_and_on(study: Path) -> None:
    """One line for each event, once the call that appended it has returned: its number, image and decision."""
    mark = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, ("benign", "pre_b"))
    images = [f"{number}.png" for number in range(5)]
    with StudyStore.open_or_create(study, StudyHead(study.parent, (study.parent,), (mark,))) as store:
        store.list_images((image, "case") for image in images)
        reviewing = Reviewing(store, "Ada")
        for image, value in zip(cycle(images), cycle(("benign", "pre_b", "unsure")), strict=False):
            (event,) = reviewing.decide([image], value)
            print(event.number, image, value, flush=True)  # noqa: T201 - the test reads it


if __name__ == "__main__":
    decide_on_and_on(Path(sys.argv[1]))
