"""A program that is killed between two decisions has lost none of those whose keeping it has reported."""

import subprocess
import sys
from pathlib import Path

from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.reviewing import Reviewing

PROGRAM = Path(__file__).with_name("deciding_program.py")


def kill_after(study: Path, lines: int) -> list[list[str]]:
    """Run the program, kill it (-9) while it goes on deciding, and return all that it had said until then."""
    with subprocess.Popen(
        [sys.executable, str(PROGRAM), str(study)], stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        # What it wrote between the last line read and its end.
        said += process.stdout.readlines()
    return [line.split() for line in said if line.endswith("\n")]


def test_every_decision_that_was_kept_is_there_after_kill_9(tmp_path: Path) -> None:
    study = tmp_path / "s"
    said: list[list[str]] = []
    for lines in (1, 7, 20):
        said += kill_after(study, lines)

    with StudyStore.open_existing(study) as store:
        events = store.events.read()
        assert store.events.check().whole
    there = [[str(event.number), event.entry.image, event.entry.decision] for event in events]
    assert len(said) >= 28
    # A decision may have been kept in the moment of the kill, before it could be said; none is missing.
    assert [one for one in said if one not in there] == []
    assert [int(one[0]) for one in there] == list(range(1, len(there) + 1))


def test_the_next_start_goes_on_where_the_killed_one_was(tmp_path: Path) -> None:
    study = tmp_path / "s"
    last = kill_after(study, 9)[-1]
    with StudyStore.open_existing(study) as there:
        head = there.head
    with StudyStore.open_or_create(study, head) as store:
        reviewing = Reviewing(store, "Ada")
        decided = reviewing.replay.decision("Ada", last[1])
        assert decided is not None
        assert decided.number >= int(last[0])
        before = len(store.events.read())
        reviewing.undo()
        assert len(store.events.read()) == before + 1
        assert store.events.check().whole
