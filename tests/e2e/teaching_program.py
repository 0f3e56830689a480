"""Teaches from a study and installs the head, as the window does, and says each step when it begins."""

import sys
import time
from pathlib import Path

from bloodsmear.jobs import Cancel, report_nowhere
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.study_teaching import keep_lesson
from desktop.gui.teaching import jobs


def say(step: str) -> None:
    """The test reads it, and may kill the program in this step."""
    print(step, flush=True)  # noqa: T201


def teach_and_install(study: Path) -> None:
    """One line for each step."""
    say("teaching")
    taught = jobs.teach(study, report_nowhere, Cancel())
    say("keeping")
    with StudyStore.open_existing(study) as store:
        head = store.head
    with StudyStore.open_or_create(study, head) as store:
        keep_lesson(store, taught, "Ada")
    say("writing")
    jobs.write(taught, study, "Our laboratory")
    say("installing")
    jobs.install(study)
    say("installed")
    time.sleep(600)


if __name__ == "__main__":
    teach_and_install(Path(sys.argv[1]))
