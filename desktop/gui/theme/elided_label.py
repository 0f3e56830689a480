"""A line of text that is cut where there is no room, so that a long one widens nothing."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.gui.theme.plain_text import one_line

_NARROWEST_PX = 32


class ElidedLabel(QLabel):
    """One line, cut in the middle: the ends of a file name tell more. It takes the looks of every QLabel.

    `widens`: whether it asks for the room that its text needs, or takes what the others leave.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        cut: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
        widens: bool = False,
    ) -> None:
        super().__init__(parent)
        self._cut = cut
        self._reserved = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        across = QSizePolicy.Policy.Preferred if widens else QSizePolicy.Policy.Ignored
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        """Show this line."""
        self.setText(one_line(text))
        self.setAccessibleName(text)

    def reserve(self, text: str) -> None:
        """Ask for the room of this text at least: what stands behind keeps its place while shorter ones come."""
        if text != self._reserved:
            self._reserved = text
            self.updateGeometry()

    def shown_text(self) -> str:
        """What there is room for now."""
        return self.fontMetrics().elidedText(self.text(), self._cut, self.width())

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The room of the whole line."""
        widths_px = [self.fontMetrics().horizontalAdvance(text) for text in (self.text(), self._reserved)]
        return QSize(max(widths_px) + 1, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Hardly anything: it can be cut."""
        return QSize(min(_NARROWEST_PX, self.sizeHint().width()), super().sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the line."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        where = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect(), where, self.shown_text())
        painter.end()


def keep_from_widening(label: QLabel) -> None:
    """Let a text that wraps take what room there is: a long word in it, as a path on Windows, widens nothing."""
    policy = label.sizePolicy()
    policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
    label.setSizePolicy(policy)
