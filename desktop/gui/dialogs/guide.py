"""The guide for the pathologist, beside the work: docs/guide.md as it lies with the program. Nothing is fetched."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QTextBlockFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from desktop.gui.theme.page_parts import button_row, close_button

_SIZE_PX = (860, 700)
_MARGIN_PX = 24
_NARROWEST_PICTURE_PX = 200
_BETWEEN_PARAGRAPHS_PX = 10


class GuideText(QTextBrowser):
    """Markdown from this PC's disk. Pictures are as wide as there is room for; links to the network lead nowhere."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._folder = file.parent
        self.setOpenLinks(False)
        self.setAccessibleName("Guide")
        self.document().setDocumentMargin(_MARGIN_PX)
        self.anchorClicked.connect(self._follow)
        self._show(file)

    def loadResource(self, kind: int, name: QUrl | str) -> object:  # noqa: N802 - Qt's name
        """A picture in the width of the page; what does not lie beside the guide is not loaded."""
        path = self._local(QUrl(name))
        if path is None:
            return None
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return path.read_text(encoding="utf-8")
        picture = QImage(str(path))
        room_px = self.viewport().width() - 2 * _MARGIN_PX - self.verticalScrollBar().sizeHint().width()
        width_px = max(_NARROWEST_PICTURE_PX, room_px)
        if picture.width() <= width_px:
            return picture
        return picture.scaledToWidth(width_px, Qt.TransformationMode.SmoothTransformation)

    def _follow(self, link: QUrl) -> None:
        path = self._local(link)
        if path is not None and path.suffix == ".md":
            self._show(path)

    def _show(self, file: Path) -> None:
        self.setSource(QUrl.fromLocalFile(str(file)), QTextDocument.ResourceType.MarkdownResource)
        # Markdown's paragraphs stand without a space between them otherwise.
        apart = QTextBlockFormat()
        apart.setBottomMargin(_BETWEEN_PARAGRAPHS_PX)
        everything = QTextCursor(self.document())
        everything.select(QTextCursor.SelectionType.Document)
        everything.mergeBlockFormat(apart)

    def _local(self, name: QUrl) -> Path | None:
        """Where it lies beside the guide; None for what lies elsewhere."""
        url = self.source().resolved(name) if self.source().isValid() else name
        path = Path(url.toLocalFile()) if url.isLocalFile() else self._folder / url.path()
        return path if not url.host() and path.is_relative_to(self._folder) and path.is_file() else None


class GuideDialog(QDialog):
    """The guide's page; it stays open beside the window."""

    def __init__(self, file: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Guide – Bloodsmear")
        self.resize(*_SIZE_PX)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 16, 16)
        self.text = GuideText(file)
        layout.addWidget(self.text, 1)
        layout.addLayout(button_row([], [close_button(self)]))
