"""What the teaching page needs of the window: the open study, its decisions, and the classifiers that answer."""

from PySide6.QtWidgets import QWidget

from desktop.gui.gallery import GalleryPanel
from desktop.gui.placing import make_way
from desktop.gui.preferences import Preferences
from desktop.gui.study import StudyController
from desktop.gui.teaching import StudyAccess, TeachingController, TeachingDoor


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

    controller.installed.connect(use)
    controller.images_wanted.connect(lead_through)
    controller.images_followed.connect(gallery.choices.lead_on)
    gallery.image_selected.connect(lambda _image: controller.stay())
    study.review.mark_changed.connect(lambda image, _mark: controller.take_decided(image))
    study.review.mark_changed.connect(lambda _image, _mark: door.look_again())
    study.review.marks_changed.connect(lambda _marks: door.look_again())
    study.file.closed.connect(door.look_again)
    # Who reads, and how: what may be told of others follows at once.
    study.review.changed.connect(lambda _state: door.see_hiding())
    return door
