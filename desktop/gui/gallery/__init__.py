"""The list of a study's images: thumbnails, what the classifiers say, filters. It knows no files and no threads."""

from desktop.gui.gallery.gallery_panel import GalleryPanel
from desktop.gui.gallery.list_arrangement import ListArrangement
from desktop.gui.gallery.list_shape import ListShape

__all__ = ["GalleryPanel", "ListArrangement", "ListShape"]
