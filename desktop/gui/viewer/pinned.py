"""Another image beside the shown one, under the same zoom: pinned, while the reader walks the others."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from bloodsmear.images.rgb_image import RgbImage
from desktop.gui.viewer.comparing import Comparing
from desktop.gui.viewer.eye_colours import EyeColours
from desktop.gui.viewer.pane_area import PaneArea
from desktop.gui.viewer.picture_pane import PicturePane
from desktop.gui.viewer.ruler import Ruler

# Objectives differ by more, calibrations of the same one by less.
_SAME_SCALE = 0.05


class PinnedImage(QObject):
    """Stands in the place of the denoised picture. `changed()`: another one is pinned, or none.

    `ruler` measures on it. Its pane is made when the first one is pinned. Choosing a way to compare with the denoised
    picture takes it away.
    """

    changed = Signal()

    def __init__(
        self,
        area: PaneArea,
        comparing: Comparing,
        colours: EyeColours,
        ruler: Ruler,
        make_pane: Callable[[], PicturePane],
    ) -> None:
        super().__init__(area)
        self._area = area
        self._colours = colours
        self._ruler = ruler
        self._make_pane = make_pane
        self._pane: PicturePane | None = None
        self._name = ""
        self._size_px: tuple[int, int] = (0, 0)
        self._um_per_px: float | None = None
        # Of the image that is shown beside it.
        self._shown_size_px: tuple[int, int] = (0, 0)
        self._shown_um_per_px: float | None = None
        colours.changed.connect(self._show_colours)
        comparing.way_chosen.connect(lambda _way: self.take_away())
        self.changed.connect(comparing.looked_at_otherwise)

    @property
    def name(self) -> str:
        """What is pinned; empty where nothing is."""
        return self._name

    def show(self, name: str, caption: str, pixels: RgbImage, um_per_px: float | None = None) -> None:
        """Pin a picture under this caption; `um_per_px` is its scale, None where it is not known."""
        if self._pane is None:
            self._pane = self._make_pane()
        self._name = name
        self._pane.set_caption(caption)
        self._pane.show_pixels(pixels)
        self._pane.set_um_per_px(um_per_px)
        height_px, width_px, _ = pixels.shape
        self._size_px, self._um_per_px = (width_px, height_px), um_per_px
        self._warn()
        self._ruler.set_picture((width_px, height_px))
        self._ruler.set_um_per_px(um_per_px)
        self._show_colours()
        self._area.set_pinned(self._pane)
        self.changed.emit()

    def set_shown_size(self, size_px: tuple[int, int]) -> None:
        """Width and height of the image that is shown beside it."""
        self._shown_size_px = size_px
        self._warn()

    def set_shown_scale(self, um_per_px: float | None) -> None:
        """The scale of the image that is shown beside it; None where it is not known, or not yet."""
        self._shown_um_per_px = um_per_px
        self._warn()

    def take_away(self) -> None:
        """Nothing is pinned any more."""
        if self._pane is None or not self._name:
            return
        self._name = ""
        self._area.set_pinned(None)
        self._pane.show_message("")
        self.changed.emit()

    def _warn(self) -> None:
        """Both are shown pixel for pixel: where a pixel is not as large, a cell looks larger or smaller than it is.

        In few words: a chip that has no room is not shown.
        """
        if self._pane is None:
            return
        words = ""
        if self._um_per_px is not None and self._shown_um_per_px is not None:
            times = self._shown_um_per_px / self._um_per_px
            if abs(times - 1) > _SAME_SCALE:
                # Two digits, and no exponent where somebody typed nanometres for micrometres.
                words = f"Cells {float(f'{times:.2g}'):g} × as large"
        elif self._size_px != self._shown_size_px:
            words = "Perhaps another scale"
        self._pane.set_warning(words)

    def _show_colours(self) -> None:
        if self._pane is not None:
            self._pane.set_colours(self._colours.now)
