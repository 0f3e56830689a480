"""The window's left column: the list of the images, which folds away where the picture needs its room."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from desktop.gui.gallery import GalleryPanel
from desktop.gui.theme.page_parts import button
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import plain_tooltip

# Qt's own bound of a widget's width (QWIDGETSIZE_MAX).
_ANY_PX = 16_777_215
# List and reading at first, and while the window is narrow; the picture has what they leave.
_USUAL_PX, _NARROW_PX = (251, 300), (226, 268)


class ListColumn(QFrame):
    """`folded(on)` when the list was folded away, or is seen again.

    While the window is narrow the list is folded, and a strip at the edge opens it over the room of the picture; what
    the reader chose with the menu's entry or the strip holds until the window gets narrow or wide.
    """

    folded = Signal(bool)

    def __init__(self, gallery: GalleryPanel, columns: QSplitter) -> None:
        super().__init__()
        columns.addWidget(self)
        self._columns = columns
        self._sizes_px = _USUAL_PX
        self.setProperty("look", "panel")
        # While the list is folded the keys are here: a field that somebody typed in must not keep them.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._gallery = gallery
        self._narrow = False
        self._strip = QWidget()
        self._open = button("open_list", "»", "link")
        self._open.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._open.clicked.connect(lambda _checked=False: self.toggle())
        column = QVBoxLayout(self._strip)
        column.setContentsMargins(0, GRID_PX, 0, GRID_PX)
        column.addWidget(self._open)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._strip)
        row.addWidget(gallery, 1)
        self._fold(on=False)

    @property
    def is_folded(self) -> bool:
        """Whether the list is away."""
        return self._gallery.isHidden()

    @property
    def is_as_usual(self) -> bool:
        """Whether the columns stand as the next start may have them."""
        return not (self._narrow or self.is_folded)

    def toggle(self) -> None:
        """Fold the list away, or show it again."""
        self._fold(not self.is_folded)

    def look_for_image(self) -> None:
        """Show the list, with the cursor in the field of its filter."""
        self._fold(on=False)
        self._gallery.focus_filter()

    def set_narrow(self, on: bool) -> None:
        """The window got narrow, where the list is folded until somebody wants it, or wide again."""
        if on != self._narrow:
            self._narrow = on
            self._sizes_px = _NARROW_PX if on else _USUAL_PX
            self._fold(on)

    def _fold(self, on: bool) -> None:
        if on and not self.is_folded and not self._narrow:
            self._sizes_px = (self.width(), self._columns.sizes()[-1])
        self._gallery.setVisible(not on)
        self._strip.setVisible(on or self._narrow)
        words = "Show the image list" if on else "Fold the image list away"
        self._open.setText("»" if on else "«")
        self._open.setAccessibleName(words)
        self._open.setToolTip(plain_tooltip(f"{words} (L)"))
        # Folded it is as narrow as its strip, whatever the splitter gave it.
        self.setMaximumWidth(self._strip.sizeHint().width() if on else _ANY_PX)
        self._share_room()
        self.folded.emit(on)

    def _share_room(self) -> None:
        """Take the room that the list needs now, and leave the rest to the picture."""
        whole_px = sum(self._columns.sizes())
        if not whole_px:
            return
        list_px, reading_px = self._sizes_px
        if self.is_folded:
            list_px = self.maximumWidth()
        self._columns.setSizes([list_px, whole_px - list_px - reading_px, reading_px])
