"""A picture of the views on paper."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPageLayout
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from desktop.gui.printing import print_picture


def printer_into(file: Path) -> QPrinter:
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(file))
    printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    return printer


def test_the_picture_is_on_the_page(qapp: QApplication, tmp_path: Path) -> None:
    picture = QImage(640, 480, QImage.Format.Format_RGB32)
    picture.fill(QColor(Qt.GlobalColor.magenta))
    assert print_picture(printer_into(tmp_path / "view.pdf"), picture)
    content = (tmp_path / "view.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert b"/Width 640" in content
    assert b"/Height 480" in content
