"""The panel of the views: original and denoised picture under one toolbar."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from bloodsmear.images.cells import FoundCells, Outline
from bloodsmear.images.denoise_settings import DenoiseSettings
from bloodsmear.images.region import Region
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scale import um_words
from bloodsmear.review.marks import DrawnMark, DrawnShape, MarkShape
from desktop.gui.theme import Tokens
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.room import room_of
from desktop.gui.viewer.comparing import Comparing
from desktop.gui.viewer.denoised_pane import PATIENCE_MS, DenoisedPane
from desktop.gui.viewer.denoiser_choice import TAKES_DETAIL
from desktop.gui.viewer.eye_colours import EyeColours
from desktop.gui.viewer.magnifier import Magnifier
from desktop.gui.viewer.map_line import MapLine, MapOverlay
from desktop.gui.viewer.mouse_tools import MouseTools
from desktop.gui.viewer.overview import Overview
from desktop.gui.viewer.pane_area import PaneArea
from desktop.gui.viewer.picture_pane import PicturePane
from desktop.gui.viewer.pinned import PinnedImage
from desktop.gui.viewer.pixel_readout import PixelReadout
from desktop.gui.viewer.second_window import SecondWindow
from desktop.gui.viewer.view_picture import ShownPicture, TakenView, file_and_folder, take_view
from desktop.gui.viewer.view_range import ViewRange
from desktop.gui.viewer.viewer_toolbar import ViewerToolbar

# So much of a view a cell takes that the reader came for; the frame stands off it by this share of its side.
_POINTED_SHARE, _FRAME_OFF = 0.25, 0.5
_NOTHING_OPEN = "Open a folder of smear images, or drop one onto this window."


class ViewerPanel(QWidget):
    """Shows pictures it is given. `denoiser_chosen(DenoiseSettings)` when a person chose another, `denoised_wanted(
    DenoiseSettings or None)` when another denoised picture is wanted, None while only the original is looked at;
    `looked_at(Region)`, what of the shown image the views show; `menu_wanted(place on the screen)`; `clicked(x, y)`, a
    place of the original (image px) that a click without a drag was on, while clicks are wanted; `clicks_left()` when
    Escape ends that; `length_wanted(DrawnShape)`: what the ruler measured is to be kept.

    `view_range` zooms and pans, `comparing` lays out, `map` shows where a classifier looked, `ruler` measures,
    `marks` are drawn by readers, `colours` are the ones for the eye, `pinned` is another image beside the shown one,
    `magnifier` and `overview` help to find the way.
    """

    denoised_wanted = Signal(DenoiseSettings)
    looked_at = Signal(Region)
    menu_wanted = Signal(QPoint)
    length_wanted = Signal(DrawnShape)

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self._image = ""
        self._alone = False
        self._picture: ShownPicture | None = None
        # The image and the place on it that the reader came for.
        self._pointed: tuple[str, Region] | None = None
        self._cell_lines: tuple[Outline, ...] = ()
        self._um_per_px: float | None = None
        self.view_range = ViewRange(self)
        self._toolbar = ViewerToolbar(self)
        self._area = PaneArea(self)
        self._original = PicturePane("Original picture", self.view_range, tokens, self._area)
        self._denoised = DenoisedPane("Denoised picture", self.view_range, tokens, self._area)
        self._area.set_panes(self._original, self._denoised)
        self.colours = EyeColours(self)
        panes = (self._original, self._denoised)
        self._tools = MouseTools(panes, self._area, self.colours, lambda: self._picture)
        self.ruler, self.marks = self._tools.ruler, self._tools.marks
        self.magnifier = Magnifier(panes, self.view_range, self)
        self.overview = Overview(self.view_range, self._original.view, self._area)
        self._area.set_on_top(self.overview)
        self.comparing = Comparing(self._toolbar.ways, self._area, self._denoised, self)
        self.pinned = PinnedImage(
            self._area, self.comparing, self.colours, self._tools.pinned_ruler, self._make_pinned_pane
        )
        self._wanted = self.denoiser()
        self._warn()
        self._readout = PixelReadout(panes)
        self._loading = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        line = MapLine(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(*[2 * GRID_PX] * 4)
        self._column.setSpacing(2 * GRID_PX)
        self._column.addWidget(self._toolbar)
        self._column.addWidget(self._area, 1)
        self._column.addWidget(line)
        self.map = MapOverlay(line, self._original.view, self._shows)
        self._connect()
        self.show_empty()

    def show_empty(self, sentence: str = _NOTHING_OPEN) -> None:
        """No image is chosen; the sentence says so, or how to begin."""
        # In another folder an image may have the same name.
        self._pointed = None
        self._forget("", sentence)

    def show_loading(self, image: str) -> None:
        """The image was chosen and is being read; an even grey stands in place of the one before until it is there."""
        self.take_typed()
        self._image, self._picture, self._um_per_px = image, None, None
        if self._pointed is not None and self._pointed[0] != image:
            self._pointed = None
        self.ruler.set_picture(None)
        self.pinned.set_shown_scale(None)
        self.marks.set_picture(image, None)
        for pane in (self._original, self._denoised):
            pane.blank()
        self._original.set_busy("")
        self._loading.start()

    def show_original(self, image: str, pixels: RgbImage) -> None:
        """Show an image; of the same size as the one before, it keeps zoom and place."""
        if image == self._image and pixels is self._original.pixels:
            return
        self._loading.stop()
        self.take_typed()
        height_px, width_px, _ = pixels.shape
        self._image, self._picture = image, ShownPicture(image, pixels)
        self._original.set_caption("Original")
        self._original.set_busy("")
        self._original.show_pixels(pixels)
        self.ruler.set_picture((width_px, height_px))
        self.pinned.set_shown_size((width_px, height_px))
        self.marks.set_picture(image, (width_px, height_px))
        if self.denoiser() is not None:
            self._denoised.wait_for_picture(self._original, "Denoised")
        self._area.set_picture_size(width_px, height_px)
        self._area.set_content("picture")
        self.view_range.set_image_size(width_px, height_px)
        self._follow_range()
        self._show_pointed()

    def point_at(self, image: str, place: Region) -> None:
        """Bring this place of an image to the middle and frame it, now or as soon as the image is shown."""
        self._pointed = image, place
        self._show_pointed()

    def set_clicks_wanted(self, on: bool) -> None:
        """Whether a click on the original is for what lies there (`clicked`)."""
        self._original.view.set_clicks_wanted(on)
        if on:
            # Escape is for the view then.
            self._original.view.setFocus()

    def show_cells(self, image: str, found: FoundCells) -> None:
        """Outline the cells of the shown image; those of another one are dropped."""
        if self._shows(image):
            self._cell_lines = tuple(line for cell in found.cells for line in cell.lines)
            self._draw_outlines()

    def show_marks(self, image: str, marks: Sequence[DrawnMark], reader: str) -> None:
        """What readers drew on an image, `reader` among them; marks on another one than the shown are dropped."""
        if self._shows(image):
            self.marks.show(marks, reader)

    def take_typed(self) -> None:
        """The image is left: keep the words that are being typed on it."""
        self._tools.take_typed()

    def clear_cells(self) -> None:
        """No outlines."""
        self._cell_lines = ()
        self._draw_outlines()

    def _draw_outlines(self) -> None:
        framed: tuple[Outline, ...] = ()
        if self._pointed is not None and self._shows(self._pointed[0]):
            framed = (_frame_around(self._pointed[1]),)
        self._original.view.set_outlines((*self._cell_lines, *framed))

    def _show_pointed(self) -> None:
        if self._pointed is not None and self._shows(self._pointed[0]):
            self.view_range.look_at(self._pointed[1], _POINTED_SHARE)
            self._draw_outlines()

    def show_scale(self, image: str, um_per_px: float | None) -> None:
        """The scale of an image, None where it is not known; that of another image than the shown one is dropped."""
        if self._shows(image):
            self._um_per_px = um_per_px
            self.pinned.set_shown_scale(um_per_px)
            for layer in (self.ruler, self.marks):
                layer.set_um_per_px(um_per_px)
            for pane in (self._original, self._denoised):
                pane.set_um_per_px(um_per_px)

    def show_denoising(self, caption: str) -> None:
        """The denoised picture is being made; `caption` is what it will be called."""
        if self._shows(self._image):
            self._denoised.wait_for_picture(self._original, caption)

    def show_preview(self, image: str, pixels: RgbImage) -> None:
        """Show what is nearly the denoised picture, marked as a preview."""
        if self._shows(image):
            self._denoised.show_preview(pixels)

    def show_denoised_part(self, image: str, pixels: RgbImage, region: Region) -> None:
        """This region of the denoised picture is exact now."""
        if self._shows(image):
            self._denoised.show_part(pixels, region)

    def show_denoised(self, image: str, pixels: RgbImage, caption: str) -> None:
        """Show the denoised picture; that of another image than the shown one is dropped."""
        if self._shows(image):
            self._denoised.show_denoised(pixels, caption)

    def show_denoising_failed(self, sentence: str) -> None:
        """There will be no denoised picture, and why."""
        if self._shows(self._image):
            self._denoised.show_nothing(sentence)

    def show_error(self, image: str, sentence: str) -> None:
        """The image cannot be shown, and why."""
        self._forget(image, sentence)

    @property
    def picture(self) -> ShownPicture | None:
        """The image that is shown; None while none is, or another one is still being read."""
        return self._picture

    def take_view(self) -> TakenView | None:
        """What the views show, over a caption of the image's name and scale; None while no image is shown."""
        if self._picture is None:
            return None
        scale = "no scale is known" if self._um_per_px is None else f"{um_words(self._um_per_px)} a pixel"
        remarks = [scale.capitalize()]
        if not self.colours.now.are_the_files:
            remarks.append(f"Colours changed for the eye: {self.colours.now.words()}")
        if self.pinned.name:
            remarks.append(f"Pinned beside it: {self.pinned.name}")
        return take_view(self._area.take_picture(), self._picture.image, remarks, self.font())

    def keep_length(self) -> None:
        """Ask for what the ruler measured on the shown image to be kept as a mark."""
        ends = self.ruler.measured
        if self._picture is not None and ends:
            height_px, width_px, _ = self._picture.pixels.shape
            shape: MarkShape = "diameter" if self.ruler.kind == "circle" else "length"
            self.length_wanted.emit(DrawnShape(shape, ends, (width_px, height_px)))

    def toggle_pinned(self) -> None:
        """Pin the shown image beside the others, or take away what is pinned."""
        if self.pinned.name:
            self.pinned.take_away()
        elif (one := self._picture) is not None:
            self.pinned.show(one.image, f"Pinned: {file_and_folder(one.image)}", one.pixels, self._um_per_px)

    def _make_pinned_pane(self) -> PicturePane:
        pane = PicturePane("Pinned picture", self.view_range, self._tokens, self._area)
        self._readout.join(pane)
        self._tools.join_pinned(pane)
        return pane

    def make_second_window(self) -> SecondWindow:
        """A window of its own that mirrors the original picture."""
        return SecondWindow(self._original, self.view_range, self._tools, lambda: self._picture, self._tokens)

    def take_focus(self) -> None:
        """Give the keys to the picture."""
        self._original.view.setFocus()

    def show_picture_alone(self, on: bool) -> None:
        """Without the toolbar and the margin, or with them again."""
        self._alone = on
        self._toolbar.setVisible(not on)
        self._share_room()

    def set_camera_menu(self, menu: QMenu) -> None:
        """The menu in which the camera's bits are set."""
        self._original.set_offer("Bits of the camera", menu)

    def offer_camera_menu(self) -> None:
        """The shown image can be read once the camera's bits are set: offer them below the sentence."""
        self._original.show_offer()

    def denoiser(self) -> DenoiseSettings | None:
        """How the wanted picture is denoised; None while only the original is looked at."""
        return self._toolbar.denoiser.settings() if self.comparing.denoised_wanted else None

    def set_denoiser(self, settings: DenoiseSettings) -> None:
        """Choose a denoiser without emitting `denoiser_chosen`."""
        self._toolbar.denoiser.set_settings(settings)
        self._want_denoised()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Where it is low the picture needs the toolbar's lines."""
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        low = room_of(self.height()) == "low"
        self._toolbar.fold(low)
        edge_px = 0 if self._alone else GRID_PX if low else 2 * GRID_PX
        self._column.setContentsMargins(*[edge_px] * 4)
        self._column.setSpacing(edge_px)

    def _connect(self) -> None:
        for pane in (self._original, self._denoised):
            pane.view.menu_wanted.connect(self.menu_wanted)
        self.colours.changed.connect(self._show_colours)
        self.clicked, self.clicks_left = self._original.view.clicked, self._original.view.clicks_left
        # Behind the views, which follow it.
        self._tools.follow(self.view_range)
        toolbar = self._toolbar
        self.denoiser_chosen = toolbar.denoiser.chosen
        toolbar.denoiser.chosen.connect(lambda _settings: self._want_denoised())
        self.comparing.looked_at_otherwise.connect(self._want_denoised)
        self.comparing.looked_at_otherwise.connect(
            lambda: self.map.set_covered(self.comparing.covers_original)
        )
        toolbar.fit_clicked.connect(self.view_range.fit)
        toolbar.one_to_one_clicked.connect(self.view_range.one_to_one)
        toolbar.zoom_in_clicked.connect(self.view_range.zoom_in)
        toolbar.zoom_out_clicked.connect(self.view_range.zoom_out)
        self._original.resized.connect(lambda: _measure_view(self._original, self.view_range))
        self.view_range.changed.connect(self._follow_range)
        self._loading.timeout.connect(self._say_reading)

    def _show_colours(self) -> None:
        for pane in (self._original, self._denoised):
            pane.set_colours(self.colours.now)

    def _say_reading(self) -> None:
        words = f"Reading {self._image.rpartition('/')[2]}…"
        if self._original.view.is_empty:
            self._forget(self._image, words)
        else:
            self._original.set_busy(words)

    def _forget(self, image: str, message: str) -> None:
        """No picture, a message in its place; the panes stay where they are."""
        self.take_typed()
        self._image, self._picture, self._um_per_px = image, None, None
        self._loading.stop()
        self.ruler.set_picture(None)
        self.pinned.set_shown_scale(None)
        self.marks.set_picture(image, None)
        for pane in (self._original, self._denoised):
            pane.set_um_per_px(None)
        self._original.set_caption("")
        self._original.set_busy("")
        self._original.show_message(message)
        self._denoised.show_nothing()
        self._area.set_content("message" if image else "nothing")
        self._follow_range()

    def _want_denoised(self) -> None:
        # In the original's way there is nothing to choose.
        self._toolbar.denoiser.setVisible(self.comparing.way != "original")
        settings = self.denoiser()
        if settings == self._wanted:
            return
        self._wanted = settings
        self._warn()
        if settings is None:
            self._denoised.show_nothing()
        else:
            self._denoised.wait_for_picture(self._original, "Denoised")
        self.denoised_wanted.emit(settings)

    def _warn(self) -> None:
        takes_detail = self._wanted is not None and self._wanted.takes_detail
        self._denoised.set_warning(TAKES_DETAIL if takes_detail else "")

    def _shows(self, image: str) -> bool:
        """Whether this image is shown, and not only being read."""
        return self._picture is not None and image == self._picture.image

    def _follow_range(self) -> None:
        pixels = self._original.pixels
        self.overview.place()
        self._toolbar.set_percent(
            None if self._original.view.is_empty else 100 * self.view_range.scale * self.devicePixelRatioF()
        )
        if pixels is not None:
            size = self._original.view.viewport().size()
            self.looked_at.emit(self.view_range.shown_region(size.width(), size.height()))


def _measure_view(pane: PicturePane, view_range: ViewRange) -> None:
    size = pane.view.viewport().size()
    view_range.set_view_size(size.width(), size.height(), pane.devicePixelRatioF())


def _frame_around(place: Region) -> Outline:
    off = round(_FRAME_OFF * max(place.width_px, place.height_px))
    left, top, right, bottom = (
        place.left_px - off,
        place.top_px - off,
        place.right_px + off,
        place.bottom_px + off,
    )
    return (left, top), (right, top), (right, bottom), (left, bottom)
