"""The controller of teaching: carries out what the page asks for and says what came of it. It knows no panel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from bloodsmear.jobs import Progress
from desktop.gui.job_runner import Job, JobRunner, Lane
from desktop.gui.teaching import jobs
from desktop.gui.teaching.jobs import Looked
from desktop.gui.teaching.state import HeadSeen, TeachingState, Work

if TYPE_CHECKING:  # imported on a job's thread: SQLite and OpenVINO are not needed for the first picture
    from bloodsmear.storage.study_store import StudyStore
    from bloodsmear.workflows.study_teaching import NextToTeach, StudyLesson

_LOOK, _TEACH, _FOLLOW = "look", "teach", "follow"
_CLOSE_WAIT_MS = 1000
# After so many decisions the head is fitted again in the background; as many images are led through till then.
_DECISIONS_A_FIT = 10
# What the reader is led through.
OF_THE_AUDIT, TEACHING_MOST = "audit set", "would teach most"


@dataclass(frozen=True, slots=True)
class StudyAccess:
    """The open study: its file (None: none is open), who reads, and what does a work in its file as a begun job.

    `alone`: whether the reader is to see nothing of what others decided.
    """

    path: Callable[[], Path | None]
    reader: Callable[[], str]
    use: Callable[[Callable[[StudyStore], object]], Job | None]
    alone: Callable[[], bool] = lambda: False


class TeachingController(QObject):
    """`changed(TeachingState)` whenever there is something else to show; `installed(id)`: it is to answer from now on;
    `images_wanted(images, name)`: the reader wants to decide these, the first one now. `images_followed(images, name)`:
    others are those of this name now.
    """

    changed = Signal(TeachingState)
    installed = Signal(str)
    images_wanted = Signal(tuple, str)
    images_followed = Signal(tuple, str)

    def __init__(self, study: StudyAccess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._study = study
        self._runner = JobRunner(
            (Lane(_LOOK, order="latest_only"), Lane(_TEACH), Lane(_FOLLOW, order="latest_only")), self
        )
        self.state = TeachingState()
        # The study that `state` is about, and the images that were decided since the last fit.
        self._path: Path | None = None
        # Who is to see the own decisions alone; None: all may be told.
        self._alone: str | None = None
        self._since_fit: set[str] = set()
        self._follows = False
        # The reader waits for the image that would teach most.
        self._goes_there = False

    def follow(self) -> None:
        """Another study may be open, or none: what is under way for the one before ends."""
        path = self._study.path()
        if path != self._path:
            for lane in (_LOOK, _TEACH, _FOLLOW):
                self._runner.supersede(lane)
            self._path, self._follows, self._since_fit = path, False, set()
            self._goes_there = False
            # What was said last stays: who installs gets a study of other classifiers.
            self.state = TeachingState(said=self.state.said)

    def look(self) -> None:
        """Look at the open study anew."""
        self.follow()
        path = self._path
        if path is None:
            self._show(phase="empty")
            return
        if self.state.phase == "empty":
            self._show(phase="looking")
        alone = self._alone_now()
        if alone != self._alone:
            # At once: what was counted of all readers is not to be seen until it is counted anew.
            self._alone = alone
            self._show(alone=alone is not None, study=None, live="", problem="", said="")
        job = self._runner.job(lambda _report, _cancel: jobs.look(path, alone))
        job.finished.connect(lambda looked: self._take_look(looked) if alone == self._alone else None)
        job.failed.connect(self._fail)
        self._runner.start(_LOOK, job)

    def see_hiding(self) -> None:
        """Look anew where another reader is to see other decisions."""
        if self._alone_now() != self._alone:
            self.look()

    def take_decided(self, image: str) -> None:
        """Something was decided, or taken back, in the open study."""
        if self.state.phase == "empty":
            return
        self._since_fit.add(image)
        following = tuple(one for one in self.state.following if one != image)
        if following != self.state.following:
            self._show(following=following)
        if self._follows and len(self._since_fit) >= _DECISIONS_A_FIT:
            self._fit_in_the_background()

    def draw(self, images: int) -> None:
        """Draw an audit set, in place of an earlier one."""

        def work(store: StudyStore) -> None:
            from bloodsmear.workflows.auditing import draw_audit

            draw_audit(store, self._study.reader(), images)

        self._change(work)

    def give_up_audit(self) -> None:
        """Do without the audit set."""

        def work(store: StudyStore) -> None:
            from bloodsmear.workflows.auditing import give_up_audit

            give_up_audit(store, self._study.reader())

        self._change(work)

    def read_audit(self) -> None:
        """Go through the images of the audit set that are still to be read."""
        study = self.state.study
        if study is not None and study.audit is not None and study.audit.to_read:
            self.images_wanted.emit(study.audit.to_read, OF_THE_AUDIT)

    def decide_following(self) -> None:
        """Go through the images that would teach most."""
        if self.state.following:
            self.images_wanted.emit(self.state.following[:_DECISIONS_A_FIT], TEACHING_MOST)
        elif self.state.phase != "teaching":
            self._follows = self._goes_there = True
            self._fit_in_the_background()

    def stay(self) -> None:
        """The reader went to another image: who goes on must not find a third one under the next key."""
        self._goes_there = False

    def teach(self, name: str) -> None:
        """Teach from the decisions that stand, measure, and keep the head where it waits to be installed."""
        path = self._path
        if path is None or self.state.work is not None or self.state.alone:
            return

        def keep(taught: StudyLesson) -> None:
            def work(store: StudyStore) -> None:
                from bloodsmear.workflows.study_teaching import keep_lesson

                keep_lesson(store, taught, self._study.reader())

            # Before anybody sees how it did: whoever looks at an audit set leaves a trace.
            kept = self._study.use(work)
            if kept is None:
                self._fail("The study was closed, so nothing was taught. Open its folder again.")
                return
            kept.failed.connect(self._fail)
            kept.finished.connect(lambda _nothing: write(taught))

        def write(taught: StudyLesson) -> None:
            if path != self._path:
                return
            job = self._runner.job(lambda _report, _cancel: jobs.write(taught, path, name))
            job.finished.connect(lambda head: self._take_head(head, taught.lesson.promise.words))
            job.failed.connect(self._fail)
            self._show(work=Work("Writing the classifier…"))
            self._runner.start(_TEACH, job)

        job = self._runner.job(lambda report, cancel: jobs.teach(path, report, cancel))
        job.progressed.connect(self._tell)
        job.finished.connect(keep)
        job.failed.connect(self._fail)
        job.stopped.connect(lambda: self._end_work("Stopped. Nothing was taught."))
        self._show(phase="teaching", work=Work("Teaching…"), problem="", said="", head=None, promise="")
        self._runner.start(_TEACH, job)

    def stop(self) -> None:
        """Stop the teaching; what was taught before waits as it did."""
        self._runner.cancel(_TEACH)

    def install(self) -> None:
        """Put the head that waits among the classifiers, and let it answer."""
        path = self._path
        if path is None or self.state.phase != "taught":
            return
        job = self._runner.job(lambda _report, _cancel: jobs.install(path))
        job.finished.connect(self._take_installed)
        job.failed.connect(self._fail)
        self._show(phase="installing", work=Work("Installing…"), problem="", said="")
        self._runner.start(_TEACH, job)

    def close(self) -> bool:
        """End what is under way. Says whether every thread ended."""
        return self._runner.close(_CLOSE_WAIT_MS)

    def _alone_now(self) -> str | None:
        return self._study.reader() if self._study.alone() else None

    def _fit_in_the_background(self) -> None:
        path = self._path
        if path is None or self.state.alone:
            return
        self._since_fit = set()
        job = self._runner.job(lambda report, cancel: jobs.order_following(path, report, cancel))
        job.finished.connect(self._take_following)
        job.failed.connect(self._tell_no_following)
        if not self.state.following:
            self._show(live="Looking for the images that would teach most…")
        self._runner.start(_FOLLOW, job)

    def _tell_no_following(self, sentence: str) -> None:
        """Too few decisions are no fault here: the page says what is missing, and nobody waits any more."""
        self._goes_there = False
        self._show(live=sentence)

    def _take_following(self, found: NextToTeach) -> None:
        self._study.use(found.rows.write)
        if self.state.alone:
            return
        accuracy = f"{100 * found.accuracy:.1f} % accuracy, cross-validated"
        live = f"A head of the {found.images} decisions until now has {accuracy}."
        if not found.order:
            live += " All images are decided."
        # Some may have been decided while it was fitted.
        following = tuple(image for image in found.order if image not in self._since_fit)
        self._show(following=following, live=live)
        goes_there, self._goes_there = self._goes_there, False
        if following:
            (self.images_wanted if goes_there else self.images_followed).emit(
                following[:_DECISIONS_A_FIT], TEACHING_MOST
            )

    def _change(self, work: Callable[[StudyStore], object]) -> None:
        job = self._study.use(work)
        if job is not None:
            job.finished.connect(lambda _nothing: self.look())
            job.failed.connect(self._fail)
            self._show(problem="", said="")

    def _tell(self, progress: Progress) -> None:
        if self.state.work is not None:
            self._show(work=Work(f"{progress.text.capitalize()}…", progress.done, progress.total))

    def _take_look(self, looked: Looked) -> None:
        if self.state.phase in ("teaching", "installing"):
            self._show(study=looked.study)
            return
        if looked.head is not None and looked.installed:
            # The program's end came between the installation and the note of it.
            self.state = replace(self.state, study=looked.study, phase="taught", head=looked.head)
            self.install()
            return
        phase = self.state.phase
        if phase != "installed":
            phase = "taught" if looked.head is not None else "ready"
        self._show(study=looked.study, head=looked.head or self.state.head, phase=phase)

    def _take_head(self, head: HeadSeen, promise: str) -> None:
        self._follows = True
        self._show(phase="taught", head=head, promise=promise, work=None)
        self.look()
        self._fit_in_the_background()

    def _take_installed(self, classifier_id: str) -> None:
        name = self.state.head.name if self.state.head is not None else classifier_id
        said = f"{name} is installed and answers beside the others from now on."
        self._show(phase="installed", work=None, said=said)
        self.installed.emit(classifier_id)

    def _end_work(self, said: str) -> None:
        self._show(phase="ready", work=None, said=said)
        self.look()

    def _fail(self, sentence: str) -> None:
        phase = {"teaching": "ready", "installing": "taught", "looking": "ready"}.get(
            self.state.phase, self.state.phase
        )
        self._show(phase=phase, work=None, problem=sentence)

    def _show(self, **changes: Any) -> None:
        """Change these fields of the state; their types are those of `TeachingState`."""
        self.state = replace(self.state, **changes)
        self.changed.emit(self.state)
