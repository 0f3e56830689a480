"""The way to the reference images: reads their folder, adds the shown image, pins one beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from bloodsmear import paths
from bloodsmear.images.image_names import file_and_page
from bloodsmear.images.scale import scale_of
from bloodsmear.jobs import Cancel
from bloodsmear.review.decisions import BESIDE_LABELS, decision_name
from desktop.gui.dialogs import ReferencesPage
from desktop.gui.dialogs.references import THUMBNAIL_SIDE_PX
from desktop.gui.job_runner import Job
from desktop.gui.placing import make_way
from desktop.gui.preferences import Preferences
from desktop.gui.questions import AskFiles
from desktop.gui.study import StudyController
from desktop.gui.viewer import ViewerPanel

if TYPE_CHECKING:
    from bloodsmear.classifiers.labels import Names
    from bloodsmear.images.decode import DecodedImage
    from bloodsmear.workflows.reference_images import Reference

_LANE = "thumbnails"
_NO_IMAGE = "No image is shown. Choose one in the list, then add it."
_LATER_PICTURE = "Only the first picture of a file can be a reference image."


class ReferencesDoor(QObject):
    """Opens the page beside the window. The folder is kept in the settings; empty: one in the user's data folder."""

    def __init__(
        self,
        controller: StudyController,
        viewer: ViewerPanel,
        preferences: Preferences,
        ask: AskFiles,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._controller = controller
        self._viewer = viewer
        self._preferences = preferences
        self._ask = ask
        self._window = window
        self._page: ReferencesPage | None = None
        # How often another was asked for or pinned: a picture read for an earlier wish comes too late.
        self._pins = 0
        controller.review.changed.connect(lambda _state: self._offer())
        viewer.pinned.changed.connect(self._count_pin)

    def open(self, show_page: Callable[[QDialog], None]) -> None:
        """Show what is in the folder."""
        page = self._page = ReferencesPage(self._window)
        page.pin_wanted.connect(self._pin)
        page.add_wanted.connect(self._add)
        page.folder_wanted.connect(self._choose_folder)
        page.finished.connect(lambda _code: self._forget(page))
        self._offer()
        show_page(page)
        self._read()

    @property
    def _folder(self) -> Path:
        kept = self._preferences.settings.reference_folder
        return Path(kept) if kept else paths.user_data() / "reference images"

    def _offer(self) -> None:
        if self._page is not None:
            state = self._controller.review.state
            labels = (choice for choice in state.choices if choice not in BESIDE_LABELS)
            self._page.offer_labels({label: decision_name(label, state.names) for label in labels})

    def _choose_folder(self) -> None:
        if self._page is not None and (chosen := self._ask.reference_folder(self._page, self._folder)):
            self._preferences.change("reference_folder", str(chosen))
            self._page.forget_pictures()
            self._page.say_problem("")
            self._read()

    def _read(self) -> None:
        page, folder, names = self._page, self._folder, self._controller.review.state.names
        if page is None:
            return

        def show_pictures(references: tuple[Reference, ...]) -> None:
            if page is not self._page or folder != self._folder:
                return
            files = page.show_references(folder, references)
            pictures = self._controller.runner.job(
                lambda _report, cancel: _thumbnails(files, cancel, pictures.post)
            )
            pictures.part.connect(lambda made: page.set_thumbnail(*made) if page is self._page else None)
            self._controller.runner.start(_LANE, pictures)

        self._start(lambda cancel: _references(folder, cancel, names), show_pictures)

    def _add(self, label: str) -> None:
        image, shown, root = (
            self._controller.image.image,
            self._controller.image.shown,
            self._controller.study.root,
        )
        if self._page is None:
            return
        self._page.say_problem("")
        if image is None or shown is None or root is None:
            self._page.say_problem(_NO_IMAGE)
            return
        source, number = file_and_page(root, image)
        if number:
            self._page.say_problem(_LATER_PICTURE)
            return
        folder, sha256, names = (
            self._folder,
            self._controller.image.sha256,
            self._controller.review.state.names,
        )
        self._start(
            lambda _cancel: _add_now(folder, source, sha256, label, names), lambda _path: self._read()
        )

    def _pin(self, path: Path, label: str) -> None:
        # The newest job is begun first, so an older one may end last.
        self._count_pin()
        number = self._pins

        def show(decoded: DecodedImage) -> None:
            if number != self._pins:
                return
            # What readers set holds for their study; of a reference image only its own file can tell.
            scale = scale_of(path.name, (decoded.width_px, decoded.height_px), (), decoded.scale)
            um_per_px = None if scale is None else scale.um_per_px
            caption = f"Reference: {label} · {path.name}"
            self._viewer.pinned.show(str(path), caption, decoded.pixels, um_per_px)
            if self._page is not None:
                make_way(self._page, self._window)
            self._window.activateWindow()

        if self._page is not None:
            self._page.say_problem("")
        self._start(lambda _cancel: _decode(path), show)

    def _count_pin(self) -> None:
        self._pins += 1

    def _start(self, work: Callable[[Cancel], object], take: Callable[..., None]) -> None:
        job: Job = self._controller.runner.job(lambda _report, cancel: work(cancel))
        job.finished.connect(take)
        job.failed.connect(lambda sentence: self._page.say_problem(sentence) if self._page else None)
        self._controller.runner.start(_LANE, job)

    def _forget(self, page: ReferencesPage) -> None:
        if self._page is page:
            self._page = None


# Imported on the job's thread: decoders are not needed for the first picture.


def _references(folder: Path, cancel: Cancel, names: Names) -> tuple[Reference, ...]:
    from bloodsmear.workflows.reference_images import read_references

    return read_references(folder, cancel, names)


def _add_now(folder: Path, source: Path, sha256: str, label: str, names: Names) -> Path:
    from bloodsmear.workflows.reference_images import add_reference

    return add_reference(folder, source, sha256, label, names)


def _decode(path: Path) -> DecodedImage:
    from bloodsmear.images.decode import decode_image

    return decode_image(path)


def _thumbnails(files: list[Path], cancel: Cancel, post: Callable[[object], None]) -> None:
    from bloodsmear.errors import ImageError
    from bloodsmear.images.thumbnail import read_thumbnail

    for path in files:
        cancel.checkpoint()
        try:
            post((path, read_thumbnail(path, THUMBNAIL_SIDE_PX).pixels))
        except ImageError:
            # It stands there by its name; who pins it is told why there is no picture.
            continue
