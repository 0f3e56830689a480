"""bloodsmear audit: draw a study's audit set, and say how far it is read."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bloodsmear.errors import UsageError
from bloodsmear.jobs import Cancel
from bloodsmear.review.audit_draw import USUAL_IMAGES
from bloodsmear.review.audit_read import read_audit
from bloodsmear.review.replay import Replay
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.teaching.intervals import images_for
from bloodsmear.workflows.auditing import audit_words, draw_audit, give_up_audit
from bloodsmear.workflows.cell_teaching import unnamed_cells
from bloodsmear.workflows.study_folders import strange_folders_sentence, unknown_folders_of
from desktop.cli.exit_code import ExitCode
from desktop.cli.progress_bar import ProgressBar
from desktop.cli.stop_signal import ctrl_c_requests
from desktop.cli.terminal import Terminal

_NONE = (
    "No audit set is drawn. Draw one before teaching by: bloodsmear audit STUDY --draw --reader NAME; then read it in "
    "the window, which hides the classifiers' answers until all of it is read."
)


def add_audit_words(parser: argparse.ArgumentParser) -> None:
    """Add the words of `audit`."""
    parser.description = (
        "Draw images of a study at random that no head is taught, so that `bloodsmear teach` can measure one on them. "
        "Without --draw it says how far the audit set is read. docs/teaching.md says more."
    )
    parser.add_argument("study", type=Path, metavar="STUDY", help="a screened study")
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("--draw", action="store_true", help="draw one, in place of an earlier one")
    asked.add_argument(
        "--give-up", action="store_true", help="do without: its images may be taught from now on"
    )
    asked.add_argument(
        "--cells",
        action="store_true",
        help="say how far the cells of its images are named, by which a classifier of cells is measured",
    )
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--images", type=int, metavar="N", help=f"how many images to draw ({USUAL_IMAGES})")
    size.add_argument(
        "--points", type=float, metavar="P", help="as many as an interval of ± P points needs (1 to 25)"
    )
    parser.add_argument("--reader", metavar="NAME", help="who draws, or gives up; kept in the study")


def run_audit(parsed: argparse.Namespace, terminal: Terminal) -> ExitCode:
    """Draw, give up, or say how far it is read. Raises UsageError, ReviewError, StudyError."""
    if not (parsed.draw or parsed.give_up):
        if parsed.reader or parsed.images or parsed.points:
            raise UsageError("--reader, --images and --points are for drawing. Give --draw as well.")
        if parsed.cells:
            return _say_cells(parsed.study, terminal)
        with StudyStore.open_existing(parsed.study) as store:
            _say(store, Replay(store.events.read()), terminal)
        return ExitCode.DONE
    if not parsed.reader:
        raise UsageError("Say who draws: --reader NAME. It is kept in the study.")
    with _for_writing(parsed.study) as store:
        if parsed.give_up:
            give_up_audit(store, parsed.reader)
            terminal.say("The audit set was given up. Its images may be taught, and are not drawn again.")
        else:
            _say(store, draw_audit(store, parsed.reader, _wanted(parsed)), terminal)
    return ExitCode.DONE


def _wanted(parsed: argparse.Namespace) -> int:
    if parsed.points is None:
        return USUAL_IMAGES if parsed.images is None else int(parsed.images)
    if not 1 <= parsed.points <= 25:
        raise UsageError(f"--points must be from 1 to 25, not {parsed.points:g}.")
    return images_for(parsed.points / 100)


def _say(store: StudyStore, replay: Replay, terminal: Terminal) -> None:
    read = read_audit(replay, store.listed_images())
    if read is None:
        terminal.say(_NONE)
        return
    terminal.say(audit_words(read))
    for one in read.to_read:
        terminal.say(f"  {one.image}")


def _say_cells(study: Path, terminal: Terminal) -> ExitCode:
    if strange := unknown_folders_of(study):
        raise UsageError(
            f"{strange_folders_sentence(study, strange)} If it is, open the study in Bloodsmear once."
        )
    cancel = Cancel()
    with ctrl_c_requests(cancel), ProgressBar(terminal) as bar:
        told, to_name = unnamed_cells(study, bar.report, cancel)
    for sentence in told or (_NONE,):
        terminal.say(sentence)
    for image, count in to_name.items():
        terminal.say(f"  {image}  {count}")
    return ExitCode.DONE


@contextmanager
def _for_writing(study: Path) -> Iterator[StudyStore]:
    with StudyStore.open_existing(study) as store:
        head = store.head
    with StudyStore.open_or_create(study, head) as store:
        yield store
