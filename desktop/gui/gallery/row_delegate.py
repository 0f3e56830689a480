"""Paints a row of the list: thumbnail, name, the reader's decision, and apart from it what the classifiers say."""

from collections.abc import Callable

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.gui.gallery.image_list_model import ImageRole
from desktop.gui.gallery.known_image import RowWords, case_beside, shortened
from desktop.gui.gallery.list_arrangement import Heading
from desktop.gui.gallery.list_shape import ListShape
from desktop.gui.theme import Tokens
from desktop.gui.theme.palette import GRID_PX, MARK, SMALL_TEXT_PX
from desktop.gui.theme.plain_text import one_line

_MARGIN_PX = 2 * GRID_PX
_MARK_PX = 8
_SELECTED_BAR_PX = 3
_THUMBNAIL_CORNER_PX = 3
# Below the smallest picture of a grid, too, a label's name and a decision have room.
_LEAST_CELL_PX = 95


class RowDelegate(QStyledItemDelegate):
    """Draws straight onto the list, no widget per row. `thumbnail_missing(image)` names a painted row without one."""

    thumbnail_missing = Signal(str)

    def __init__(self, tokens: Tokens, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self._shape = ListShape()
        self._width_px = 0
        self._heading_rows: frozenset[int] = frozenset()
        # Of an image and of a heading, once the font is known.
        self._sizes: tuple[QSize, QSize] | None = None

    def set_tokens(self, tokens: Tokens) -> None:
        """Paint with another palette."""
        self._tokens = tokens
        self._sizes = None

    def set_shape(self, shape: ListShape) -> None:
        """Paint rows, or the cells of a grid, with pictures of this size."""
        self._shape = shape
        self._sizes = None

    def set_width(self, width_px: int) -> None:
        """How wide the list is: in a grid a heading has a line of its own."""
        if width_px != self._width_px:
            self._width_px = width_px
            self._sizes = None

    def set_heading_rows(self, rows: frozenset[int]) -> None:
        """Which rows are as low as a heading."""
        self._heading_rows = rows
        self._sizes = None

    def sizeHint(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """The same for every image: a thumbnail or three lines of text, with margins and a line below; in a grid the
        text stands below the thumbnail.
        """
        # Asked of every row where there are headings: measuring takes 25 µs, and 10,000 rows a quarter of a second.
        if self._sizes is None:
            name_px, small_px = option.fontMetrics.height(), QFontMetrics(_small(option.font)).height()
            text_px, heading = name_px + 2 * small_px, QSize(0, name_px + 2 * GRID_PX)
            if self._shape.is_grid:
                heading.setWidth(self._width_px)
                cell_px = self._shape.height_px + text_px + 4 * GRID_PX + 1
                across_px = max(self._shape.width_px + 2 * _MARGIN_PX, _LEAST_CELL_PX)
                self._sizes = QSize(across_px, cell_px), heading
            else:
                self._sizes = QSize(0, max(self._shape.height_px, text_px) + 3 * GRID_PX + 1), heading
        return self._sizes[index.row() in self._heading_rows]

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one row."""
        area: QRect = option.rect
        heading: Heading | None = index.data(ImageRole.HEADING)
        if heading is not None:
            self._paint_heading(painter, area, heading, option.font)
            return
        state: QStyle.StateFlag = option.state
        painter.save()
        self._paint_ground(painter, area, state)
        width_px, height_px = self._shape.width_px, self._shape.height_px
        picture_area = QRect(area.left() + _MARGIN_PX, area.top() + _MARGIN_PX, width_px, height_px)
        text_area = area.adjusted(_MARGIN_PX, _MARGIN_PX + height_px, -GRID_PX // 2, -1)
        if not self._shape.is_grid:
            picture_area.moveTop(area.top() + (area.height() - 1 - height_px) // 2)
            text_area = area.adjusted(2 * _MARGIN_PX + width_px, 0, -_MARGIN_PX, -1)
        self._paint_thumbnail(painter, picture_area, index)
        self._paint_drawn(painter, picture_area, index)
        self._paint_text(painter, text_area, index, option.font)
        painter.restore()

    def _paint_heading(self, painter: QPainter, area: QRect, heading: Heading, font: QFont) -> None:
        """The group's words, and how many of it are shown at the right edge."""
        painter.save()
        painter.fillRect(area, QColor(self._tokens.window))
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), QColor(self._tokens.border))
        line = area.adjusted(_MARGIN_PX, 0, -_MARGIN_PX, -1)
        small, bold = _small(font), _small(font)
        bold.setBold(True)
        count = f"{heading.count:,}"
        count_px = QFontMetrics(small).horizontalAdvance(count)
        painter.setPen(QColor(self._tokens.text_muted))
        painter.setFont(small)
        _draw_cut(painter, line.adjusted(line.width() - count_px, 0, 0, 0), count, Qt.TextElideMode.ElideNone)
        painter.setPen(QColor(self._tokens.text))
        painter.setFont(bold)
        _draw_cut(
            painter,
            line.adjusted(0, 0, -count_px - _MARGIN_PX, 0),
            heading.words,
            Qt.TextElideMode.ElideRight,
        )
        painter.restore()

    def _paint_ground(self, painter: QPainter, area: QRect, state: QStyle.StateFlag) -> None:
        tokens = self._tokens
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(area, QColor(tokens.selected))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, QColor(tokens.surface_hover))
        if not self._shape.is_grid:
            painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), QColor(tokens.border))
        if selected:
            bar = QRect(area.left(), area.top(), _SELECTED_BAR_PX, area.height())
            painter.fillRect(bar, QColor(tokens.accent_text))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(tokens.accent_text), 2))
            painter.drawRect(QRectF(area).adjusted(1, 1, -1, -2))

    def _paint_thumbnail(
        self, painter: QPainter, area: QRect, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(area), _THUMBNAIL_CORNER_PX, _THUMBNAIL_CORNER_PX)
        thumbnail: QImage | None = index.data(ImageRole.THUMBNAIL)
        if thumbnail is not None:
            painter.save()
            painter.setClipPath(shape)
            painter.drawImage(QRectF(area), thumbnail)
            painter.restore()
            return
        painter.fillPath(shape, QColor(self._tokens.track))
        if index.data(ImageRole.THUMBNAIL_FAILED):
            painter.setPen(QColor(self._tokens.text_muted))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "–")
        else:
            self.thumbnail_missing.emit(index.data(ImageRole.IMAGE))

    def _paint_drawn(
        self, painter: QPainter, picture: QRect, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """How many marks lie on the image, in the colour of a mark, over the picture's corner."""
        count: int = index.data(ImageRole.DRAWN) or 0
        if not count:
            return
        painter.setFont(_small(painter.font()))
        text = f"{count:,}"
        metrics = painter.fontMetrics()
        height_px = metrics.height()
        chip = QRect(0, 0, max(height_px, metrics.horizontalAdvance(text) + 2 * GRID_PX), height_px)
        chip.moveBottomRight(picture.bottomRight() - QPoint(2, 2))
        painter.setPen(QPen(QColor(MARK), 1))
        painter.setBrush(QColor(self._tokens.chip))
        painter.drawRoundedRect(chip, 3, 3)
        painter.setPen(QColor(MARK))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_text(
        self, painter: QPainter, area: QRect, index: QModelIndex | QPersistentModelIndex, font: QFont
    ) -> None:
        small = _small(font)
        name_px, small_px = QFontMetrics(font).height(), QFontMetrics(small).height()
        top_px = area.top() + (area.height() - name_px - 2 * small_px - GRID_PX) // 2
        line = QRect(area.left(), top_px, area.width(), name_px)
        # Below a picture there is room for few letters.
        painter.setFont(small if self._shape.is_grid else font)
        painter.setPen(QColor(self._tokens.text))
        _draw_cut(painter, line, index.data(ImageRole.NAME), Qt.TextElideMode.ElideMiddle)
        line = QRect(area.left(), line.bottom() + 1 + GRID_PX // 2, area.width(), small_px)
        self._paint_decision(painter, line, index, small)
        line = QRect(area.left(), line.bottom() + 1 + GRID_PX // 2, area.width(), small_px)
        self._paint_words(painter, line, index.data(ImageRole.WORDS))

    def _paint_decision(
        self, painter: QPainter, line: QRect, index: QModelIndex | QPersistentModelIndex, small: QFont
    ) -> None:
        """The reader's decision in bold, or `to decide`; in a list the case, in what room remains."""
        is_decided = bool(index.data(ImageRole.IS_DECIDED))
        bold = QFont(small)
        bold.setBold(is_decided)
        painter.setFont(bold)
        decision: str = index.data(ImageRole.DECISION)
        if self._shape.is_grid and not _room(painter, line)(decision):
            # Whole says more than bold.
            painter.setFont(small)
        painter.setPen(QColor(self._tokens.text if is_decided else self._tokens.text_muted))
        taken_px = _draw_cut(painter, line, decision, Qt.TextElideMode.ElideRight)
        painter.setFont(small)
        if self._shape.is_grid:
            return
        painter.setPen(QColor(self._tokens.text_muted))
        line = line.adjusted(taken_px, 0, 0, 0)
        words = case_beside(index.data(ImageRole.CASE), _room(painter, line))
        _draw_cut(painter, line, words, Qt.TextElideMode.ElideRight)

    def _paint_words(self, painter: QPainter, line: QRect, words: RowWords) -> None:
        if words.label_key is not None:
            mark = QRectF(line.left(), line.center().y() + 1 - _MARK_PX / 2, _MARK_PX, _MARK_PX)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(words.colour))
            painter.drawRoundedRect(mark, 2, 2)
            line = line.adjusted(_MARK_PX + GRID_PX, 0, 0, 0)
        painter.setPen(QColor(self._tokens.text_muted))
        fits = _room(painter, line)
        said = words.text if not words.brief or fits(words.text) else words.brief
        count = f"+{len(words.warnings)}"
        parted = f"{said} · " if said and words.warnings else said
        text = parted if not words.warnings or fits(f"{parted}{count}") else f"{said} "
        taken_px = _draw_cut(painter, line, text, Qt.TextElideMode.ElideRight)
        painter.setPen(QColor(self._tokens.warning_text))
        line = line.adjusted(taken_px, 0, 0, 0)
        fits = _room(painter, line)
        warning = shortened(words.warnings, fits)
        # How many there are says more than half a word; the tooltip names them.
        _draw_cut(painter, line, warning if fits(warning) or not said else count, Qt.TextElideMode.ElideRight)


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPixelSize(SMALL_TEXT_PX)
    return small


def _room(painter: QPainter, area: QRect) -> Callable[[str], bool]:
    """Whether a text is drawn there uncut. Not by its width in whole pixels: that lets one through that is cut then."""
    metrics, right = painter.fontMetrics(), Qt.TextElideMode.ElideRight
    return lambda text: metrics.elidedText(text, right, area.width()) == text


def _draw_cut(painter: QPainter, area: QRect, text: str, mode: Qt.TextElideMode) -> int:
    """Draw one line, cut with an ellipsis where it is too long; the width taken in px."""
    metrics = painter.fontMetrics()
    cut = metrics.elidedText(one_line(text), mode, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, cut)
    return metrics.horizontalAdvance(cut)
