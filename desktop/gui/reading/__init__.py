"""What the classifiers say about the image that is looked at. It knows no classifier, no files and no threads."""

from desktop.gui.reading.reading_panel import ReadingPanel

__all__ = ["ReadingPanel"]
