"""A picture of the views on paper, through the system's own dialog: Qt's printing is loaded when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPainter
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter


def ask_and_print(parent: QWidget, picture: QImage, name: str) -> bool:
    """Ask for a printer and print the picture on one page; False where the reader changed their mind, or it failed."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(name)
    lies = picture.width() > picture.height()
    printer.setPageOrientation(
        QPageLayout.Orientation.Landscape if lies else QPageLayout.Orientation.Portrait
    )
    dialog = QPrintDialog(printer, parent)
    accepted = dialog.exec() == QPrintDialog.DialogCode.Accepted
    dialog.deleteLater()
    return accepted and print_picture(printer, picture)


def print_picture(printer: QPrinter, picture: QImage) -> bool:
    """Draw the picture as large as the page has room for, at its top; whether the printer took it."""
    painter = QPainter()
    if not painter.begin(printer):
        return False
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    room = QRectF(painter.viewport())
    size = QSizeF(picture.size()).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    left = (room.width() - size.width()) / 2
    painter.drawImage(QRectF(left, 0, size.width(), size.height()), picture, QRectF(picture.rect()))
    return painter.end()
