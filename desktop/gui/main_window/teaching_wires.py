"""What the teaching page needs of the window: the open study, its decisions, and the classifiers that answer."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from desktop.gui.gallery import GalleryPanel
from desktop.gui.placing import make_way
from desktop.gui.preferences import Preferences
from desktop.gui.review_state import ImageMark
from desktop.gui.study import StudyController
from desktop.gui.study.review import StudyReview
from desktop.gui.teaching import OF_THE_AUDIT, StudyAccess, TeachingController, TeachingDoor


def make_teaching(
    study: StudyController, gallery: GalleryPanel, preferences: Preferences, window: QWidget
) -> TeachingDoor:
    """The door to the page over `window`, wired to the open study."""
    reviewed = study.review.reviewed
    access = StudyAccess(
        lambda: study.study.path if reviewed.is_open else None,
        lambda: reviewed.reader,
        study.file.use,
        lambda: reviewed.reads_alone,
    )
    controller = TeachingController(access, window)
    door = TeachingDoor(controller, window)

    def use(classifier_id: str) -> None:
        in_use = preferences.settings.default_classifiers
        preferences.change(
            "default_classifiers", (*in_use, classifier_id) if classifier_id not in in_use else in_use
        )
        study.load_classifiers()

    def lead_through(images: tuple[str, ...], name: str) -> None:
        # Chosen first: where the list hides the chosen image it goes to its own first one.
        gallery.select(images[0])
        gallery.choices.lead_through(images, name)
        if door.page is not None:
            make_way(door.page, window)
        window.activateWindow()

    act = 0

    def take_decided(image: str, mark: ImageMark | None) -> None:
        controller.take_decided(image)
        # Who decides goes on here: the next key, which may change the decision, must not find another image.
        if mark is not None and image == gallery.selected():
            controller.stay()

    def follow_draw() -> None:
        # Drawn anew, or given up, on the page or in another window: nobody goes on through the set before.
        nonlocal act
        audit, before = reviewed.audit, act
        act = 0 if audit is None else audit.act
        if act != before:
            gallery.choices.lead_on(sorted(audit.names) if audit is not None else (), OF_THE_AUDIT)

    controller.installed.connect(use)
    controller.images_wanted.connect(lead_through)
    controller.images_followed.connect(gallery.choices.lead_on)
    gallery.image_selected.connect(lambda _image: controller.stay())
    _tell_decided(study.review, take_decided)
    study.review.mark_changed.connect(lambda _image, _mark: door.look_again())
    study.review.marks_changed.connect(lambda _marks: door.look_again())
    study.file.closed.connect(door.look_again)
    # Who reads, and how: what may be told of others follows at once.
    study.review.changed.connect(lambda _state: door.see_hiding())
    study.review.changed.connect(lambda _state: follow_draw())
    return door


def _tell_decided(review: StudyReview, take: Callable[[str, ImageMark | None], None]) -> None:
    """`take` each mark that is another one than before: it is told again with each note, and with each answer of a
    screening, which would have heads fitted all along.
    """
    marks: dict[str, ImageMark | None] = {}

    def compare(image: str, mark: ImageMark | None) -> None:
        if mark != marks.get(image):
            marks[image] = mark
            take(image, mark)

    def keep_all(now: dict[str, ImageMark]) -> None:
        marks.clear()
        marks.update(now)

    review.mark_changed.connect(compare)
    review.marks_changed.connect(keep_all)
