"""The list of a study's images: thumbnails, what the classifiers say, filters. It knows no files and no threads."""

from desktop.gui.gallery.gallery_panel import GalleryPanel
from desktop.gui.gallery.image_list_model import THUMBNAIL_SIDE_PX
from desktop.gui.gallery.list_arrangement import ListArrangement

__all__ = ["THUMBNAIL_SIDE_PX", "GalleryPanel", "ListArrangement"]
