"""The original and the denoised picture, with one zoom and pan. It knows no files, no threads and no denoiser."""

from desktop.gui.viewer.second_window import SecondWindow
from desktop.gui.viewer.viewer_panel import ViewerPanel

__all__ = ["SecondWindow", "ViewerPanel"]
