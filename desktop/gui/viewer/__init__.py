"""The original and the denoised picture, with one zoom and pan. It knows no files, no threads and no denoiser."""

from desktop.gui.viewer.viewer_panel import ViewerPanel

__all__ = ["ViewerPanel"]
