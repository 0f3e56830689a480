"""Which colours the views show for the reader's eye, and the way back to the file's own."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.shown_colours import CHANNELS, FILES_COLOURS, ShownColours, glass_at

# Said on the views as long as it is so; the short one where there is little room.
CHANGED = "Colours changed for your eye · the classifiers see the file's"
CHANGED_IN_SHORT = "Colours changed"


class EyeColours(QObject):
    """`changed()`: the views show other colours now. `now` are those. `picking_changed()`: a click is on glass now, or
    moves the picture again.
    """

    changed = Signal()
    picking_changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.now = FILES_COLOURS
        self.is_picking = False
        # What `toggle` comes back to.
        self._before = FILES_COLOURS

    def set(self, colours: ShownColours) -> None:
        """Show these from now on."""
        if colours != self.now:
            self.now = colours
            self._before = FILES_COLOURS
            self.changed.emit()

    def toggle(self) -> None:
        """Show the file's own colours; asked for again, those of before."""
        before = self.now
        self.set(self._before)
        self._before = before

    def set_picking(self, on: bool) -> None:
        """Whether the next click on a view is on glass."""
        if on != self.is_picking:
            self.is_picking = on
            self.picking_changed.emit()

    def pick(self, pixels: RgbImage, column: int, row: int) -> None:
        """Show as grey what has the file's colour at this place (image px); beside the picture there is none."""
        glass = glass_at(pixels, column, row)
        if glass is not None:
            self.set_picking(on=False)
            self.set(replace(self.now, glass=glass))

    def invert(self) -> None:
        """Dark is light, or no more."""
        self.set(replace(self.now, inverted=not self.now.inverted))

    def next_channel(self) -> None:
        """All channels, red alone, green, blue, and all again."""
        following = CHANNELS[(CHANNELS.index(self.now.channel) + 1) % len(CHANNELS)]
        self.set(replace(self.now, channel=following))
