"""A view in its frame, with the caption, the pixel's values and a message over it."""

from typing import Literal

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.shown_colours import ShownColours
from desktop.gui.theme import Tokens
from desktop.gui.theme.palette import CORNER_PX, GRID_PX, VIEW
from desktop.gui.theme.plain_text import PlainLabel
from desktop.gui.viewer.eye_colours import CHANGED, CHANGED_IN_SHORT
from desktop.gui.viewer.picture_view import PictureView
from desktop.gui.viewer.pixel_words import value_words
from desktop.gui.viewer.scale_bar import ScaleBar
from desktop.gui.viewer.view_range import ViewRange

_RING_PX = 2
# A line of about 70 letters is read at a glance; one across the whole view is not.
_MESSAGE_WIDTH_PX = 480
# The scale bar and the values have room beside each other from this width on.
_BESIDE_PX = 420
# The ground of the views is the same in both themes, and so is the ring on it: 5.9 : 1 on #20242C.
_RING = "#7DB8F2"
# 9 : 1 on the chips' ground.
_WARNING = "#F2C14E"


class PicturePane(QWidget):
    """Shows a picture, or a message in its place. `hovered(x, y)` in image px; `left`; `resized`.

    `shown_otherwise()`: another picture, or none, or it is shown otherwise.
    """

    shown_otherwise = Signal()

    def __init__(
        self, name: str, view_range: ViewRange, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._pixels: RgbImage | None = None
        self._chips_to: Literal["spread", "left", "right"] = "spread"
        self._seen_px: int | None = None
        self._bare = self._recoloured = False
        self._view = PictureView(view_range, self)
        self._view.setAccessibleName(name)
        self._view.setAccessibleDescription(
            "Drag or the wheel move and zoom, plus and minus zoom, F shows the whole picture."
        )
        self.setFocusProxy(self._view)
        column = QVBoxLayout(self)
        column.setContentsMargins(_RING_PX, _RING_PX, _RING_PX, _RING_PX)
        column.addWidget(self._view)
        self._caption_text = ""
        self._caption = self._chip(tokens)
        # What a chip is wider by than its text: the padding, and what Qt adds inside a frame.
        self._caption.setText(name)
        self._around_px = self._caption.sizeHint().width() - self._caption.fontMetrics().horizontalAdvance(
            name
        )
        self._colours, self._warning = self._chip(tokens, _WARNING), self._chip(tokens, _WARNING)
        self._busy = self._chip(tokens)
        self._readout = self._chip(tokens)
        self._scale_bar = ScaleBar(view_range, tokens, self)
        view_range.changed.connect(self._place_scale_bar)
        figures = QFont(self.font())
        figures.setFeature(QFont.Tag.fromString("tnum"), 1)
        self._readout.setFont(figures)
        self._message = PlainLabel(parent=self)
        self._message.setWordWrap(True)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setStyleSheet(f"color: {tokens.view_text};")
        self._message.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._message.hide()
        self._offer = QPushButton(self)
        self._offer.setObjectName("offer")
        self._offer.setAccessibleName("What can be done")
        # A click leaves the keys where they are: the button goes when the picture comes.
        self._offer.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._offer.hide()
        self.hovered = self._view.hovered
        self.left = self._view.left
        self.resized = self._view.resized
        self._view.focus_moved.connect(self.update)
        self._view.covered_otherwise.connect(self.shown_otherwise)

    @property
    def view(self) -> PictureView:
        """The view inside the frame."""
        return self._view

    @property
    def pixels(self) -> RgbImage | None:
        """The picture that is shown."""
        return self._pixels

    def readable_pixels(self, _column: int, _row: int) -> RgbImage | None:
        """The picture that the values of this place (image px) are read from; None where there is nothing to read."""
        return self._pixels

    def show_pixels(self, pixels: RgbImage, shown_by: "PicturePane | None" = None) -> None:
        """Show a picture, `shown_by` another pane already where one is given."""
        self._pixels = pixels
        self._view.set_pixels(pixels, None if shown_by is None else shown_by.view)
        self._message.hide()
        self._offer.hide()
        self._place()
        self.shown_otherwise.emit()

    def mirror(self, other: "PicturePane") -> None:
        """Show what another pane shows, in this one's own range, without its captions."""
        self._pixels = other.pixels
        self._view.mirror(other.view)
        self._message.setText(other.message())
        self._message.setVisible(bool(other.message()))
        self._recoloured = other._recoloured
        self._scale_bar.set_um_per_px(other._scale_bar.um_per_px)
        self._place()

    def blank(self) -> None:
        """Another image was chosen: nothing of this one may stay, and nothing moves or flashes."""
        self._pixels = None
        self._view.blank()
        self._message.hide()
        self.set_um_per_px(None)
        self.set_readout("")

    def show_message(self, text: str) -> None:
        """No picture, and why."""
        self._pixels = None
        self._view.set_pixels(None)
        self._message.setText(text)
        self._message.setVisible(bool(text))
        self._offer.hide()
        self._place_scale_bar()
        self.set_readout("")
        self._place()
        self.shown_otherwise.emit()

    def set_offer(self, words: str, menu: QMenu) -> None:
        """What `show_offer` offers: a button of these words that opens the menu."""
        self._offer.setText(words)
        self._offer.setAccessibleName(words)
        self._offer.setMenu(menu)
        # Not while nothing can be chosen in it.
        menu.menuAction().changed.connect(lambda: self._offer.setEnabled(menu.isEnabled()))

    def show_offer(self) -> None:
        """Put the button below the message, until another one or a picture comes."""
        self._offer.setVisible(bool(self.message()))
        self._place()

    def message(self) -> str:
        """What stands in place of the picture; empty while there is one."""
        return self._message.text() if self._message.isVisibleTo(self) else ""

    def set_caption(self, text: str) -> None:
        """The chip at the upper left; where there is little room its end is cut."""
        self._caption_text = text
        self._place()

    def caption(self) -> str:
        """What the chip at the upper left says, or would with room for all of it."""
        return self._caption_text

    def set_warning(self, text: str) -> None:
        """The chip behind the caption, or below it: never cut, and gone while there is no caption."""
        self._warning.setText(text)
        self._place()

    def warning(self) -> str:
        """What the chip behind the caption says."""
        return self._warning.text() if self._caption_text else ""

    def set_busy(self, text: str) -> None:
        """The chip behind those; empty when nothing is being waited for."""
        self._write(self._busy, text)

    def busy(self) -> str:
        """What is being waited for."""
        return self._busy.text()

    def set_readout(self, text: str) -> None:
        """The chip at the lower right."""
        self._write(self._readout, text)

    def readout(self) -> str:
        """What the chip at the lower right says."""
        return self._readout.text()

    def set_colours(self, colours: ShownColours) -> None:
        """Show every picture in these colours, and say so as long as they are not the file's."""
        self._view.set_colours(colours)
        self._recoloured = not colours.are_the_files
        self._place()
        self.shown_otherwise.emit()

    def colours_words(self) -> str:
        """What is said of the colours; empty while they are the file's, or nothing is shown."""
        return self._colours.text() if self._colours.isVisibleTo(self) else ""

    def set_bare(self, on: bool) -> None:
        """Show neither the values under the cursor nor the focus' ring, for a picture of the view."""
        self._bare = on
        self._place()

    def set_um_per_px(self, um_per_px: float | None) -> None:
        """The scale of the image that is shown, for the bar at the lower left; None where it is not known."""
        self._scale_bar.set_um_per_px(um_per_px)
        self._place_scale_bar()
        self.shown_otherwise.emit()

    def set_chips_to(self, side: Literal["spread", "left", "right"], seen_px: int | None = None) -> None:
        """Caption and values to one side each (`spread`), or both to one, of which so many px are to be seen.

        A chip that has no room there is not shown: half of a word would look like a fault.
        """
        self._chips_to, self._seen_px = side, seen_px
        self._place()

    def pixel_words(self, column: int, row: int) -> str:
        """What the pixel at this place of the image holds, for the chip at the lower edge."""
        return value_words(self.readable_pixels(column, row), column, row)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the chips in their corners."""
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the rounded ground, with a ring while the view has the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(VIEW))
        painter.setPen(QPen(QColor(_RING if self._view.hasFocus() and not self._bare else VIEW), _RING_PX))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), CORNER_PX - 1, CORNER_PX - 1)
        painter.end()

    def _chip(self, tokens: Tokens, colour: str = "") -> QLabel:
        chip = PlainLabel(parent=self)
        chip.setStyleSheet(
            f"background: {tokens.chip}; color: {colour or tokens.view_text}; border-radius: 4px;"
            f" padding: 2px 8px; font-size: 11px;"
        )
        chip.ensurePolished()
        chip.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        chip.hide()
        return chip

    def _write(self, chip: QLabel, text: str) -> None:
        if text != chip.text():
            chip.setText(text)
        self._place()

    def _place(self) -> None:
        edge_px = 2 * GRID_PX
        seen_px = self.width() if self._seen_px is None else self._seen_px
        self._place_chips(edge_px, seen_px - 2 * edge_px)
        area = self.rect().adjusted(6 * GRID_PX, 8 * GRID_PX, -6 * GRID_PX, -8 * GRID_PX)
        spare_px = max(0, area.width() - _MESSAGE_WIDTH_PX) // 2
        area = area.adjusted(spare_px, 0, -spare_px, 0)
        self._message.setGeometry(area)
        wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        text = self._message.fontMetrics().boundingRect(area, wrapped, self._message.text())
        self._offer.adjustSize()
        below_px = min(text.bottom() + 2 * GRID_PX, self.height() - self._offer.height() - GRID_PX)
        self._offer.move((self.width() - self._offer.width()) // 2, below_px)

    def _place_chips(self, edge_px: int, room_px: int) -> None:
        right_px = self.width() - edge_px
        self._caption.setText(self._caption_within(room_px))
        self._colours.setText(CHANGED)
        if self._colours.sizeHint().width() > room_px:
            self._colours.setText(CHANGED_IN_SHORT)
        aside_px, top_px = 0, edge_px
        for chip, wanted in (
            (self._caption, bool(self._caption.text())),
            (self._colours, self._recoloured and self._pixels is not None),
            (self._warning, bool(self._caption_text and self._warning.text())),
            (self._busy, bool(self._busy.text())),
        ):
            chip.adjustSize()
            chip.setVisible(wanted and chip.width() <= room_px)
            if chip.isHidden():
                continue
            if aside_px and aside_px + chip.width() > room_px:
                aside_px, top_px = 0, top_px + chip.height() + GRID_PX
            from_left_px = edge_px + aside_px
            chip.move(
                right_px - aside_px - chip.width() if self._chips_to == "right" else from_left_px, top_px
            )
            aside_px += chip.width() + GRID_PX
        self._readout.adjustSize()
        wanted = bool(self._readout.text()) and not self._bare
        self._readout.setVisible(wanted and self._readout.width() <= room_px)
        readout_px = edge_px if self._chips_to == "left" else right_px - self._readout.width()
        self._readout.move(readout_px, self.height() - self._readout.height() - edge_px)

        self._place_scale_bar()

    def _place_scale_bar(self) -> None:
        """At the lower left of what is seen, above the values where they stand there; not over the caption.

        At the lower right microscopes' programs burn in their own.
        """
        edge_px, bar = 2 * GRID_PX, self._scale_bar
        seen_px = self.width() if self._seen_px is None else self._seen_px
        room_px = seen_px - 2 * edge_px
        fits = self._pixels is not None and bar.fit(room_px) and bar.width() <= room_px
        above_px = 0
        if self._chips_to == "left" or room_px < _BESIDE_PX:
            above_px = self._readout.sizeHint().height() + GRID_PX
        top_px = self.height() - edge_px - above_px - bar.height()
        chips = [
            chip for chip in (self._caption, self._colours, self._warning, self._busy) if not chip.isHidden()
        ]
        lowest_px = max((chip.geometry().bottom() for chip in chips), default=0)
        bar.move(edge_px + (self.width() - seen_px if self._chips_to == "right" else 0), top_px)
        bar.setVisible(fits and top_px > lowest_px + GRID_PX)

    def _caption_within(self, room_px: int) -> str:
        """The caption for a chip of this width, its end cut where it must be; none where its first word has no room."""
        metrics = self._caption.fontMetrics()
        room_px -= self._around_px
        first, _, more = self._caption_text.partition(" ")
        if metrics.horizontalAdvance(f"{first}…" if more else first) > room_px:
            return ""
        return metrics.elidedText(self._caption_text, Qt.TextElideMode.ElideRight, room_px)
