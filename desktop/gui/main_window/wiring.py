"""The wires between panels and controller: a panel says something, the controller acts, what came of it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bloodsmear.images.denoise_settings import STRENGTHS, DenoiseSettings, strength_name
from bloodsmear.images.scan import FoundImage
from bloodsmear.review.marks import DrawnShape
from bloodsmear.settings import Settings
from desktop.gui.gallery import GalleryPanel, ListArrangement, ListShape
from desktop.gui.main_window.footer import Footer
from desktop.gui.main_window.top_bar import TopBar
from desktop.gui.preferences import Preferences
from desktop.gui.reading import ReadingPanel
from desktop.gui.study import STEPS_AHEAD, ScreeningState, StudyController
from desktop.gui.viewer import ViewerPanel


@dataclass(frozen=True, slots=True)
class Panels:
    """The parts of the window that are wired; they do not know one another."""

    gallery: GalleryPanel
    viewer: ViewerPanel
    reading: ReadingPanel
    top_bar: TopBar
    footer: Footer


def wire_panels(panels: Panels, controller: StudyController, preferences: Preferences) -> None:
    """Connect everything between the panels and the controller."""
    _wire_list(panels, controller)
    _wire_views(panels, controller)
    _wire_map(panels, controller)
    _wire_cells(panels, controller)
    _wire_marks(panels, controller)
    _wire_reading(panels, controller)
    _wire_choices(panels, controller, preferences)
    controller.screening.changed.connect(panels.top_bar.show_screening)
    controller.screening.changed.connect(panels.footer.show_screening)


def _wire_list(panels: Panels, controller: StudyController) -> None:
    gallery, folder = panels.gallery, controller.folder

    def take_images(found: Sequence[FoundImage]) -> None:
        gallery.add_images(found)
        # The first image of a study is there to look at while the rest is still being found.
        if gallery.selected() is None and (first := controller.first_of(found)) is not None:
            gallery.select(first)

    def following(image: str) -> list[FoundImage]:
        return [controller.study.found[each] for each in gallery.choices.images_beside(image, STEPS_AHEAD)]

    def show_nothing(_reason: str) -> None:
        panels.viewer.show_empty("No image is chosen.")
        panels.reading.show_empty()

    folder.begun.connect(gallery.begin_loading)
    folder.begun.connect(show_nothing)
    folder.images_found.connect(take_images)
    folder.finished.connect(gallery.loading_finished)
    folder.grown.connect(take_images)
    folder.grown.connect(lambda _images: gallery.loading_finished(0))
    folder.nothing_found.connect(lambda sentence: gallery.show_error(sentence, "No images here"))
    folder.failed.connect(gallery.show_error)
    _wire_empty_watch(gallery, controller)
    controller.records_changed.connect(gallery.set_records)
    controller.thumbnails.ready.connect(gallery.set_thumbnail)
    controller.thumbnails.stale.connect(gallery.drop_thumbnail)
    gallery.image_selected.connect(controller.image.choose)
    gallery.place_changed.connect(panels.reading.show_place)
    gallery.order_changed.connect(controller.image.ahead.look_again)
    # The reader goes on in the list's order, whatever the folder's is.
    controller.image.ahead.following = following
    gallery.thumbnail_needed.connect(controller.thumbnails.request)
    gallery.shape_changed.connect(lambda shape: controller.thumbnails.set_side(shape.side_px))


def _wire_empty_watch(gallery: GalleryPanel, controller: StudyController) -> None:
    """A watched folder without an image says that it waits, in place of asking for another folder."""
    waits = False

    def show_waiting(state: ScreeningState) -> None:
        nonlocal waits
        waited, waits = waits, state.watching and controller.study.empty
        if waits and not waited:
            gallery.show_error(
                "Each image that comes into the watched folder is shown here.", "Waiting for images"
            )
        elif waited and controller.study.empty:
            gallery.show_error("The watching ended before an image came.", "No images here")

    controller.screening.changed.connect(show_waiting)


def _wire_views(panels: Panels, controller: StudyController) -> None:
    viewer, image = panels.viewer, controller.image
    image.loading.connect(viewer.show_loading)
    image.original_ready.connect(viewer.show_original)
    # Behind it: the scale of an image comes with its pixels, and goes with them.
    image.original_ready.connect(lambda image, _pixels: viewer.show_scale(image, controller.scales.um_per_px))
    controller.scales.changed.connect(
        lambda: viewer.show_scale(image.image or "", controller.scales.um_per_px)
    )
    image.denoising.connect(viewer.show_denoising)
    image.preview_ready.connect(viewer.show_preview)
    image.part_ready.connect(viewer.show_denoised_part)
    image.denoised_ready.connect(viewer.show_denoised)
    # An image of another study says nothing here.
    controller.folder.begun.connect(lambda _name: viewer.pinned.take_away())
    viewer.looked_at.connect(image.denoiser.look_at)
    image.denoising_failed.connect(viewer.show_denoising_failed)
    image.unreadable.connect(viewer.show_error)
    image.camera_bits_wanted.connect(viewer.offer_camera_menu)


def _wire_map(panels: Panels, controller: StudyController) -> None:
    overlay, choice, looking = panels.viewer.map, panels.reading.map_choice, controller.looking
    controller.classifiers_ready.connect(
        lambda marks, _refused: choice.set_choices([(mark.id, mark.name) for mark in marks])
    )
    choice.chosen.connect(looking.choose)
    looking.ready.connect(overlay.show)
    looking.said.connect(overlay.say)
    looking.cleared.connect(overlay.clear)


def _wire_cells(panels: Panels, controller: StudyController) -> None:
    viewer, reading, cells = panels.viewer, panels.reading, controller.cells
    cells.cleared.connect(viewer.clear_cells)
    cells.cleared.connect(reading.show_no_cells)
    cells.finding.connect(reading.show_finding_cells)
    cells.found.connect(viewer.show_cells)
    cells.found.connect(reading.show_cells)
    cells.failed.connect(reading.show_no_cells)
    cells.chosen.connect(lambda: viewer.set_clicks_wanted(cells.clicking))
    viewer.clicked.connect(cells.click)
    viewer.clicks_left.connect(cells.toggle_clicking)


def _wire_marks(panels: Panels, controller: StudyController) -> None:
    viewer, marks = panels.viewer, controller.marks
    # Behind the picture: the marks on an image come with its pixels, and go with them.
    controller.image.original_ready.connect(lambda *_: marks.tell())
    marks.changed.connect(viewer.show_marks)
    marks.counted.connect(panels.gallery.set_drawn)

    def refuse_early() -> None:
        # Before anything is drawn that would be lost.
        if marks.hindrance:
            viewer.marks.leave()
            marks.refuse()

    def keep_length(drawn: DrawnShape) -> None:
        if marks.hindrance:
            marks.refuse()
        else:
            viewer.marks.keep(drawn)
            viewer.ruler.drop()

    viewer.marks.tool_chosen.connect(refuse_early)
    viewer.length_wanted.connect(keep_length)
    viewer.marks.drawn.connect(marks.draw)
    viewer.marks.erased.connect(marks.erase)
    controller.leaving.connect(viewer.take_typed)


def _wire_reading(panels: Panels, controller: StudyController) -> None:
    reading, image = panels.reading, controller.image
    image.loading.connect(reading.show_loading)
    image.record_ready.connect(reading.show_record)
    image.denoised_answers_ready.connect(reading.show_denoised_answers)
    image.unreadable.connect(reading.show_unreadable)
    image.denoising.connect(lambda _caption: reading.show_denoising())
    image.unanswered.connect(reading.show_unanswered)
    image.undenoised.connect(reading.show_undenoised)
    controller.classifiers_ready.connect(reading.set_classifiers)
    controller.classifiers_ready.connect(lambda marks, _refused: panels.footer.show_classifiers(marks))
    for changed in (controller.folder.begun, controller.file.opened):
        changed.connect(lambda *_: reading.set_check_denoised(controller.study.check_denoised))
    reading.denoised_wanted.connect(image.want_denoised_answers)
    reading.check_denoised_changed.connect(controller.set_check_denoised)


def _wire_choices(panels: Panels, controller: StudyController, preferences: Preferences) -> None:
    """What the reader chose in the views is kept for the next start."""

    def keep_denoiser(settings: DenoiseSettings) -> None:
        preferences.change("denoiser", settings.name)
        preferences.change("denoise_strength", strength_name(settings))

    def keep_shape(shape: ListShape) -> None:
        preferences.change("list_grid", shape.is_grid)
        preferences.change("thumbnails", shape.size)

    def keep_arrangement(arrangement: ListArrangement) -> None:
        preferences.change("list_order", arrangement.order)
        preferences.change("list_grouping", arrangement.grouping)

    # Once it was written: a place where nothing can be is not offered again.
    controller.screening.report_written.connect(
        lambda report: preferences.change("report_folder", str(report.parent))
    )
    panels.gallery.choices.arrangement_chosen.connect(keep_arrangement)
    panels.gallery.shape_changed.connect(keep_shape)
    panels.viewer.denoised_wanted.connect(controller.image.choose_denoiser)
    panels.viewer.denoiser_chosen.connect(keep_denoiser)
    panels.viewer.comparing.way_chosen.connect(lambda way: preferences.change("view", way))
    panels.viewer.overview.changed.connect(
        lambda: preferences.change("overview", panels.viewer.overview.is_wanted)
    )
    panels.viewer.comparing.arrangement_chosen.connect(
        lambda name: preferences.change("view_layout", "automatic" if name == "auto" else name)
    )


def show_kept_choices(panels: Panels, controller: StudyController, preferences: Preferences) -> None:
    """Begin as the reader left it."""
    settings = preferences.settings
    panels.reading.expect_classifiers(len(settings.default_classifiers))
    panels.gallery.choices.set_arrangement(ListArrangement(settings.list_order, settings.list_grouping))
    shape = ListShape(settings.list_grid, settings.thumbnails)
    panels.gallery.set_shape(shape)
    controller.thumbnails.set_side(shape.side_px)
    viewer = panels.viewer
    viewer.set_denoiser(_kept_denoiser(settings))
    match settings.view_layout:
        case "side_by_side":
            viewer.comparing.set_arrangement("side_by_side")
        case "stacked":
            viewer.comparing.set_arrangement("stacked")
    viewer.comparing.set_way(settings.view)
    viewer.overview.set_wanted(settings.overview)
    controller.image.choose_denoiser(viewer.denoiser())


def _kept_denoiser(settings: Settings) -> DenoiseSettings:
    """The one in the settings; where that denoiser has no such strength, its gentle one."""
    strengths = STRENGTHS[settings.denoiser]
    return strengths.get(settings.denoise_strength, strengths["gentle"])
